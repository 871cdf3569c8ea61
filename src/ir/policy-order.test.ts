import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from './policy.ts';
import type { PolicyCondition, PolicyRule } from './policy-rule.ts';
import { descriptors } from './objects.ts';

function host(value: string): PolicyCondition {
  const match = value.startsWith('.') ? 'ends-with' : 'equals';
  return { operand: 'http-host', host: true, match, values: [value], caseInsensitive: true };
}

function path(value: string, match: 'equals' | 'starts-with' = 'starts-with'): PolicyCondition {
  return { operand: 'http-uri', path: true, match, values: [value] };
}

function rule(name: string, ...conditions: readonly PolicyCondition[]): PolicyRule {
  return { name, conditions, actions: [{ type: 'reset' }] };
}

function arranged(rules: readonly PolicyRule[]): readonly string[] {
  const policy: Policy = { kind: 'policy', path: '/k/l7', rules };
  return (descriptors.policy.arrange?.(policy) ?? policy).rules.map(({ name }) => name);
}

/** In the order in which they must be tried. */
const ordered = [
  rule('exact host, exact path', host('a.example.com'), path('/cart/x', 'equals')),
  rule('exact host, longer prefix', host('a.example.com'), path('/cart/')),
  rule('exact host, exact path of a shorter one', host('a.example.com'), path('/cart', 'equals')),
  rule('exact host, shorter prefix', host('a.example.com'), path('/c')),
  rule('exact host with a header', host('a.example.com'), { operand: 'http-method', match: 'equals', values: ['GET'] }),
  rule('exact host', host('a.example.com')),
  rule('longer wildcard', host('.b.example.com'), path('/')),
  rule('wildcard', host('.example.com'), path('/deep/path/')),
  rule('any host, path', path('/x')),
  rule('anything'),
];

describe('the order of rules', () => {
  it('puts the most particular first, whatever the order in which they come', () => {
    const expected = ordered.map(({ name }) => name);
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (rules) => {
        expect(arranged(rules)).toEqual(expected);
      }),
    );
  });

  it('is by name among equals', () => {
    expect(arranged([rule('b', host('b.example.com')), rule('a', host('a.example.com'))])).toEqual(['a', 'b']);
  });

  it('leaves a policy that is in order as it is', () => {
    const policy: Policy = { kind: 'policy', path: '/k/l7', rules: ordered };
    expect(descriptors.policy.arrange?.(policy)).toBe(policy);
  });
});

describe('the parts of a policy', () => {
  it('say who gave a rule and what it needs; the policy needs what all need', () => {
    const { parts } = descriptors.policy.fields.rules;
    const one: PolicyRule = {
      ...rule('a'),
      origin: 'east:Ingress/shop/a',
      actions: [{ type: 'forward', pool: '/k/p' }],
    };
    expect(parts?.owner?.(one)).toBe('east:Ingress/shop/a');
    expect(parts?.references?.(one)).toEqual(['pool:/k/p']);
    const policy: Policy = { kind: 'policy', path: '/k/l7', rules: [one, { ...one, name: 'b' }, rule('c')] };
    expect(descriptors.policy.references(policy)).toEqual(['pool:/k/p']);
    expect(descriptors.policy.originsOf?.(policy)).toEqual(['east:Ingress/shop/a', 'east:Ingress/shop/a']);
  });
});
