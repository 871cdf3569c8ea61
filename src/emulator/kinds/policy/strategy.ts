import { mcpError } from '../../errors/device-error.ts';
import { appService } from '../fields/app-service.ts';
import { text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

const system = ['all-match', 'best-match', 'first-match'];

/** How a policy picks among the rules that match. Operands of own strategies are not modelled. */
export const policyStrategyKind = defineKind({
  path: 'ltm/policy-strategy',
  type: 'Policy Strategy',
  fields: [appService(), text('description')],
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
