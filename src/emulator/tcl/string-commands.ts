import { globPattern } from './glob.ts';
import { TclError } from './error.ts';
import type { Command, Tcl } from './interpreter.ts';
import { splitList } from './list.ts';
import { placeOf } from './list-place.ts';
import { numberOf, parseInteger } from './number.ts';
import { truthOf } from './operators.ts';

function trimmed(text: string, letters: string, sides: { left: boolean; right: boolean }): string {
  const isBlank = (letter: string): boolean => letters.includes(letter);
  let start = 0;
  let end = text.length;
  while (sides.left && start < end && isBlank(text[start] ?? '')) {
    start += 1;
  }
  while (sides.right && end > start && isBlank(text[end - 1] ?? '')) {
    end -= 1;
  }
  return text.slice(start, end);
}

function mapped(pairs: readonly string[], text: string, noCase: boolean): string {
  const plain = (each: string): string => (noCase ? each.toLowerCase() : each);
  const keys = pairs.map(plain);
  const within = plain(text);
  if (pairs.length % 2 === 1) {
    throw new TclError('char map list unbalanced');
  }
  let result = '';
  let at = 0;
  while (at < text.length) {
    const place = keys.findIndex((key, each) => each % 2 === 0 && key !== '' && within.startsWith(key, at));
    result += place < 0 ? text.charAt(at) : (pairs[place + 1] ?? '');
    at += place < 0 ? 1 : (pairs[place]?.length ?? 1);
  }
  return result;
}

function isList(text: string): boolean {
  try {
    splitList(text);
    return true;
  } catch {
    return false;
  }
}

function fits(bits: number): (text: string) => boolean {
  return (text) => {
    const value = parseInteger(text);
    return value !== undefined && value < 2n ** BigInt(bits) && value > -(2n ** BigInt(bits));
  };
}

/** Classes of `string is` that the empty text is in too, unless it is `-strict`. */
const classes: Readonly<Record<string, (text: string) => boolean>> = {
  alnum: (text) => /^[\p{L}\p{N}]+$/v.test(text),
  alpha: (text) => /^\p{L}+$/v.test(text),
  ascii: (text) => /^[\0-\x7F]+$/v.test(text),
  boolean: (text) => truthOf(text) !== undefined,
  control: (text) => /^\p{Cc}+$/v.test(text),
  digit: (text) => /^\p{Nd}+$/v.test(text),
  double: (text) => numberOf(text) !== undefined,
  entier: (text) => parseInteger(text) !== undefined,
  false: (text) => truthOf(text) === false,
  graph: (text) => /^[^\s\p{Cc}]+$/v.test(text),
  integer: fits(32),
  list: isList,
  lower: (text) => /^\p{Ll}+$/v.test(text),
  print: (text) => /^[^\p{Cc}]+$/v.test(text),
  punct: (text) => /^\p{P}+$/v.test(text),
  space: (text) => /^\s+$/v.test(text),
  true: (text) => truthOf(text) === true,
  upper: (text) => /^\p{Lu}+$/v.test(text),
  wideinteger: fits(64),
  wordchar: (text) => /^[\p{L}\p{N}_]+$/v.test(text),
  xdigit: (text) => /^[\dA-Fa-f]+$/v.test(text),
};

const blanks = ' \t\n\r\v\f\0';

/** Options before the last arguments, `-length` with its number. */
interface Options {
  readonly noCase: boolean;
  readonly strict: boolean;
  readonly length: number | undefined;
}

type Operation = (args: readonly string[], options: Options) => string;

function cut(text: string, { noCase, length }: Options): string {
  const part = length === undefined || length < 0 ? text : text.slice(0, length);
  return noCase ? part.toLowerCase() : part;
}

/** Changes a text from one place to another; all of it without places. */
function inRange(change: (text: string) => string): Operation {
  return ([text = '', first, last]) => {
    if (first === undefined) {
      return change(text);
    }
    const start = Math.max(0, placeOf(first, text.length));
    const end = last === undefined ? start : placeOf(last, text.length);
    return text.slice(0, start) + change(text.slice(start, end + 1)) + text.slice(Math.max(start, end + 1));
  };
}

/** The ends of the word at a place: where it begins, and what follows it. */
function wordAt(text: string, place: string): readonly [start: number, end: number] {
  const at = Math.min(Math.max(0, placeOf(place, text.length)), Math.max(0, text.length - 1));
  const isWord = (each: number): boolean => /[\p{L}\p{N}_]/v.test(text[each] ?? '');
  let [start, end] = [at, at + 1];
  while (isWord(at) && start > 0 && isWord(start - 1)) {
    start -= 1;
  }
  while (isWord(at) && isWord(end)) {
    end += 1;
  }
  return [start, Math.min(end, text.length)];
}

