/**
 * Characters that do not survive as they are, or are refused:
 * - `<` and `>`: from 12.1 a body with tag-like content is refused (facts 3.7, `HTML Tag-like Content`);
 * - `\`, `"`, `?`, `{`, `}`: come back with tmsh's backslash in front on some kinds and versions (facts 3.6), which
 *   cannot be told from a backslash that was sent;
 * - line breaks and other control characters: they would tear a tmsh listing apart.
 * They are written as HTML character references, so that the text is the same whatever the device does, and reads well
 * in the GUI. An `&` that begins a reference is written as one, all others stay.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[<>\\"?{}\u0000-\u001F\u007F]|&(?=(?:lt|gt|amp|quot|#\d{1,7});)/g;

const NAMED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', '&': '&amp;' };

/**
 * The form in which a description is sent. The word `none` alone would clear it, and blanks at the ends would be lost:
 * their first character is written as a reference too. Undone by `decodeText`.
 */
export function encodeText(text: string): string {
  const encoded = text.replaceAll(UNSAFE, (char) => NAMED[char] ?? reference(char));
  if (encoded === 'none') return '&#110;one';
  return encoded.replace(/^\s/u, reference).replace(/\s$/u, reference);
}

function reference(char: string): string {
  return `&#${char.charCodeAt(0)};`;
}
