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

/** An expression that was read: gives its value, as often as it is asked. */
type Node = (tcl: Tcl) => Value;

/** How deep parentheses, signs and choices may be nested. */
const DEEPEST = 300;

/** An operator with what stands behind it. */
type Operation = readonly [operator: string, right: Node];

/** Reads an expression; what it reads runs later, the side of `&&`, `||` and `?:` that does not count not at all. */
class Expression {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Node {
    const node = this.#ternary();
    this.#blanks();
    if (this.#at < this.#text.length) {
      throw this.#wrong();
    }
    return node;
  }

  #wrong(): TclError {
    return new TclError(`syntax error in expression "${this.#text}"`);
  }

  #blanks(): void {
    while (/[\s\\]/v.test(this.#text[this.#at] ?? '')) {
      this.#at += 1;
    }
  }

  #take(text: string): boolean {
    this.#blanks();
    const found = this.#text.startsWith(text, this.#at);
    this.#at += found ? text.length : 0;
    return found;
  }

  #ternary(): Node {
    return this.#deeper(() => this.#choice());
  }

  /** Reads something inside something; too much of that is refused. */
  #deeper(read: () => Node): Node {
    this.#depth += 1;
    if (this.#depth > DEEPEST) {
      throw new TclError('too many nested evaluations (infinite loop?)');
    }
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #choice(): Node {
    const condition = this.#binary(0);
    if (!this.#take('?')) {
      return condition;
    }
    const yes = this.#ternary();
    if (!this.#take(':')) {
      throw this.#wrong();
    }
    const no = this.#ternary();
    return (tcl) => (isTrue(condition(tcl)) ? yes : no)(tcl);
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

  #binary(level: number): Node {
    if (level === levels.length) {
      return this.#unary();
    }
    const first = this.#binary(level + 1);
    const rest: Operation[] = [];
    for (let operator = this.#operator(level); operator !== undefined; operator = this.#operator(level)) {
      this.#at += operator.length;
      rest.push([operator, this.#binary(level + 1)]);
    }
    if (rest.length === 0) {
      return first;
    }
    return level < 2 ? decided(level === 0, [first, ...rest.map(([, node]) => node)]) : joined(first, rest);
  }

  #unary(): Node {
    this.#blanks();
    const operator = /^(?:not\b|[\-+!~])/v.exec(this.#text.slice(this.#at, this.#at + 4))?.[0];
    if (operator === undefined) {
      return this.#operand();
    }
    this.#at += operator.length;
    const operand = this.#deeper(() => this.#unary());
    return (tcl) => unary(operator, operand(tcl));
  }

  #operand(): Node {
    const letter = this.#text[this.#at] ?? '';
    if (letter === '(') {
      this.#at += 1;
      const node = this.#ternary();
      if (!this.#take(')')) {
        throw new TclError(`unbalanced open paren\nin expression "${this.#text}"`);
      }
      return node;
    }
    if (letter === '"') {
      this.#at += 1;
      const node = this.#substituted((next) => next === '"');
      if (this.#text[this.#at] !== '"') {
        throw new TclError(`missing "\nin expression "${this.#text}"`);
      }
      this.#at += 1;
      return node;
    }
    if (letter === '{') {
      const end = this.#closing();
      const value = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return () => value;
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

  #substituted(isEnd: (letter: string) => boolean): Node {
    const parser = new TclParser(this.#text, this.#at);
    const parts = parser.parts(isEnd);
    this.#at = parser.at;
    return (tcl) => tcl.join(parts);
  }

  #literal(): Node {
    const word =
      /^(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?|[A-Za-z_:][\w:]*)/v.exec(
        this.#text.slice(this.#at),
      )?.[0];
    if (word === undefined) {
      throw this.#wrong();
    }
    this.#at += word.length;
    if (parseNumber(word) !== undefined) {
      return () => word;
    }
    if (this.#take('(')) {
      return this.#function(word);
    }
    if (truthOf(word) === undefined) {
      throw new TclError(`invalid bareword "${word}"`);
    }
    return () => word;
  }

  #function(name: string): Node {
    const args: Node[] = [];
    while (!this.#take(')')) {
      args.push(this.#ternary());
      if (!this.#take(',') && this.#text[this.#at] !== ')') {
        throw this.#wrong();
      }
    }
    return (tcl) => mathFunction(name)(...args.map((arg) => arg(tcl)));
  }
}

/** Operands of one level, from left to right. */
function joined(first: Node, rest: readonly Operation[]): Node {
  return (tcl) => rest.reduce((left, [operator, right]) => binary(operator, left, right(tcl)), first(tcl));
}

/** `||` (`by` true) and `&&`: what follows the operand that decides is not looked at. */
function decided(by: boolean, operands: readonly Node[]): Node {
  return (tcl) => (operands.some((operand) => isTrue(operand(tcl)) === by) === by ? 1n : 0n);
}

/** Letters of an expression that is kept at most. */
const LONGEST_KEPT = 4000;

const cache = new Map<string, Node>();

/** An expression, read; those read lately are kept. */
function parse(text: string): Node {
  const known = cache.get(text);
  if (known !== undefined) {
    return known;
  }
  const node = new Expression(text).all();
  if (cache.size > 2000) {
    cache.clear();
  }
  if (text.length <= LONGEST_KEPT) {
    cache.set(text, node);
  }
  return node;
}

/** The value of an expression. */
export function evaluate(text: string, tcl: Tcl): string {
  const value = parse(text)(tcl);
  return printValue(parseNumber(value) ?? value);
}
