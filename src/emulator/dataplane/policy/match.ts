import { inNetwork, parseBits } from '../addresses.ts';
import type { PolicyCondition, PolicyConfig, PolicyOperand, PolicyRule } from './model.ts';
import { valuesOf } from './values.ts';
import type { PolicyView } from './values.ts';

type Test = (found: string, wanted: string) => boolean;

function isNumeric(test: (found: number, wanted: number) => boolean): Test {
  return (found, wanted) => wanted.trim() !== '' && test(Number(found), Number(wanted));
}

const tests: Readonly<Record<string, Test>> = {
  equals: (found, wanted) => found === wanted,
  startsWith: (found, wanted) => found.startsWith(wanted),
  endsWith: (found, wanted) => found.endsWith(wanted),
  contains: (found, wanted) => found.includes(wanted),
  less: isNumeric((found, wanted) => found < wanted),
  greater: isNumeric((found, wanted) => found > wanted),
  lessOrEqual: isNumeric((found, wanted) => found <= wanted),
  greaterOrEqual: isNumeric((found, wanted) => found >= wanted),
};

/** Of addresses both `matches` and `equals` mean a network that holds it. */
function isWithin(found: string, wanted: string): boolean {
  return parseBits(wanted.split('/', 1)[0] ?? '') !== undefined && inNetwork(found, wanted);
}

function testOf({ operand, selector, operator }: PolicyCondition): Test {
  if (operand === 'tcp' && selector === 'address') return isWithin;
  return tests[operator] ?? ((found, wanted) => found === wanted);
}

/**
 * Whether a condition holds: one of its values matches one of what was found, `not` turned round. `missing` asks that the
 * thing is not there; anything else of a thing that is not there does not hold, also with `not` (K).
 */
export function holds(condition: PolicyCondition, view: PolicyView): boolean {
  const found = valuesOf(view, condition);
  if (condition.missing) return found.length === 0;
  if (condition.operator === 'exists') return found.length > 0 !== condition.not;
  if (found.length === 0) return false;
  const test = testOf(condition);
  const folded = (text: string): string => (condition.caseSensitive ? text : text.toLowerCase());
  const isMatch = found.some((one) => condition.values.some((value) => test(folded(one), folded(value))));
  return isMatch !== condition.not;
}

const OPERATOR_RANK: Readonly<Record<string, number>> = { equals: 3, startsWith: 2, endsWith: 2, contains: 1 };

/** How specific a rule is, for `best-match`: number of conditions, then how exact, then how long their values are. */
function rank({ conditions }: PolicyRule): readonly number[] {
  const exact = conditions.reduce((sum, { operator }) => sum + (OPERATOR_RANK[operator] ?? 0), 0);
  const longest = conditions.reduce((sum, { values }) => sum + Math.max(0, ...values.map((value) => value.length)), 0);
  return [conditions.length, exact, longest];
}

/** The place of a rule's best condition in a strategy of one's own, the first being the highest number. */
function precedenceOf({ conditions }: PolicyRule, precedence: readonly PolicyOperand[]): number {
  const places = conditions.map((condition) =>
    precedence.findIndex(
      ({ operand, selector, event, operator }) =>
        condition.operand === operand &&
        condition.selector === selector &&
        condition.event === event &&
        condition.operator === operator,
    ),
  );
  const found = places.filter((place) => place >= 0);
  return found.length === 0 ? -precedence.length : -Math.min(...found);
}

/** The more specific rule; of equal ones the first. A strategy of one's own goes before all else. */
function better(a: PolicyRule, b: PolicyRule, precedence: readonly PolicyOperand[]): PolicyRule {
  const ranked = (rule: PolicyRule): readonly number[] => [precedenceOf(rule, precedence), ...rank(rule)];
  const [left, right] = [ranked(a), ranked(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 || (left[at] ?? 0) > (right[at] ?? 0) ? a : b;
}

/**
 * The rules of a policy whose actions run: by its strategy one or all of those whose conditions all hold.
 * @param candidates rules that can be judged now.
 */
export function rulesToRun(
  { strategy, precedence = [] }: PolicyConfig,
  candidates: readonly PolicyRule[],
  view: PolicyView,
): readonly PolicyRule[] {
  const matches = (rule: PolicyRule): boolean => rule.conditions.every((condition) => holds(condition, view));
  if (strategy === 'first-match') {
    const first = candidates.find(matches);
    return first === undefined ? [] : [first];
  }
  const matched = candidates.filter(matches);
  if (strategy === 'all-match' || matched.length === 0) return matched;
  return [matched.reduce((a, b) => better(a, b, precedence))];
}
