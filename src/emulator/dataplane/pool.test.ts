import { describe, expect, it } from 'vitest';
import type { PoolConfig } from './model.ts';
import { idleNode, Pool } from './pool.ts';
import type { Member } from './pool.ts';
import type { PlaneClock } from './scheduler.ts';
import { member, pool } from './test-kit.ts';

const [A, B, C] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, port: 80 }));

function running(config: PoolConfig): Pool {
  const created = new Pool(config);
  created.update(config, idleNode);
  return created;
}

function chosen(from: Pool, count: number, wish = {}): readonly (string | undefined)[] {
  return Array.from({ length: count }, () => from.select(wish)?.config.address);
}

/** A clock that stands still until it is moved; what is due later waits for that, too. */
function manualClock(): PlaneClock & { advance: (ms: number) => void } {
  let now = 1_000_000;
  let due: { at: number; run: () => void }[] = [];
  return {
    msPerSecond: 1000,
    now: () => now,
    after: (delay, run) => {
      const entry = { at: now + delay, run };
      due.push(entry);
      return { cancel: () => (due = due.filter((one) => one !== entry)) };
    },
    advance: (ms) => {
      now += ms;
      const ready = due.filter((one) => one.at <= now);
      due = due.filter((one) => one.at > now);
      for (const one of ready) one.run();
    },
  };
}

function timed(config: PoolConfig): { web: Pool; clock: ReturnType<typeof manualClock> } {
  const clock = manualClock();
  const web = new Pool(config, clock);
  web.update(config, idleNode);
  return { web, clock };
}

const DOWN = { health: 'down', draining: false } as const;
const UP = { health: 'up', draining: false } as const;

/** How often each member is chosen. */
function shares(from: Pool, count: number): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const address of chosen(from, count)) found[address ?? 'none'] = (found[address ?? 'none'] ?? 0) + 1;
  return found;
}

