import { describe, expect, it, vi } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import type { Gate } from '../support/e2e-gate.ts';
import { service, slice } from '../support/e2e-manifests.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 60_000 });

const HTTP = { 'fairlead.io/monitor-type': 'http' };

/** Two Services that share a node; one has a monitor of its own. */
async function first(bed: Bed): Promise<void> {
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2', '10.0.0.3']));
  await bed.put(
    'api',
    service('api', { address: '10.1.10.2', annotations: HTTP }),
    slice('api', ['10.0.0.2', '10.0.1.1']),
  );
}

/** A pod less, a Service less (with a node that it shares and one that it does not), one more, one on another address. */
async function then(bed: Bed): Promise<void> {
  await bed.put('web', service('web', { address: '10.1.10.9' }), slice('web', ['10.0.0.1']));
  await bed.remove('api');
  await bed.put('cart', service('cart', { address: '10.1.10.2' }), slice('cart', ['10.0.2.1', '10.0.0.1']));
}

/** A pod less: a PATCH, then housekeeping in a transaction. */
async function scaleDown(bed: Bed): Promise<void> {
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
}

/** All gone but one; the partition and what others have stay. */
async function removeAll(bed: Bed): Promise<void> {
  await bed.put('none', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await bed.remove('web');
  await bed.remove('api');
}

type Change = (bed: Bed) => Promise<void>;

/** What the device has after undisturbed applies, and how many writes the last one took. */
async function undisturbed(
  ...changes: readonly Change[]
): Promise<{ state: ReadonlyMap<string, string>; writes: number }> {
  const bed = await makeBed();
  for (const change of changes) {
    await change(bed);
    bed.gate.reset();
    await bed.apply('--allow-deletes');
  }
  return { state: bed.state(), writes: bed.gate.seen.filter(({ write }) => write > 0).length };
}

/** Applies all but the last change, is killed at a write of the last, starts again; then nothing is left to do. */
async function interrupted(changes: readonly Change[], write: number): Promise<Bed> {
  const bed = await makeBed();
  for (const change of changes.slice(0, -1)) {
    await change(bed);
    await bed.apply('--allow-deletes');
  }
  await changes.at(-1)?.(bed);
  expect(await bed.killed(write, 'after', 'apply', '--yes', '--allow-deletes')).toBe(true);
  await bed.apply('--allow-deletes');
  return bed;
}

async function expectSilence(bed: Bed): Promise<void> {
  bed.emulator.log.clear();
  const { out } = await bed.apply('--allow-deletes');
  expect(bed.writes()).toEqual([]);
  expect(out).toContain('Nothing to do');
}

describe.each([
  ['creates', [first]],
  ['updates, deletes and creates', [first, then]],
  ['a pod less and its node', [first, scaleDown]],
  ['the removal of all', [first, removeAll]],
] as const)('%s', (_, changes) => {
  it('AC-17 killed at each write and started again: converges, no orphan, no duplicate', async () => {
    const { state, writes } = await undisturbed(...changes);
    expect(writes).toBeGreaterThan(4);
    // Dead after a write is the same to the device as dead before the next one.
    for (let write = 1; write <= writes; write += 1) {
      const bed = await interrupted(changes, write);
      expect([write, bed.state()]).toEqual([write, state]);
      if (write === 1) await expectSilence(bed);
    }
  });
});

/** Starts a process, kills it when the first request is held, and waits for its end. */
async function killedAt(bed: Bed, verb: string, rule: Gate['rule']): Promise<void> {
  bed.gate.reset();
  bed.gate.rule = rule;
  const held = bed.gate.nextHeld();
  const child = bed.spawn(verb, ...(verb === 'apply' ? ['--yes'] : []));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await held;
  child.kill('SIGKILL');
  await gone;
  bed.gate.drop();
  bed.gate.reset();
}

it('AC-17 kill -9 of real processes at the partition, in the transaction, and before and after the commit', async () => {
  const { state } = await undisturbed(first, then);
  const bed = await makeBed();
  await first(bed);
  const deaths = [
    [1, 'hold-after'],
    [3, 'hold-before'],
    [8, 'hold-after'],
  ] as const;
  for (const [write, fate] of deaths) {
    await killedAt(bed, 'apply', (request) => (request.write === write ? fate : 'pass'));
  }
  await bed.apply('--allow-deletes');
  await then(bed);
  for (const fate of ['hold-before', 'hold-after'] as const) {
    await killedAt(bed, 'run', ({ path, method }) => {
      return method === 'PATCH' && path.includes('/transaction/') ? fate : 'pass';
    });
  }
  await bed.apply('--allow-deletes');
  expect(bed.state()).toEqual(state);
  await expectSilence(bed);
});

it('AC-17 run, killed between a change and its housekeeping, removes the unused node and saves after a restart', async () => {
  const bed = await makeBed();
  await first(bed);
  await bed.apply('--allow-deletes');
  await scaleDown(bed);
  const { state } = await undisturbed(first, scaleDown);
  // The PATCH of the pool is done; its answer never arrives.
  await killedAt(bed, 'run', ({ write }) => (write === 1 ? 'hold-after' : 'pass'));
  expect(bed.state().has('ltm/node  /k/10.0.0.3')).toBe(true);
  const running = await bed.run().started();
  await until('the node is gone', () => !bed.state().has('ltm/node  /k/10.0.0.3'));
  await running.stop();
  expect(bed.state()).toEqual(state);
  expect(bed.writes().at(-1)).toBe('POST /mgmt/tm/sys/config');
});
