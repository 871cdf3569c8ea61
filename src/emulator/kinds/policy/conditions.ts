import { notFound } from '../../errors/mcp.ts';
import { shownScope } from '../../store/scope.ts';
import { reference } from '../fields/references.ts';
import { integer, text } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { choose, keyword, keywords, valueList } from './keywords.ts';
import { completeOperand, operandWords } from './operand-words.ts';
import { missingPart, requireOpen, stampPolicy } from './paths.ts';

/** Pairs that every condition has one of, the default first (recorded). */
const pairs = [
  ['caseInsensitive', 'caseSensitive'],
  ['external', 'internal'],
  ['present', 'missing'],
  ['remote', 'local'],
] as const;

/** Sets what the body leaves open, as the device does, and refuses words that do not go together. */
function complete(draft: Draft): void {
  completeOperand(draft, () => missingPart(draft.scope, 'operand'));
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
  madeAnew: true,
  fields: [
    ...keywords(...operandWords, ...pairs.flat()),
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
