import type { PlanUnit } from '../../src/plan/plan.ts';
import type { BigipEvent, BigipOptions } from '../../src/targets/bigip/index.ts';
import type { Target } from '../../src/targets/target.ts';
import type { Clock } from '../../src/targets/bigip/client/clock.ts';
import { createBigipTarget } from '../../src/targets/bigip/index.ts';
import { refOf } from '../../src/ir/ref.ts';
import { INSTANCE, PARTITION, pool } from './objects.ts';
import { PASSWORD } from './scripted-bigip.ts';

/** A clock on which sleeping takes no time and time only passes by sleeping, or by hand. */
export interface TestClock extends Clock {
  /** All sleeps, in milliseconds. */
  readonly slept: number[];
  advance(ms: number): void;
}

function testClock(): TestClock {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance: (ms) => (now += ms),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      now += ms;
      // Lets answers that are on their way come in first.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A target at these addresses, with what it told the log. */
export function testTarget(
  urls: readonly string[],
  more: Partial<BigipOptions> = {},
): { readonly target: Target; readonly events: BigipEvent[]; readonly clock: TestClock } {
  const events: BigipEvent[] = [];
  const clock = testClock();
  const target = createBigipTarget({
    name: 'bigip-a',
    urls,
    username: 'admin',
    password: () => Promise.resolve(PASSWORD),
    partition: PARTITION,
    instance: INSTANCE,
    logger: (event) => void events.push(event),
    clock,
    random: () => 1,
    ...more,
  });
  return { target, events, clock };
}

export const signal: AbortSignal = new AbortController().signal;

/** A unit that creates these pools: one request each. `more` are other fields of the pools. */
export function createPools(names: readonly string[], more: { readonly description?: string } = {}): PlanUnit {
  const origins = [`east:Service/default/${names[0]}`];
  const changes = names.map((name) => {
    const after = pool(name, [], { description: 'made', ...more });
    return { op: 'create', ref: refOf('pool', after.path), after, origins } as const;
  });
  return { id: changes[0]?.ref ?? '', wave: 1, changes, origins };
}

/** A unit of one PATCH. */
export function updatePool(name: string, from: string, to: string): PlanUnit {
  const origins = [`east:Service/default/${name}`];
  const before = pool(name, [], { description: from });
  const after = pool(name, [], { description: to });
  const ref = refOf('pool', after.path);
  const fields = [{ field: 'description', from, to }];
  return { id: ref, wave: 1, changes: [{ op: 'update', ref, before, after, fields, origins }], origins };
}

/** A unit of one DELETE. */
export function deletePool(name: string, options: { readonly optional?: true } = {}): PlanUnit {
  const origins = [`east:Service/default/${name}`];
  const before = pool(name, [], { description: 'made' });
  const ref = refOf('pool', before.path);
  return { id: ref, wave: 1, changes: [{ op: 'delete', ref, before, origins, ...options }], origins };
}
