import { TclParser } from './parse.ts';
import { TclError, type Tcl } from './interpreter.ts';
import { splitList } from './list.ts';

type Value = string | number | bigint;

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

/** A number of a text, as Tcl reads it; undefined when it is none. */
export function numberOf(value: Value): number | undefined {
  if (typeof value !== 'string') {
    return Number(value);
  }
  const text = value.trim();
  if (/^[+\-]?\d+$/v.test(text) || /^[+\-]?0[xX][\da-fA-F]+$/v.test(text)) {
    return text.startsWith('-') ? -Number(text.slice(1)) : Number(text.replace(/^\+/v, ''));
  }
  return /^[+\-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?$/v.test(text) ? Number(text) : undefined;
}

const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** Whether a value counts as true. */
export function isTrue(value: Value): boolean {
  const number = numberOf(value);
  if (number !== undefined) {
    return number !== 0;
  }
  const known = words[String(value).trim().toLowerCase()];
  if (known === undefined) {
    throw new TclError(`expected boolean value but got "${String(value)}"`);
  }
  return known;
}

function requireNumber(value: Value): number {
  const number = numberOf(value);
  if (number === undefined) {
    throw new TclError(`can't use non-numeric string as operand: "${String(value)}"`);
  }
  return number;
}

function isWhole(...values: readonly Value[]): boolean {
  return values.every(
    (value) => Number.isInteger(numberOf(value)) && !/[.eE]/v.test(String(value).replace(/^0x.*/iv, '0')),
  );
}

function compare(left: Value, right: Value): number {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) {
    return a - b;
  }
  return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
}

/** A pattern as `string match` reads it. */
export function globPattern(glob: string, flags = 'sv'): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; at += 1) {
    const letter = glob[at] ?? '';
    const set = /^\[[^\]]*\]/v.exec(glob.slice(at))?.[0];
    if (letter === '*' || letter === '?') {
      source += letter === '*' ? '.*' : '.';
    } else if (set !== undefined) {
      source += `[${set.slice(1, -1).replaceAll(/[\[\]\\\(\)\{\}\/\|~]/gv, String.raw`\$&`)}]`;
      at += set.length - 1;
    } else {
      at += letter === '\\' ? 1 : 0;
      source += (letter === '\\' ? (glob[at] ?? '') : letter).replaceAll(
        /[.*+?^$\{\}\(\)\|\[\]\\\/]/gv,
        String.raw`\$&`,
      );
    }
  }
  return new RegExp(`^${source}$`, flags);
}

const texts: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  eq: (left, right) => left === right,
  equals: (left, right) => left === right,
  ne: (left, right) => left !== right,
  in: (left, right) => splitList(right).includes(left),
  ni: (left, right) => !splitList(right).includes(left),
  contains: (left, right) => left.includes(right),
  starts_with: (left, right) => left.startsWith(right),
  ends_with: (left, right) => left.endsWith(right),
  matches: (left, right) => globPattern(right).test(left),
  matches_glob: (left, right) => globPattern(right).test(left),
  matches_regex: (left, right) => new RegExp(right, 'v').test(left),
};

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

function divide(left: number, right: number, whole: boolean): number {
  if (whole && right === 0) {
    throw new TclError('divide by zero');
  }
  return whole ? Math.floor(left / right) : left / right;
}

const arithmetic: Readonly<Record<string, (left: number, right: number, whole: boolean) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': divide,
  '%': (left, right) => left - right * divide(left, right, true),
  '**': (left, right) => left ** right,
  '<<': (left, right) => Number(BigInt(left) << BigInt(right)),
  '>>': (left, right) => Number(BigInt(left) >> BigInt(right)),
  '&': (left, right) => Number(BigInt(left) & BigInt(right)),
  '|': (left, right) => Number(BigInt(left) | BigInt(right)),
  '^': (left, right) => Number(BigInt(left) ^ BigInt(right)),
};

function binary(operator: string, left: Value, right: Value): Value {
  const text = Object.hasOwn(texts, operator) ? texts[operator] : undefined;
  if (text !== undefined) {
    return text(String(left), String(right)) ? 1 : 0;
  }
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (comparison !== undefined) {
    return comparison(compare(left, right)) ? 1 : 0;
  }
  const whole = isWhole(left, right);
  const result = arithmetic[operator]?.(requireNumber(left), requireNumber(right), whole) ?? 0;
  return whole || !Number.isInteger(result) ? result : result.toFixed(1);
}

const functions: Readonly<Record<string, (...args: readonly number[]) => number>> = {
  abs: (x = 0) => Math.abs(x),
  ceil: (x = 0) => Math.ceil(x),
  double: (x = 0) => x,
  floor: (x = 0) => Math.floor(x),
  fmod: (x = 0, y = 1) => x % y,
  int: (x = 0) => Math.trunc(x),
  max: (...all) => Math.max(...all),
  min: (...all) => Math.min(...all),
  pow: (x = 0, y = 0) => x ** y,
  rand: () => Math.random(),
  round: (x = 0) => Math.round(x),
  sqrt: (x = 0) => Math.sqrt(x),
  wide: (x = 0) => Math.trunc(x),
};

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
        left = decided ? (level === 0 ? 1 : 0) : this.#live && isTrue(right) ? 1 : 0;
      } else {
        const right = this.#binary(level + 1);
        left = this.#live ? binary(operator, left, right) : 0;
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
    if (!this.#live) {
      return 0;
    }
    switch (operator) {
      case '-':
        return -requireNumber(value);
      case '+':
        return requireNumber(value);
      case '~':
        return ~requireNumber(value);
      default:
        return isTrue(value) ? 0 : 1;
    }
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
    const word = /^(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?|[A-Za-z_:][\w:]*)/v.exec(
      this.#text.slice(this.#at),
    )?.[0];
    if (word === undefined) {
      throw new TclError(`syntax error in expression "${this.#text}"`);
    }
    this.#at += word.length;
    if (numberOf(word) !== undefined) {
      return word;
    }
    if (this.#take('(')) {
      return this.#function(word);
    }
    if (words[word.toLowerCase()] === undefined) {
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
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (known === undefined) {
      throw new TclError(`unknown math function "${name}"`);
    }
    const result = this.#live ? known(...args.map(requireNumber)) : 0;
    return name === 'double' && Number.isInteger(result) ? result.toFixed(1) : result;
  }
}

/** The value of an expression. */
export function evaluate(text: string, tcl: Tcl): string {
  return String(new Expression(text, tcl).all());
}
