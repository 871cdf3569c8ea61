import { dictionary } from './dict-commands.ts';
import { TclError } from './error.ts';
import { globPattern } from './glob.ts';
import type { Command, Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';
import { placeOf } from './list-place.ts';
import { parseInteger } from './number.ts';
import { compileRegex } from './regex.ts';
import { search, sort } from './sort-commands.ts';

type Table = Readonly<Record<string, Command>>;

/** How many elements a list may be made of at once. */
const MOST_ITEMS = 1_000_000n;

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

function setElements(name: string, items: readonly string[], tcl: Tcl): void {
  for (let at = 0; at + 1 < items.length; at += 2) {
    tcl.set(`${name}(${items[at] ?? ''})`, items[at + 1] ?? '');
  }
}

/** Keys by `?mode? ?pattern?`. */
function keysMatching(keys: readonly string[], [mode = '', given]: readonly string[]): readonly string[] {
  const pattern = given ?? (mode === '' ? '*' : mode);
  if (given !== undefined && mode === '-exact') {
    return keys.filter((key) => key === pattern);
  }
  const matching = given !== undefined && mode === '-regexp' ? compileRegex(pattern) : globPattern(pattern);
  return keys.filter((key) => matching.test(key));
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
      return makeList(keysMatching([...elements.keys()], rest));
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

/** A list with another value at a place, which may be in nested lists. */
function withItem(list: string, places: readonly string[], value: string): string {
  const [place, ...rest] = places;
  if (place === undefined) {
    return value;
  }
  const items = splitList(list);
  const at = placeOf(place, items.length);
  if (at < 0 || at > items.length) {
    throw new TclError('list index out of range');
  }
  return makeList(items.toSpliced(at, 1, withItem(items[at] ?? '', rest, value)));
}

/** Lists, arrays and dictionaries. */
export const listCommands: Table = {
  list: (args) => makeList(args),
  llength: ([list = '']) => String(splitList(list).length),
  lindex: index,
  lrange: range,
  lreplace: replace,
  lsearch: search,
  lsort: sort,
  lrepeat: ([count = '', ...items]) => {
    const times = parseInteger(count);
    if (times === undefined) {
      throw new TclError(`expected integer but got "${count}"`);
    }
    if (times < 0n) {
      throw new TclError(`bad count "${count}": must be integer >= 0`);
    }
    if (times * BigInt(Math.max(1, items.length)) > MOST_ITEMS) {
      throw new TclError('a value is too large');
    }
    return makeList(Array.from({ length: Number(times) }, () => items).flat());
  },
  lset: ([name = '', ...rest], tcl) =>
    tcl.set(name, withItem(tcl.get(name), rest.slice(0, -1).flatMap(splitList), rest.at(-1) ?? '')),
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
