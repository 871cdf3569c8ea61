import { globPattern } from './glob.ts';
import { numberOf } from './number.ts';
import { compileRegex } from './regex.ts';
import { TclError } from './error.ts';
import type { Command, Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';

type Table = Readonly<Record<string, Command>>;

/** A place in something of a length: `3`, `end`, `end-1`, `2+1`. */
export function placeOf(text: string, length: number): number {
  const match = /^(?<base>end|-?\d+)(?:(?<sign>[+\-])(?<by>\d+))?$/v.exec(text.trim())?.groups;
  if (match === undefined) {
    throw new TclError(`bad index "${text}": must be integer?[+-]integer? or end?[+-]integer?`);
  }
  const base = match['base'] === 'end' ? length - 1 : Number(match['base']);
  return base + Number(match['by'] ?? 0) * (match['sign'] === '-' ? -1 : 1);
}

const index: Command = ([list = '', ...places]) => {
  let value = list;
  for (const place of places.flatMap(splitList)) {
    const items = splitList(value);
    value = items[placeOf(place, items.length)] ?? '';
  }
  return value;
};

const range: Command = ([list = '', first = '0', last = 'end']) => {
  const items = splitList(list);
  return makeList(items.slice(Math.max(0, placeOf(first, items.length)), placeOf(last, items.length) + 1));
};

const replace: Command = ([list = '', first = '0', last = 'end', ...more]) => {
  const items = splitList(list);
  const start = Math.max(0, placeOf(first, items.length));
  return makeList(items.toSpliced(start, Math.max(0, placeOf(last, items.length) - start + 1), ...more));
};

function optionsIn(given: readonly string[], rest: number): { options: ReadonlySet<string>; args: readonly string[] } {
  const options = given.slice(0, Math.max(0, given.length - rest));
  return { options: new Set(options), args: given.slice(options.length) };
}

const search: Command = (given) => {
  const { options, args } = optionsIn(given, 2);
  const [list = '', pattern = ''] = args;
  const regular = options.has('-regexp') ? compileRegex(pattern) : globPattern(pattern);
  const matches = (item: string): boolean =>
    (options.has('-exact') ? item === pattern : regular.test(item)) !== options.has('-not');
  const items = splitList(list);
  const found = items.flatMap((item, at) => (matches(item) ? [at] : []));
  const shown = found.map((at) => (options.has('-inline') ? (items[at] ?? '') : String(at)));
  return options.has('-all') ? makeList(shown) : (shown[0] ?? (options.has('-inline') ? '' : '-1'));
};

const sort: Command = (given) => {
  const { options, args } = optionsIn(given, 1);
  const isNumeric = options.has('-integer') || options.has('-real');
  const compare = (a: string, b: string): number =>
    isNumeric ? (numberOf(a) ?? 0) - (numberOf(b) ?? 0) : a < b ? -1 : a > b ? 1 : 0;
  const sorted = splitList(args[0] ?? '').toSorted((a, b) => compare(a, b) * (options.has('-decreasing') ? -1 : 1));
  return makeList(options.has('-unique') ? [...new Set(sorted)] : sorted);
};

function setElements(name: string, items: readonly string[], tcl: Tcl): void {
  for (let at = 0; at + 1 < items.length; at += 2) {
    tcl.set(`${name}(${items[at] ?? ''})`, items[at + 1] ?? '');
  }
}

const array: Command = ([action = '', name = '', ...rest], tcl) => {
  const elements = tcl.variable(name)?.array ?? new Map<string, string>();
  const matching = [...elements].filter(([key]) => rest[0] === undefined || globPattern(rest[0]).test(key));
  switch (action) {
    case 'exists':
      return tcl.variable(name)?.array === undefined ? '0' : '1';
    case 'size':
      return String(elements.size);
    case 'names':
      return makeList(matching.map(([key]) => key));
    case 'get':
      return makeList(matching.flat());
    case 'unset':
      matching.forEach(([key]) => elements.delete(key));
      return '';
    case 'set':
      setElements(name, splitList(rest[0] ?? ''), tcl);
      return '';
    default:
      throw new TclError(`unknown or ambiguous subcommand "${action}"`);
  }
};

function pairsIn(text: string): Map<string, string> {
  const items = splitList(text);
  if (items.length % 2 === 1) {
    throw new TclError('missing value to go with key');
  }
  return new Map(items.flatMap((key, at) => (at % 2 === 0 ? [[key, items[at + 1] ?? ''] as const] : [])));
}

/** A value inside nested dictionaries. */
function inside(text: string, keys: readonly string[]): string | undefined {
  let value: string | undefined = text;
  for (const key of keys) {
    value = value === undefined ? undefined : pairsIn(value).get(key);
  }
  return value;
}

function withValue(text: string, keys: readonly string[], value: string): string {
  const [key = '', ...rest] = keys;
  const pairs = pairsIn(text);
  pairs.set(key, rest.length === 0 ? value : withValue(pairs.get(key) ?? '', rest, value));
  return makeList([...pairs].flat());
}

const dictionary: Command = ([action = '', ...args], tcl) => {
  const [first = '', ...rest] = args;
  switch (action) {
    case 'create':
      return makeList(args);
    case 'get': {
      const value = inside(first, rest);
      if (value === undefined) {
        throw new TclError(`key "${rest.at(-1) ?? ''}" not known in dictionary`);
      }
      return value;
    }
    case 'exists':
      return inside(first, rest) === undefined ? '0' : '1';
    case 'keys':
      return makeList([...pairsIn(first).keys()]);
    case 'values':
      return makeList([...pairsIn(first).values()]);
    case 'size':
      return String(pairsIn(first).size);
    case 'set':
      return tcl.set(first, withValue(tcl.peek(first) ?? '', rest.slice(0, -1), rest.at(-1) ?? ''));
    case 'for':
      return tcl.call(['foreach', first, ...rest]);
    default:
      throw new TclError(`unknown or ambiguous subcommand "${action}"`);
  }
};

/** Lists, arrays and dictionaries. */
export const listCommands: Table = {
  list: (args) => makeList(args),
  llength: ([list = '']) => String(splitList(list).length),
  lindex: index,
  lrange: range,
  lreplace: replace,
  lsearch: search,
  lsort: sort,
  lreverse: ([list = '']) => makeList(splitList(list).toReversed()),
  linsert: ([list = '', place = '0', ...items]) => {
    const all = splitList(list);
    return makeList(all.toSpliced(Math.max(0, placeOf(place, all.length + 1)), 0, ...items));
  },
  lappend: ([name = '', ...items], tcl) => tcl.set(name, makeList([...splitList(tcl.peek(name) ?? ''), ...items])),
  lassign: ([list = '', ...names], tcl) => {
    const items = splitList(list);
    names.forEach((name, at) => tcl.set(name, items[at] ?? ''));
    return makeList(items.slice(names.length));
  },
  concat: (args) =>
    args
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .join(' '),
  join: ([list = '', by = ' ']) => splitList(list).join(by),
  split: ([text = '', by]) => {
    if (by === '') {
      return makeList(Array.from(text));
    }
    const letters = by ?? ' \t\r\n';
    const items: string[] = [''];
    for (const letter of text) {
      if (letters.includes(letter)) {
        items.push('');
      } else {
        items[items.length - 1] += letter;
      }
    }
    return text === '' ? '' : makeList(items);
  },
  array,
  dict: dictionary,
};
