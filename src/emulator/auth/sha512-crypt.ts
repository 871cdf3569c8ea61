import { createHash } from 'node:crypto';

const rounds = 5000;
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  parts.forEach((part) => hash.update(part));
  return hash.digest();
}

/** As many bytes as asked for, out of a block that repeats. */
function repeated(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

function firstDigest(password: Buffer, salt: Buffer): Buffer {
  const between = sha512(password, salt, password);
  const parts: Uint8Array[] = [password, salt, repeated(between, password.length)];
  for (let bits = password.length; bits > 0; bits = Math.floor(bits / 2)) {
    parts.push(bits % 2 === 1 ? between : password);
  }
  return sha512(...parts);
}

function stretched(password: Buffer, salt: Buffer): Buffer {
  const start = firstDigest(password, salt);
  const passwordDigest = sha512(...Array.from({ length: password.length }, () => password));
  const p = repeated(passwordDigest, password.length);
  const saltDigest = sha512(...Array.from({ length: 16 + (start[0] ?? 0) }, () => salt));
  const s = repeated(saltDigest, salt.length);
  let digest = start;
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    const parts: Uint8Array[] = [isOdd ? p : digest];
    if (round % 3 !== 0) {
      parts.push(s);
    }
    if (round % 7 !== 0) {
      parts.push(p);
    }
    parts.push(isOdd ? digest : p);
    digest = sha512(...parts);
  }
  return digest;
}

/** The digest in the order and the letters of `crypt(3)`. */
function encoded(digest: Buffer): string {
  let text = '';
  const add = (bytes: readonly number[], letters: number): void => {
    let value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    for (let at = 0; at < letters; at += 1) {
      text += alphabet.charAt(value % 64);
      value = Math.floor(value / 64);
    }
  };
  for (let at = 0; at < 21; at += 1) {
    const trio = [at, at + 21, at + 42];
    const turned = [0, 1, 2].map((place) => trio[(place + at) % 3] ?? 0);
    add(
      turned.map((index) => digest[index] ?? 0),
      4,
    );
  }
  add([digest[63] ?? 0], 2);
  return text;
}

const known = new Map<string, string>();

/**
 * The hash of a password as `crypt(3)` makes it with SHA-512 and 5,000 rounds: `$6$<salt>$<86 letters>`. Results are
 * remembered, so that a client with Basic credentials costs one computation and not one a request.
 */
export function sha512Crypt(password: string, salt: string): string {
  const key = `${salt}$${createHash('sha256').update(password).digest('base64')}`;
  let hash = known.get(key);
  if (hash === undefined) {
    const used = salt.slice(0, 16);
    const digest = stretched(Buffer.from(password, 'utf8'), Buffer.from(used, 'utf8'));
    hash = `$6$${used}$${encoded(digest)}`;
    if (known.size > 1000) {
      known.clear();
    }
    known.set(key, hash);
  }
  return hash;
}

/** A salt for a password of a user: eight letters, the same for the same two, so that equal configurations stay equal. */
export function saltFor(user: string, password: string): string {
  const digest = createHash('sha256').update(`${user}\0${password}`).digest();
  return Array.from(digest.subarray(0, 8), (byte) => alphabet.charAt(byte % 64)).join('');
}
