import type { SyncOptions } from './options.ts';
import type { Contribution } from '../desired/contribution.ts';
import type { Pool } from '../ir/pool.ts';
import type { Change } from '../plan/plan.ts';
import type { MemoryTarget } from '../targets/memory/index.ts';
import type { Target } from '../targets/target.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testTarget } from '../../test/support/bigip-target.ts';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, INSTANCE, PARTITION, pool } from '../../test/support/objects.ts';
import { startEmulator } from '../emulator/index.ts';
import { memberName } from '../ir/pool.ts';
import { createMemoryTarget } from '../targets/memory/index.ts';
import { applyPlanned } from './apply-planned.ts';
import { planOnce } from './plan-once.ts';
import { Reconciler } from './reconciler.ts';

const { signal } = new AbortController();
const SHARED = 'pool:/k/shared';

/** What one origin gives of the shared pool: its members. */
function part(name: string, ips: readonly string[], more: Partial<Contribution & Pool> = {}): Contribution {
  const { loadBalancingMode, ...rest } = more;
  const object = pool('shared', ips, loadBalancingMode === undefined ? {} : { loadBalancingMode });
  return contribution(name, [object], { joins: [SHARED], ...rest });
}

function optionsOf(source: MemorySource, target: Target): SyncOptions {
  const threshold = { objects: 10, share: 0.3 };
  return { instance: INSTANCE, partition: PARTITION, sources: [source], target, threshold };
}

async function sync(source: MemorySource, target: Target) {
  const planned = await planOnce({ ...optionsOf(source, target), signal });
  return { planned, applied: await applyPlanned(planned, { signal }) };
}

function membersOf(target: MemoryTarget): readonly string[] {
  const there = target.device.get(SHARED)?.object;
  return there?.kind === 'pool' ? (there.members ?? []).map(memberName) : [];
}

/** Refuses a pool that holds a member of the network 10.66.0.0/16, whoever gave it; never says whose it is. */
function refuseBad(change: Change): string | undefined {
  if (change.op === 'delete' || change.after.kind !== 'pool') return undefined;
  const bad = change.after.members?.some(({ address }) => address.ip.startsWith('10.66.')) === true;
  return bad ? '01070999:3: no such network' : undefined;
}

const stateOf = (source: MemorySource) => (name: string) => source.latest.get(`east:Service/default/${name}`)?.state;

describe('an object that several origins give together', () => {
  it('holds the parts of all, each with its owner, and a second run writes nothing', async () => {
    const source = new MemorySource('east', [part('a', ['10.0.0.1']), part('b', ['10.0.0.2', '10.0.0.3'])]);
    const target = createMemoryTarget();
    await sync(source, target);
    expect(membersOf(target)).toEqual(['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8080']);
    const there = target.device.get(SHARED)?.object;
    expect(there?.kind === 'pool' && there.members?.map(({ origin }) => origin?.at(-1))).toEqual(['a', 'b', 'b']);
    expect((await sync(source, target)).applied.writes).toBe(0);
  });

  it('gives the oldest what two want differently, and tells both; all else of both goes on', async () => {
    const young = { since: '2026-02-01T00:00:00Z', loadBalancingMode: 'ratio-member' } as const;
    const source = new MemorySource('east', [
      part('b', ['10.0.0.2'], young),
      part('a', ['10.0.0.1'], { loadBalancingMode: 'least-connections-member' }),
    ]);
    const target = createMemoryTarget();
    await sync(source, target);
    expect(target.device.get(SHARED)?.object).toMatchObject({ loadBalancingMode: 'least-connections-member' });
    expect(membersOf(target)).toHaveLength(2);
    const [a, b] = ['a', 'b'].map((name) => source.latest.get(`east:Service/default/${name}`)?.diagnostics[0]);
    expect(b).toMatchObject({ code: 'part-conflict', severity: 'error' });
    expect(b?.summary).toContain('loadBalancingMode of pool /k/shared is already given by Service default/a (east)');
    expect(a).toMatchObject({ code: 'part-conflict', severity: 'warning' });
  });

  it('keeps what a frozen origin gave, and follows the others', async () => {
    const source = new MemorySource('east', [part('a', ['10.0.0.1']), part('b', ['10.0.0.2'])]);
    const target = createMemoryTarget();
    await sync(source, target);
    source.cells.set('east:Service/default/a', { ...part('a', []), objects: [], frozen: true });
    source.cells.set('east:Service/default/b', part('b', ['10.0.0.9']));
    await sync(source, target);
    expect(membersOf(target)).toEqual(['10.0.0.1:8080', '10.0.0.9:8080']);
    expect((await sync(source, target)).applied.writes).toBe(0);
  });

  it('keeps the parts of an origin that an incomplete source does not name', async () => {
    const source = new MemorySource('east', [part('a', ['10.0.0.1']), part('b', ['10.0.0.2'])]);
    const target = createMemoryTarget();
    await sync(source, target);
    source.cells.delete('east:Service/default/a');
    source.complete = false;
    await sync(source, target);
    expect(membersOf(target)).toEqual(['10.0.0.1:8080', '10.0.0.2:8080']);
    source.complete = true;
    await sync(source, target);
    expect(membersOf(target)).toEqual(['10.0.0.2:8080']);
  });

  it('goes to the oldest alone if that one does not join', async () => {
    const own = contribution('a', [pool('shared', ['10.0.0.1'])]);
    const source = new MemorySource('east', [own, part('b', ['10.0.0.2'], { since: '2026-02-01T00:00:00Z' })]);
    const target = createMemoryTarget();
    await sync(source, target);
    expect(membersOf(target)).toEqual(['10.0.0.1:8080']);
    expect(stateOf(source)('b')).toBe('refused');
  });
});

