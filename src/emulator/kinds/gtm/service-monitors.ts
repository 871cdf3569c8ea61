import type { Field } from '../field.ts';
import { integer, numberOrWord, text, toggle, word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { gtmMonitorKind } from './monitor-kind.ts';

const probe = integer('probeTimeout', 5);
const debug = word('debug', ['no', 'yes']);
/** The password is printed as it was given, as recorded on 13.1 for http. */
const credentials: readonly Field[] = [text('password'), text('username')];
const sql: readonly Field[] = [
  probe,
  numberOrWord('count', '0'),
  text('database'),
  debug,
  ...credentials,
  text('recv'),
  text('recvColumn'),
  text('recvRow'),
  text('send'),
];
const mail: readonly Field[] = [probe, debug, ...credentials];
const radius: readonly Field[] = [probe, debug, text('nasIpAddress'), text('secret'), ...credentials];
const snmp: readonly Field[] = [
  probe,
  text('community', { default: 'public' }),
  integer('port', 161),
  integer('probeAttempts', 1),
  integer('probeInterval', 0),
  text('version', { default: 'v1' }),
];
const browser = 'Mozilla/4.0 (compatible: MSIE 5.0; Windows NT)';

/** What each asks for besides its time-out (K, as in the tmsh reference, unchecked). */
const rows: Readonly<Record<string, readonly Field[]>> = {
  firepass: [
    probe,
    text('cipherlist', { default: 'HIGH:!ADH' }),
    integer('concurrencyLimit', 95),
    integer('maxLoadAverage', 1200),
    ...credentials,
  ],
  ftp: [probe, debug, text('filename'), word('mode', ['passive', 'port']), ...credentials],
  imap: [...mail, text('folder', { default: 'INBOX' })],
  ldap: [
    probe,
    text('base'),
    word('chaseReferrals', ['yes', 'no']),
    debug,
    text('filter'),
    word('mandatoryAttributes', ['no', 'yes']),
    word('security', ['none', 'ssl', 'tls']),
    ...credentials,
  ],
  mssql: sql,
  mysql: sql,
  nntp: [...mail, text('newsgroup')],
  oracle: sql,
  pop3: mail,
  postgresql: sql,
  radius,
  'radius-accounting': [probe, debug, text('nasIpAddress'), text('secret'), text('username')],
  'real-server': [
    text('agent', { default: browser }),
    text('command', { default: 'GetServerStats' }),
    text('method', { default: 'GET' }),
    text('metrics', { default: 'ServerBandwidth:1.5,CPUPercentUsage,MemoryUsage,TotalClientCount' }),
  ],
  scripted: [probe, debug, text('filename')],
  sip: [
    probe,
    text('cert', { default: 'none' }),
    text('cipherlist', { default: 'DEFAULT' }),
    toggle('compatibility', 'enabled'),
    debug,
    text('filter', { default: 'none' }),
    text('filterNeg', { default: 'none' }),
    text('headers', { default: 'none' }),
    text('key', { default: 'none' }),
    word('mode', ['udp', 'tcp', 'tls', 'sips']),
    text('request', { default: 'none' }),
  ],
  smtp: [probe, debug, text('domain')],
  snmp,
  'snmp-link': snmp,
  soap: [
    probe,
    debug,
    word('expectFault', ['no', 'yes']),
    text('method'),
    text('namespace'),
    text('parameterName'),
    word('parameterType', ['bool', 'int', 'long', 'string']),
    text('parameterValue'),
    ...credentials,
    word('protocol', ['http', 'https']),
    word('returnType', ['bool', 'char', 'double', 'int', 'long', 'short', 'string']),
    text('returnValue'),
    text('soapAction', { default: "''" }),
    text('urlPath'),
  ],
  wap: [
    probe,
    text('accountingNode'),
    text('accountingPort'),
    text('callId'),
    debug,
    text('framedAddress'),
    text('recv'),
    text('secret'),
    text('send'),
    text('serverId'),
    text('sessionId'),
    ...credentials,
  ],
  wmi: [
    probe,
    text('agent', { default: browser }),
    text('command', { default: 'GetCPUInfo, GetDiskInfo, GetOSInfo' }),
    text('method', { default: 'POST' }),
    text('metrics', { default: 'LoadPercentage,DiskUsage,PhysicalMemoryUsage:1.5,VirtualMemoryUsage:2.0' }),
    ...credentials,
    text('post', { default: 'RespFormat=HTML' }),
    text('url', { default: '/scripts/f5Isapi.dll' }),
  ],
};

/** Monitors of services that are asked for more than a connection. */
export const gtmServiceMonitorKinds: readonly Kind[] = Object.entries(rows).map(([name, fields]) =>
  gtmMonitorKind({ name, fields, ...(name === 'firepass' ? { root: 'firepass_gtm' } : {}) }),
);
