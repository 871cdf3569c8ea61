import { TclError } from './error.ts';

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
};

const escapes: Readonly<Record<string, string>> = {
  m: '\\b(?=\\w)',
  M: '\\b(?<=\\w)',
  y: '\\b',
  Y: '\\B',
  A: '(?<![\\s\\S])',
  Z: '(?![\\s\\S])',
  a: '\\x07',
  e: '\\x1b',
  B: '\\\\',
};

/** How a regular expression is to be read. */
interface RegexOptions {
  readonly nocase?: boolean;
  /** `-line`: `.` and negated classes stop at newlines, `^` and `$` match at them. */
  readonly line?: boolean;
  /** For all matches, not the first one alone. */
  readonly all?: boolean;
}

/** Translates one bracket expression that opens at `at`. */
function bracket(text: string, at: number, line: boolean): [string, number] {
  let end = at + 1;
  let body = '';
  const negated = text[end] === '^';
  if (negated) {
    end += 1;
  }
  const start = end;
  while (end < text.length && (text[end] !== ']' || end === start)) {
    const named = /^\[([:.=])(.*?)\1\]/sv.exec(text.slice(end));
    if (named !== null) {
      const known = classes[named[2] ?? ''];
      if (named[1] === ':' && known === undefined) {
        throw unreadable('invalid character class');
      }
      body += known ?? `\\${named[2]}`;
      end += named[0].length;
    } else if (text[end] === '\\') {
      body += text.slice(end, end + 2);
      end += 2;
    } else {
      body += text.charAt(end).replace(/[\[\]]/v, String.raw`\$&`);
      end += 1;
    }
  }
  if (end >= text.length) {
    throw unreadable('brackets [] not balanced');
  }
  return [negated ? negation(body, line) : `[${body}]`, end + 1];
}

function negation(body: string, line: boolean): string {
  return `[^${body}${line ? '\\n' : ''}]`;
}

function unreadable(why: string): TclError {
  return new TclError(`couldn't compile regular expression pattern: ${why}`);
}

function translate(text: string, line: boolean): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const letter = text.charAt(at);
    if (letter === '[') {
      const [piece, end] = bracket(text, at, line);
      out += piece;
      at = end;
    } else if (letter === '\\') {
      const next = text.charAt(at + 1);
      out += escapes[next] ?? `\\${next}`;
      at += 2;
    } else {
      out += letter;
      at += 1;
    }
  }
  return out;
}

const known = new Map<string, RegExp>();

/** What stands before a pattern, `***:` and `(?letters)`, and the pattern without comments when they ask for that. */
function withoutDirector(pattern: string): { readonly letters: string; readonly text: string } {
  const found = /^(?:\*\*\*:)?(?:\(\?(?<letters>[a-z]+)\))?/v.exec(pattern);
  const letters = found?.groups?.['letters'] ?? '';
  const text = pattern.slice(found?.[0].length ?? 0);
  return {
    letters,
    text: letters.includes('x')
      ? text.replaceAll(/\\.|\s+|#.*$/gmv, (each) => (each.startsWith('\\') ? each : ''))
      : text,
  };
}

function compile(pattern: string, { nocase = false, line = false, all = false }: RegexOptions): RegExp {
  const global = all ? 'g' : '';
  if (pattern.startsWith('***=')) {
    const literal = pattern.slice(4).replaceAll(/[\\^$.*+?\(\)\[\]\{\}\|]/gv, String.raw`\$&`);
    return new RegExp(literal, `${global}${nocase ? 'i' : ''}`);
  }
  const { letters, text } = withoutDirector(pattern);
  const byLine = line || /[nm]/v.test(letters);
  const flags = `${global}${nocase || letters.includes('i') ? 'i' : ''}${byLine ? 'm' : 's'}`;
  try {
    return new RegExp(translate(text, byLine), flags);
  } catch (error) {
    throw error instanceof TclError ? error : unreadable(reason(error));
  }
}

function reason(error: unknown): string {
  const text = String(error);
  if (/parenthes|group/iv.test(text)) {
    return 'parentheses () not balanced';
  }
  return /repeat/iv.test(text) ? 'quantifier operand invalid' : 'invalid escape \\ sequence';
}

/**
 * A Tcl advanced regular expression as JavaScript's. Alternatives are tried in order, where Tcl takes the longest
 * match: `a|ab` differs. Throws TclError.
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): RegExp {
  const key = `${options.nocase === true}${options.line === true}${options.all === true}${pattern}`;
  const before = known.get(key);
  if (before !== undefined) {
    return before;
  }
  const regex = compile(pattern, options);
  if (known.size > 1000) {
    known.clear();
  }
  known.set(key, regex);
  return regex;
}
