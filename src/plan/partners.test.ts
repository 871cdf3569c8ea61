import { expect, it } from 'vitest';
import type { IRule } from '../ir/irule.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Policy } from '../ir/policy.ts';
import type { Change } from './plan.ts';
import { ref, virtual } from '../../test/support/objects.ts';
import { diffObjects } from './diff.ts';
import { atOnce } from './steps.ts';
import { groupUnits } from './units.ts';

const [WEB, ANY] = ['east:Ingress/shop/web', 'east:Ingress/shop/any'];

function update(before: BigipObject, after: BigipObject, ...origins: readonly string[]): Change {
  return { op: 'update', ref: ref(after), before, after, fields: diffObjects(before, after), origins };
}

function policy(name: string, ...rules: readonly string[]): Policy {
  return {
    kind: 'policy',
    path: `/k/${name}`,
    rules: rules.map((rule) => ({ name: rule, conditions: [], actions: [] })),
  };
}

function irule(name: string, text: string): IRule {
  return { kind: 'irule', path: `/k/${name}`, sections: [{ name: '', text }] };
}

function units(...changes: readonly Change[]): readonly string[] {
  return atOnce(groupUnits(changes)).map((unit) =>
    unit.changes.map((change) => `${change.op} ${change.ref}`).join(', '),
  );
}

it('AC-12 a policy and the iRule that it counts on change in one unit, whoever gives the two', () => {
  const changes = [
    update(policy('Ingress_1', 'a'), policy('Ingress_1', 'b'), ANY, WEB),
    update(irule('Ingress_1', 'x'), irule('Ingress_1', 'y'), ANY),
    update(policy('Ingress_2', 'a'), policy('Ingress_2', 'b'), WEB),
  ];
  expect(units(...changes)).toEqual([
    'update policy:/k/Ingress_1, update irule:/k/Ingress_1',
    'update policy:/k/Ingress_2',
  ]);
});

it('an iRule is deleted by itself, after what used it', () => {
  const front = virtual('Ingress_1', '10.1.1.1', { policies: ['/k/Ingress_1'], rules: ['/k/Ingress_1'] });
  const gone = [front, policy('Ingress_1', 'a'), irule('Ingress_1', 'x')];
  const changes = gone.map((before): Change => ({ op: 'delete', ref: ref(before), before, origins: [WEB] }));
  expect(units(...changes)).toEqual([
    'delete virtual:/k/Ingress_1',
    'delete irule:/k/Ingress_1',
    'delete policy:/k/Ingress_1',
  ]);
});

it('an iRule is made before the virtual server that runs it', () => {
  const front = virtual('Ingress_1', '10.1.1.1', { rules: ['/k/Ingress_1'] });
  const made = [front, irule('Ingress_1', 'x')];
  const changes = made.map((after): Change => ({ op: 'create', ref: ref(after), after, origins: [ANY, WEB] }));
  expect(units(...changes)).toEqual(['create irule:/k/Ingress_1', 'create virtual:/k/Ingress_1']);
});
