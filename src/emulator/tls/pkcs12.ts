import { createDecipheriv, createHash, createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { pem } from './issue.ts';

/** What an archive of PKCS #12 holds, as PEM. */
export interface Pkcs12 {
  readonly key: string;
  /** The certificate of the key, then the others in their order. */
  readonly certificates: readonly string[];
}

/** A value of DER: its tag, its content, and all of it. */
interface Value {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** The values that stand one behind another. Throws on anything that is no DER of definite length. */
function readAll(bytes: Buffer): readonly Value[] {
  const values: Value[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1] ?? 0x80;
    const size = first < 0x80 ? 0 : first - 0x80;
    if (first === 0x80 || size > 4) {
      throw new Error('not DER');
    }
    const length = size === 0 ? first : bytes.readUIntBE(at + 2, size);
    const start = at + 2 + size;
    const end = start + length;
    if (end > bytes.length) {
      throw new Error('cut off');
    }
    values.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}

/** A part of a structure, by its place. */
function part(values: readonly Value[], at: number): Value {
  const found = values[at];
  if (found === undefined) {
    throw new Error('too short');
  }
  return found;
}

function inside(value: Value): readonly Value[] {
  return readAll(value.content);
}

/** Object identifiers by the hexadecimal of their content. */
const ids = {
  data: '2a864886f70d010701',
  encryptedData: '2a864886f70d010706',
  keyBag: '2a864886f70d010c0a0101',
  shroudedKeyBag: '2a864886f70d010c0a0102',
  certificateBag: '2a864886f70d010c0a0103',
  pbes2: '2a864886f70d01050d',
  tripleDes: '2a864886f70d010c0103',
};

const digests: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};

const ciphers: Readonly<Record<string, readonly [name: string, keySize: number]>> = {
  '60864801650304012a': ['aes-256-cbc', 32],
  '608648016503040116': ['aes-192-cbc', 24],
  '608648016503040102': ['aes-128-cbc', 16],
  '2a864886f70d0307': ['des-ede3-cbc', 24],
};

function idOf(value: Value): string {
  return value.content.toString('hex');
}

function numberIn(value: Value): number {
  return value.content.readUIntBE(0, value.content.length);
}

/** PBES2 (RFC 8018): PBKDF2, and a cipher in CBC mode. */
function decryptPbes2(parameters: Value, content: Buffer, passphrase: string): Buffer {
  const [derivation, scheme] = inside(parameters).map(inside);
  const options = inside(part(derivation ?? [], 1));
  const [, iterations, ...rest] = options;
  const prf = rest.find(({ tag }) => tag === 0x30);
  const digest = prf === undefined ? 'sha1' : digests[idOf(part(inside(prf), 0))];
  const [name, keySize] = ciphers[idOf(part(scheme ?? [], 0))] ?? [];
  if (iterations === undefined || digest === undefined || name === undefined || keySize === undefined) {
    throw new Error('unknown algorithm');
  }
  const key = pbkdf2Sync(passphrase, part(options, 0).content, numberIn(iterations), keySize, digest);
  const cipher = createDecipheriv(name, key, part(scheme ?? [], 1).content);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

function repeated(bytes: Buffer, block: number): Buffer {
  const size = block * Math.ceil(bytes.length / block);
  return Buffer.from(Array.from({ length: size }, (_zero, at) => bytes[at % bytes.length] ?? 0));
}

/** Adds `b + 1` to each block of `input`, as numbers of as many bytes. */
function addTo(input: Buffer, b: Buffer): void {
  for (let start = 0; start < input.length; start += b.length) {
    let carry = 1;
    for (let at = b.length - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (b[at] ?? 0) + carry;
      input[start + at] = sum % 256;
      carry = Math.floor(sum / 256);
    }
  }
}

/** The derivation of PKCS #12 with SHA-1 (RFC 7292 B.2); `purpose` 1 is a key, 2 an initial value. */
function derive(passphrase: string, from: { salt: Buffer; iterations: number; purpose: number }, size: number): Buffer {
  const block = 64;
  const text = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  const input = Buffer.concat([repeated(from.salt, block), repeated(text, block)]);
  const made: Buffer[] = [];
  while (made.length * 20 < size) {
    let hash = createHash('sha1').update(Buffer.alloc(block, from.purpose)).update(input).digest();
    for (let round = 1; round < from.iterations; round += 1) {
      hash = createHash('sha1').update(hash).digest();
    }
    made.push(hash);
    addTo(input, repeated(hash, block).subarray(0, block));
  }
  return Buffer.concat(made).subarray(0, size);
}

/** The old encryption of PKCS #12: triple DES by SHA-1. */
function decryptOld(parameters: Value, content: Buffer, passphrase: string): Buffer {
  const [salt, iterations] = inside(parameters);
  const from = {
    salt: salt?.content ?? Buffer.alloc(0),
    iterations: iterations === undefined ? 1 : numberIn(iterations),
  };
  const key = derive(passphrase, { ...from, purpose: 1 }, 24);
  const cipher = createDecipheriv('des-ede3-cbc', key, derive(passphrase, { ...from, purpose: 2 }, 8));
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

function decrypt(algorithm: Value, content: Buffer, passphrase: string): Buffer {
  const [id, parameters] = inside(algorithm);
  if (id === undefined || parameters === undefined) {
    throw new Error('too short');
  }
  switch (idOf(id)) {
    case ids.pbes2:
      return decryptPbes2(parameters, content, passphrase);
    case ids.tripleDes:
      return decryptOld(parameters, content, passphrase);
    default:
      throw new Error('unknown algorithm');
  }
}

/** The bags of one part of the archive, which may be encrypted. */
function bagsIn(info: Value, passphrase: string): readonly Value[] {
  const [id, explicit] = inside(info);
  const content = part(explicit === undefined ? [] : inside(explicit), 0);
  if (id !== undefined && idOf(id) === ids.data) {
    return inside(part(readAll(content.content), 0));
  }
  if (id === undefined || idOf(id) !== ids.encryptedData) {
    throw new Error('unknown content');
  }
  const [, algorithm, encrypted] = inside(part(inside(content), 1));
  if (algorithm === undefined || encrypted === undefined) {
    throw new Error('too short');
  }
  return inside(part(readAll(decrypt(algorithm, encrypted.content, passphrase)), 0));
}

/**
 * Reads an archive of PKCS #12 (RFC 7292) as OpenSSL writes them: PBES2, or triple DES by SHA-1; RC2 is no longer read.
 * Throws when it is none, when the passphrase does not open it, or when it has no key or no certificate of it.
 */
export function readPkcs12(bytes: Buffer, passphrase: string): Pkcs12 {
  const safe = part(inside(part(readAll(bytes), 0)), 1);
  const infos = inside(part(bagsOfData(safe), 0));
  const certificates: X509Certificate[] = [];
  let key: ReturnType<typeof createPrivateKey> | undefined;
  for (const bag of infos.flatMap((info) => bagsIn(info, passphrase))) {
    const [id, explicit] = inside(bag);
    const value = part(explicit === undefined ? [] : inside(explicit), 0);
    const type = id === undefined ? '' : idOf(id);
    if (type === ids.certificateBag) {
      const wrapped = part(inside(value), 1);
      certificates.push(new X509Certificate(part(inside(wrapped), 0).content));
    } else if (type === ids.keyBag || type === ids.shroudedKeyBag) {
      key ??= createPrivateKey({ key: value.whole, format: 'der', type: 'pkcs8', passphrase });
    }
  }
  const found = key;
  const own = certificates.find((each) => found !== undefined && each.checkPrivateKey(found));
  if (found === undefined || own === undefined) {
    throw new Error('no key, or no certificate of it');
  }
  const ordered = [own, ...certificates.filter((each) => each !== own)];
  return {
    key: String(found.export({ type: 'pkcs8', format: 'pem' })),
    certificates: ordered.map((each) => pem('CERTIFICATE', each.raw)),
  };
}

/** What is in a `ContentInfo` of plain data. */
function bagsOfData(info: Value): readonly Value[] {
  const [id, explicit] = inside(info);
  if (id === undefined || explicit === undefined || idOf(id) !== ids.data) {
    throw new Error('no plain content');
  }
  return readAll(part(inside(explicit), 0).content);
}
