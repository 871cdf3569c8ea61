import { mcpError } from '../../errors/device-error.ts';
import { configurationError, notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { Field } from '../field.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, toggle } from '../fields/scalars.ts';
import { defineKind, type Draft, type Kind, type StockObject } from '../kind.ts';
import { gtmMonitorClass } from './fields.ts';

/** What one monitor kind of `gtm` needs to say. */
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

/** A monitor kind of `gtm`: inherits live, in a name space of its own, generation always 0 (fact sheet 8.13). */
export function gtmMonitorKind(spec: GtmMonitorSpec): Kind {
  const path = `gtm/monitor/${spec.name}`;
  const root = `/Common/${spec.root ?? spec.name.replaceAll('-', '_')}`;
  return defineKind({
    path,
    type: 'monitor',
    class: gtmMonitorClass,
    inherits: true,
    noGeneration: true,
    fields: [
      appService(),
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
