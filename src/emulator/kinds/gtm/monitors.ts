import { mcpError } from '../../errors/device-error.ts';
import { configurationError, notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { Field } from '../field.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type Draft, type Kind, type StockObject } from '../kind.ts';
import { gtmMonitorClass } from './fields.ts';

interface GtmMonitorSpec {
  /** Last segment of the path. */
  readonly name: string;
  /** Name of the root monitor in `/Common`; default `name`. */
  readonly root?: string;
  readonly timeout?: number;
  readonly fields?: readonly Field[];
  readonly stock?: readonly StockObject[];
}

function parent(): Field {
  return {
    name: 'defaultsFrom',
    createOnly: true,
    reference: {
      target: gtmMonitorClass,
      noTwin: true,
      missing: (_owner, target) => notFound('monitor', target),
    },
    parse: (value, context) =>
      typeof value === 'string' && value !== '' && value !== 'none'
        ? context.resolve(gtmMonitorClass, value)
        : undefined,
  };
}

function prepare(path: string, root: string): (draft: Draft, session: Session) => void {
  return ({ values, identity, before }, session) => {
    if (before !== undefined) {
      return;
    }
    values['defaultsFrom'] ??= root;
    const from = String(values['defaultsFrom']);
    if (from === identity.fullPath) {
      throw configurationError(`A monitor may not default from itself "${from}"`);
    }
    if (session.store.lookup(gtmMonitorClass, from)?.kind.path !== path) {
      throw notFound('monitor', from);
    }
  };
}

function gtmMonitorKind(spec: GtmMonitorSpec): Kind {
  const path = `gtm/monitor/${spec.name}`;
  const root = `/Common/${spec.root ?? spec.name.replaceAll('-', '_')}`;
  return defineKind({
    path,
    type: 'monitor',
    class: gtmMonitorClass,
    inherits: true,
    noGeneration: true,
    fields: [
      text('appService'),
      parent(),
      text('description'),
      text('destination', { default: '*:*' }),
      toggle('ignoreDownResponse'),
      integer('interval', 30, { min: 1, max: 86_400 }),
      integer('timeout', spec.timeout ?? 120, { min: 1, max: 86_400 }),
      ...(spec.fields ?? []),
    ],
    stock: [{ name: root.slice('/Common/'.length) }, ...(spec.stock ?? [])],
    hooks: {
      prepare: prepare(path, root),
      beforeDelete: (monitor) => {
        if (monitor.fullPath === root) {
          throw configurationError(`The default monitor (${root}) cannot be deleted`);
        }
      },
      inUse: (monitor) => mcpError(`01070083:3: Monitor ${monitor.fullPath} is in use.`),
    },
  });
}

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
 * others are from the tmsh reference (K).
 */
export const gtmMonitorKinds: readonly Kind[] = [
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
