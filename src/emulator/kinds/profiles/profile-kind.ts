import { mcpError } from '../../errors/device-error.ts';
import { configurationError } from '../../errors/mcp.ts';
import { tmshName, type Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';
import { fieldsFrom } from '../fields/from-defaults.ts';
import { defineKind, type Hooks, type Kind, type StockObject } from '../kind.ts';

/** `defaultsFrom` of profiles, persistence profiles and monitors: prints `none` on the roots when `root` is shown. */
export function defaultsFrom(targetClass: string, options: { readonly root: string; readonly shown: boolean }): Field {
  return {
    name: 'defaultsFrom',
    ...(options.shown ? { default: 'none' } : {}),
    reference: { target: targetClass },
    parse: (value, context) => {
      const given = asText(value, tmshName('defaultsFrom'));
      return given === '' || given === 'none' ? undefined : context.resolve(targetClass, given);
    },
  };
}

/** Hooks of kinds that inherit: a new object that names no parent gets the root of its kind. */
export function inheritHooks(path: string, root: string, label: string): Hooks {
  return {
    prepare: (draft, session) => {
      if (
        draft.values['defaultsFrom'] === undefined &&
        draft.identity.fullPath !== root &&
        draft.before === undefined
      ) {
        draft.values['defaultsFrom'] = root;
      }
      const parent = draft.values['defaultsFrom'];
      if (parent === draft.identity.fullPath) {
        throw configurationError(`A ${label} may not default from itself "${draft.identity.fullPath}"`);
      }
      const found = typeof parent === 'string' ? session.store.lookup(draft.kind.class, parent) : undefined;
      if (found !== undefined && found.kind.path !== path) {
        throw mcpError(`01020036:3: The requested ${draft.kind.type} (${String(parent)}) was not found.`, 404);
      }
    },
    beforeDelete: (object) => {
      if (object.fullPath === root) {
        throw configurationError(`The default ${label} (${root}) cannot be deleted`);
      }
    },
  };
}

/** What one profile kind needs to say. */
export interface ProfileSpec {
  /** Last segment of its path: `tcp`, `client-ssl`. */
  readonly name: string;
  /** As errors print it. */
  readonly type: string;
  /** Name of the root profile in `/Common`. */
  readonly root: string;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Fields that are more than their default. */
  readonly fields?: readonly Field[];
  /** What it does beyond inheriting. */
  readonly hooks?: Hooks;
  /** Further profiles of an empty box, which default from the root. */
  readonly stock?: readonly StockObject[];
}

/** The hooks of a kind's own on top of those of inheritance. */
function withOwn(inherited: Hooks, own: Hooks = {}): Hooks {
  return {
    ...inherited,
    ...own,
    prepare: (draft, session) => {
      inherited.prepare?.(draft, session);
      own.prepare?.(draft, session);
    },
  };
}

/** A profile kind: inherits live, shares its name space with all profiles (fact sheet 8.9). */
export function profileKind(spec: ProfileSpec): Kind {
  const path = `ltm/profile/${spec.name}`;
  const root = `/Common/${spec.root}`;
  const common = { appService: 'none', description: 'none' };
  const parent = defaultsFrom('profile', { root, shown: true });
  return defineKind({
    path,
    type: spec.type,
    class: 'profile',
    inherits: true,
    fields: fieldsFrom({ ...common, ...spec.defaults }, [parent, ...(spec.fields ?? [])]),
    stock: [
      { name: spec.root },
      ...(spec.stock ?? []).map(({ name, values }) => ({ name, values: { defaultsFrom: root, ...values } })),
    ],
    hooks: withOwn(inheritHooks(path, root, 'profile'), spec.hooks),
  });
}
