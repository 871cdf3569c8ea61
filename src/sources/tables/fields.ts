import type { Parse } from './parsers.ts';
import { fullPaths, monitorRule, oneOf, pathOrNone, profileUses, snat, word } from '../values/parsers.ts';
import { LOAD_BALANCING_MODES } from '../../ir/load-balancing.ts';
import { adminState, port, protocol, target, targets, whole } from './parsers.ts';

/** One field of the row model: how it is read, and all that its documentation says. */
export interface FieldSpec<T> {
  /** What it belongs to: `service`: all rows of a service say the same, or nothing. `member`: the row's own. */
  readonly of: 'service' | 'member';
  /** What a valid value looks like; ends messages about invalid ones. */
  readonly form: string;
  readonly effect: string;
  readonly parse: Parse<T>;
}

const field = <T>(given: FieldSpec<T>): FieldSpec<T> => given;

/** The row model: every field that a table may give. docs/sources is checked against this. */
export const fields = {
  service: field({
    of: 'service',
    form: 'a name',
    effect: 'The name of the service. Rows with the same name and port are one service.',
    parse: word,
  }),
  vip: field({
    of: 'service',
    form: 'an IP address of one host, with or without a port',
    effect: 'The address of the virtual server. Without it only a pool is made.',
    parse: target,
  }),
  port: field({
    of: 'service',
    form: 'a port from 1 to 65535',
    effect: 'The port of the virtual server.',
    parse: port,
  }),
  protocol: field({
    of: 'service',
    form: 'tcp, udp or sctp',
    effect: 'The protocol; tcp if not given.',
    parse: protocol,
  }),
  member: field({
    of: 'member',
    form: 'an IP address of one host, with or without a port, or several with commas between them',
    effect: 'The pool member, or members.',
    parse: targets,
  }),
  member_port: field({
    of: 'member',
    form: 'a port from 1 to 65535',
    effect: 'The port of members that are given without one; that of the virtual server if not given.',
    parse: port,
  }),
  weight: field({
    of: 'member',
    form: 'a whole number from 0 to 65535',
    effect: 'The ratio of the member; 0 takes no new connections.',
    parse: whole(0, 65_535),
  }),
  priority: field({
    of: 'member',
    form: 'a whole number from 0 to 65535',
    effect: 'The priority group of the member.',
    parse: whole(0, 65_535),
  }),
  state: field({
    of: 'member',
    form: 'enabled, disabled (or drain) or offline (or down)',
    effect: 'Whether the member takes connections.',
    parse: adminState,
  }),
  connection_limit: field({
    of: 'member',
    form: 'a whole number from 0 (no limit) to 4294967295',
    effect: 'Most connections that the member has at once.',
    parse: whole(0, 4_294_967_295),
  }),
  monitor: field({
    of: 'service',
    form: '`none`, the full path of a monitor, several with `and` between them, or `min <n> of` several',
    effect: 'Monitors of the pool; the default of the protocol if not given.',
    parse: monitorRule,
  }),
  load_balancing: field({
    of: 'service',
    form: `one of ${LOAD_BALANCING_MODES.join(', ')}`,
    effect: 'How the pool chooses a member; round-robin if not given.',
    parse: oneOf(...LOAD_BALANCING_MODES),
  }),
  min_active_members: field({
    of: 'service',
    form: 'a whole number from 0 to 65535',
    effect:
      'With fewer available members in the highest priority group, the next group serves, too; 0 if not given: all serve.',
    parse: whole(0, 65_535),
  }),
  type: field({
    of: 'service',
    form: 'standard, http or l4',
    effect: 'The kind of virtual server; standard if not given.',
    parse: oneOf('standard', 'http', 'l4'),
  }),
  profiles: field({
    of: 'service',
    form: 'full paths with commas between them, each with `:clientside` or `:serverside` if it works on one side only',
    effect: 'All profiles of the virtual server, in place of those of `type`.',
    parse: profileUses,
  }),
  persistence: field({
    of: 'service',
    form: '`none` or the full path of a persistence profile',
    effect: 'The persistence profile.',
    parse: pathOrNone,
  }),
  snat: field({
    of: 'service',
    form: '`automap`, `none` or the full path of a SNAT pool',
    effect: 'How the source address of clients is translated; automap if not given.',
    parse: snat,
  }),
  rules: field({
    of: 'service',
    form: 'full paths with commas between them',
    effect: 'iRules of the virtual server.',
    parse: fullPaths,
  }),
  pool: field({
    of: 'service',
    form: 'a name, or the full path of a pool in the partition of the target; one elsewhere if the target has `only: pool-members of` it',
    effect: 'A pool to which other services and sources may give members, too; one of its own if not given.',
    parse: word,
  }),
  partition: field({
    of: 'service',
    form: 'the partition of the target',
    effect: 'Rows for other partitions are left out, with a word about it.',
    parse: word,
  }),
  description: field({
    of: 'service',
    form: 'a text',
    effect: 'Stands in the description of the objects, behind the name of the service.',
    parse: word,
  }),
} as const;

/** The names of the fields. */
export type FieldName = keyof typeof fields;

/** What reading a field gives. */
export type FieldValue<N extends FieldName> = NonNullable<ReturnType<(typeof fields)[N]['parse']>>;

/** What a row says, field by field. */
export type RowFields = { readonly [N in FieldName]?: FieldValue<N> };

/** Their names in order. */
export const FIELD_NAMES = Object.keys(fields) as readonly FieldName[];
