import type { PolicyCondition, PolicyRule } from './policy-rule.ts';
import { compareText } from './compare-text.ts';

/** How particular a rule is, as far as its order goes; compared number by number, the greater comes first. */
interface Precedence {
  readonly rule: PolicyRule;
  readonly ranks: readonly number[];
}

/**
 * Puts rules in the order in which the most particular one is tried first: an exact host before a wildcard (the longer
 * one first) before any host; a longer path before a shorter one, exact before prefix, any path last; then the rule with
 * more further conditions (header, method); then by name. It follows from the conditions alone, so that rules
 * may come from several origins in whatever order. This is what Ingress and HTTPRoute ask for.
 */
export function arrangeRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const ranked = rules.map((rule): Precedence => ({ rule, ranks: ranksOf(rule) }));
  const sorted = ranked.toSorted((a, b) => compareRanks(a, b) || compareText(a.rule.name, b.rule.name));
  const isSorted = sorted.every(({ rule }, index) => rule === rules[index]);
  return isSorted ? rules : sorted.map(({ rule }) => rule);
}

function compareRanks(a: Precedence, b: Precedence): number {
  for (const [index, rank] of a.ranks.entries()) {
    const other = b.ranks[index];
    if (other !== undefined && other !== rank) return other - rank;
  }
  return 0;
}

function ranksOf({ conditions }: PolicyRule): readonly number[] {
  const host = conditions.find((condition) => condition.operand === 'http-host');
  const isPath = (condition: PolicyCondition): boolean => condition.operand === 'http-uri' && 'path' in condition;
  const paths = conditions.filter(isPath);
  const particular = conditions.filter((condition) => condition !== host && !isPath(condition));
  const exact = paths.find((path) => matchOf(path) === 'equals');
  const path = exact ?? paths[0];
  return [
    exactness(host),
    matchOf(host) === 'equals' ? 0 : longest(host),
    longest(path),
    exactness(path),
    particular.length,
  ];
}

function matchOf(condition: PolicyCondition | undefined): string | undefined {
  return condition !== undefined && 'match' in condition ? condition.match : undefined;
}

/** 2: exact, 1: the beginning or the end, 0: anything. */
function exactness(condition: PolicyCondition | undefined): number {
  const match = matchOf(condition);
  if (match === undefined) return 0;
  return match === 'equals' ? 2 : 1;
}

function longest(condition: PolicyCondition | undefined): number {
  const values = condition !== undefined && 'values' in condition ? condition.values : undefined;
  return Math.max(0, ...(values ?? []).map((value) => value.length));
}
