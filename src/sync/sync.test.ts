import type { SyncEvent, SyncOptions } from './options.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { MemoryTarget } from '../targets/memory/index.ts';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, INSTANCE, ours, PARTITION, pool, service, virtual } from '../../test/support/objects.ts';
import { canonical } from '../ir/canonical.ts';
import { createMemoryTarget } from '../targets/memory/index.ts';
import { TargetUnavailable } from '../targets/target.ts';
import { applyPlanned } from './apply-planned.ts';
import { runController } from './controller.ts';
import { planOnce, readSources } from './plan-once.ts';
import { Reconciler } from './reconciler.ts';

const { signal } = new AbortController();

function optionsOf(source: MemorySource, target: MemoryTarget, more: Partial<SyncOptions> = {}): SyncOptions {
  const threshold = { objects: 10, share: 0.3 };
  return { instance: INSTANCE, partition: PARTITION, sources: [source], target, threshold, ...more };
}

async function sync(source: MemorySource, target: MemoryTarget, more: Partial<SyncOptions> = {}) {
  const planned = await planOnce({ ...optionsOf(source, target, more), signal });
  return { planned, applied: await applyPlanned(planned, { signal }) };
}

function web(ips: readonly string[] = ['10.0.0.1', '10.0.0.2']) {
  return contribution('web', service('web', '10.1.1.1', ips));
}

function api(object: BigipObject = virtual('api', '10.1.1.2')) {
  return contribution('api', [...service('api', '10.1.1.2', ['10.0.0.3']).slice(1), object]);
}

