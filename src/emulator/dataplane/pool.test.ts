import { describe, expect, it } from 'vitest';
import type { PoolConfig } from './model.ts';
import { Pool } from './pool.ts';
import { member, pool } from './test-kit.ts';

const [A, B, C] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, port: 80 }));

function running(config: PoolConfig): Pool {
  const created = new Pool(config);
  created.update(config, () => ({ connections: 0, requests: 0 }));
  return created;
}

function chosen(from: Pool, count: number, wish = {}): readonly (string | undefined)[] {
  return Array.from({ length: count }, () => from.select(wish)?.config.address);
}

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
    const node = { connections: 0, requests: 0 };
    const config = pool([member(A!, { nodeConnectionLimit: 2 }), member(B!)]);
    const web = new Pool(config);
    web.update(config, (one) => (one.address === '10.0.0.1' ? node : { connections: 0, requests: 0 }));
    expect(chosen(web, 2)).toEqual(['10.0.0.1', '10.0.0.2']);
    node.connections = 2;
    expect(chosen(web, 2)).toEqual(['10.0.0.2', '10.0.0.2']);
  });

  it('keeps members with their counters over changes of its configuration', () => {
    const web = running(pool([member(A!), member(B!)]));
    const before = web.members.get('/Common/10.0.0.1:80');
    before?.open();
    web.update(pool([member(A!, { ratio: 5 })]), () => ({ connections: 0, requests: 0 }));
    expect([...web.members.keys()]).toEqual(['/Common/10.0.0.1:80']);
    expect(web.members.get('/Common/10.0.0.1:80')).toBe(before);
    expect(before?.config.ratio).toBe(5);
    expect(before?.counters.snapshot()).toMatchObject({ curConns: 1, totConns: 1 });
  });
});
