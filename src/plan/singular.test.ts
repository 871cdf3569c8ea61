import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../ir/objects.ts';
import type { Route } from '../ir/route.ts';
import { parseNetwork } from '../ir/network.ts';
import { refOf } from '../ir/ref.ts';
import { INSTANCE, allRefs, contribution, desiredOf, options, ours, snapshotOf } from '../../test/support/objects.ts';
import { buildPlan } from './build-plan.ts';
import { MemorySnapshot } from './memory-snapshot.ts';

const route = (name: string, network: string, more: Partial<Route> = {}): Route => ({
  kind: 'route',
  path: `/k/${name}`,
  network: parseNetwork(network)!,
  gateway: { ip: '10.1.20.11' },
  ...more,
});

const wanted = route('east_node1', '10.244.1.0/24');

function planOf(snapshot: MemorySnapshot) {
  const desired = desiredOf(contribution('node1', [wanted]));
  const { plan } = buildPlan(allRefs(desired, snapshot), options(desired, snapshot));
  return {
    changes: plan.units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`)),
    withheld: plan.withheld.map(({ reason, diagnostic }) => `${reason}: ${diagnostic.summary}`),
  };
}

const blocked = (holder: string): string =>
  `blocked: static route /k/east_node1 is not written: static route ${holder} has 10.244.1.0/24, and is not ours`;

describe('what the device holds one of', () => {
  it('is told in the plan when somebody else has it under another name', () => {
    expect(planOf(snapshotOf(route('by-hand', '10.244.1.0/24')))).toEqual({
      changes: [],
      withheld: [blocked('/k/by-hand')],
    });
    const others = route('west', '10.244.1.0/24', { mark: { instance: `${INSTANCE}-2`, origins: ['w:Node/n'] } });
    expect(planOf(snapshotOf(others)).withheld).toEqual([blocked('/k/west')]);
  });

  it('is told, too, when it stands in another partition', () => {
    const elsewhere = [{ kind: 'route', address: '10.244.1.0/24', path: '/Common/by-hand' }] as const;
    expect(planOf(new MemorySnapshot([], elsewhere)).withheld).toEqual([blocked('/Common/by-hand')]);
  });

  it('is nobody’s business in another route domain, or of another length', () => {
    const snapshot = snapshotOf(route('a', '10.244.1.0%2/24'), route('b', '10.244.1.0/25'));
    expect(planOf(snapshot)).toEqual({ changes: [`create ${refOf('route', wanted.path)}`], withheld: [] });
  });

  it('is handed over from one of ours that goes to one that comes', () => {
    const before: BigipObject = ours(route('east_old', '10.244.1.0/24'), 'node1');
    expect(planOf(snapshotOf(before)).withheld).toEqual([]);
    expect(planOf(snapshotOf(before)).changes).toEqual(['delete route:/k/east_old', 'create route:/k/east_node1']);
  });

  it('is free again when the other one is gone', () => {
    const foreign = route('by-hand', '10.244.1.0/24');
    const snapshot = snapshotOf(foreign);
    snapshot.set(refOf('route', foreign.path), undefined);
    expect(planOf(snapshot).changes).toEqual([`create ${refOf('route', wanted.path)}`]);
  });
});