describe('a refusal that does not say whose part it is', () => {
  it('finds the one to blame among many at the first sync; all others are in force', async () => {
    const parts = Array.from({ length: 9 }, (_, index) => part(`s${index}`, [`10.0.0.${index + 1}`]));
    const source = new MemorySource('east', [...parts, part('bad', ['10.66.0.1'])]);
    const target = createMemoryTarget({ refuse: refuseBad });
    const { applied } = await sync(source, target);
    expect(membersOf(target)).toHaveLength(9);
    expect(stateOf(source)('bad')).toBe('refused');
    expect(parts.map(({ origin }) => source.latest.get(origin)?.state)).toEqual(parts.map(() => 'applied'));
    const told = applied.diagnostics.filter(({ code }) => code === 'device-refused');
    expect(told.map(({ origin }) => origin)).toEqual(['east:Service/default/bad']);
    expect(told[0]?.summary).toContain('01070999:3: no such network');
    // 1 + 2 log2(10) tries, not one for each origin.
    expect(applied.requests).toBeLessThanOrEqual(12);
  });

  it('holds only the one that changed, and keeps what it had', async () => {
    const source = new MemorySource('east', [part('a', ['10.0.0.1']), part('b', ['10.0.0.2'])]);
    const target = createMemoryTarget({ refuse: refuseBad });
    const reconciler = new Reconciler(optionsOf(source, target));
    await reconciler.readDevice(signal);
    await reconciler.readSources(signal);
    await reconciler.apply((await reconciler.planAll()).plan, { signal });
    const cell = 'east:Service/default/b';
    const change = async (next: Contribution) => {
      source.cells.set(next.cell, next);
      const refs = await reconciler.takeChanges(source, new Set([next.cell]));
      return await reconciler.apply(reconciler.plan(refs).plan, { signal });
    };
    await change(part('b', ['10.66.0.2']));
    expect(membersOf(target)).toEqual(['10.0.0.1:8080', '10.0.0.2:8080']);
    expect(reconciler.desired.holdOf(cell)).toBe('quarantined');
    await change(part('a', ['10.0.0.5']));
    expect(membersOf(target)).toEqual(['10.0.0.2:8080', '10.0.0.5:8080']);
    const mended = await change(part('b', ['10.0.0.7']));
    expect([membersOf(target), mended.writes]).toEqual([['10.0.0.5:8080', '10.0.0.7:8080'], 1]);
  });

  it('whoever is guilty among any number: exactly these are refused', async () => {
    const guilt = fc.array(fc.boolean(), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(guilt, async (guilty) => {
        const parts = guilty.map((bad, index) => part(`s${index}`, [`10.${bad ? 66 : 0}.0.${index + 1}`]));
        const source = new MemorySource('east', parts);
        const target = createMemoryTarget({ refuse: refuseBad });
        await sync(source, target);
        expect(parts.map(({ origin }) => source.latest.get(origin)?.state === 'refused')).toEqual(guilty);
        expect(membersOf(target)).toHaveLength(guilty.filter((bad) => !bad).length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('on the emulator', () => {
  it('the owner of a member stands in its description; a member of one origin changes in one request', async () => {
    const emulator = await startEmulator({ users: [{ name: 'admin', password: 'emulated-secret' }] });
    try {
      const { target } = testTarget([emulator.url], { password: () => Promise.resolve('emulated-secret') });
      const source = new MemorySource('east', [part('a', ['10.0.0.1']), part('b', ['10.0.0.2'])]);
      await sync(source, target);
      const restarted = await sync(source, target);
      expect(restarted.applied.writes).toBe(0);
      const there = (await target.read({ signal })).get(SHARED)?.object;
      expect(there?.kind === 'pool' && there.members?.map(({ origin }) => origin)).toEqual([
        'east:Service/default/a',
        'east:Service/default/b',
      ]);
      source.cells.set('east:Service/default/b', part('b', ['10.0.0.2', '10.0.0.3']));
      expect((await sync(source, target)).applied.writes).toBe(1);
      source.cells.set('east:Service/default/b', { ...part('b', []), objects: [], frozen: true });
      source.cells.set('east:Service/default/a', part('a', []));
      await sync(source, target);
      const left = (await target.read({ signal })).get(SHARED)?.object;
      expect(left?.kind === 'pool' && left.members?.map(memberName)).toEqual(['10.0.0.2:8080', '10.0.0.3:8080']);
      await target.close();
    } finally {
      await emulator.close();
    }
  });
});
