import { grammarError } from '../errors/device-error.ts';

/** A word of the configuration language. */
export interface Word {
  readonly type: 'word';
  readonly text: string;
  /** Whether it stood between quotation marks. */
  readonly quoted: boolean;
  /** Line that it starts on, from 1. */
  readonly line: number;
}

/** What stands between braces. */
export interface Group {
  readonly type: 'group';
  readonly items: readonly Token[];
  /** The text between the braces, as it stands. */
  readonly raw: string;
  readonly line: number;
  /** One argument of a script: braces, quotation marks or several words of a variable, nobody knows any more. */
  readonly loose?: boolean;
}

export type Token = Word | Group;

/** A statement of a configuration file, or one command. */
export interface Statement {
  readonly tokens: readonly Token[];
  readonly line: number;
}

/** Where a text comes from: in files a statement ends with its braces, commands end at `;` and at the end of a line. */
export type Source = 'file' | 'command';

/** Objects whose braces hold code that is not of this language. */
const codeObjects = new Set(['ltm rule', 'gtm rule', 'cli script', 'sys application apl-script']);
/** Properties that hold code. */
const codeProperties = new Set(['implementation', 'presentation', 'html-help', 'macro', 'script']);
const verbs = new Set(['create', 'modify']);
/** What a backslash makes plain; before anything else it stands for itself (K). */
const escapable = new Set('"\\{}?$[];#\'');

