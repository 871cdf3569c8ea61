import { notFound } from '../../errors/mcp.ts';
import { shownScope } from '../../store/scope.ts';
import { reference } from '../fields/references.ts';
import { integer, text } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { operators, type OperandSpec } from './grammar.ts';
import { choose, keyword, keywords, refuseOthers, valueList } from './keywords.ts';
import { operands } from './operands.ts';
import { missingPart, requireOpen, stampPolicy } from './paths.ts';

const types = Object.keys(operands);
const specs = Object.values(operands);
const events = [...new Set(specs.flatMap((spec) => spec.events))];
const selectors = [...new Set(specs.flatMap((spec) => Object.keys(spec.selectors)))];
const comparisons = [...new Set(Object.values(operators).flat())];
/** Pairs that every condition has one of, the default first (recorded). */
const pairs = [
  ['caseInsensitive', 'caseSensitive'],
  ['external', 'internal'],
  ['present', 'missing'],
  ['remote', 'local'],
] as const;

/** Sets what the body leaves open, as the device does, and refuses words that do not go together. */
function complete(draft: Draft): void {
  const type = choose(draft, types);
  const spec: OperandSpec | undefined = type === undefined ? undefined : operands[type];
  if (type === undefined || spec === undefined) {
    throw missingPart(draft.scope, 'operand');
  }
  refuseOthers(draft, type, { all: events, allowed: spec.events });
  choose(draft, spec.events, spec.events[0]);
  const parts = Object.keys(spec.selectors);
  refuseOthers(draft, type, { all: selectors, allowed: parts });
  const selector = choose(draft, parts, parts[0]) ?? 'all';
  const allowed = operators[spec.selectors[selector] ?? 'text'];
  refuseOthers(draft, selector, { all: comparisons, allowed });
  choose(draft, allowed, allowed[0]);
  for (const [first, second] of pairs) {
    choose(draft, [first, second], first);
  }
}

/** Conditions of a rule of a policy (fact sheet 8.8). */
export const conditionKind = defineKind({
  path: 'ltm/policy/rules/conditions',
  type: 'policy condition',
  naming: 'flat',
  inline: 'conditions',
  fields: [
    ...keywords(...types, ...events, ...selectors, ...comparisons, ...pairs.flat()),
    reference('datagroup', { target: 'ltm/data-group', missing: (_owner, path) => notFound('value list', path) }),
    integer('index', 0),
    text('tmName'),
    keyword('normalized'),
    keyword('not'),
    valueList('values'),
  ],
  hooks: {
    describe: (scope, identity) => `${shownScope(scope)} ${identity.name}`,
    prepare: (draft, session) => {
      requireOpen(draft.scope, session);
      complete(draft);
    },
    stored: (condition, _before, session) => stampPolicy(condition.scope, session),
    beforeDelete: (condition, session) => {
      requireOpen(condition.scope, session);
      stampPolicy(condition.scope, session);
    },
  },
});
