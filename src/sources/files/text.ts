/** How the bytes of a text file are read; `auto`: by the mark at their beginning, else UTF-8. */
export type Encoding = 'auto' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-1' | 'iso-8859-15';

/** The encodings that can be named. */
export const ENCODINGS = [
  'auto',
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
] as const satisfies readonly Encoding[];

/** A text, or why the bytes are none. */
export type Decoded = { readonly text: string } | { readonly problem: string };

/**
 * Reads bytes as text, without the mark at the beginning, which counts more than what is configured. Excel writes UTF-16 with
 * a mark as "Unicode text", and the machine's code page as "CSV": that one has to be named, for nothing in the file tells it.
 * Texts hold no NUL: a file with some is UTF-16 without a mark, or was not written to its end.
 */
export function decodeText(bytes: Uint8Array, encoding: Encoding): Decoded {
  const label = markOf(bytes) ?? (encoding === 'auto' ? 'utf-8' : encoding);
  const expected = 'expected that or another encoding beside it (encoding)';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    return text.includes('\0') ? { problem: `holds NUL bytes as ${label.toUpperCase()}, ${expected}` } : { text };
  } catch {
    return { problem: `is not ${label.toUpperCase()}, ${expected}` };
  }
}

function markOf(bytes: Uint8Array): Exclude<Encoding, 'auto'> | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}
