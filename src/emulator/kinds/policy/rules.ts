import { encodeSegment, splitFullPath } from '../../names/full-path.ts';
import { rootOf, shownScope } from '../../store/scope.ts';
import { atLeast } from '../../version/version.ts';
import { nameIn } from '../../verbs/identify.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { actionKind } from './actions.ts';
import { conditionKind } from './conditions.ts';
import { requireOpen, stampPolicy } from './paths.ts';

/** `/P/rule`, as 12.1 spells the rules of a policy in `/P`, is `rule`. */
function bareName(name: string): string {
  return name.startsWith('/') ? splitFullPath(name).name : name;
}

/** Rules of a policy. Up to 12.1 links show their name with the policy's partition (fact sheet 8.8). */
export const policyRuleKind = defineKind({
  path: 'ltm/policy/rules',
  type: 'policy rule',
  naming: 'flat',
  inline: 'rules',
  fields: [appService(), text('description'), integer('ordinal', 0, { max: 4_294_967_295 })],
  subs: [actionKind, conditionKind],
  hooks: {
    identify: (body) => {
      const name = bareName(nameIn(body));
      return { name, fullPath: name };
    },
    fromSegment: (segment) => bareName(segment.startsWith('~') ? segment.replaceAll('~', '/') : segment),
    toSegment: (rule, device) => {
      const { partition = 'Common' } = splitFullPath(rootOf(rule.scope));
      return encodeSegment(atLeast(device.version, '13.0') ? rule.name : `/${partition}/${rule.name}`);
    },
    describe: (scope, identity) => `${shownScope(scope)} ${identity.name}`,
    prepare: (draft, session) => requireOpen(draft.scope, session),
    stored: (rule, _before, session) => stampPolicy(rule.scope, session),
    beforeDelete: (rule, session) => {
      requireOpen(rule.scope, session);
      stampPolicy(rule.scope, session);
    },
  },
});
