import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';

/**
 * Encryption of persistence cookies: `!` and Base64, AES with a key of 192 bits (F5 article K7784). How the key comes from
 * the passphrase and what stands in front of the text are own choices, for there is no public source: cookies of a device
 * are not read, nor does a device read these.
 */

const CIPHER = 'aes-192-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SALT = 'persistence cookie';

/** Keys by passphrase; making one is slow on purpose. Few passphrases are in use. */
const keys = new Map<string, Buffer>();
const MOST_KEYS = 100;

function keyOf(passphrase: string): Buffer {
  const known = keys.get(passphrase);
  if (known !== undefined) return known;
  if (keys.size >= MOST_KEYS) keys.clear();
  const key = scryptSync(passphrase, SALT, 24);
  keys.set(passphrase, key);
  return key;
}

/** The value of a cookie, encrypted; another text each time. */
export function sealCookie(value: string, passphrase: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(passphrase), iv);
  const text = Buffer.concat([cipher.update(value, 'latin1'), cipher.final()]);
  return `!${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64')}`;
}

/** What {@link sealCookie} encrypted; undefined if it did not, with this passphrase, or the text was changed since. */
export function openCookie(text: string, passphrase: string): string | undefined {
  if (!text.startsWith('!')) return undefined;
  const bytes = Buffer.from(text.slice(1), 'base64');
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, keyOf(passphrase), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    const parts = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(parts).toString('latin1');
  } catch {
    return undefined;
  }
}
