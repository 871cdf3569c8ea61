import { mcpError } from '../../errors/device-error.ts';
import { ruleKind } from '../ltm-rule.ts';
import { defineKind } from '../kind.ts';

const { prepare } = ruleKind.hooks;

/** iRules of `gtm`: text as in `ltm`, without stock (fact sheet 8.13). */
export const gtmRuleKind = defineKind({
  path: 'gtm/rule',
  type: 'iRule',
  fields: ruleKind.fields,
  hooks: {
    ...(prepare === undefined ? {} : { prepare }),
    inUse: (rule, by) =>
      mcpError(
        `01070265:3: The iRule (${rule.fullPath}) cannot be deleted because it is in use by a wideip (${by.fullPath}).`,
      ),
  },
});
