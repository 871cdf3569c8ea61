import { tmshName, type Field, type FieldOptions, type Reference } from '../field.ts';
import { asNames } from './lists.ts';
import { asText } from './scalars.ts';

/** A foreign key by full path; a bare name is looked for in the object's folder, then in `/Common`. `none` unsets it. */
export function reference(name: string, to: Reference, options: FieldOptions = {}): Field {
  return {
    ...options,
    name,
    reference: to,
    parse: (value, context) => {
      const given = value === null ? '' : asText(value, tmshName(name)).trim();
      return given === '' || given === 'none' ? undefined : context.resolve(to.target, given);
    },
  };
}

/** A list of references, in the order given. Empty is unset. */
export function references(name: string, to: Reference, options: FieldOptions = {}): Field {
  return {
    tail: true,
    shape: 'list',
    ...options,
    name,
    reference: to,
    parse: (value, context) => {
      const names = asNames(value, tmshName(name)).map((item) => context.resolve(to.target, item));
      return names.length === 0 ? undefined : [...new Set(names)];
    },
  };
}
