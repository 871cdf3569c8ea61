/** BER (X.690), as far as LDAP and SNMP need it: definite lengths, tags of one byte. */

/** A value with its tag; constructed ones hold others. */
export interface BerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/** The bytes of a value. */
export function ber(tag: number, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from([tag]), lengthBytes(body.length), body]);
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** INTEGER, or another number of that form (ENUMERATED). */
export function berInteger(value: number, tag = 0x02): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.unshift(rest & 0xff);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return ber(tag, Buffer.from(bytes));
}

/** OBJECT IDENTIFIER of a dotted text. */
export function berOid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.replace(/^\./, '').split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const parts = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) parts.unshift((left & 0x7f) | 0x80);
    return parts;
  });
  return ber(0x06, Buffer.from(bytes));
}

/** How long the value at the start of `bytes` is, head included; undefined if that cannot be known yet. */
export function berLength(bytes: Buffer): number | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new RangeError('a length that is not definite');
  return bytes.length < 2 + count ? undefined : 2 + count + bytes.readUIntBE(2, count);
}

/** The values that `bytes` holds, one after the other. Throws `RangeError` if the last one is cut off. */
export function readBer(bytes: Buffer): readonly BerValue[] {
  const values: BerValue[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const length = berLength(rest);
    if (length === undefined || length > rest.length) throw new RangeError('a value that is cut off');
    const head = (rest[1] ?? 0) < 0x80 ? 2 : 2 + ((rest[1] ?? 0) & 0x7f);
    values.push({ tag: rest[0] ?? 0, content: rest.subarray(head, length) });
    rest = rest.subarray(length);
  }
  return values;
}

/** A number; 0 for a value without content. At most six bytes. */
export function readInteger({ content }: BerValue): number {
  return content.length === 0 ? 0 : content.readIntBE(0, Math.min(6, content.length));
}
