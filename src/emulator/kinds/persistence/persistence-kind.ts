import { fieldsFrom } from '../fields/from-defaults.ts';
import type { Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { defaultsFrom, inheritHooks } from '../profiles/profile-kind.ts';

/** What one persistence kind needs to say. */
export interface PersistenceSpec {
  /** Last segment of its path. */
  readonly name: string;
  /** Name of the root profile in `/Common`. */
  readonly root: string;
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly fields?: readonly Field[];
}

/** What all of them have. */
const common = {
  appService: 'none',
  description: 'none',
  matchAcrossPools: 'disabled',
  matchAcrossServices: 'disabled',
  matchAcrossVirtuals: 'disabled',
  mirror: 'disabled',
  overrideConnectionLimit: 'disabled',
};

/** The iRule that a profile takes its key from; `none` is a value of its own. */
export function persistenceRule(): Field {
  return {
    name: 'rule',
    default: 'none',
    reference: { target: 'ltm/rule', paths: (value) => (typeof value === 'string' && value !== 'none' ? [value] : []) },
    parse: (value, context) => {
      const given = value === null ? '' : asText(value, 'rule');
      return given === '' || given === 'none' ? 'none' : context.resolve('ltm/rule', given);
    },
  };
}

/** A persistence profile kind: inherits live, one name space for all (fact sheet 8.10). */
export function persistenceKind(spec: PersistenceSpec): Kind {
  const path = `ltm/persistence/${spec.name}`;
  const root = `/Common/${spec.root}`;
  const parent = defaultsFrom('ltm/persistence', { root, shown: true });
  return defineKind({
    path,
    type: 'persistence profile',
    class: 'ltm/persistence',
    inherits: true,
    fields: fieldsFrom({ ...common, ...spec.defaults }, [parent, ...(spec.fields ?? [])]),
    stock: [{ name: spec.root }],
    hooks: inheritHooks(path, root, 'persistence profile'),
  });
}
