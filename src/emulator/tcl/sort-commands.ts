import { TclError } from './error.ts';
import { globPattern } from './glob.ts';
import type { Command, Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';
import { placeOf } from './list-place.ts';
import { numberOf, parseInteger, parseNumber } from './number.ts';
import { compileRegex } from './regex.ts';

/** Options that were given, and what stands behind those that take a value. */
interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads options up to the last `rest` arguments. Throws for one that is not known. */
function read(
  given: readonly string[],
  rest: number,
  known: { readonly flags: readonly string[]; readonly values: readonly string[] },
): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let at = 0; at < given.length - rest; at += 1) {
    const option = given[at] ?? '';
    if (known.flags.includes(option)) {
      flags.add(option);
    } else if (known.values.includes(option)) {
      at += 1;
      if (at >= given.length - rest) {
        throw new TclError(`"${option}" option must be followed by ${followers[option] ?? 'a value'}`);
      }
      values.set(option, given[at] ?? '');
    } else {
      const all = [...known.flags, ...known.values].sort();
      throw new TclError(`bad option "${option}": must be ${all.slice(0, -1).join(', ')}, or ${all.at(-1) ?? ''}`);
    }
  }
  return { flags, values };
}

const followers: Readonly<Record<string, string>> = {
  '-command': 'comparison command',
  '-index': 'list index',
  '-stride': 'stride length',
};

type Compare = (a: string, b: string) => number;

function order<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numbers within texts count as numbers, letters first without their case. */
function dictionaryOrder(left: string, right: string): number {
  const split = (text: string): readonly string[] => text.match(/\d+|\D/gv) ?? [];
  const [a, b] = [split(left), split(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [x, y] = [a[at], b[at]];
    if (x === undefined || y === undefined) {
      return x === undefined ? -1 : 1;
    }
    const isNumber = /^\d/v.test(x) && /^\d/v.test(y);
    const found = isNumber ? order(BigInt(x), BigInt(y)) : order(x.toLowerCase(), y.toLowerCase());
    if (found !== 0) {
      return found;
    }
  }
  return leadingZeros(a) - leadingZeros(b) || order(left, right);
}

function leadingZeros(parts: readonly string[]): number {
  return parts.reduce((count, part) => count + (/^0+(?=\d)/v.exec(part)?.[0].length ?? 0), 0);
}

function asInteger(text: string): bigint {
  const value = parseInteger(text);
  if (value === undefined) {
    throw new TclError(`expected integer but got "${text}"`);
  }
  return value;
}

function asReal(text: string): number {
  const value = parseNumber(text);
  if (value === undefined) {
    throw new TclError(`expected floating-point number but got "${text}"`);
  }
  return Number(value);
}

function comparing({ flags, values }: Options, tcl: Tcl): Compare {
  const command = values.get('-command');
  if (command !== undefined) {
    return (a, b) => Number(asInteger(tcl.eval(`${command} ${makeList([a, b])}`)));
  }
  if (flags.has('-integer')) {
    return (a, b) => order(asInteger(a), asInteger(b));
  }
  if (flags.has('-real')) {
    return (a, b) => order(asReal(a), asReal(b));
  }
  if (flags.has('-dictionary')) {
    return dictionaryOrder;
  }
  return flags.has('-nocase') ? (a, b) => order(a.toLowerCase(), b.toLowerCase()) : order;
}

/** The part of an element that an index, or several, point at. */
function part(element: string, index: string | undefined): string {
  let value = element;
  for (const place of index === undefined ? [] : splitList(index)) {
    const items = splitList(value);
    const found = items[placeOf(place, items.length)];
    if (found === undefined) {
      throw new TclError(`element ${place} missing from sublist "${value}"`);
    }
    value = found;
  }
  return value;
}

const sortOptions = {
  flags: ['-ascii', '-decreasing', '-dictionary', '-increasing', '-indices', '-integer', '-nocase', '-real', '-unique'],
  values: ['-command', '-index', '-stride'],
};

/** Elements that are sorted together, and where the first of them was. */
interface Group {
  readonly items: readonly string[];
  readonly key: string;
  readonly at: number;
}

function groupsOf(items: readonly string[], { values }: Options): readonly Group[] {
  const stride = Number(asInteger(values.get('-stride') ?? '1'));
  const index = values.get('-index');
  if (values.has('-stride') && (stride < 2 || items.length % stride !== 0)) {
    throw new TclError(
      stride < 2 ? 'stride length must be at least 2' : 'list size must be a multiple of the stride length',
    );
  }
  const groups: Group[] = [];
  for (let at = 0; at < items.length; at += stride) {
    const group = items.slice(at, at + stride);
    const whole = stride === 1 ? (group[0] ?? '') : makeList(group);
    groups.push({ items: group, at, key: stride > 1 && index === undefined ? (group[0] ?? '') : part(whole, index) });
  }
  return groups;
}

/** `lsort`. */
export const sort: Command = (given, tcl) => {
  const options = read(given, 1, sortOptions);
  const compare = comparing(options, tcl);
  const sign = options.flags.has('-decreasing') ? -1 : 1;
  let sorted = groupsOf(splitList(given.at(-1) ?? ''), options).toSorted((a, b) => compare(a.key, b.key) * sign);
  if (options.flags.has('-unique')) {
    // Of equal elements the last one stays.
    sorted = sorted.filter((group, at) => {
      const next = sorted[at + 1];
      return next === undefined || compare(group.key, next.key) !== 0;
    });
  }
  return makeList(
    options.flags.has('-indices') ? sorted.map(({ at }) => String(at)) : sorted.flatMap(({ items }) => items),
  );
};

const searchOptions = {
  flags: [
    '-all',
    '-ascii',
    '-bisect',
    '-decreasing',
    '-dictionary',
    '-exact',
    '-glob',
    '-increasing',
    '-inline',
    '-integer',
    '-nocase',
    '-not',
    '-real',
    '-regexp',
    '-sorted',
    '-subindices',
  ],
  values: ['-index', '-start'],
};

function matcher(pattern: string, { flags }: Options): (item: string) => boolean {
  if (flags.has('-regexp')) {
    const regular = compileRegex(pattern, { nocase: flags.has('-nocase'), line: false, all: false });
    return (item) => regular.test(item);
  }
  if (!flags.has('-exact') && !flags.has('-sorted')) {
    const glob = globPattern(pattern, flags.has('-nocase') ? 'svi' : 'sv');
    return (item) => glob.test(item);
  }
  if (flags.has('-integer') || flags.has('-real')) {
    return (item) => numberOf(item) === numberOf(pattern);
  }
  return flags.has('-nocase') ? (item) => item.toLowerCase() === pattern.toLowerCase() : (item) => item === pattern;
}

/** `lsearch`; sorted lists are looked through like others. */
export const search: Command = (given) => {
  const options = read(given, 2, searchOptions);
  const { flags, values } = options;
  const [list = '', pattern = ''] = given.slice(-2);
  const items = splitList(list);
  const matches = matcher(pattern, options);
  const start = Math.max(0, placeOf(values.get('-start') ?? '0', items.length));
  const index = values.get('-index');
  const found = items.flatMap((item, at) =>
    at >= start && matches(part(item, index)) !== flags.has('-not') ? [at] : [],
  );
  const place = (at: number): string =>
    flags.has('-subindices') && index !== undefined ? `${at} ${index}` : String(at);
  const shown = found.map((at) => (flags.has('-inline') ? (items[at] ?? '') : place(at)));
  return flags.has('-all') ? makeList(shown) : (shown[0] ?? (flags.has('-inline') ? '' : '-1'));
};
