import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Source } from '../../src/sources/source.ts';
import { ApiBed } from '../../src/sources/kubernetes/testing/harness.ts';
import type { FakeObject } from '../../src/sources/kubernetes/testing/fake-objects.ts';
import { createPodNetworkSource } from '../../src/sources/pod-network/index.ts';
import { NetworkPeers } from '../../src/sources/pod-network/peers.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import { Bed, networkOptions, node } from './bed.ts';

const signal = new AbortController().signal;
const patience = { timeout: 15_000, interval: 20 };
let api: ApiBed;
let source: Source;

function block(name: string, of: string): FakeObject {
  const [nodeName, cidr] = of.split(' ');
  return {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'BlockAffinity',
    metadata: { name },
    spec: { cidr, node: nodeName, state: 'confirmed', deleted: 'false' },
  };
}

beforeEach(async () => {
  api = await new ApiBed().start();
  const { from } = api.options();
  const options = networkOptions({ cni: 'calico', borrowedAddresses: false });
  source = createPodNetworkSource({ from, options, peers: new NetworkPeers() });
  api.api.put(node(1) as FakeObject, node(2) as FakeObject, block('a', 'node1 10.244.7.0/26'));
});

afterEach(async () => {
  await source.close?.();
  await api.stop();
});

describe('a pod network out of an API server', () => {
  for (const [status, code] of [
    [403, 'kubernetes-forbidden'],
    [404, 'kubernetes-list-failed'],
  ] as const) {
    it(`AC-42 a kind that is refused with ${status} is told, and nothing is deleted meanwhile`, async () => {
      const bed = new Bed([], { after: () => [source], target: createMemoryTarget() });
      await bed.sync();
      expect(bed.routes()).toEqual(['10.244.7.0/26 > 10.1.20.101']);
      api.api.faults.push({ status, resource: 'blockaffinities' });
      const { from } = api.options();
      const options = networkOptions({ cni: 'calico', borrowedAddresses: false });
      const again = createPodNetworkSource({ from, options, peers: new NetworkPeers() });
      const blind = new Bed([], { after: () => [again], target: bed.target });
      const { complete, diagnostics, writes } = await blind.sync();
      await again.close();
      expect([complete, writes]).toEqual([false, 0]);
      expect(diagnostics.map((one) => one.code)).toContain(code);
      expect(diagnostics.find((one) => one.code === code)?.summary).toContain('blockaffinities.crd.projectcalico.org');
      expect(bed.routes()).toHaveLength(1);
    });
  }

  it('CIS #3655 follows new blocks: the cell of one node runs, whatever there is beside it', async () => {
    await source.read({ signal });
    const stop = new AbortController();
    const cells: string[] = [];
    const watching = source.watch?.({ signal: stop.signal, onChange: (some) => cells.push(...some) });
    await vi.waitFor(() => expect(api.api.watches.size).toBe(2), patience);
    const before = source.counters.extractions;
    api.api.put(block('b', 'node2 10.244.8.0/26'));
    await vi.waitFor(() => expect(cells).toEqual(['east.network:Node/node2']), patience);
    const [contribution] = source.extract?.(cells) ?? [];
    expect(contribution?.objects).toMatchObject([{ kind: 'route', path: '/k8s/east_node2_10.244.8.0-26' }]);
    expect(source.counters.extractions - before).toBe(1);
    stop.abort();
    await watching;
  });
});
