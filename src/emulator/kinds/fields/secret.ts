import { createHash } from 'node:crypto';
import { tmshName, type Field } from '../field.ts';
import { asText } from './scalars.ts';

/** A password: stored and printed as the master key encrypts it, `$M$..$..`, never as it was given (fact sheet 3.12). */
export function secret(name: string): Field {
  return {
    name,
    parse: (value) => {
      const given = value === null ? '' : asText(value, tmshName(name));
      if (given === '' || given === 'none' || given.startsWith('$M$')) {
        return given.startsWith('$M$') ? given : undefined;
      }
      return `$M$7T$${createHash('sha256').update(given).digest('base64').slice(0, 24)}`;
    },
  };
}