const operations: Readonly<Record<string, Operation>> = {
  bytelength: ([text = '']) => String(Buffer.byteLength(text)),
  compare: ([a = '', b = ''], options) => {
    const [x, y] = [cut(a, options), cut(b, options)];
    return x < y ? '-1' : x > y ? '1' : '0';
  },
  equal: ([a = '', b = ''], options) => (cut(a, options) === cut(b, options) ? '1' : '0'),
  first: ([needle = '', text = '', from = '0']) => String(text.indexOf(needle, placeOf(from, text.length))),
  index: ([text = '', place = '0']) => text[placeOf(place, text.length)] ?? '',
  is: ([kind = '', text = ''], { strict }) => {
    const test = Object.hasOwn(classes, kind) ? classes[kind] : undefined;
    if (test === undefined) {
      throw new TclError(`bad class "${kind}": must be ${oneOf(Object.keys(classes))}`);
    }
    return (text === '' ? !strict || kind === 'list' : test(text)) ? '1' : '0';
  },
  last: ([needle = '', text = '', to]) =>
    String(
      needle === ''
        ? -1
        : text.slice(0, to === undefined ? undefined : placeOf(to, text.length) + 1).lastIndexOf(needle),
    ),
  length: ([text = '']) => String(text.length),
  map: ([pairs = '', text = ''], { noCase }) => mapped(splitList(pairs), text, noCase),
  match: ([pattern = '', text = ''], { noCase }) =>
    globPattern(pattern, noCase ? 'svi' : 'sv').test(text) ? '1' : '0',
  range: ([text = '', first = '0', last = 'end']) =>
    text.slice(Math.max(0, placeOf(first, text.length)), Math.max(0, placeOf(last, text.length) + 1)),
  repeat: ([text = '', count = '0']) => {
    if (text.length * Number(count) > 16 * 1024 * 1024) {
      throw new TclError('a value is too large');
    }
    return text.repeat(Math.max(0, Number(count)));
  },
  replace: ([text = '', first = '0', last = '0', by = '']) =>
    text.slice(0, Math.max(0, placeOf(first, text.length))) + by + text.slice(placeOf(last, text.length) + 1),
  reverse: ([text = '']) => Array.from(text).toReversed().join(''),
  tolower: inRange((text) => text.toLowerCase()),
  totitle: inRange((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()),
  toupper: inRange((text) => text.toUpperCase()),
  trim: ([text = '', letters = blanks]) => trimmed(text, letters, { left: true, right: true }),
  trimleft: ([text = '', letters = blanks]) => trimmed(text, letters, { left: true, right: false }),
  trimright: ([text = '', letters = blanks]) => trimmed(text, letters, { left: false, right: true }),
  wordend: ([text = '', place = '0']) => String(wordAt(text, place)[1]),
  wordstart: ([text = '', place = '0']) => String(wordAt(text, place)[0]),
};

/** Options that a subcommand takes before so many last arguments. */
const optional: Readonly<Record<string, readonly [last: number, ...options: readonly string[]]>> = {
  compare: [2, '-nocase', '-length'],
  equal: [2, '-nocase', '-length'],
  is: [1, '-strict', '-failindex'],
  map: [2, '-nocase'],
  match: [2, '-nocase'],
};

function oneOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')}, or ${names.at(-1) ?? ''}`;
}

function optionsOf(action: string): (typeof optional)[string] | undefined {
  return Object.hasOwn(optional, action) ? optional[action] : undefined;
}

/** Reads the options of a subcommand; gives its other arguments. */
function read(action: string, given: readonly string[], tcl: Tcl): { args: readonly string[]; options: Options } {
  const [last, ...known]: readonly [number, ...(readonly string[])] = optionsOf(action) ?? [given.length];
  const args = action === 'is' ? given.slice(0, 1) : [];
  const found = { noCase: false, strict: false, length: undefined as number | undefined };
  let at = args.length;
  for (; at < given.length - last; at += 1) {
    const option = given[at] ?? '';
    if (!known.includes(option)) {
      throw new TclError(`bad option "${option}": must be ${known.join(' or ')}`);
    }
    found.noCase ||= option === '-nocase';
    found.strict ||= option === '-strict';
    if (option === '-length' || option === '-failindex') {
      at += 1;
      found.length = Number(given[at]);
    }
    if (option === '-failindex') {
      tcl.set(given[at] ?? '', '-1');
    }
  }
  return { args: [...args, ...given.slice(at)], options: found };
}

/** `string`. */
export const string: Command = ([action = '', ...given], tcl) => {
  const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
  if (operation === undefined) {
    throw new TclError(`unknown or ambiguous subcommand "${action}": must be ${oneOf(Object.keys(operations))}`);
  }
  const { args, options } = read(action, given, tcl);
  return operation(args, options);
};
