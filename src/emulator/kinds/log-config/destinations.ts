import type { Field } from '../field.ts';
import { reference } from '../fields/references.ts';
import { integer, readOnly, text, word } from '../fields/scalars.ts';
import { defineKind, type Kind, type StockObject } from '../kind.ts';

/** Destinations of all types share their names: publishers point at them by name alone. */
export const logDestinationClass = 'sys/log-config/destination';

const forwardTo = (name: string): Field => reference(name, { target: logDestinationClass });

/**
 * What the other types have: f5_modules sends some of it along to every type, which devices take and do not keep (C).
 */
const ofOtherTypes = ['forwardTo', 'protocol', 'protocolVersion', 'remoteHighSpeedLog'];

function destinationKind(name: string, fields: readonly Field[], stock: readonly StockObject[] = []): Kind {
  const own = new Set(fields.map((field) => field.name));
  const ignored = ofOtherTypes.filter((other) => !own.has(other)).map((other) => readOnly(other, undefined));
  return defineKind({
    path: `sys/log-config/destination/${name}`,
    type: 'log config destination',
    class: logDestinationClass,
    fields: [text('description'), ...fields, ...ignored],
    stock,
  });
}

/** Where log messages go (recorded for remote-syslog on 13.1; the other defaults K). */
export const logDestinationKinds: readonly Kind[] = [
  destinationKind('alertd', [], [{ name: 'alertd' }]),
  destinationKind('arcsight', [forwardTo('forwardTo')]),
  destinationKind('ipfix', [
    reference('poolName', { target: 'ltm/pool' }),
    word('protocolVersion', ['ipfix', 'netflow-9']),
    reference('serversslProfile', { target: 'profile' }),
    integer('templateDeleteDelay', 5),
    integer('templateRetransmitInterval', 60),
    reference('transportProfile', { target: 'profile' }, { default: '/Common/udp' }),
  ]),
  destinationKind('local-database', [], [{ name: 'local-db' }]),
  destinationKind(
    'local-syslog',
    [
      word('defaultFacility', ['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7']),
      word('defaultSeverity', ['info', 'alert', 'crit', 'debug', 'emerg', 'err', 'notice', 'warn']),
      word('format', ['rfc3164', 'legacy-bigip', 'rfc5424']),
    ],
    [{ name: 'local-syslog' }],
  ),
  destinationKind('management-port', [
    text('ipAddress'),
    integer('port', 514, { min: 1, max: 65_535 }),
    word('protocol', ['tcp', 'udp']),
  ]),
  destinationKind('remote-high-speed-log', [
    word('distribution', ['adaptive', 'balanced', 'replicated']),
    reference('poolName', { target: 'ltm/pool' }),
    word('protocol', ['tcp', 'udp']),
  ]),
  destinationKind('remote-syslog', [
    word('defaultFacility', ['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7']),
    word('defaultSeverity', ['info', 'alert', 'crit', 'debug', 'emerg', 'err', 'notice', 'warn']),
    word('format', ['rfc3164', 'legacy-bigip', 'rfc5424']),
    forwardTo('remoteHighSpeedLog'),
  ]),
  destinationKind('splunk', [forwardTo('forwardTo')]),
];
