import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeGroups, Balancer } from './balancing.ts';
import type { Candidate } from './balancing.ts';

const IDLE = { connectionLimit: 0, nodeConnectionLimit: 0, requests: 0, nodeRequests: 0, sessions: 0 };

function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  return { id, ratio: 1, nodeRatio: 1, connections: 0, nodeConnections: 0, ...IDLE, ...more };
}

function choices(mode: string, candidates: readonly Candidate[], count: number): string {
  const balancer = new Balancer();
  return Array.from({ length: count }, () => balancer.choose(mode, candidates)?.id ?? '-').join('');
}

describe('load balancing', () => {
  it('goes round in turn', () => {
    expect(choices('round-robin', [candidate('a'), candidate('b'), candidate('c')], 7)).toBe('abcabca');
    expect(choices('round-robin', [], 2)).toBe('--');
  });

  it('keeps the turn when members come and go', () => {
    const balancer = new Balancer();
    const [a, b, c] = [candidate('a'), candidate('b'), candidate('c')];
    const choose = (...from: readonly Candidate[]): string | undefined => balancer.choose('round-robin', from)?.id;
    expect([choose(a, b, c), choose(a, b, c), choose(a, c), choose(a, b), choose(a, b, c)]).toEqual([
      'a',
      'b',
      'c',
      'a',
      'b',
    ]);
    balancer.retain(new Set(['a', 'c']));
    expect(choose(a, b, c)).toBe('b');
  });

  it('gives turns in proportion to the ratios of members or nodes, evenly spread', () => {
    expect(choices('ratio-member', [candidate('a', { ratio: 3 }), candidate('b')], 8)).toBe('aabaaaba');
    expect(choices('ratio-node', [candidate('a', { ratio: 3 }), candidate('b', { nodeRatio: 2 })], 6)).toBe('babbab');
  });

  it('is exact over a whole round of any ratios', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), (ratios) => {
        const candidates = ratios.map((ratio, index) => candidate(String(index), { ratio }));
        const total = ratios.reduce((sum, one) => sum + one, 0);
        const round = choices('ratio-member', candidates, total);
        expect(ratios.map((_, index) => round.split(String(index)).length - 1)).toEqual(ratios);
      }),
    );
  });

  it('prefers the fewest connections of the member or the node, and takes turns among equals', () => {
    const [a, b] = [
      candidate('a', { connections: 2, nodeConnections: 2 }),
      candidate('b', { connections: 1, nodeConnections: 5 }),
    ];
    expect(choices('least-connections-member', [a, b], 2)).toBe('bb');
    expect(choices('least-connections-node', [a, b], 2)).toBe('aa');
    expect(choices('least-connections-member', [candidate('a'), candidate('b')], 4)).toBe('abab');
    const heavy = candidate('a', { connections: 3, ratio: 4 });
    expect(choices('ratio-least-connections-member', [heavy, candidate('b', { connections: 1 })], 2)).toBe('aa');
  });

  it('weighs connections by the limit of the member or the node', () => {
    const [a, b] = [
      candidate('a', { connections: 30, connectionLimit: 100, nodeConnections: 30, nodeConnectionLimit: 40 }),
      candidate('b', { connections: 5, connectionLimit: 10, nodeConnections: 5, nodeConnectionLimit: 10 }),
    ];
    expect(choices('weighted-least-connections-member', [a, b], 2)).toBe('aa');
    expect(choices('weighted-least-connections-node', [a, b], 2)).toBe('bb');
    expect(choices('weighted-least-connections-member', [a, b, candidate('c', { connections: 99 })], 2)).toBe('cc');
  });

  it('prefers the fewest persistence records, or the fewest requests under way', () => {
    const [a, b] = [candidate('a', { sessions: 2, nodeRequests: 1 }), candidate('b', { sessions: 1, requests: 1 })];
    expect(choices('least-sessions', [a, b], 2)).toBe('bb');
    expect(choices('fastest-app-response', [a, b], 2)).toBe('aa');
    expect(choices('fastest-node', [a, b], 2)).toBe('bb');
  });

  it('gives members with few connections more turns: 3 to 2 when observed, 4 to 1 when predicted', () => {
    const [a, b] = [candidate('a', { connections: 9 }), candidate('b', { nodeConnections: 7 })];
    const turns = (mode: string): readonly number[] => {
      const made = choices(mode, [a, b], 10);
      return ['a', 'b'].map((id) => made.split(id).length - 1);
    };
    expect(turns('observed-member')).toEqual([4, 6]);
    expect(turns('observed-node')).toEqual([6, 4]);
    expect(turns('predictive-member')).toEqual([2, 8]);
    expect(turns('predictive-node')).toEqual([8, 2]);
    expect(choices('observed-member', [candidate('a'), candidate('b')], 4)).toBe('abab');
  });

  it('takes turns in a mode that it does not know', () => {
    expect(choices('unheard-of', [candidate('a', { connections: 9, ratio: 9 }), candidate('b')], 4)).toBe('abab');
  });
});

describe('priority groups', () => {
  const members = [
    { id: 'a', group: 10 },
    { id: 'b', group: 10 },
    { id: 'c', group: 5 },
    { id: 'd', group: 0 },
  ];
  const active = (minActive: number): string =>
    activeGroups(members, minActive, (one) => one.group)
      .map((one) => one.id)
      .join('');

  it('all take part when the feature is off', () => {
    expect(active(0)).toBe('abcd');
  });

  it('join from the highest down, until there are enough members', () => {
    expect([1, 2, 3, 4, 9].map(active)).toEqual(['ab', 'ab', 'abc', 'abcd', 'abcd']);
  });
});
