import { createHash } from 'node:crypto';
import { tmshName, type Field } from '../field.ts';
import { asText } from './scalars.ts';

/** A text as the master key encrypts it; one that is encrypted already stays. */
export function encrypted(given: string): string {
  return given.startsWith('$M$') ? given : `$M$7T$${createHash('sha256').update(given).digest('base64').slice(0, 24)}`;
}

/** A password: stored and printed as the master key encrypts it, `$M$..$..`, never as it was given (fact sheet 3.12). */
export function secret(name: string): Field {
  return {
    name,
    parse: (value) => {
      const given = value === null ? '' : asText(value, tmshName(name));
      return given === '' || given === 'none' ? undefined : encrypted(given);
    },
  };
}