describe('a member that comes up', () => {
  const config = pool([member(A!), member(B!)], { slowRampTime: 10 });

  it('gets its share gradually, as long as it has been there out of the slow ramp time', () => {
    const { web, clock } = timed(config);
    clock.advance(60_000);
    const b = web.members.get('/Common/10.0.0.2:80')!;
    b.view = DOWN;
    expect(shares(web, 10)).toEqual({ '10.0.0.1': 10 });
    b.view = UP;
    clock.advance(2500);
    expect(shares(web, 100)).toEqual({ '10.0.0.1': 80, '10.0.0.2': 20 });
    clock.advance(7500);
    expect(shares(web, 100)).toEqual({ '10.0.0.1': 50, '10.0.0.2': 50 });
  });

  it('is not given all connections at once by least connections', () => {
    const { web, clock } = timed({ ...config, loadBalancingMode: 'least-connections-member' });
    clock.advance(60_000);
    const [a, b] = [...web.members.values()];
    b!.view = DOWN;
    for (let i = 0; i < 5; i += 1) a!.open();
    b!.view = UP;
    clock.advance(1000);
    // A counts as (5 + 1) / 1, B as (0 + 1) / 0.1.
    expect(chosen(web, 1)).toEqual(['10.0.0.1']);
    clock.advance(9000);
    expect(chosen(web, 1)).toEqual(['10.0.0.2']);
  });

  it('takes all of it when it is alone, and members that come together have equal shares', () => {
    const { web, clock } = timed(config);
    expect(chosen(web, 4)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.2']);
    for (const one of web.members.values()) one.view = DOWN;
    clock.advance(1000);
    web.members.get('/Common/10.0.0.2:80')!.view = UP;
    expect(shares(web, 5)).toEqual({ '10.0.0.2': 5 });
  });
});

describe('rate limits', () => {
  it('of a member and of its node hold for the running second', () => {
    const { web, clock } = timed(pool([member(A!, { rateLimit: 2 }), member(B!, { nodeRateLimit: 1 })]));
    const open = (): string | undefined => {
      const one = web.select();
      one?.open();
      return one?.config.address;
    };
    expect([open(), open(), open(), open()]).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', undefined]);
    clock.advance(1000);
    expect([open(), open(), open(), open()]).toEqual(['10.0.0.2', '10.0.0.1', '10.0.0.1', undefined]);
  });
});

describe('ratios', () => {
  const ratios = [member(A!, { ratio: 3, dynamicRatio: 1 }), member(B!, { dynamicRatio: 4, nodeDynamicRatio: 2 })];

  it('that are dynamic come from the member, its node, or what a monitor of performance found', () => {
    const { web } = timed(pool(ratios, { loadBalancingMode: 'dynamic-ratio-member' }));
    expect(shares(web, 10)).toEqual({ '10.0.0.1': 2, '10.0.0.2': 8 });
    web.update({ ...web.config, loadBalancingMode: 'dynamic-ratio-node' }, idleNode);
    expect(shares(web, 9)).toEqual({ '10.0.0.1': 3, '10.0.0.2': 6 });
    web.members.get('/Common/10.0.0.1:80')!.view = { ...UP, dynamicRatio: 38 };
    expect(shares(web, 40)).toEqual({ '10.0.0.1': 38, '10.0.0.2': 2 });
  });

  it('count connections that persist, unless the pool ignores their weight', () => {
    const persistent = { persistent: '/Common/10.0.0.1:80' };
    for (const [ignorePersistedWeight, expected] of [
      [false, ['10.0.0.2', '10.0.0.1', '10.0.0.1', '10.0.0.2']],
      [true, ['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.1']],
    ] as const) {
      const { web } = timed(pool(ratios, { loadBalancingMode: 'ratio-member', ignorePersistedWeight }));
      chosen(web, 3, persistent);
      expect(chosen(web, 4)).toEqual(expected);
    }
  });

  it('that are observed are measured once a second', () => {
    const { web, clock } = timed(pool([member(A!), member(B!)], { loadBalancingMode: 'predictive-member' }));
    clock.advance(1000);
    expect(shares(web, 10)).toEqual({ '10.0.0.1': 5, '10.0.0.2': 5 });
    for (let i = 0; i < 4; i += 1) web.members.get('/Common/10.0.0.1:80')!.open();
    expect(shares(web, 10)).toEqual({ '10.0.0.1': 5, '10.0.0.2': 5 });
    clock.advance(1000);
    expect(shares(web, 10)).toEqual({ '10.0.0.1': 2, '10.0.0.2': 8 });
  });
});

describe('the queue of a pool', () => {
  const full = member(A!, { connectionLimit: 1 });
  const queued = (web: Pool, depth = 0, timeMs = 0): Promise<Member | undefined> =>
    web.queue.wait(
      () => web.select(),
      { depth, timeMs },
      () => {},
    );

  it('gives out members in the order of arrival, when connections end', async () => {
    const { web, clock } = timed(pool([full], { queueOnConnectionLimit: true }));
    const a = web.members.get(full.fullPath)!;
    expect(web.isQueueing()).toBe(false);
    a.open();
    expect(web.isQueueing()).toBe(true);
    const order: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      const found = await queued(web);
      order.push(number);
      found?.open();
    });
    clock.advance(400);
    expect(web.queue.counters()).toMatchObject({ depth: 2, ageHead: 400, serviced: 0 });
    a.close();
    await waiting[0];
    expect(order).toEqual([1]);
    a.close();
    await waiting[1];
    expect(order).toEqual([1, 2]);
    expect(web.queue.counters()).toMatchObject({ depth: 0, ageHead: 0, ageMax: 400, serviced: 2 });
  });

  it('turns away when it is too deep or when it takes too long', async () => {
    const { web, clock } = timed(pool([full], { queueOnConnectionLimit: true }));
    web.members.get(full.fullPath)!.open();
    const first = queued(web, 1, 500);
    expect(await queued(web, 1)).toBeUndefined();
    clock.advance(500);
    expect(await first).toBeUndefined();
    expect(web.queue.counters()).toMatchObject({ depth: 0, ageMax: 500, serviced: 0 });
  });

  it('looks again when another pool may have left room at a node', async () => {
    const node = idleNode();
    const limited = pool([member(A!, { nodeConnectionLimit: 1 })], { queueOnConnectionLimit: true });
    const clock = manualClock();
    const [web, other] = [new Pool(limited, clock), new Pool(limited, clock)];
    for (const one of [web, other]) one.update(limited, () => node);
    other.members.get(full.fullPath)!.open();
    expect(web.isQueueing()).toBe(true);
    const waiting = queued(web);
    other.members.get(full.fullPath)!.close();
    clock.advance(1000);
    expect(await waiting).toBe(web.members.get(full.fullPath));
  });

  it('looks again when a rate limit may have let go', async () => {
    const { web, clock } = timed(pool([{ ...full, rateLimit: 1 }], { queueOnConnectionLimit: true }));
    const a = web.members.get(full.fullPath)!;
    a.open();
    const waiting = queued(web);
    a.close();
    expect(web.queue.counters().depth).toBe(1);
    clock.advance(1000);
    expect(await waiting).toBe(a);
  });
});

