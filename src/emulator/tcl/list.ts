import { TclError } from './error.ts';
import { backslash, closingBrace, TclSyntaxError } from './parse.ts';

const blank = /[ \t\n\v\f\r]/v;

/** The elements of a list. Throws TclError when a text is none. */
export function splitList(text: string): string[] {
  const items: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (blank.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const { item, next } = element(text, at);
    items.push(item);
    at = next;
  }
  return items;
}

/** Where the braces that open at a place close. */
function listBrace(text: string, at: number): number {
  try {
    return closingBrace(text, at);
  } catch (error) {
    throw error instanceof TclSyntaxError ? new TclError('unmatched open brace in list') : error;
  }
}

/** Nothing but a blank may follow an element in braces or quotes. */
function requireBlank(text: string, at: number, kind: 'braces' | 'quotes'): void {
  const rest = /^[^ \t\n\v\f\r]+/v.exec(text.slice(at, at + 20))?.[0];
  if (rest !== undefined) {
    throw new TclError(`list element in ${kind} followed by "${rest}" instead of space`);
  }
}

function element(text: string, at: number): { readonly item: string; readonly next: number } {
  if (text[at] === '{') {
    const end = listBrace(text, at);
    requireBlank(text, end + 1, 'braces');
    return { item: text.slice(at + 1, end), next: end + 1 };
  }
  const isQuoted = text[at] === '"';
  let item = '';
  let place = isQuoted ? at + 1 : at;
  for (let letter = text[place]; letter !== undefined; letter = text[place]) {
    if (isQuoted ? letter === '"' : blank.test(letter)) {
      break;
    }
    if (letter === '\\') {
      const { value, length } = backslash(text, place);
      item += value;
      place += length;
    } else {
      item += letter;
      place += 1;
    }
  }
  if (!isQuoted) {
    return { item, next: place };
  }
  if (place >= text.length) {
    throw new TclError('unmatched open quote in list');
  }
  requireBlank(text, place + 1, 'quotes');
  return { item, next: place + 1 };
}

const named: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\f': '\\f',
  '\v': '\\v',
};

/** What Tcl's own quoting looks at in an element. */
interface Scan {
  /** Only backslashes will do. */
  escape: boolean;
  /** Some quoting is needed. */
  quote: boolean;
  preferBrace: boolean;
}

/** Notes what follows a backslash; gives how many letters it covers. */
function afterBackslash(next: string | undefined, found: Scan): number {
  if (next === undefined || next === '\n') {
    found.escape = true;
  }
  return next === '{' || next === '}' || next === '\\' ? 1 : 0;
}

function scan(text: string): Scan {
  const found: Scan = { escape: false, quote: false, preferBrace: false };
  let depth = 0;
  if (text.startsWith('{') || text.startsWith('"')) {
    found.quote = found.preferBrace = true;
  }
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    depth += letter === '{' ? 1 : 0;
    if (letter === '}') {
      depth -= 1;
    }
    if (letter === ']' || letter === '"') {
      found.quote = true;
    } else if (/[\[$; \t\n\v\f\r\\]/v.test(letter)) {
      found.quote = found.preferBrace = true;
    }
    if (depth < 0) {
      found.escape = true;
    }
    if (letter === '\\') {
      at += afterBackslash(text[at + 1], found);
    }
  }
  if (depth !== 0) {
    found.escape = true;
  }
  return found;
}

/** An element as it stands in a list; `first`: a leading `#` is quoted too. */
function quoteElement(text: string, first = false): string {
  if (text === '') {
    return '{}';
  }
  const found = scan(text);
  const hash = first && text.startsWith('#');
  if (found.escape) {
    const plain = text.replaceAll(/[\[\]$;"\\ \{\}\t\n\v\f\r]/gv, (letter) => named[letter] ?? `\\${letter}`);
    return hash ? `\\${plain}` : plain;
  }
  if (!found.quote && !hash) {
    return text;
  }
  if (found.preferBrace || hash) {
    return `{${text}}`;
  }
  return text.replaceAll(/[\[\]$;"\\]/gv, (letter) => `\\${letter}`);
}

/** A list out of its elements, quoted as Tcl does. */
export function makeList(items: readonly string[]): string {
  return items.map((each, index) => quoteElement(each, index === 0)).join(' ');
}
