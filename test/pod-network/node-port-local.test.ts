import { expect, it } from 'vitest';
import { ingressOptions } from '../../src/sources/kubernetes/extract/ingress-options.ts';
import { extractOptions } from '../../src/sources/kubernetes/extract/options.ts';
import { rightsOf } from '../../src/sources/kubernetes/rights.ts';
import { Bed } from './bed.ts';
import { pods, service, servicesBy } from './services.ts';

const options = extractOptions({ source: 'east', partition: 'k8s', members: 'nodeportlocal' });

function pod(name: string, ip: string, ports: unknown): object {
  const annotation = typeof ports === 'string' ? ports : JSON.stringify(ports);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', annotations: { 'nodeportlocal.antrea.io': annotation } },
    status: { podIP: ip, podIPs: [{ ip }] },
  };
}

const port = (nodePort: number, more: object = {}): object => ({
  podPort: 8080,
  nodeIP: '10.1.20.101',
  nodePort,
  protocol: 'tcp',
  ...more,
});

function bedOf() {
  const services = servicesBy(options);
  return { bed: new Bed([], { after: () => [services.source] }), feed: services.feed };
}

it('Antrea: members are the ports of nodes that lead to single pods', async () => {
  const { bed, feed } = bedOf();
  feed.put(
    service('web'),
    pods('web', '10.10.1.5', '10.10.1.6', '10.10.2.7'),
    pod('web-a', '10.10.1.5', [port(61_002), port(61_003, { protocol: 'udp' }), port(61_004, { podPort: 9090 })]),
    pod('web-b', '10.10.1.6', [{ podPort: 8080, nodeIP: '10.1.20.101', nodePort: 61_005, protocols: ['tcp'] }]),
  );
  const { diagnostics } = await bed.sync();
  expect(bed.bodies('pool')).toMatchObject([
    { members: [{ name: '10.1.20.101:61002' }, { name: '10.1.20.101:61005' }] },
  ]);
  expect(diagnostics).toMatchObject([{ code: 'nodeportlocal-missing', origin: 'east:Service/default/web' }]);
  feed.put(pod('web-c', '10.10.2.7', [port(61_002, { nodeIP: '10.1.20.102' })]));
  expect((await bed.sync()).writes).toBe(1);
  expect(bed.bodies('pool')).toMatchObject([{ members: [{}, {}, { name: '10.1.20.102:61002' }] }]);
});

it('Antrea: a pod that changes its port moves its member, one that cannot be read keeps it', async () => {
  const { bed, feed } = bedOf();
  feed.put(service('web'), pods('web', '10.10.1.5'), pod('web-a', '10.10.1.5', [port(61_002)]));
  await bed.sync();
  feed.put(pod('web-a', '10.10.1.5', '{'));
  expect((await bed.sync()).writes).toBe(0);
  feed.put(pod('web-a', '10.10.1.5', [port(61_009)]));
  await bed.sync();
  expect(bed.bodies('pool')).toMatchObject([{ members: [{ name: '10.1.20.101:61009' }] }]);
});

it('Antrea: Pods are read in this member mode alone', () => {
  const resources = (members: 'cluster' | 'nodeportlocal'): readonly string[] => {
    const extract = extractOptions({ source: 'east', partition: 'k8s', members, ingress: ingressOptions() });
    return rightsOf({ from: { kind: 'api' }, extract }).map(({ resource }) => resource);
  };
  expect(resources('nodeportlocal')).toContain('pods');
  expect(resources('nodeportlocal')).not.toContain('nodes');
  expect(resources('cluster')).not.toContain('pods');
});
