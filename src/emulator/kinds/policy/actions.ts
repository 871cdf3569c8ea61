import { shownScope } from '../../store/scope.ts';
import { atLeast } from '../../version/version.ts';
import { tmshName, type Field } from '../field.ts';
import { reference } from '../fields/references.ts';
import { integer, text } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import type { TargetSpec } from './grammar.ts';
import { choose, keywords, refuseOthers } from './keywords.ts';
import { missingPart, requireOpen, stampPolicy } from './paths.ts';
import { targets } from './targets.ts';

const names = Object.keys(targets);
const specs = Object.values(targets);
const events = [...new Set(specs.flatMap((spec) => spec.events))];
const verbs = [...new Set(specs.flatMap((spec) => Object.keys(spec.verbs)))];
/** Printed with every action, 0 when unused (recorded). */
const numbers = ['expirySecs', 'length', 'offset', 'port', 'status', 'timeout', 'vlanId'];
const parameters = [
  'application',
  'category',
  'defer',
  'domain',
  'expiry',
  'expression',
  'facility',
  'fromProfile',
  'ipAddress',
  'key',
  'location',
  'message',
  'netmask',
  'nexthop',
  'node',
  'path',
  'pin',
  'policy',
  'priority',
  'protocol',
  'queryString',
  'rateclass',
  'snat',
  'sslSessionId',
  'tmName',
  'value',
];

/** `code` of redirects; from 14 it is not printed when it is 0 (fact sheet 8.8). */
function code(): Field {
  return {
    ...integer('code', 0),
    print: (value, { version }) => (value === 0 && atLeast(version, '14.1') ? undefined : value),
  };
}

function complete(draft: Draft): void {
  const target = choose(draft, names);
  const spec: TargetSpec | undefined = target === undefined ? undefined : targets[target];
  if (target === undefined || spec === undefined) {
    throw missingPart(draft.scope, 'target');
  }
  refuseOthers(draft, target, { all: events, allowed: spec.events });
  choose(draft, spec.events, spec.events[0]);
  const allowed = Object.keys(spec.verbs);
  choose(draft, verbs);
  refuseOthers(draft, target, { all: verbs, allowed });
  const verb = choose(draft, allowed, allowed[0]) ?? '';
  const lacking = (spec.verbs[verb] ?? []).find((name) => draft.values[name] === undefined);
  if (lacking !== undefined) {
    throw missingPart(draft.scope, tmshName(lacking));
  }
}

/** Actions of a rule of a policy (fact sheet 8.8). */
export const actionKind = defineKind({
  path: 'ltm/policy/rules/actions',
  type: 'policy action',
  naming: 'flat',
  inline: 'actions',
  madeAnew: true,
  fields: [
    ...keywords(...names, ...events, ...verbs),
    code(),
    ...numbers.map((name) => integer(name, 0)),
    ...parameters.map((name) => text(name)),
    reference('clonePool', { target: 'ltm/pool' }),
    reference('internalVirtual', { target: 'ltm/virtual' }),
    reference('pool', { target: 'ltm/pool' }),
    reference('snatpool', { target: 'ltm/snatpool' }),
    reference('virtual', { target: 'ltm/virtual' }),
    reference('vlan', { target: 'net/vlan', noTwin: true }),
  ],
  hooks: {
    describe: (scope, identity) => `${shownScope(scope)} ${identity.name}`,
    prepare: (draft, session) => {
      requireOpen(draft.scope, session);
      complete(draft);
    },
    stored: (action, _before, session) => stampPolicy(action.scope, session),
    beforeDelete: (action, session) => {
      requireOpen(action.scope, session);
      stampPolicy(action.scope, session);
    },
  },
});
