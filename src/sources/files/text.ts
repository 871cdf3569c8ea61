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
 * Reads bytes as text, without the mark at the beginning. Excel writes UTF-16 with a mark as "Unicode text", and the
 * machine's code page as "CSV": that one has to be named, for nothing in the file tells it.
 */
export function decodeText(bytes: Uint8Array, encoding: Encoding): Decoded {
  const label = encoding === 'auto' ? markOf(bytes) : encoding;
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `is not ${label.toUpperCase()}, expected that or another encoding beside it (encoding)` };
  }
}

function markOf(bytes: Uint8Array): Exclude<Encoding, 'auto'> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
