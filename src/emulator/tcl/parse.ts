import { TclError } from './error.ts';

/** A piece of a word. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'variable'; readonly name: string; readonly index?: readonly Part[] }
  | { readonly type: 'command'; readonly script: string };

/** A word of a command. */
export interface TclWord {
  readonly parts: readonly Part[];
  /** `{*}`: the list that it is, word by word. */
  readonly expand: boolean;
}

/** One command: its words. */
export type TclCommand = readonly TclWord[];

const sources = new WeakMap<TclCommand, string>();

/** The text that a command was read from. */
export function sourceOf(command: TclCommand): string | undefined {
  return sources.get(command);
}

/** A script that cannot be read. */
export class TclSyntaxError extends TclError {}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** What a backslash at a place means, and how long that is. */
export function backslash(text: string, at: number): { readonly value: string; readonly length: number } {
  const next = text[at + 1];
  if (next === undefined) {
    return { value: '\\', length: 1 };
  }
  const hex = /^(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4}))/v.exec(text.slice(at + 1, at + 6));
  if (hex !== null) {
    return { value: String.fromCharCode(Number.parseInt(hex[1] ?? hex[2] ?? '0', 16)), length: hex[0].length + 1 };
  }
  const octal = /^[0-7]{1,3}/v.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) {
    return { value: String.fromCharCode(Number.parseInt(octal, 8)), length: octal.length + 1 };
  }
  const folded = /^\n[ \t]*/v.exec(text.slice(at + 1))?.[0];
  return folded === undefined ? { value: escapes[next] ?? next, length: 2 } : { value: ' ', length: folded.length + 1 };
}

/** The end of what braces at a place hold: the place of the one that closes them. */
export function closingBrace(text: string, at: number): number {
  let depth = 0;
  for (let place = at; place < text.length; place += 1) {
    const letter = text[place];
    if (letter === '\\') {
      place += 1;
    } else if (letter === '{') {
      depth += 1;
    } else if (letter === '}') {
      depth -= 1;
      if (depth === 0) {
        return place;
      }
    }
  }
  throw new TclSyntaxError('missing close-brace');
}

/** The place of the bracket that closes the one at a place. */
function closingBracket(text: string, at: number): number {
  let depth = 0;
  for (let place = at; place < text.length; place += 1) {
    const letter = text[place];
    if (letter === '\\') {
      place += 1;
    } else if (letter === '{') {
      place = closingBrace(text, place);
    } else if (letter === '[') {
      depth += 1;
    } else if (letter === ']') {
      depth -= 1;
      if (depth === 0) {
        return place;
      }
    }
  }
  throw new TclSyntaxError('missing close-bracket');
}

/** What `subst` substitutes. */
export interface Substituted {
  readonly backslashes: boolean;
  readonly commands: boolean;
  readonly variables: boolean;
}

const everything: Substituted = { backslashes: true, commands: true, variables: true };

/** Reads scripts. */
export class TclParser {
  readonly #text: string;
  readonly #which: Substituted;
  #at: number;

  constructor(text: string, at = 0, which = everything) {
    this.#text = text;
    this.#at = at;
    this.#which = which;
  }

  get at(): number {
    return this.#at;
  }

  /** All commands. */
  script(): readonly TclCommand[] {
    const commands: TclCommand[] = [];
    while (this.#at < this.#text.length) {
      this.#skip(/[\s;]/v);
      if (this.#text[this.#at] === '#') {
        this.#comment();
        continue;
      }
      const start = this.#at;
      const words = this.#command();
      if (words.length > 0) {
        sources.set(words, this.#text.slice(start, this.#at).trimEnd());
        commands.push(words);
      }
    }
    return commands;
  }

  #skip(pattern: RegExp): void {
    for (let letter = this.#text[this.#at]; letter !== undefined; letter = this.#text[this.#at]) {
      if (letter === '\\' && this.#text[this.#at + 1] === '\n') {
        this.#at += 2;
      } else if (pattern.test(letter)) {
        this.#at += 1;
      } else {
        return;
      }
    }
  }

