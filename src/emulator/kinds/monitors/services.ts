import type { Field } from '../field.ts';
import { integer, numberOrWord, text, toggle, word } from '../fields/scalars.ts';
import { reference } from '../fields/references.ts';
import { secret } from '../fields/secret.ts';
import type { Kind } from '../kind.ts';
import { monitorKind, type MonitorSpec } from './monitor-kind.ts';

const debug = word('debug', ['no', 'yes']);
const credentials: readonly Field[] = [secret('password'), text('username')];
const browser = 'Mozilla/4.0 (compatible: MSIE 5.0; Windows NT)';

/** RADIUS logins and accounting. */
const radius: readonly Field[] = [debug, text('nasIpAddress'), secret('secret')];

type Row = Omit<MonitorSpec, 'root'>;

/** Names, pace and what each asks for (K, as in the tmsh reference, unchecked). */
const rows: readonly Row[] = [
  {
    name: 'diameter',
    pace: [10, 31],
    fields: [
      text('acctApplicationId'),
      text('authApplicationId'),
      text('hostIpAddress'),
      text('originHost'),
      text('originRealm', { default: 'f5.com' }),
      text('productName', { default: 'F5 BIGIP Diameter Health Monitoring' }),
      numberOrWord('vendorId', '3375'),
      text('vendorSpecificAcctApplicationId'),
      text('vendorSpecificAuthApplicationId'),
      text('vendorSpecificVendorId'),
    ],
  },
  {
    name: 'firepass',
    fields: [
      text('cipherlist', { default: 'HIGH:!ADH' }),
      integer('concurrencyLimit', 95),
      integer('maxLoadAverage', 1200),
      ...credentials,
    ],
  },
  {
    name: 'module-score',
    pace: [10, 30],
    fields: [
      debug,
      reference('pool', { target: 'ltm/pool' }),
      text('snmpCommunity', { default: 'public' }),
      text('snmpIpAddress'),
      integer('snmpPort', 161),
      text('snmpVersion', { default: 'v2c' }),
    ],
  },
  { name: 'mqtt', fields: [debug, text('clientId'), ...credentials, text('version', { default: '5' })] },
  { name: 'radius', pace: [10, 31], fields: [...radius, ...credentials] },
  { name: 'radius-accounting', pace: [10, 31], fields: [...radius, text('username')] },
  {
    name: 'real-server',
    fields: [
      text('agent', { default: browser }),
      text('command', { default: 'GetServerStats' }),
      text('method', { default: 'GET' }),
      text('tmCommand'),
      text('metrics', { default: 'ServerBandwidth:1.5,CPUPercentUsage,MemoryUsage,TotalClientCount' }),
    ],
  },
  {
    name: 'rpc',
    pace: [10, 31],
    fields: [debug, word('mode', ['tcp', 'udp']), text('programNumber'), text('versionNumber')],
  },
  {
    name: 'sasp',
    fields: [
      word('mode', ['pull', 'push']),
      text('monInterval', { default: 'auto' }),
      text('primaryAddress'),
      word('protocol', ['tcp', 'udp']),
      text('secondaryAddress'),
      numberOrWord('service', '3860'),
    ],
  },
  { name: 'scripted', pace: [10, 31], fields: [debug, text('filename')] },
  {
    name: 'sip',
    fields: [
      text('cert'),
      text('cipherlist', { default: 'DEFAULT:+SHA:+3DES:+kEDH' }),
      toggle('compatibility', 'enabled'),
      debug,
      text('filter', { default: 'any' }),
      text('filterNeg', { default: 'none' }),
      text('headers'),
      text('key'),
      word('mode', ['udp', 'tcp', 'tls', 'sips']),
      text('request'),
    ],
  },
  { name: 'smb', pace: [10, 31], fields: [debug, text('get'), ...credentials, text('server'), text('service')] },
  {
    name: 'soap',
    fields: [
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
  },
  { name: 'virtual-location', fields: [debug, reference('pool', { target: 'ltm/pool' })] },
  {
    name: 'wap',
    pace: [10, 31],
    fields: [
      text('accountingNode'),
      text('accountingPort'),
      text('callId'),
      debug,
      text('framedAddress'),
      text('recv'),
      secret('secret'),
      text('send'),
      text('serverId'),
      text('sessionId'),
      ...credentials,
    ],
  },
  {
    name: 'wmi',
    fields: [
      text('agent', { default: browser }),
      text('command', { default: 'GetCPUInfo, GetDiskInfo, GetOSInfo' }),
      text('method', { default: 'POST' }),
      text('metrics', {
        default: 'LoadPercentage,DiskUsage,PhysicalMemoryUsage:1.5,VirtualMemoryUsage:2.0',
      }),
      ...credentials,
      text('post', { default: 'RespFormat=HTML' }),
      text('url', { default: '/scripts/f5Isapi.dll' }),
    ],
  },
];

/** Monitors of services that the data plane does not speak: it connects by TCP. */
export const serviceMonitorKinds: readonly Kind[] = rows.map((row) =>
  monitorKind({ ...row, root: row.name.replaceAll('-', '_'), opaque: true }),
);
