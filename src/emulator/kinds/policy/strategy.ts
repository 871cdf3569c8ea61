import { mcpError } from '../../errors/device-error.ts';
import { appService } from '../fields/app-service.ts';
import { text } from '../fields/scalars.ts';
import { rootOf } from '../../store/scope.ts';
import { defineKind } from '../kind.ts';
import { keywords } from './keywords.ts';
import { completeOperand, operandWords } from './operand-words.ts';

const system = ['all-match', 'best-match', 'first-match'];

/**
 * What a strategy prefers, by its number (its name): the rule with the lowest is the most specific. The form of the body is
 * that of conditions without values (K: nobody has recorded one).
 */
export const strategyOperandKind = defineKind({
  path: 'ltm/policy-strategy/operands',
  type: 'policy strategy operand',
  naming: 'flat',
  inline: 'operands',
  fields: keywords(...operandWords),
  hooks: {
    prepare: (draft) =>
      completeOperand(draft, () =>
        mcpError(
          `01071706:3: Policy Strategy '${rootOf(draft.scope)}', operand '${draft.identity.name}'; missing operand.`,
        ),
      ),
  },
});

/** How a policy picks among the rules that match; one of its own is a `best-match` by its operands. */
export const policyStrategyKind = defineKind({
  path: 'ltm/policy-strategy',
  type: 'Policy Strategy',
  fields: [appService(), text('description')],
  subs: [strategyOperandKind],
  stock: system.map((name) => ({ name })),
  hooks: {
    beforeDelete: (strategy) => {
      if (strategy.partition === 'Common' && system.includes(strategy.name)) {
        throw mcpError(
          `01070265:3: The Policy Strategy (${strategy.fullPath}) cannot be deleted because it is a system strategy.`,
        );
      }
    },
  },
});
