import type { Json } from '../request.ts';
import { textOf } from './values.ts';

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };

/** Reads a description as `encodeText` wrote it. What others wrote, with tmsh's backslashes, is read too. */
export function decodeText(text: string): string {
  return unescapeTmsh(text).replaceAll(/&(lt|gt|amp|quot|#\d{1,7});/g, (whole, name: string) => {
    const named = NAMED[name];
    if (named !== undefined) return named;
    const code = Number(name.slice(1));
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

/** Takes tmsh's backslashes away: `\\`, `\"`, `\?`, `\{`, `\}` (facts 3.6). Other backslashes stay. */
export function unescapeTmsh(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([\\"?{}])/g, '$1') : text;
}

/** The description of a kind that keeps its mark elsewhere. Missing, empty and `none` are the same. */
export function decodeDescription(body: Json): { readonly description?: string } {
  const text = textOf(body, 'description');
  return text === undefined || text === 'none' ? {} : { description: decodeText(text) };
}