describe('a single run', () => {
  it('AC-04 applies what it planned, and the second run writes nothing', async () => {
    const [source, target] = [new MemorySource('east', [web(), api()]), createMemoryTarget()];
    const first = await sync(source, target);
    expect(first.applied.reports.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(first.applied.outcomes.map(({ state }) => state)).toEqual(['applied', 'applied']);
    expect(target.saves).toBe(1);
    const second = await sync(source, target);
    expect(second.planned.plan.units).toEqual([]);
    expect([second.applied.writes, target.saves]).toEqual([0, 1]);
  });

  it('removes the nodes of members that went, in housekeeping', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web()]), target);
    expect(target.device.get('node:/k/10.0.0.2')).toBeDefined();
    await sync(new MemorySource('east', [web(['10.0.0.1'])]), target);
    expect(target.device.get('node:/k/10.0.0.2')).toBeUndefined();
    expect((await sync(new MemorySource('east', [web(['10.0.0.1'])]), target)).applied.writes).toBe(0);
  });

  it('leaves nothing behind when all is gone', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web(), api()]), target);
    await sync(new MemorySource('east', []), target, { allowDeletes: true });
    expect([...target.device.snapshot().refs()]).toEqual(['partition:/k']);
  });

  it('says in the device words who was refused, and everyone else goes on', async () => {
    const refuse = (change: { readonly ref: string }) =>
      change.ref === 'virtual:/k/api' ? '0107dead:3: no' : undefined;
    const [source, target] = [new MemorySource('east', [web(), api()]), createMemoryTarget({ refuse })];
    const { applied } = await sync(source, target);
    expect(target.device.get('virtual:/k/web')).toBeDefined();
    expect(target.device.get('pool:/k/api')).toBeUndefined();
    expect(source.latest.get('east:Service/default/web')?.state).toBe('applied');
    expect(source.latest.get('east:Service/default/api')).toMatchObject({
      state: 'refused',
      diagnostics: [{ code: 'device-refused', summary: expect.stringContaining('0107dead:3: no') as unknown }],
    });
    expect(applied.diagnostics.some(({ summary }) => summary.includes('virtual server /k/api'))).toBe(true);
  });

  it('a refused change leaves what was there, and its neighbour cells go on', async () => {
    const target = createMemoryTarget();
    const front = (limit: number) => ({
      ...api(virtual('api', '10.1.1.2', { connectionLimit: limit })),
      objects: [virtual('api', '10.1.1.2', { connectionLimit: limit })],
    });
    const back = (ips: readonly string[]) => ({
      ...contribution('api', [pool('api', ips)]),
      cell: 'east:Service/default/api#80',
    });
    await sync(new MemorySource('east', [front(1), back(['10.0.0.3'])]), target);
    target.device.refuse = (change) =>
      change.op === 'update' && change.ref === 'virtual:/k/api' ? '0107dead:3: no' : undefined;
    await sync(new MemorySource('east', [front(2), back(['10.0.0.4'])]), target);
    expect(target.device.get('virtual:/k/api')?.object).toMatchObject({ connectionLimit: 1 });
    expect(target.device.get('pool:/k/api')?.object).toMatchObject({ members: [{ address: { ip: '10.0.0.4' } }] });
  });

  it('stops when the partition cannot be made, and blames nobody for it', async () => {
    const refuse = (change: { readonly ref: string }) =>
      change.ref === 'partition:/k' ? '01070822:3: Access Denied' : undefined;
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget({ refuse })];
    const { applied } = await sync(source, target);
    expect(applied.reports.map(({ state }) => state)).toEqual(['refused']);
    expect(applied.outcomes).toEqual([]);
    expect(applied.diagnostics.map(({ summary }) => summary).join()).toContain('Access Denied');
  });

  it('plans again when the device changed in between', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    const planned = await planOnce({ ...optionsOf(source, target), signal });
    target.device.put({ object: ours(pool('web', ['10.0.0.9'])) });
    await applyPlanned(planned, { signal });
    expect(target.device.get('pool:/k/web')?.object).toMatchObject({
      members: [{ address: { ip: '10.0.0.1' } }, { address: { ip: '10.0.0.2' } }],
    });
    expect(target.device.get('virtual:/k/web')).toBeDefined();
  });

  it('gives up on a device that changes all the time, without an endless loop', async () => {
    const [source, target] = [new MemorySource('east', [contribution('web', [pool('web')])]), createMemoryTarget()];
    let rounds = 0;
    target.apply = ({ units }) => {
      rounds += 1;
      return Promise.resolve(
        units.map(({ id }) => ({ unit: id, state: 'stale' as const, actual: new Map(), diagnostics: [] })),
      );
    };
    const { applied } = await sync(source, target);
    expect(applied.outcomes).toEqual([]);
    expect(rounds).toBeLessThan(6);
  });

  it('AC-19 two instances share a device without touching each other', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web()]), target);
    const before = JSON.stringify(target.device.get('virtual:/k/web'));
    const west = new MemorySource('west', [
      { ...api(), cell: 'west:Service/default/api', origin: 'west:Service/default/api' },
    ]);
    await sync(west, target, { instance: 'west' });
    await sync(new MemorySource('west'), target, { instance: 'west', allowDeletes: true });
    expect(JSON.stringify(target.device.get('virtual:/k/web'))).toBe(before);
    expect(target.device.get('virtual:/k/api')).toBeUndefined();
    expect((await sync(new MemorySource('east', [web()]), target)).applied.writes).toBe(0);
  });

  it('AC-02 deletes nothing because a source failed, and says so', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web()]), target);
    const failed = new MemorySource('east');
    failed.complete = false;
    const { planned, applied } = await sync(failed, target);
    expect([planned.complete, applied.writes]).toEqual([false, 0]);
    expect(planned.plan.withheld.map(({ reason }) => reason)).toEqual(['incomplete', 'incomplete', 'incomplete']);
  });

  it('AC-02 deletes nothing of a source that is empty, until a person allows it, and says so', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web()]), target);
    const { planned, applied } = await sync(new MemorySource('east', []), target);
    expect([planned.complete, applied.writes]).toEqual([false, 0]);
    expect(planned.diagnostics.map(({ code }) => code)).toEqual(['source-empty']);
    expect((await sync(new MemorySource('east', []), target, { allowDeletes: true })).applied.writes).toBeGreaterThan(
      0,
    );
  });

  it('reads sources without a device', async () => {
    const { contributions, complete } = await readSources({ sources: [new MemorySource('east', [web()])], signal });
    expect([contributions.length, complete]).toEqual([1, true]);
  });
});

