import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { OriginKey } from './origin.ts';
import type { FullPath, Ref } from './ref.ts';
import type { PolicyRule } from './policy-rule.ts';
import { arrangeRules } from './policy-order.ts';
import { refOf } from './ref.ts';

/** How a policy picks among the rules that match. */
export type PolicyStrategy = 'first-match' | 'best-match' | 'all-match';

/** `ltm policy`, published. What stands in a folder `Drafts` is a draft of one: read, never wanted. */
export interface Policy {
  readonly kind: 'policy';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: first-match. */
  readonly strategy?: PolicyStrategy;
  /** In the order in which they are tried. Each name once. */
  readonly rules: readonly PolicyRule[];
  /** `origins`: those of the rules, and any that has no rule. */
  readonly mark?: Mark;
}

/**
 * How policies are read, compared and ordered. They carry no `metadata`, so the instance stands in the description, and
 * each rule's origin in the rule's. They may not be deleted in the transaction in which a virtual server drops them
 * (facts 6.3).
 */
export const policyDescriptor: Descriptor<Policy> = {
  kind: 'policy',
  noun: 'policy',
  order: 40,
  marked: 'description',
  deleteLater: true,
  fields: {
    description: { compare: 'value' },
    strategy: { compare: 'value', default: 'first-match' },
    rules: {
      compare: 'keyed',
      ordered: true,
      required: true,
      key: (item) => (item as PolicyRule).name,
      parts: {
        owner: (item) => (item as PolicyRule).origin,
        references: (item) => poolsOf(item as PolicyRule),
      },
    },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: ({ rules }) => [...new Set(rules.flatMap(poolsOf))],
  arrange,
  originsOf: ownersOf,
};

function arrange(policy: Policy): Policy {
  const rules = arrangeRules(policy.rules);
  return rules === policy.rules ? policy : { ...policy, rules };
}

function ownersOf({ rules }: Policy): readonly OriginKey[] {
  return rules.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
}

function poolsOf({ actions }: PolicyRule): readonly Ref[] {
  return actions.flatMap((action) => (action.type === 'forward' ? [refOf('pool', action.pool)] : []));
}