/** The first words of a command or an object, without the verb. */
function headOf(tokens: readonly Token[]): readonly string[] {
  const words = tokens.map((token) => (token.type === 'word' ? token.text.replace(/^\//v, '') : ''));
  return verbs.has(words[0] ?? '') ? words.slice(1) : words;
}

/** Whether the braces after these tokens hold code; `statement` is what stands before all braces. */
function holdsCode(before: readonly Token[], depth: number, statement: readonly Token[]): boolean {
  const last = before.at(-1);
  if (last?.type === 'word' && last.text === 'definition' && depth < 2) {
    return headOf(statement).slice(0, 3).join(' ') === 'sys icall script';
  }
  if (depth > 0) {
    return last?.type === 'word' && codeProperties.has(last.text);
  }
  return codeObjects.has(headOf(before).slice(0, -1).join(' '));
}

/** What stands between the braces of a code object. */
export interface CodeParts {
  readonly properties: readonly Token[];
  readonly code: string;
}

/** Reads a text; throws the grammar's errors with the line. */
export class Scanner {
  readonly #text: string;
  readonly #source: Source;
  #at = 0;
  #line = 1;
  #statementTokens: readonly Token[] = [];

  constructor(text: string, source: Source) {
    this.#text = text;
    this.#source = source;
  }

  /** All statements. */
  statements(): readonly Statement[] {
    const found: Statement[] = [];
    for (;;) {
      const tokens = this.#statement();
      const [first] = tokens;
      if (first !== undefined) {
        found.push({ tokens, line: first.line });
      } else if (this.#at >= this.#text.length) {
        return found;
      }
    }
  }

  /** Properties at the start of a text, and the code that follows them. */
  codeParts(isProperty: (name: string) => boolean): CodeParts {
    const properties: Token[] = [];
    for (;;) {
      while (/\s/v.test(this.#text[this.#at] ?? '')) {
        this.#at += 1;
      }
      const start = this.#at;
      const name = /^[a-z]/v.test(this.#text.slice(start, start + 1)) ? this.#word(1) : undefined;
      if (name === undefined || !isProperty(name.text)) {
        return { properties, code: this.#text.slice(start).trimEnd() };
      }
      properties.push(name);
      this.#skipBlanks(false);
      properties.push(this.#token(properties, 1));
    }
  }

  #fail(message: string, line: number): never {
    throw grammarError(`line ${line}: ${message}`);
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') {
      this.#at += 1;
    }
  }

  /** Skips blanks, and with `lines` also ends of lines and comments. */
  #skipBlanks(lines: boolean): void {
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === '\\' && this.#text[this.#at + 1] === '\n') {
        this.#at += 2;
        this.#line += 1;
      } else if (letter === '\n' && lines) {
        this.#at += 1;
        this.#line += 1;
      } else if (letter === ' ' || letter === '\t' || letter === '\r') {
        this.#at += 1;
      } else if (letter === '#' && lines) {
        this.#skipComment();
      } else {
        return;
      }
    }
  }

  #statement(): Token[] {
    const tokens: Token[] = [];
    this.#statementTokens = tokens;
    this.#skipBlanks(true);
    while (this.#at < this.#text.length) {
      const letter = this.#text[this.#at];
      if (letter === '\n' || (letter === ';' && this.#source === 'command')) {
        this.#at += 1;
        this.#line += letter === '\n' ? 1 : 0;
        break;
      }
      const token = this.#token(tokens, 0);
      tokens.push(token);
      if (token.type === 'group' && this.#source === 'file') {
        break;
      }
      this.#skipBlanks(false);
    }
    return tokens;
  }

  #token(before: readonly Token[], depth: number): Token {
    const letter = this.#text[this.#at];
    if (letter === '{') {
      return holdsCode(before, depth, this.#statementTokens) ? this.#code() : this.#group(depth + 1);
    }
    if (letter === '}') {
      this.#fail('unexpected "}"', this.#line);
    }
    return letter === '"' ? this.#quoted() : this.#word(depth);
  }

  #group(depth: number): Group {
    const line = this.#line;
    if (depth > 64) {
      this.#fail('braces are nested too deeply', line);
    }
    this.#at += 1;
    const start = this.#at;
    const items: Token[] = [];
    for (;;) {
      this.#skipBlanks(true);
      if (this.#at >= this.#text.length) {
        this.#fail('"{" is never closed', line);
      }
      if (this.#text[this.#at] === '}') {
        const raw = this.#text.slice(start, this.#at);
        this.#at += 1;
        return { type: 'group', items, raw, line };
      }
      items.push(this.#token(items, depth));
    }
  }

  /** Braces as Tcl counts them: only a backslash hides one. */
  #code(): Group {
    const line = this.#line;
    const start = this.#at + 1;
    let depth = 1;
    while (depth > 0) {
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
      const letter = this.#text[this.#at];
      if (letter === undefined) {
        this.#fail('"{" is never closed', line);
      }
      this.#line += letter === '\n' ? 1 : 0;
      depth += letter === '{' ? 1 : letter === '}' ? -1 : 0;
    }
    const raw = this.#text.slice(start, this.#at);
    this.#at += 1;
    return { type: 'group', items: [], raw, line };
  }

  #escape(): string {
    const next = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    this.#line += next === '\n' ? 1 : 0;
    return escapable.has(next) ? next : `\\${next}`;
  }

  #quoted(): Word {
    const line = this.#line;
    let text = '';
    this.#at += 1;
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === undefined) {
        this.#fail('quotes are not balanced', line);
      }
      if (letter === '"') {
        this.#at += 1;
        return { type: 'word', text, quoted: true, line };
      }
      if (letter === '\\') {
        text += this.#escape();
      } else {
        this.#line += letter === '\n' ? 1 : 0;
        text += letter;
        this.#at += 1;
      }
    }
  }

  #word(depth: number): Word {
    const line = this.#line;
    const ends = this.#source === 'command' && depth === 0 ? /[\s\{\};]/v : /[\s\{\}]/v;
    let text = '';
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === undefined || ends.test(letter)) {
        return { type: 'word', text, quoted: false, line };
      }
      if (letter === '\\') {
        if (this.#text[this.#at + 1] === '\n') {
          return { type: 'word', text, quoted: false, line };
        }
        text += this.#escape();
      } else {
        text += letter;
        this.#at += 1;
      }
    }
  }
}

/** The statements of a configuration file, or the commands of a line. */
export function scan(text: string, source: Source): readonly Statement[] {
  return new Scanner(text, source).statements();
}

/** Whether code can stand between braces: a backslash hides one. */
export function bracesMatch(code: string): boolean {
  let depth = 0;
  for (let at = 0; at < code.length && depth >= 0; at += code[at] === '\\' ? 2 : 1) {
    depth += code[at] === '{' ? 1 : code[at] === '}' ? -1 : 0;
  }
  return depth === 0 && !/(?:^|[^\\])(?:\\\\)*\\$/v.test(code);
}

/** A text as the language writes it: bare when it can be, else between quotation marks. */
export function quote(text: string): string {
  if (/^[\w\/.:%\-*@+,=~!\|<>^]+$/v.test(text)) {
    return text;
  }
  return `"${text.replaceAll(/["\\\{\}]/gv, String.raw`\$&`)}"`;
}

/** Splits what stands between the braces of a code object: properties that `isProperty` knows come first. */
export function splitCode(raw: string, isProperty: (name: string) => boolean): CodeParts {
  return new Scanner(raw, 'file').codeParts(isProperty);
}
