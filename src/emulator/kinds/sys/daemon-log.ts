import type { Field } from '../field.ts';
import { word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { settingsKind } from './settings.ts';

const syslog = ['alert', 'critical', 'debug', 'emergency', 'error', 'informational', 'notice', 'warning'];
const level = (name: string, initial: string): Field => word(name, syslog, { default: initial });

/** `/sys/daemon-log-settings/tmm` (defaults K). */
export const daemonLogTmmKind = settingsKind('sys/daemon-log-settings/tmm', [
  level('arpLogLevel', 'warning'),
  level('httpCompressionLogLevel', 'error'),
  level('httpLogLevel', 'error'),
  level('ipLogLevel', 'warning'),
  level('iruleLogLevel', 'informational'),
  level('layer4LogLevel', 'notice'),
  level('netLogLevel', 'warning'),
  level('osLogLevel', 'notice'),
  level('pvaLogLevel', 'informational'),
  level('sslLogLevel', 'warning'),
]);

const plain = (name: string, fields: readonly Field[]): Kind => settingsKind(`sys/daemon-log-settings/${name}`, fields);

/** The other daemons of `/sys/daemon-log-settings` (defaults K). */
export const daemonLogKinds: readonly Kind[] = [
  plain('clusterd', [level('logLevel', 'notice')]),
  plain('csyncd', [level('logLevel', 'notice')]),
  plain('icrd', [word('audit', ['none', 'modifications', 'all'], { default: 'modifications' })]),
  plain('lind', [level('logLevel', 'notice')]),
  plain('mcpd', [word('audit', ['enabled', 'disabled', 'verbose', 'all']), level('logLevel', 'notice')]),
];
