import type { MonitorRule, PoolMember } from '../../../ir/pool.ts';
import type { FieldsOf } from '../forms/compound.ts';
import type { Form } from '../forms/form.ts';
import type { KindForm } from './kind-form.ts';
import { printEndpoint } from '../../../ir/address.ts';
import { nameOf } from '../../../ir/ref.ts';
import { MONITOR_TYPES } from '../../../ir/monitor.ts';
import { LOAD_BALANCING_MODES } from '../../../ir/load-balancing.ts';
import { inShort, list, optional, required, shape } from '../forms/compound.ts';
import { reject } from '../forms/form.ts';
import {
  address,
  endpointOf,
  homeOf,
  integer,
  oneOf,
  path,
  port,
  shortPath,
  fullPathOf,
  text,
} from '../forms/scalars.ts';

const monitorsAndMinimum = shape<MonitorRule>('a mapping with monitors and minimum', {
  minimum: optional(integer(1, 65_535)),
  monitors: required(list(path('monitor'))),
});

const RULE = 'the name of a monitor, a list of them, or a mapping with monitors and minimum';

/** Monitors of a pool: the name of one, a list of several that must all pass, or `minimum` of `monitors`. */
export const monitorRule: Form<MonitorRule> = {
  expected: RULE,
  schema: {
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }, monitorsAndMinimum.schema],
  },
  read: (value, at, reading) => {
    if (typeof value === 'string') {
      const monitor = fullPathOf(value, homeOf('monitor', reading.names));
      return monitor === undefined ? reject(value, at, { reading, expected: RULE }) : { monitors: [monitor] };
    }
    if (!Array.isArray(value)) return monitorsAndMinimum.read(value, at, reading);
    const monitors = list(path('monitor')).read(value, at, reading);
    return monitors === undefined ? undefined : { monitors };
  },
  print: (rule, names) => {
    if (rule.minimum !== undefined) return monitorsAndMinimum.print(rule, names);
    const printed = rule.monitors.map((monitor) => shortPath(monitor, homeOf('monitor', names)));
    return printed.length === 1 ? printed[0] : printed;
  },
};

type Member = Omit<PoolMember, 'origin'>;

const memberFields: FieldsOf<Member> = {
  address: required(address),
  port: required(port),
  node: optional(path('node')),
  adminState: optional(oneOf('enabled', 'disabled', 'offline')),
  ratio: optional(integer(1, 65_535)),
  priorityGroup: optional(integer(0, 65_535)),
  connectionLimit: optional(integer(0, 4_294_967_295)),
};

const member = inShort<Member>(shape<Member>('a mapping with address and port', memberFields), {
  example: '10.0.0.1:80',
  parse: endpointOf,
  print: ({ address: ip, port: number, ...rest }) =>
    Object.keys(rest).every((key) => key === 'origin') ? printEndpoint({ address: ip, port: number }) : undefined,
});

/** `ltm pool`. */
export const poolForm: KindForm<'pool'> = {
  title: 'Pool',
  fields: {
    description: optional(text()),
    loadBalancingMode: optional(oneOf<string>(...LOAD_BALANCING_MODES)),
    monitor: optional(monitorRule),
    serviceDownAction: optional(oneOf<string>('none', 'reset', 'drop', 'reselect')),
    slowRampTime: optional(integer(0, 4_294_967_295)),
    minActiveMembers: optional(integer(0, 65_535)),
    members: optional(list(member)),
  },
};

/** A member of a pool that belongs to somebody else; its name is `<pool>/members/<address>:<port>`. */
export const loneMemberForm: KindForm<'pool-member'> = {
  title: 'PoolMember',
  byName: { fields: ['address', 'port'], read: (full) => endpointOf(nameOf(full)) },
  fields: { description: optional(text()), ...memberFields },
};

/** `ltm monitor`. */
export const monitorForm: KindForm<'monitor'> = {
  title: 'Monitor',
  fields: {
    type: required(oneOf(...MONITOR_TYPES)),
    description: optional(text()),
    interval: optional(integer(1, 86_400)),
    timeout: optional(integer(1, 900_000)),
    send: optional(text()),
    receive: optional(text()),
  },
};

/** `ltm node`: comes with the members that stand on it. */
export const nodeForm: KindForm<'node'> = {
  title: 'Node',
  fields: { description: optional(text()), address: required(address) },
};

/** `auth partition`. */
export const partitionForm: KindForm<'partition'> = {
  title: 'Partition',
  isHome: true,
  fields: { description: optional(text()), defaultRouteDomain: optional(integer(0, 65_534)) },
};
