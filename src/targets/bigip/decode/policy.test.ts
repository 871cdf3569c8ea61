import { describe, expect, it } from 'vitest';
import type { Json } from '../request.ts';
import { decodeObject } from './decode-object.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };

function decoded(rule: Json): unknown {
  const body = { fullPath: '/k/l7', strategy: '/Common/first-match', rulesReference: { items: [rule] } };
  return decodeObject('policy', body, context).object;
}

describe('rules of a policy as devices print them', () => {
  it('a redirect that tells no code has none, and 0 is none', () => {
    const redirect = { name: '0', httpReply: true, redirect: true, request: true, location: '/new' };
    const expected = { rules: [{ actions: [{ type: 'redirect', location: '/new' }] }] };
    for (const action of [redirect, { ...redirect, code: 0 }]) {
      expect(decoded({ name: 'r', actionsReference: { items: [action] } })).toMatchObject(expected);
      expect(decoded({ name: 'r', actionsReference: { items: [action] } })).not.toHaveProperty(
        'rules.0.actions.0.code',
      );
    }
    expect(decoded({ name: 'r', actionsReference: { items: [{ ...redirect, code: 301 }] } })).toMatchObject({
      rules: [{ actions: [{ type: 'redirect', location: '/new', code: 301 }] }],
    });
  });

  it('actions stand in the order of their numbers; those without one stay in the order in which they came', () => {
    const forward = (pool: string, name?: string): Json => ({
      ...(name === undefined ? {} : { name }),
      forward: true,
      select: true,
      request: true,
      pool,
    });
    const order = (items: readonly Json[]): unknown => decoded({ name: 'r', actionsReference: { items } });
    const [one, two] = [
      { type: 'forward', pool: '/k/one' },
      { type: 'forward', pool: '/k/two' },
    ];
    expect(order([forward('/k/two', '10'), forward('/k/one', '2')])).toMatchObject({
      rules: [{ actions: [one, two] }],
    });
    expect(order([forward('/k/two'), forward('/k/one')])).toMatchObject({ rules: [{ actions: [two, one] }] });
  });
});