/** Runs the controller until `until` is true; gives its events. */
async function follow(
  [source, target]: readonly [MemorySource, MemoryTarget],
  steps: (events: readonly SyncEvent[]) => Promise<void>,
  more: Partial<Parameters<typeof runController>[0]> = {},
): Promise<readonly SyncEvent[]> {
  const events: SyncEvent[] = [];
  const stop = new AbortController();
  const times = { settleMs: 1, idleMs: 5, retryMs: { first: 1, longest: 5 }, driftIntervalMs: 60_000 };
  const running = runController({
    ...optionsOf(source, target),
    ...times,
    ...more,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
  });
  await steps(events);
  stop.abort();
  await running;
  return events;
}

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!done()) {
    if (Date.now() > end) throw new Error('waited 5 s in vain');
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}

describe('the continuous run', () => {
  it('sends one request for one changed pool, and saves once when it is quiet', async () => {
    const [source, target] = [new MemorySource('east', [web(), api()]), createMemoryTarget()];
    const events = await follow([source, target], async (seen) => {
      await until(() => target.saves === 1);
      source.set('east:Service/default/web', web(['10.0.0.1', '10.0.0.2', '10.0.0.7']));
      await until(() => seen.some((event) => event.type === 'cycle' && event.reason === 'change'));
      await until(() => target.saves === 2);
    });
    const change = events.find((event) => event.type === 'cycle' && event.reason === 'change');
    expect(change?.type === 'cycle' && [change.applied?.requests, change.applied?.writes]).toEqual([1, 1]);
  });

  it('waits for a device that is away, and applies what changed meanwhile once', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    const read = target.read.bind(target);
    let away = 3;
    target.read = (options) => {
      away -= 1;
      return away >= 0 ? Promise.reject(new TargetUnavailable('connection refused')) : read(options);
    };
    const events = await follow([source, target], () => until(() => target.saves === 1));
    expect(events.filter(({ type }) => type === 'unavailable')).toHaveLength(3);
    expect(target.device.get('virtual:/k/web')).toBeDefined();
  });

  it('reads the device again after it went away in the middle of an apply', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    const apply = target.apply.bind(target);
    let broken = true;
    target.apply = async (options) => {
      const reports = await apply(options);
      if (!broken) return reports;
      broken = false;
      throw new TargetUnavailable('connection reset', { reports });
    };
    await follow([source, target], () => until(() => target.saves === 1));
    expect(target.device.get('virtual:/k/web')).toBeDefined();
  });

  it('follows deletion of an origin and tells its owner', async () => {
    const [source, target] = [new MemorySource('east', [web(), api()]), createMemoryTarget()];
    await follow([source, target], async () => {
      await until(() => target.saves === 1);
      source.set('east:Service/default/api', undefined);
      await until(() => source.latest.get('east:Service/default/api')?.state === 'gone');
    });
    expect(target.device.get('virtual:/k/api')).toBeUndefined();
    expect(target.device.get('node:/k/10.0.0.3')).toBeUndefined();
  });

  it('deletes what waited for an incomplete source as soon as it is complete', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web(), api()]), target);
    const source = new MemorySource('east', [web()]);
    source.complete = false;
    await follow([source, target], async (seen) => {
      await until(() => seen.some(({ type }) => type === 'cycle'));
      expect(target.device.get('virtual:/k/api')).toBeDefined();
      source.complete = true;
      source.set('east:Service/default/none', undefined);
      await until(() => target.device.get('virtual:/k/api') === undefined);
    });
  });

  it('tries a refused origin again when it changes, and on the drift interval', async () => {
    const refuse = (change: { readonly ref: string }) =>
      change.ref === 'virtual:/k/api' ? '0107dead:3: no' : undefined;
    const [source, target] = [new MemorySource('east', [web(), api()]), createMemoryTarget({ refuse })];
    await follow([source, target], async () => {
      await until(() => source.latest.get('east:Service/default/api')?.state === 'refused');
      target.device.refuse = undefined;
      source.set('east:Service/default/api', api(canonical({ ...virtual('api', '10.1.1.2'), connectionLimit: 9 })));
      await until(() => source.latest.get('east:Service/default/api')?.state === 'applied');
    });
    expect(target.device.get('virtual:/k/api')?.object).toMatchObject({ connectionLimit: 9 });
  });

  it.each(['revert', 'report'] as const)(
    'AC-07 what was changed by hand is told, and with drift: %s …',
    async (drift) => {
      const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
      const mine = ours(pool('web', ['10.0.0.9']));
      const events = await follow(
        [source, target],
        async (seen) => {
          await until(() => target.saves > 0);
          target.device.put({ object: mine });
          const before = seen.length;
          await until(() =>
            seen.slice(before).some((event) => event.type === 'cycle' && event.planned.units.length > 0),
          );
        },
        { driftIntervalMs: 20, drift },
      );
      const members = target.device.get('pool:/k/web')?.object;
      expect(members).toMatchObject({
        members: [
          { address: { ip: drift === 'revert' ? '10.0.0.1' : '10.0.0.9' } },
          ...(drift === 'revert' ? [{}] : []),
        ],
      });
      const told = events.some((event) => event.type === 'problem' && event.diagnostic.code === 'drift');
      expect(told).toBe(drift === 'report');
    },
  );

  it('goes on with changes while the device refuses to save, and saves in the end', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    const save = target.save.bind(target);
    let refused = 0;
    target.save = (options) => {
      refused += 1;
      return refused > 5 ? save(options) : Promise.reject(new TargetUnavailable('disk full'));
    };
    const retryMs = { first: 20, longest: 20 };
    await follow(
      [source, target],
      async () => {
        await until(() => refused === 2);
        source.set('east:Service/default/web', web(['10.0.0.7']));
        await until(() => source.outcomes.length === 2);
        expect(refused).toBeLessThan(5);
        await until(() => target.saves === 1);
      },
      { retryMs },
    );
    expect(target.device.get('node:/k/10.0.0.7')).toBeDefined();
  });

  it('saves under changes that never end', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    await follow(
      [source, target],
      async () => {
        let last = 0;
        await until(() => {
          last = (last + 1) % 200;
          source.set('east:Service/default/web', web([`10.0.0.${last + 1}`]));
          return target.saves > 0;
        });
      },
      { idleMs: 40 },
    );
    expect(target.saves).toBeGreaterThan(0);
  });

  it('saves what it wrote when it is ended while it waits for the device', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    const apply = target.apply.bind(target);
    target.apply = async (options) => {
      await apply(options);
      throw new TargetUnavailable('connection reset');
    };
    const retryMs = { first: 60_000, longest: 60_000 };
    await follow([source, target], (seen) => until(() => seen.some(({ type }) => type === 'unavailable')), { retryMs });
    expect(target.saves).toBe(1);
  });

  it('ends with the error of a source that cannot be followed', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    source.watch = () => Promise.reject(new Error('no such folder'));
    await expect(runController({ ...optionsOf(source, target), signal })).rejects.toThrow('no such folder');
    expect(target.saves).toBe(1);
  });
});