describe('a pool', () => {
  it('uses lower priority groups only when too few of the higher are available', () => {
    const groups = [member(A!, { priorityGroup: 10 }), member(B!, { priorityGroup: 5 })];
    const web = running(pool(groups, { minActiveMembers: 1 }));
    expect(chosen(web, 2)).toEqual(['10.0.0.1', '10.0.0.1']);
    for (const one of web.members.values()) {
      if (one.config.address === '10.0.0.1') one.view = { health: 'down', draining: false };
    }
    expect(chosen(web, 2)).toEqual(['10.0.0.2', '10.0.0.2']);
  });

  it('lets members that are still being checked take connections, not those that are down or draining', () => {
    const web = running(pool([member(A!), member(B!), member(C!)]));
    const [a, b] = [...web.members.values()];
    if (a !== undefined) a.view = { health: 'checking', draining: false };
    if (b !== undefined) b.view = { health: 'up', draining: true };
    expect(chosen(web, 3)).toEqual(['10.0.0.1', '10.0.0.3', '10.0.0.1']);
    expect(chosen(web, 1, { persistent: '/Common/10.0.0.2:80' })).toEqual(['10.0.0.2']);
  });

  it('follows persistence to a disabled member, not to a full one unless the limit is overridden', () => {
    const full = member(A!, { connectionLimit: 1, session: 'user-disabled' });
    const web = running(pool([full, member(B!)]));
    const persistent = full.fullPath;
    expect(chosen(web, 1, { persistent })).toEqual(['10.0.0.1']);
    web.members.get(persistent)?.open();
    expect(chosen(web, 1, { persistent })).toEqual(['10.0.0.2']);
    expect(chosen(web, 1, { persistent, overrideLimit: true })).toEqual(['10.0.0.1']);
    expect(chosen(web, 1, { persistent, overrideLimit: true, exclude: new Set([persistent]) })).toEqual(['10.0.0.2']);
  });

  it('sends nobody to a node at its connection limit, over all its members', () => {
    const node = idleNode();
    const config = pool([member(A!, { nodeConnectionLimit: 2 }), member(B!)]);
    const web = new Pool(config);
    web.update(config, (one) => (one.address === '10.0.0.1' ? node : idleNode()));
    expect(chosen(web, 2)).toEqual(['10.0.0.1', '10.0.0.2']);
    node.connections = 2;
    expect(chosen(web, 2)).toEqual(['10.0.0.2', '10.0.0.2']);
  });

  it('keeps members with their counters over changes of its configuration', () => {
    const web = running(pool([member(A!), member(B!)]));
    const before = web.members.get('/Common/10.0.0.1:80');
    before?.open();
    web.update(pool([member(A!, { ratio: 5 })]), idleNode);
    expect([...web.members.keys()]).toEqual(['/Common/10.0.0.1:80']);
    expect(web.members.get('/Common/10.0.0.1:80')).toBe(before);
    expect(before?.config.ratio).toBe(5);
    expect(before?.counters.snapshot()).toMatchObject({ curConns: 1, totConns: 1 });
  });
});
