import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { tmshName, type Field } from '../field.ts';
import { asText } from './scalars.ts';

/**
 * The master key. Every emulator has the same one, so that what one prints another one can load: it hides passwords from
 * eyes, and protects nothing.
 */
const masterKey = createHash('sha256').update('master key of the emulator').digest().subarray(0, 16);
const cipher = 'aes-128-ecb';
const prefix = '$M$7T$';

/** A text as the master key encrypts it; one that is encrypted already stays. */
export function encrypted(plain: string): string {
  if (plain.startsWith('$M$')) {
    return plain;
  }
  const made = createCipheriv(cipher, masterKey, null);
  return prefix + Buffer.concat([made.update(plain, 'utf8'), made.final()]).toString('base64');
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

/** What a stored password was; undefined for one that another master key has encrypted. One that is not encrypted is itself. */
export function revealed(stored: unknown): string | undefined {
  if (typeof stored !== 'string' || !stored.startsWith('$M$')) {
    return typeof stored === 'string' ? stored : undefined;
  }
  try {
    const made = createDecipheriv(cipher, masterKey, null);
    const bytes = Buffer.from(stored.slice(prefix.length), 'base64');
    return Buffer.concat([made.update(bytes), made.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
