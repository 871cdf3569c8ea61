const UNSAFE = /[^\w:/.~@#,=+-]/gu;

/**
 * Joins texts (origin keys, node names) by blanks. What could be taken for a blank, a tag or a tmsh escape is
 * percent-encoded first, so any text comes back as it was. Undone by {@link splitTokens}.
 */
export function joinTokens(tokens: readonly string[]): string {
  return tokens.map((token) => token.replaceAll(UNSAFE, (char) => percent(char))).join(' ');
}

/** Reads what {@link joinTokens} wrote. */
export function splitTokens(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ').map(unpercent);
}

/** Texts joined by blanks, in pieces of at most `limit` characters (or one token, if that alone is longer). */
export function joinInPieces(tokens: readonly string[], limit: number): readonly string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let length = 0;
  for (const token of tokens) {
    const text = joinTokens([token]);
    if (piece.length > 0 && length + text.length + 1 > limit) {
      pieces.push(piece.join(' '));
      piece = [];
      length = 0;
    }
    piece.push(text);
    length += text.length + 1;
  }
  if (piece.length > 0) pieces.push(piece.join(' '));
  return pieces;
}

function percent(char: string): string {
  // A lone surrogate has no UTF-8 form; no name on a device or in Kubernetes holds one.
  const bytes = new TextEncoder().encode(char);
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}

function unpercent(token: string): string {
  if (!token.includes('%')) return token;
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
