/** One DER value: tag, length, content (X.690). */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 128) {
    return Buffer.concat([Buffer.from([tag, length]), content]);
  }
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return Buffer.concat([Buffer.from([tag, 0x80 + bytes.length, ...bytes]), content]);
}

/** SEQUENCE. */
export function sequence(...items: readonly Uint8Array[]): Buffer {
  return der(0x30, ...items);
}

/** SET. */
export function set(...items: readonly Uint8Array[]): Buffer {
  return der(0x31, ...items);
}

/** INTEGER from big-endian bytes, kept positive. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0;
  return first >= 0x80 ? der(0x02, Buffer.from([0]), bytes) : der(0x02, bytes);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) + 128);
    }
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

/** UTF8String. */
export function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text, 'utf8'));
}

/** GeneralizedTime in UTC, whole seconds. */
export function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replaceAll(/[\-:T]|\.\d+/gv, ''), 'ascii'));
}

/** BIT STRING of whole bytes. */
export function bits(content: Uint8Array): Buffer {
  return der(0x03, Buffer.from([0]), content);
}

/** OCTET STRING. */
export function octets(content: Uint8Array): Buffer {
  return der(0x04, content);
}

/** BOOLEAN true. */
export const yes = Buffer.from([0x01, 0x01, 0xff]);
