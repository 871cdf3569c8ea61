import { grammarError } from '../../errors/device-error.ts';
import { configurationError, inUse, notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import { textOf } from '../../store/object.ts';
import type { Field } from '../field.ts';
import { appService } from '../fields/app-service.ts';
import { asText, text } from '../fields/scalars.ts';
import { defineKind, type Draft, type Kind, type StockObject } from '../kind.ts';

/** The name space of the profiles of tunnels. */
export const tunnelProfileClass = 'tunnel-profile';

interface TunnelProfileSpec {
  /** Last segment of the path. */
  readonly name: string;
  /** Name of the root profile in `/Common`; default `name`. */
  readonly root?: string;
  readonly fields?: readonly Field[];
  readonly stock?: readonly StockObject[];
}

function parent(path: string): Field {
  return {
    name: 'defaultsFrom',
    default: 'none',
    createOnly: true,
    reference: {
      target: tunnelProfileClass,
      missing: (_owner, target) => notFound(`${path.slice(path.lastIndexOf('/') + 1)} tunnel profile`, target),
    },
    parse: (value, context) => {
      const given = value === null ? '' : asText(value, 'defaults-from');
      return given === '' || given === 'none' ? undefined : context.resolve(tunnelProfileClass, given);
    },
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
      throw configurationError(`A profile may not default from itself "${from}"`);
    }
    const found = session.store.lookup(tunnelProfileClass, from);
    if (found !== undefined && found.kind.path !== path) {
      throw grammarError(`The parent profile (${from}) is of another type`);
    }
  };
}

/** A kind of profiles of tunnels: values not set come from `defaultsFrom`, one name space for all. */
export function tunnelProfileKind(spec: TunnelProfileSpec): Kind {
  const path = `net/tunnels/${spec.name}`;
  const root = spec.root ?? spec.name;
  const type = `${spec.name} tunnel profile`;
  return defineKind({
    path,
    type,
    class: tunnelProfileClass,
    inherits: true,
    fields: [appService(), parent(path), text('description'), ...(spec.fields ?? [])],
    stock: [{ name: root }, ...(spec.stock ?? [])],
    hooks: {
      prepare: prepare(path, `/Common/${root}`),
      beforeDelete: (profile) => {
        if (textOf(profile, 'defaultsFrom') === undefined) {
          throw configurationError(`The system profile (${profile.fullPath}) cannot be deleted`);
        }
      },
      inUse: (profile, by) => inUse({ type, path: profile.fullPath }, { type: by.kind.type, path: by.fullPath }),
    },
  });
}
