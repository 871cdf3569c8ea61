import { TclParser } from './parse.ts';
import { TclError } from './error.ts';
import type { Tcl } from './interpreter.ts';
import { mathFunction } from './functions.ts';
import { parseNumber, printValue, type Value } from './number.ts';
import { binary, isTrue, truthOf, unary } from './operators.ts';

/** Binary operators from weak to strong. */
const levels: readonly (readonly string[])[] = [
  ['||', 'or'],
  ['&&', 'and'],
  ['|'],
  ['^'],
  ['&'],
  [
    '==',
    '!=',
    'eq',
    'ne',
    'in',
    'ni',
    'equals',
    'contains',
    'starts_with',
    'ends_with',
    'matches_regex',
    'matches_glob',
    'matches',
  ],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];

class Expression {
  readonly #text: string;
  readonly #tcl: Tcl;
  #at = 0;
  /** Whether what is read counts; false for the side of `&&`, `||` and `?:` that does not. */
  #live = true;

  constructor(text: string, tcl: Tcl) {
    this.#text = text;
    this.#tcl = tcl;
  }

  all(): Value {
    const value = this.#ternary();
    this.#blanks();
    if (this.#at < this.#text.length) {
      throw new TclError(`syntax error in expression "${this.#text}"`);
    }
    return value;
  }

  #blanks(): void {
    while (/[\s\\]/v.test(this.#text[this.#at] ?? '')) {
      this.#at += 1;
    }
  }

  #dead<T>(dead: boolean, read: () => T): T {
    const before = this.#live;
    this.#live = before && !dead;
    try {
      return read();
    } finally {
      this.#live = before;
    }
  }

  #take(text: string): boolean {
    this.#blanks();
    const found = this.#text.startsWith(text, this.#at);
    this.#at += found ? text.length : 0;
    return found;
  }

  #ternary(): Value {
    const condition = this.#binary(0);
    if (!this.#take('?')) {
      return condition;
    }
    const isYes = !this.#live || isTrue(condition);
    const yes = this.#dead(!isYes, () => this.#ternary());
    if (!this.#take(':')) {
      throw new TclError(`syntax error in expression "${this.#text}"`);
    }
    const no = this.#dead(isYes, () => this.#ternary());
    return isYes ? yes : no;
  }

  /** The operator of a level that comes next. */
  #operator(level: number): string | undefined {
    this.#blanks();
    const rest = this.#text.slice(this.#at, this.#at + 14);
    const found = (levels[level] ?? []).find((each) =>
      /^[a-z]/v.test(each) ? new RegExp(`^${each}\\b`, 'v').test(rest) : rest.startsWith(each),
    );
    const longer = found !== undefined && '|&*<>'.includes(found) && rest[1] === found;
    return longer ? undefined : found;
  }

  #binary(level: number): Value {
    if (level === levels.length) {
      return this.#unary();
    }
    let left = this.#binary(level + 1);
    for (let operator = this.#operator(level); operator !== undefined; operator = this.#operator(level)) {
      this.#at += operator.length;
      if (level < 2) {
        const decided = this.#live && isTrue(left) === (level === 0);
        const right = this.#dead(decided, () => this.#binary(level + 1));
        left = (decided ? level === 0 : this.#live && isTrue(right)) ? 1n : 0n;
      } else {
        const right = this.#binary(level + 1);
        left = this.#live ? binary(operator, left, right) : 0n;
      }
    }
    return left;
  }

  #unary(): Value {
    this.#blanks();
    const operator = /^(?:not\b|[\-+!~])/v.exec(this.#text.slice(this.#at, this.#at + 4))?.[0];
    if (operator === undefined) {
      return this.#operand();
    }
    this.#at += operator.length;
    const value = this.#unary();
    return this.#live ? unary(operator, value) : 0n;
  }

  #operand(): Value {
    const letter = this.#text[this.#at] ?? '';
    if (letter === '(') {
      this.#at += 1;
      const value = this.#ternary();
      if (!this.#take(')')) {
        throw new TclError('unbalanced open paren');
      }
      return value;
    }
    if (letter === '"') {
      this.#at += 1;
      const value = this.#substituted((next) => next === '"');
      this.#at += 1;
      return value;
    }
    if (letter === '{') {
      const end = this.#closing();
      const value = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return value;
    }
    if (letter === '$' || letter === '[') {
      let count = 0;
      return this.#substituted(() => (count += 1) > 1);
    }
    return this.#literal();
  }

  #closing(): number {
    let depth = 0;
    for (let at = this.#at; at < this.#text.length; at += 1) {
      depth += this.#text[at] === '{' ? 1 : this.#text[at] === '}' ? -1 : 0;
      if (depth === 0) {
        return at;
      }
    }
    throw new TclError('missing close-brace');
  }

  #substituted(isEnd: (letter: string) => boolean): string {
    const parser = new TclParser(this.#text, this.#at);
    const parts = parser.parts(isEnd);
    this.#at = parser.at;
    return this.#live ? this.#tcl.join(parts) : '0';
  }

  #literal(): Value {
    const word =
      /^(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?|[A-Za-z_:][\w:]*)/v.exec(
        this.#text.slice(this.#at),
      )?.[0];
    if (word === undefined) {
      throw new TclError(`syntax error in expression "${this.#text}"`);
    }
    this.#at += word.length;
    if (parseNumber(word) !== undefined) {
      return word;
    }
    if (this.#take('(')) {
      return this.#function(word);
    }
    if (truthOf(word) === undefined) {
      throw new TclError(`invalid bareword "${word}"`);
    }
    return word;
  }

  #function(name: string): Value {
    const args: Value[] = [];
    while (!this.#take(')')) {
      args.push(this.#ternary());
      if (!this.#take(',') && this.#text[this.#at] !== ')') {
        throw new TclError(`syntax error in expression "${this.#text}"`);
      }
    }
    const known = mathFunction(name);
    return this.#live ? known(...args) : 0n;
  }
}

/** The value of an expression. */
export function evaluate(text: string, tcl: Tcl): string {
  const value = new Expression(text, tcl).all();
  return printValue(parseNumber(value) ?? value);
}
