import type { IRule } from '../../ir/irule.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { Pool } from '../../ir/pool.ts';
import type { VirtualServer } from '../../ir/virtual.ts';
import type { PlanView } from '../plan-view.ts';

const origins = ['east:Service/default/web'];
const mark = { instance: 'east', origins };

const pool: Pool = {
  kind: 'pool',
  path: '/kubernetes/default_web_http',
  description: 'Service default/web (east)',
  monitor: { monitors: ['/Common/tcp'] },
  members: [
    { address: { ip: '10.244.1.5' }, port: 8080 },
    { address: { ip: '10.244.1.6' }, port: 8080, adminState: 'disabled', ratio: 2 },
  ],
  mark,
  nodeLedger: { foreign: ['10.244.1.5'] },
};

const before: VirtualServer = {
  kind: 'virtual',
  path: '/kubernetes/default_web_http',
  destination: { address: { ip: '10.1.10.5' }, port: 80 },
  virtualAddress: '/kubernetes/10.1.10.5',
  ipProtocol: 'tcp',
  profiles: [{ path: '/Common/tcp', context: 'all' }],
  rules: ['/Common/old|rule'],
  mark,
};

const { rules: _, ...rest } = before;
const after: VirtualServer = { ...rest, pool: pool.path, profiles: [{ path: '/Common/fastL4', context: 'all' }] };

const node: BigipObject = { kind: 'node', path: '/kubernetes/10.244.1.9', address: { ip: '10.244.1.9' }, mark };

const tcp = before.profiles[0];
const fastL4 = after.profiles[0];

/** A plan with one of everything. */
export const samplePlan: PlanView = {
  target: 'bigip1',
  desired: 7,
  complete: true,
  plan: {
    fingerprint: '0123456789abcdef'.repeat(4),
    units: [
      {
        id: 'pool:/kubernetes/default_web_http',
        wave: 1,
        origins,
        changes: [
          { op: 'create', ref: 'pool:/kubernetes/default_web_http', after: pool, origins },
          {
            op: 'update',
            ref: 'virtual:/kubernetes/default_web_http',
            before,
            after,
            origins,
            adopts: true,
            fields: [
              { field: 'pool', from: undefined, to: pool.path },
              { field: 'profiles', item: '/Common/fastL4', from: undefined, to: fastL4 },
              { field: 'profiles', item: '/Common/tcp', from: tcp, to: undefined },
              { field: 'rules', from: before.rules, to: undefined },
            ],
          },
        ],
      },
      {
        id: 'node:/kubernetes/10.244.1.9',
        wave: 2,
        origins: [],
        changes: [{ op: 'delete', ref: 'node:/kubernetes/10.244.1.9', before: node, origins: [], optional: true }],
      },
    ],
    withheld: [
      {
        ref: 'pool:/kubernetes/other',
        reason: 'foreign',
        origins: ['east:Service/default/other'],
        diagnostic: {
          code: 'foreign-object',
          severity: 'error',
          summary: 'pool /kubernetes/other exists on the device and is not ours',
          detail: 'Adopt it, or remove it.',
        },
      },
    ],
  },
  diagnostics: [
    {
      code: 'foreign-object',
      severity: 'error',
      summary: 'pool /kubernetes/other exists on the device and is not ours',
      detail: 'Adopt it, or remove it.',
    },
    {
      code: 'annotation-invalid',
      severity: 'warning',
      summary: 'annotation fairlead.io/x: found password=hunter2, expected a number',
      origin: 'east:Service/default/web',
    },
  ],
};

/** A plan with nothing to do. */
export const emptyPlan: PlanView = {
  target: 'bigip1',
  desired: 1,
  complete: true,
  plan: { fingerprint: 'f'.repeat(64), units: [], withheld: [] },
  diagnostics: [],
};

const TEXT = ['when HTTP_REQUEST {', '  set a 1', '  set b 2', '  set c 3', '  pool /k/web', '}'];

function irule(...lines: readonly string[]): IRule {
  return { kind: 'irule', path: '/k/web', sections: [{ name: '10', text: lines.join('\n') }] };
}

const [oldRule, newRule] = [irule(...TEXT), irule(...TEXT.with(4, '  pool /k/api | x'))];

/** One line of the text of an iRule changes. */
export const textPlan: PlanView = {
  ...emptyPlan,
  plan: {
    ...emptyPlan.plan,
    units: [
      {
        id: 'irule:/k/web',
        wave: 0,
        origins: [],
        changes: [
          {
            op: 'update',
            ref: 'irule:/k/web',
            before: oldRule,
            after: newRule,
            origins: [],
            fields: [{ field: 'sections', item: '10', from: oldRule.sections[0], to: newRule.sections[0] }],
          },
        ],
      },
    ],
  },
};
