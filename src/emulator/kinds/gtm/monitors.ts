import type { Field } from '../field.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import type { Kind, StockObject } from '../kind.ts';
import { gtmMonitorKind } from './monitor-kind.ts';
import { gtmServiceMonitorKinds } from './service-monitors.ts';

const probe: readonly Field[] = [integer('probeTimeout', 5)];
const attempts: readonly Field[] = [integer('probeAttempts', 3), integer('probeInterval', 1), ...probe];

function exchange(send?: string): readonly Field[] {
  return [
    ...probe,
    text('recv'),
    toggle('reverse'),
    text('send', send === undefined ? {} : { default: send }),
    toggle('transparent'),
  ];
}

/** The password is printed as it was given, as recorded on 13.1. */
const credentials: readonly Field[] = [text('password'), text('username')];

function head(from: string): StockObject {
  const values = { defaultsFrom: `/Common/${from}`, recv: 'Server\\:', send: 'HEAD / HTTP/1.0\\r\\n\\r\\n' };
  return { name: `${from}_head_f5`, values };
}

/**
 * Monitors of `gtm`: a name space of their own (fact sheet 8.13). Recorded are `http` and `tcp`; the defaults of the
 * others are as in the tmsh reference, unchecked (K).
 */
export const gtmMonitorKinds: readonly Kind[] = [
  ...gtmServiceMonitorKinds,
  gtmMonitorKind({
    name: 'bigip',
    timeout: 90,
    fields: [word('aggregateDynamicRatios', ['none', 'average-members', 'average-nodes', 'sum-members', 'sum-nodes'])],
  }),
  gtmMonitorKind({ name: 'bigip-link', timeout: 30 }),
  gtmMonitorKind({ name: 'external', fields: [...probe, text('args'), text('run', { default: 'none' })] }),
  gtmMonitorKind({ name: 'gateway-icmp', fields: [...attempts, toggle('transparent')] }),
  gtmMonitorKind({ name: 'gtp', fields: [...attempts, integer('protocolVersion', 1, { min: 1, max: 2 })] }),
  gtmMonitorKind({ name: 'http', fields: [...exchange('GET /\\r\\n'), ...credentials], stock: [head('http')] }),
  gtmMonitorKind({
    name: 'https',
    fields: [
      ...exchange('GET /\\r\\n'),
      ...credentials,
      text('cert', { default: 'none' }),
      text('cipherlist', { default: 'DEFAULT' }),
      toggle('compatibility', 'enabled'),
      text('key', { default: 'none' }),
    ],
    stock: [head('https')],
  }),
  gtmMonitorKind({ name: 'tcp', fields: exchange() }),
  gtmMonitorKind({ name: 'tcp-half-open', fields: [...attempts, toggle('transparent')] }),
  gtmMonitorKind({
    name: 'udp',
    fields: [
      ...exchange('default send string'),
      word('debug', ['no', 'yes']),
      integer('probeAttempts', 3),
      integer('probeInterval', 1),
    ],
  }),
];
