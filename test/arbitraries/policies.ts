import type { Arbitrary } from 'fast-check';
import type { Mark } from '../../src/ir/mark.ts';
import type { Policy } from '../../src/ir/policy.ts';
import type { PolicyAction, PolicyCondition, PolicyRule } from '../../src/ir/policy-rule.ts';
import fc from 'fast-check';
import { canonical } from '../../src/ir/canonical.ts';
import { compareText } from '../../src/ir/compare-text.ts';

/** What policies are made of, as other objects are. */
interface Ingredients {
  readonly path: Arbitrary<string>;
  readonly description: Arbitrary<string>;
  readonly word: Arbitrary<string>;
  readonly mark: Arbitrary<Mark>;
  readonly origin: Arbitrary<string>;
}

const values = fc.array(fc.constantFrom('/a', '/b/c', 'shop.example.com', '.example.com', 'GET', '007'), {
  minLength: 1,
  maxLength: 3,
});
const yes = fc.constant(true as const);

const comparing = fc.oneof(
  fc.record(
    {
      match: fc.constantFrom('equals' as const, 'starts-with' as const, 'ends-with' as const, 'contains' as const),
      values,
      caseInsensitive: yes,
      not: yes,
    },
    { requiredKeys: ['match', 'values'] },
  ),
  fc.constant({ match: 'exists' as const }),
);

function conditionOf(word: Arbitrary<string>): Arbitrary<PolicyCondition> {
  const what = fc.oneof(
    fc.constant({ operand: 'http-host' as const, host: true as const }),
    fc.constant({ operand: 'http-uri' as const, path: true as const }),
    word.map((name) => ({ operand: 'http-uri' as const, queryParameter: true as const, name })),
    word.map((name) => ({ operand: 'http-header' as const, name })),
    word.map((name) => ({ operand: 'http-cookie' as const, name })),
    fc.constant({ operand: 'http-method' as const }),
    fc.constant({ operand: 'ssl-extension' as const, serverName: true as const }),
  );
  return fc.oneof(
    fc.tuple(what, comparing).map(([subject, comparison]): PolicyCondition => Object.assign({}, subject, comparison)),
    fc.record(
      {
        operand: fc.constant('tcp' as const),
        address: yes,
        values: fc.constant(['10.0.0.0/8', '2001:db8::/32']),
        not: yes,
      },
      { requiredKeys: ['operand', 'address', 'values'] },
    ),
  );
}

function actionOf(path: Arbitrary<string>, word: Arbitrary<string>): Arbitrary<PolicyAction> {
  const response = fc.constant('response' as const);
  const record = <T extends PolicyAction>(fields: { readonly [F in keyof T]: Arbitrary<T[F]> }): Arbitrary<T> =>
    fc.record(fields);
  return fc.oneof(
    path.map((pool): PolicyAction => ({ type: 'forward', pool })),
    path.map((pool): PolicyAction => ({ type: 'forward', pool, event: 'ssl-client-hello' })),
    fc.constant<PolicyAction>({ type: 'redirect', location: 'https://[getfield [HTTP::host] ":" 1][HTTP::uri]' }),
    fc.constant<PolicyAction>({ type: 'redirect', location: 'https://example.com/', code: 301 }),
    fc.constant<PolicyAction>({ type: 'reset' }),
    record({ type: fc.constantFrom('insert-header', 'replace-header'), name: word, value: word }),
    record({ type: fc.constant('insert-header'), name: word, value: word, side: response }),
    record({ type: fc.constant('remove-header'), name: word }),
    record({ type: fc.constant('remove-header'), name: word, side: response }),
    record({ type: fc.constant('set-variable'), name: word, value: fc.nat(2 ** 40) }),
    record({ type: fc.constantFrom('replace-host', 'replace-uri', 'replace-path'), value: word }),
  );
}

function ruleOf({ path, word, origin }: Ingredients): Arbitrary<PolicyRule> {
  return fc.record(
    {
      name: fc.oneof(
        word,
        word.map((name) => `${name}.example.com 100%`),
      ),
      origin,
      conditions: fc.array(conditionOf(word), { maxLength: 3 }),
      actions: fc.array(actionOf(path, word), { maxLength: 3 }),
    },
    { requiredKeys: ['name', 'conditions', 'actions'] },
  );
}

/** Any published policy, canonical. Its mark names the origins of its rules. */
export function policyArbitrary(given: Ingredients): Arbitrary<Policy> {
  return fc
    .record(
      {
        kind: fc.constant('policy' as const),
        path: given.path,
        description: given.description,
        strategy: fc.constantFrom('first-match' as const, 'best-match' as const, 'all-match' as const),
        rules: fc.uniqueArray(ruleOf(given), { maxLength: 5, selector: ({ name }) => name }),
        mark: given.mark,
      },
      { requiredKeys: ['kind', 'path', 'rules'] },
    )
    .map((policy) => canonical(withOwners(policy)));
}

function withOwners(policy: Policy): Policy {
  if (policy.mark === undefined) return policy;
  const owners = policy.rules.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  const origins = [...new Set([...policy.mark.origins, ...owners])].sort(compareText);
  return { ...policy, mark: { ...policy.mark, origins } };
}
