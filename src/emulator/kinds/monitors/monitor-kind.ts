import { mcpError } from '../../errors/device-error.ts';
import { configurationError } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import type { Field } from '../field.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { monitorDestination } from './monitor-destination.ts';
import { defineKind, type Draft, type Kind, type StockObject } from '../kind.ts';

/** What one monitor kind needs to say. */
export interface MonitorSpec {
  /** Last segment of its path: `http`, `gateway-icmp`. */
  readonly name: string;
  /** Name of the root monitor in `/Common`. */
  readonly root: string;
  /** Default of `destination`; icmp has no port. */
  readonly destination?: string;
  readonly fields?: readonly Field[];
  /** Watches traffic instead of probing: has none of the fields of probes. */
  readonly passive?: boolean;
  /** Seconds between probes, and until a member is down; the default is 5 and 16. */
  readonly pace?: readonly [interval: number, timeout: number];
  /** Speaks a protocol of its own above TCP: cannot be `transparent`. */
  readonly opaque?: boolean;
  readonly stock?: readonly StockObject[];
}

/** The `adaptive` family, which most monitors have. */
export const adaptive: readonly Field[] = [
  word('adaptive', ['disabled', 'enabled']),
  word('adaptiveDivergenceType', ['relative', 'absolute']),
  integer('adaptiveDivergenceValue', 25),
  integer('adaptiveLimit', 200),
  integer('adaptiveSamplingTimespan', 300),
];

/** `send`, `recv` and what goes with them. */
export function sendReceive(send: string | undefined): readonly Field[] {
  return [
    text('recv'),
    text('recvDisable'),
    word('reverse', ['disabled', 'enabled']),
    text('send', send === undefined ? {} : { default: send }),
  ];
}

function inUse(path: string): ReturnType<typeof mcpError> {
  return mcpError(`01070083:3: Monitor ${path} is in use.`);
}

function beforeDelete(root: string): (monitor: ConfigObject) => void {
  return (monitor) => {
    if (monitor.fullPath === root) {
      throw configurationError(`The default monitor (${root}) cannot be deleted`);
    }
  };
}

/** Within a transaction a monitor that is detached still counts as used, in whichever order (fact sheet 6.3). */
function refuseDetached(monitor: ConfigObject, session: Session): void {
  if (session.inTransaction && session.detachedMonitors.has(monitor.fullPath)) {
    throw inUse(monitor.fullPath);
  }
}

function prepare(path: string, root: string): (draft: Draft, session: Session) => void {
  return (draft, session) => {
    const { values, identity } = draft;
    if (values['defaultsFrom'] === undefined && identity.fullPath !== root) {
      values['defaultsFrom'] = root;
    }
    if (values['defaultsFrom'] === identity.fullPath) {
      throw configurationError(`A monitor may not default from itself "${identity.fullPath}"`);
    }
    const parent = values['defaultsFrom'];
    const found = typeof parent === 'string' ? session.store.lookup('monitor', parent) : undefined;
    if (typeof parent === 'string' && found?.kind.path !== path) {
      throw mcpError(`01020036:3: The requested monitor (${parent}) was not found.`, 404);
    }
  };
}

/** Fields of monitors that probe. `destination` is by default the member's own address and port. */
function probeFields(spec: MonitorSpec): readonly Field[] {
  const [interval, timeout] = spec.pace ?? [5, 16];
  return [
    monitorDestination(spec.destination ?? '*:*'),
    integer('interval', interval, { min: 1, max: 86_400 }),
    word('manualResume', ['disabled', 'enabled']),
    integer('timeUntilUp', 0),
    integer('timeout', timeout, { min: 1, max: 86_400 }),
    ...(spec.opaque === true ? [] : [word('transparent', ['disabled', 'enabled'])]),
    integer('upInterval', 0, { max: 86_400 }),
  ];
}

/** A monitor kind: inherits live, one name space for all, generation always 0 (fact sheet 8.7). */
export function monitorKind(spec: MonitorSpec): Kind {
  const path = `ltm/monitor/${spec.name}`;
  const root = `/Common/${spec.root}`;
  return defineKind({
    path,
    type: 'monitor',
    class: 'monitor',
    inherits: true,
    noGeneration: true,
    fields: [
      appService(),
      { ...text('defaultsFrom', { createOnly: true }), parse: (value, context) => parseParent(value, context.resolve) },
      text('description'),
      ...(spec.passive === true ? [] : probeFields(spec)),
      ...(spec.fields ?? []),
    ],
    stock: [{ name: spec.root }, ...(spec.stock ?? [])],
    hooks: {
      prepare: prepare(path, root),
      beforeDelete: beforeDelete(root),
      gone: refuseDetached,
      inUse: (monitor) => inUse(monitor.fullPath),
      indexes: (monitor) => {
        const parent = monitor.values['defaultsFrom'];
        return typeof parent === 'string' ? [['ref:monitor', parent]] : [];
      },
      decorate: (rendered, monitor, { device }) => {
        const parent = monitor.values['defaultsFrom'];
        if (device.version.rank >= 1401 && typeof parent === 'string') {
          const link = `https://localhost/mgmt/tm/${path}/${parent.replaceAll('/', '~')}?ver=${device.version.full}`;
          rendered['defaultsFromReference'] = { link };
        }
        return rendered;
      },
    },
  });
}

function parseParent(value: unknown, resolve: (targetClass: string, name: string) => string): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'none' ? resolve('monitor', value) : undefined;
}