describe('what owners are told', () => {
  const start = async (source: MemorySource, target: MemoryTarget, more: Partial<SyncOptions> = {}) => {
    const reconciler = new Reconciler(optionsOf(source, target, more));
    await reconciler.readDevice(signal);
    await reconciler.readSources(signal);
    await reconciler.apply((await reconciler.planAll()).plan, { signal });
    const set = async (...given: readonly ReturnType<typeof web>[]) => {
      for (const one of given) source.set(one.cell, one);
      const refs = await reconciler.takeChanges(source, new Set(given.map(({ cell }) => cell)));
      return reconciler.apply(reconciler.plan(refs).plan, { signal });
    };
    return { reconciler, set };
  };

  it('is not that all is well as long as the device has not confirmed it, whatever happens to others', async () => {
    const [source, target] = [new MemorySource('east', [api()]), createMemoryTarget()];
    const { reconciler, set } = await start(source, target);
    const apply = target.apply.bind(target);
    target.apply = ({ units }) =>
      Promise.resolve(units.map(({ id }) => ({ unit: id, state: 'unknown', actual: new Map(), diagnostics: [] })));
    await set(web());
    target.apply = apply;
    await set(api(virtual('api', '10.1.1.2', { connectionLimit: 7 })));
    expect(source.latest.get('east:Service/default/api')?.state).toBe('applied');
    expect(source.latest.has('east:Service/default/web')).toBe(false);
    await reconciler.apply((await reconciler.planAll()).plan, { signal });
    expect(source.latest.get('east:Service/default/web')?.state).toBe('applied');
  });

  it('is that a conflict is over when the other one is gone', async () => {
    const other = { ...contribution('other', [pool('web', ['10.0.0.5'])]), since: '2020-01-01T00:00:00Z' };
    const [source, target] = [new MemorySource('east', [other, web()]), createMemoryTarget()];
    const { reconciler } = await start(source, target);
    expect(source.latest.get('east:Service/default/web')?.state).toBe('refused');
    source.cells.delete(other.cell);
    const refs = await reconciler.takeChanges(source, new Set([other.cell]));
    await reconciler.apply(reconciler.plan(refs).plan, { signal });
    expect(source.latest.get('east:Service/default/web')).toMatchObject({ state: 'applied', diagnostics: [] });
  });

  it('is not that it is gone while the device refuses to delete it', async () => {
    const [source, target] = [new MemorySource('east', [web()]), createMemoryTarget()];
    const { reconciler, set } = await start(source, target);
    target.device.refuse = ({ op }) => (op === 'delete' ? '01070265:3: it is in use' : undefined);
    await set({ ...web(), objects: [] });
    source.cells.delete(web().cell);
    const refs = await reconciler.takeChanges(source, new Set([web().cell]));
    const { outcomes } = await reconciler.apply(reconciler.plan(refs).plan, { signal });
    expect(outcomes).toEqual([]);
    target.device.refuse = undefined;
    const last = await reconciler.apply((await reconciler.planAll()).plan, { signal });
    expect(last.outcomes.map(({ state }) => state)).toEqual(['gone']);
  });

  it('is not that it is gone while its deletes wait for a person', async () => {
    const [source, target] = [new MemorySource('east', [web(), api()]), createMemoryTarget()];
    const { reconciler } = await start(source, target, { threshold: { objects: 1, share: 0.1 } });
    source.cells.delete(api().cell);
    const refs = await reconciler.takeChanges(source, new Set([api().cell]));
    const { outcomes, writes } = await reconciler.apply(reconciler.plan(refs).plan, { signal });
    expect([outcomes, writes]).toEqual([[], 0]);
  });

  it('objects of a source that is no longer configured stay until a person allows their deletion', async () => {
    const target = createMemoryTarget();
    await sync(new MemorySource('east', [web()]), target);
    const { planned } = await sync(new MemorySource('west'), target);
    expect(planned.plan.withheld.map(({ ref, diagnostic }) => [ref, diagnostic.code])).toContainEqual([
      'virtual:/k/web',
      'source-unknown',
    ]);
    expect(target.device.get('virtual:/k/web')).toBeDefined();
    await sync(new MemorySource('west'), target, { allowDeletes: true });
    expect(target.device.get('virtual:/k/web')).toBeUndefined();
  });
});