  #comment(): void {
    for (; this.#at < this.#text.length && this.#text[this.#at] !== '\n'; this.#at += 1) {
      if (this.#text[this.#at] === '\\') {
        this.#at += 1;
      }
    }
  }

  #command(): TclWord[] {
    const words: TclWord[] = [];
    for (;;) {
      this.#skip(/[ \t\r\v\f]/v);
      const letter = this.#text[this.#at];
      if (letter === undefined || letter === '\n' || letter === ';') {
        return words;
      }
      words.push(this.#word());
    }
  }

  #word(): TclWord {
    const expand = /^\{\*\}[^\s;]/v.test(this.#text.slice(this.#at, this.#at + 4));
    this.#at += expand ? 3 : 0;
    const letter = this.#text[this.#at];
    if (letter === '{') {
      return { parts: [{ type: 'text', text: this.#braced() }], expand };
    }
    if (letter === '"') {
      this.#at += 1;
      const parts = this.parts((next) => next === '"');
      if (this.#text[this.#at] !== '"') {
        throw new TclSyntaxError('missing "');
      }
      this.#at += 1;
      return { parts, expand };
    }
    return { parts: this.parts((next) => /[ \t\r\v\f\n;]/v.test(next)), expand };
  }

  #braced(): string {
    const end = closingBrace(this.#text, this.#at);
    const text = this.#text
      .slice(this.#at + 1, end)
      .replaceAll(/\\(?:\n[ \t]*|[^\n])/gv, (each) => (each[1] === '\n' ? ' ' : each));
    this.#at = end + 1;
    return text;
  }

  /** Pieces up to a letter that ends them. */
  parts(isEnd: (letter: string) => boolean): readonly Part[] {
    const parts: Part[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') {
        parts.push({ type: 'text', text });
        text = '';
      }
    };
    for (let letter = this.#text[this.#at]; letter !== undefined && !isEnd(letter); letter = this.#text[this.#at]) {
      const special = this.#special(letter);
      if (special !== undefined) {
        flush();
        parts.push(special);
      } else if (letter === '\\' && this.#which.backslashes) {
        const { value, length } = backslash(this.#text, this.#at);
        text += value;
        this.#at += length;
      } else {
        text += letter;
        this.#at += 1;
      }
    }
    flush();
    return parts;
  }

  #special(letter: string): Part | undefined {
    if (letter === '$') {
      return this.#which.variables ? this.#variable() : undefined;
    }
    return letter === '[' && this.#which.commands ? this.#bracketed() : undefined;
  }

  #bracketed(): Part {
    const end = closingBracket(this.#text, this.#at);
    const script = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return { type: 'command', script };
  }

  /** `$name`, `${name}`, `$array(index)`; undefined for a dollar that stands for itself. */
  #variable(): Part | undefined {
    const rest = this.#text.slice(this.#at + 1);
    const braced = /^\{([^\}]*)\}/v.exec(rest);
    if (braced !== null) {
      this.#at += braced[0].length + 1;
      return { type: 'variable', name: braced[1] ?? '' };
    }
    const name = /^(?:\w|::)+/v.exec(rest)?.[0];
    if (name === undefined) {
      return undefined;
    }
    this.#at += name.length + 1;
    if (this.#text[this.#at] !== '(') {
      return { type: 'variable', name };
    }
    this.#at += 1;
    const index = this.parts((letter) => letter === ')');
    this.#at += 1;
    return { type: 'variable', name, index };
  }
}

const cache = new Map<string, readonly TclCommand[]>();

/** The commands of a script; those of scripts read lately are kept. */
export function parseScript(script: string): readonly TclCommand[] {
  const known = cache.get(script);
  if (known !== undefined) {
    return known;
  }
  const commands = new TclParser(script).script();
  if (cache.size > 2000) {
    cache.clear();
  }
  cache.set(script, commands);
  return commands;
}
