/**
 * Domain names (RFC 1035 3.1, 4.1.4). As text they have no dot at the end, the root is empty, and bytes that are no
 * plain label characters are escaped (`\.`, `\007`), so that any name on the wire comes back as it was.
 */

/** What is not a DNS message, or a name that fits into none. */
export class DnsFormatError extends Error {}

const maxLabel = 63;
const maxName = 255;

function labelText(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === '.' || char === '\\') {
      text += `\\${char}`;
    } else {
      text += byte > 0x20 && byte < 0x7f ? char : `\\${String(byte).padStart(3, '0')}`;
    }
  }
  return text;
}

/** The labels of a name in text form, as bytes. Throws {@link DnsFormatError} when it fits into no message. */
function labelsOf(name: string): readonly Buffer[] {
  const labels: number[][] = [[]];
  const text = name === '.' ? '' : name;
  for (const [token] of text.matchAll(/\\\d{3}|\\[\s\S]|[\s\S]/gv)) {
    if (token === '.') {
      labels.push([]);
    } else if (token.length === 4) {
      labels.at(-1)?.push(Number(token.slice(1)) & 0xff);
    } else {
      labels.at(-1)?.push(...Buffer.from(token.at(-1) ?? '', 'utf8'));
    }
  }
  // A dot at the end, or the root.
  if (labels.at(-1)?.length === 0) {
    labels.pop();
  }
  if (labels.some((label) => label.length === 0 || label.length > maxLabel)) {
    throw new DnsFormatError(`a label of ${name} is empty or longer than ${maxLabel} bytes`);
  }
  if (labels.reduce((sum, label) => sum + label.length + 1, 1) > maxName) {
    throw new DnsFormatError(`name longer than ${maxName} bytes`);
  }
  return labels.map((label) => Buffer.from(label));
}

/** Reads a name at an offset; gives it and where it ends. Pointers must go back, so no chain of them is endless. */
export function readName(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  let length = 1;
  let before = start;
  for (;;) {
    const size = message[at];
    if (size === undefined) {
      throw new DnsFormatError('name beyond the end');
    }
    if (size === 0) {
      return { name: labels.join('.'), end: end ?? at + 1 };
    }
    if (size >= 0xc0) {
      const low = message[at + 1];
      const target = ((size & 0x3f) << 8) | (low ?? 0);
      if (low === undefined || target >= before) {
        throw new DnsFormatError('pointer that does not go back');
      }
      end ??= at + 2;
      before = target;
      at = target;
      continue;
    }
    length += size + 1;
    if (size > maxLabel || at + 1 + size > message.length || length > maxName) {
      throw new DnsFormatError('label of a wrong length');
    }
    labels.push(labelText(message.subarray(at + 1, at + 1 + size)));
    at += size + 1;
  }
}

/** Names already in a message, in lower case, with their offsets. */
export type KnownNames = Map<string, number>;

/** The bytes of a name at an offset; with `known` compressed, and its suffixes noted there for later names. */
export function nameBytes(name: string, offset: number, known?: KnownNames): Buffer {
  const labels = labelsOf(name);
  const parts: Buffer[] = [];
  let at = offset;
  for (const [index, label] of labels.entries()) {
    const suffix = labels
      .slice(index)
      .map((each) => labelText(each).toLowerCase())
      .join('.');
    const seen = known?.get(suffix);
    if (seen !== undefined) {
      return Buffer.concat([...parts, Buffer.from([0xc0 | (seen >> 8), seen & 0xff])]);
    }
    if (at < 0x4000) {
      known?.set(suffix, at);
    }
    parts.push(Buffer.from([label.length]), label);
    at += label.length + 1;
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}
