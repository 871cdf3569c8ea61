import { TclError } from './error.ts';
import type { Command } from './interpreter.ts';
import { makeList } from './list.ts';
import { parseInteger } from './number.ts';

/** What a conversion reads, and what that counts as. */
type Reading = readonly [pattern: string, value: (text: string) => string];

function hexadecimal(text: string): string {
  return String(BigInt(/^0x/iv.test(text) ? text : `0x${text}`));
}

const readings: Readonly<Record<string, Reading>> = {
  c: ['[\\s\\S]', (text) => String(text.codePointAt(0) ?? 0)],
  d: ['[+\\-]?\\d+', (text) => String(BigInt(text.replace(/^\+/v, '')))],
  f: [
    '[+\\-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+\\-]?\\d+)?',
    (text) => String(Number(text)).replace(/^-?\d+$/v, '$&.0'),
  ],
  i: ['[+\\-]?(?:0[xX][\\da-fA-F]+|\\d+)', (text) => String(parseInteger(text) ?? 0n)],
  o: ['[0-7]+', (text) => String(BigInt(`0o${text}`))],
  s: ['\\S+', (text) => text],
  u: ['\\d+', (text) => String(BigInt(text))],
  x: ['(?:0[xX])?[\\da-fA-F]+', hexadecimal],
};

/** `[a-z]` of a conversion as a pattern. */
function lettersOf(token: string): string | undefined {
  const letters = /\[(?<letters>.*)\]$/v.exec(token)?.groups?.['letters'];
  return letters === undefined ? undefined : `[${letters.replaceAll(/[\\\[]/gv, String.raw`\$&`)}]+`;
}

function begins(pattern: string, text: string): string | undefined {
  try {
    return new RegExp(`^${pattern}`, 'u').exec(text)?.[0];
  } catch {
    throw new TclError('unmatched [ in format string');
  }
}

/** Reads a text by a template, up to what does not match. */
class Scanner {
  readonly #text: string;
  #at = 0;
  #open = true;

  constructor(text: string) {
    this.#text = text;
  }

  /** Skips what stands in the template as it is; blanks stand for any blanks. */
  skip(literal: string): void {
    const expected = /^\s+$/v.test(literal) ? this.#blanks(this.#at) : literal;
    this.#open &&= this.#text.startsWith(expected, this.#at);
    this.#at += this.#open ? expected.length : 0;
  }

  #blanks(at: number): string {
    return /^\s*/v.exec(this.#text.slice(at))?.[0] ?? '';
  }

  /** The value of a conversion; undefined when the text does not go on like that. */
  read(token: string): string | undefined {
    const kind = token.at(-1) ?? '';
    const letters = lettersOf(token);
    const reading: Reading | undefined =
      letters === undefined ? readings[kind.toLowerCase()] : [letters, (text) => text];
    if (reading === undefined) {
      throw new TclError(`bad scan conversion character "${kind}"`);
    }
    const [pattern, value] = reading;
    const width = /^%\*?(?<width>\d+)/v.exec(token)?.groups?.['width'];
    const from = kind === 'c' || letters !== undefined ? this.#at : this.#at + this.#blanks(this.#at).length;
    const part = this.#text.slice(from, width === undefined ? undefined : from + Number(width));
    const match = this.#open ? begins(pattern, part) : undefined;
    this.#open = match !== undefined;
    if (match === undefined) {
      return undefined;
    }
    this.#at = from + match.length;
    return value(match);
  }
}

function readBy(template: string, text: string): readonly (string | undefined)[] {
  const scanner = new Scanner(text);
  const values: (string | undefined)[] = [];
  for (const token of template.match(/%\*?\d*(?:l|h)?(?:\[\^?\]?[^\]]*\]|[a-zA-Z%])|\s+|[^%\s]/gv) ?? []) {
    if (!token.startsWith('%') || token === '%%') {
      scanner.skip(token === '%%' ? '%' : token);
      continue;
    }
    const value = scanner.read(token);
    if (!token.startsWith('%*')) {
      values.push(value);
    }
  }
  return values;
}

/** `scan text format ?varName ...?`. */
export const scan: Command = ([text = '', template = '', ...names], tcl) => {
  const values = readBy(template, text);
  if (names.length === 0) {
    return makeList(values.map((value) => value ?? ''));
  }
  if (names.length !== values.length) {
    throw new TclError(
      names.length < values.length
        ? 'different numbers of variable names and field specifiers'
        : 'variable is not assigned by any conversion specifiers',
    );
  }
  let count = 0;
  values.forEach((value, at) => {
    if (value !== undefined) {
      tcl.set(names[at] ?? '', value);
      count += 1;
    }
  });
  return String(count === 0 && text.trim() === '' ? -1 : count);
};
