import type { Monitor, MonitorType } from '../../../ir/monitor.ts';
import type { MonitorRule } from '../../../ir/pool.ts';
import type { AnnotationName } from './annotations.ts';
import type { Protocol } from '../../values/defaults.ts';
import type { Listening, Scope } from './scope.ts';
import { describe, monitorPath, portKey } from './names.ts';

/** How a pool's members are watched: by existing monitors, or by one of its own. */
export interface Watch {
  readonly rule?: MonitorRule;
  readonly own?: Monitor;
}

const OWN_TYPE: Readonly<Record<Protocol, MonitorType>> = { tcp: 'tcp', udp: 'udp', sctp: 'gateway-icmp' };
const OWN = ['monitor-type', 'monitor-send', 'monitor-receive', 'monitor-interval', 'monitor-timeout'] as const;
const INTERVAL = 5;

/** What watches the members of a port. */
export function watchOf(scope: Scope, listening: Listening): Watch {
  const { annotations, options } = scope;
  const { port, protocol } = listening;
  const named = annotations.get('monitor', port);
  const ownFields = OWN.filter((name) => annotations.field(name, port) !== undefined);
  if (annotations.field('monitor', port) !== undefined) {
    if (ownFields[0] !== undefined) reportBoth(scope, listening, ownFields[0]);
    return ruleOf(named ?? 'none');
  }
  if (ownFields.length === 0) return ruleOf(options.defaults.monitors[protocol]);
  const type = annotations.get('monitor-type', port) ?? OWN_TYPE[protocol];
  if (type === 'none') return {};
  const own = ownMonitor(scope, listening, type);
  return { rule: { monitors: [own.path] }, own };
}

/** Whether the Service says nothing of how the members of a port are watched. */
export function isDefaultWatch({ annotations }: Scope, { port }: Listening): boolean {
  return (['monitor', ...OWN] as const).every((name) => annotations.field(name, port) === undefined);
}

function ruleOf(rule: MonitorRule | 'none'): Watch {
  return rule === 'none' ? {} : { rule };
}

/** The type is part of the name: the device cannot change it, nor remove a monitor while a pool still has it (01070083). */
function ownMonitor(scope: Scope, listening: Listening, type: MonitorType): Monitor {
  const { annotations, options, record } = scope;
  const { port } = listening;
  const [send, receive] = [annotations.get('monitor-send', port), annotations.get('monitor-receive', port)];
  const interval = annotations.get('monitor-interval', port) ?? INTERVAL;
  const timeout = annotations.get('monitor-timeout', port) ?? 3 * interval + 1;
  if (timeout <= interval) {
    reject(scope, listening, {
      name: annotations.field('monitor-timeout', port) === undefined ? 'monitor-interval' : 'monitor-timeout',
      text: `the monitor's timeout is ${timeout} s, expected more than its interval of ${interval} s`,
    });
  }
  if (type === 'gateway-icmp' && (send ?? receive) !== undefined) {
    reject(scope, listening, {
      name: send === undefined ? 'monitor-receive' : 'monitor-send',
      text: 'a monitor of type gateway-icmp sends no text, expected monitor-type tcp, udp, http or https beside it',
    });
  }
  return {
    kind: 'monitor',
    path: monitorPath(record, port, { options, suffix: type }),
    type,
    description: describe(record, options),
    interval,
    timeout,
    ...(send === undefined ? {} : { send }),
    ...(receive === undefined ? {} : { receive }),
  };
}

function reportBoth(scope: Scope, listening: Listening, name: AnnotationName): void {
  reject(scope, listening, {
    name,
    text: `annotations monitor and ${name} stand side by side, expected either existing monitors or one of its own`,
  });
}

function reject(
  scope: Scope,
  { port }: Listening,
  why: { readonly name: AnnotationName; readonly text: string },
): void {
  const field = scope.annotations.field(why.name, port);
  scope.problems.freeze({
    code: 'annotation-invalid',
    text: `port ${portKey(port)}: ${why.text}`,
    ...(field === undefined ? {} : { field }),
  });
}
