import { compileRegex } from './regex.ts';
import { globPattern } from './glob.ts';
import { TclError } from './error.ts';
import { splitList } from './list.ts';
import { parseNumber, printValue, type Value } from './number.ts';

const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** A value as a truth value; undefined when it is none. */
export function truthOf(value: Value): boolean | undefined {
  const number = parseNumber(value);
  const word = printValue(value).trim().toLowerCase();
  return number === undefined ? (Object.hasOwn(words, word) ? words[word] : undefined) : Number(number) !== 0;
}

/** Whether a value counts as true. Throws TclError. */
export function isTrue(value: Value): boolean {
  const truth = truthOf(value);
  if (truth === undefined) {
    throw new TclError(`expected boolean value but got "${printValue(value)}"`);
  }
  return truth;
}

function unfit(value: Value, operator: string): TclError {
  const kind =
    parseNumber(value) !== undefined ? 'floating-point value' : value === '' ? 'empty string' : 'non-numeric string';
  return new TclError(`can't use ${kind} as operand of "${operator}"`);
}

function operand(value: Value, operator: string): bigint | number {
  const number = parseNumber(value);
  if (number === undefined) {
    throw unfit(value, operator);
  }
  return number;
}

function compare(left: Value, right: Value): number {
  const a = parseNumber(left);
  const b = parseNumber(right);
  const [x, y] = a === undefined || b === undefined ? [printValue(left), printValue(right)] : [a, b];
  return x < y ? -1 : x > y ? 1 : 0;
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
  matches_regex: (left, right) => compileRegex(right).test(left),
};

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

/** The largest power of two that integers reach, so that no script fills the memory. */
const mostBits = 1_000_000;
const mostInteger = 1n << BigInt(mostBits);
const leastInteger = -mostInteger;

function bounded(value: bigint): bigint {
  if (value > mostInteger || value < leastInteger) {
    throw new TclError('integer value too large to represent');
  }
  return value;
}

/** The quotient, rounded down as Tcl does. */
function quotient(left: bigint, right: bigint): bigint {
  if (right === 0n) {
    throw new TclError('divide by zero');
  }
  const cut = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? cut - 1n : cut;
}

function power(left: bigint, right: bigint): bigint {
  if (right >= 0n) {
    const bits = left === 0n || left === 1n || left === -1n ? 0 : left.toString(16).length * 4;
    if (bits * Number(right) > mostBits) {
      throw new TclError('exponent too large');
    }
    return bits === 0 ? left ** (right === 0n ? 0n : 2n - (right % 2n)) : left ** right;
  }
  if (left === 0n) {
    throw new TclError('exponentiation of zero by negative power');
  }
  return left === 1n ? 1n : left === -1n ? (right % 2n === 0n ? 1n : -1n) : 0n;
}

function shifted(left: bigint, by: bigint, isLeft: boolean): bigint {
  if (by < 0n) {
    throw new TclError('negative shift argument');
  }
  if (isLeft && left !== 0n && by > BigInt(mostBits)) {
    throw new TclError('integer value too large to represent');
  }
  return isLeft ? (left === 0n ? 0n : left << by) : by > BigInt(mostBits * 2) ? (left < 0n ? -1n : 0n) : left >> by;
}

const integers: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': quotient,
  '%': (left, right) => left - right * quotient(left, right),
  '**': power,
  '<<': (left, right) => shifted(left, right, true),
  '>>': (left, right) => shifted(left, right, false),
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
};

const doubles: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '**': (left, right) => left ** right,
};

function arithmetic(operator: string, left: Value, right: Value): bigint | number {
  const a = operand(left, operator);
  const b = operand(right, operator);
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    return bounded(integers[operator]?.(a, b) ?? 0n);
  }
  const work = doubles[operator];
  if (work === undefined) {
    throw unfit(typeof a === 'number' ? left : right, operator);
  }
  return defined(work(Number(a), Number(b)));
}

function defined(value: number): number {
  if (Number.isNaN(value)) {
    throw new TclError('domain error: argument not in valid range');
  }
  return value;
}

/** What an operator between two values gives. Throws TclError. */
export function binary(operator: string, left: Value, right: Value): Value {
  const text = Object.hasOwn(texts, operator) ? texts[operator] : undefined;
  if (text !== undefined) {
    return text(printValue(left), printValue(right)) ? 1n : 0n;
  }
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  return comparison === undefined ? arithmetic(operator, left, right) : comparison(compare(left, right)) ? 1n : 0n;
}

/** What an operator before a value gives. Throws TclError. */
export function unary(operator: string, value: Value): Value {
  if (operator === '!' || operator === 'not') {
    const truth = truthOf(value);
    if (truth === undefined) {
      throw unfit(value, '!');
    }
    return truth ? 0n : 1n;
  }
  const number = operand(value, operator);
  if (operator === '~') {
    if (typeof number === 'number') {
      throw unfit(value, operator);
    }
    return ~number;
  }
  return operator === '-' ? -number : number;
}
