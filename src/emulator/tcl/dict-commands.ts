import { TclError } from './error.ts';
import { globPattern } from './glob.ts';
import { Unwind, type Command, type Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';
import { parseInteger } from './number.ts';
import { isTrue } from './operators.ts';

function pairsIn(text: string): Map<string, string> {
  const items = splitList(text);
  if (items.length % 2 === 1) {
    throw new TclError('missing value to go with key');
  }
  return new Map(items.flatMap((key, at) => (at % 2 === 0 ? [[key, items[at + 1] ?? ''] as const] : [])));
}

function text(pairs: Iterable<readonly [string, string]>): string {
  return makeList([...pairs].flat());
}

/** A value inside nested dictionaries. */
function inside(dictionary: string, keys: readonly string[]): string | undefined {
  let value: string | undefined = dictionary;
  for (const key of keys) {
    value = value === undefined ? undefined : pairsIn(value).get(key);
  }
  return value;
}

function known(dictionary: string, keys: readonly string[]): string {
  let value = dictionary;
  for (const key of keys) {
    const next = pairsIn(value).get(key);
    if (next === undefined) {
      throw new TclError(`key "${key}" not known in dictionary`);
    }
    value = next;
  }
  return value;
}

function withValue(dictionary: string, keys: readonly string[], value: string): string {
  const [key = '', ...rest] = keys;
  const pairs = pairsIn(dictionary);
  pairs.set(key, rest.length === 0 ? value : withValue(pairs.get(key) ?? '', rest, value));
  return text(pairs);
}

function withoutValue(dictionary: string, keys: readonly string[]): string {
  const [key = '', ...rest] = keys;
  const pairs = pairsIn(dictionary);
  const value = pairs.get(key);
  if (rest.length === 0) {
    pairs.delete(key);
  } else if (value === undefined) {
    throw new TclError(`key "${key}" not known in dictionary`);
  } else {
    pairs.set(key, withoutValue(value, rest));
  }
  return text(pairs);
}

/** Changes one value of a dictionary in a variable. */
function changed(
  name: string,
  tcl: Tcl,
  of: { readonly key: string; readonly change: (value: string | undefined) => string },
): string {
  const pairs = pairsIn(tcl.peek(name) ?? '');
  pairs.set(of.key, of.change(pairs.get(of.key)));
  return tcl.set(name, text(pairs));
}

function integer(given: string): bigint {
  const value = parseInteger(given);
  if (value === undefined) {
    throw new TclError(`expected integer but got "${given}"`);
  }
  return value;
}

/** Runs a body for each pair; `take` gets its result, and whether it went on to its end. */
function each(
  [names = '', dictionary = '', body = '']: readonly string[],
  tcl: Tcl,
  take: (result: string, key: string) => void,
): void {
  const variables = splitList(names);
  const [key = '', value = ''] = variables;
  if (variables.length !== 2) {
    throw new TclError('must have exactly two variable names');
  }
  for (const [name, content] of pairsIn(dictionary)) {
    tcl.set(key, name);
    tcl.set(value, content);
    try {
      take(tcl.eval(body), name);
    } catch (error) {
      if (!(error instanceof Unwind) || (error.kind !== 'break' && error.kind !== 'continue')) {
        throw error;
      }
      if (error.kind === 'break') {
        return;
      }
    }
  }
}

const filters: Readonly<
  Record<string, (args: readonly string[], tcl: Tcl) => (key: string, value: string) => boolean>
> = {
  key: (patterns) => (key) => patterns.some((pattern) => globPattern(pattern).test(key)),
  value: (patterns) => (_key, value) => patterns.some((pattern) => globPattern(pattern).test(value)),
  script:
    ([names = '', body = ''], tcl) =>
    (key, value) => {
      const [first = '', second = ''] = splitList(names);
      tcl.set(first, key);
      tcl.set(second, value);
      return isTrue(tcl.eval(body));
    },
};

const filter: Command = ([dictionary = '', kind = '', ...args], tcl) => {
  const make = Object.hasOwn(filters, kind) ? filters[kind] : undefined;
  if (make === undefined) {
    throw new TclError(`bad filterType "${kind}": must be key, script, or value`);
  }
  const matches = make(args, tcl);
  return text([...pairsIn(dictionary)].filter(([key, value]) => matches(key, value)));
};

/** Writes variables back into a dictionary; one that is no longer there goes from it. */
function putBack(
  pairs: Map<string, string>,
  names: readonly (readonly [key: string, variable: string])[],
  tcl: Tcl,
): void {
  for (const [key, variable] of names) {
    const value = tcl.peek(variable);
    if (value === undefined) {
      pairs.delete(key);
    } else {
      pairs.set(key, value);
    }
  }
}

/** `dict update`, `dict with`: values of a dictionary as variables, while a body runs. */
function asVariables(
  name: string,
  names: (pairs: ReadonlyMap<string, string>) => readonly (readonly [key: string, variable: string])[],
  of: { readonly tcl: Tcl; readonly path?: readonly string[]; readonly body: string },
): string {
  const { tcl, path = [], body } = of;
  const before = pairsIn(known(tcl.get(name), path));
  const used = names(before);
  for (const [key, variable] of used) {
    const value = before.get(key);
    if (value === undefined) {
      tcl.unset(variable);
    } else {
      tcl.set(variable, value);
    }
  }
  try {
    return tcl.eval(body);
  } finally {
    const whole = tcl.peek(name);
    if (whole !== undefined) {
      const after = pairsIn(known(whole, path));
      putBack(after, used, tcl);
      tcl.set(name, path.length === 0 ? text(after) : withValue(whole, path, text(after)));
    }
  }
}

const update: Command = ([name = '', ...rest], tcl) => {
  const body = rest.at(-1) ?? '';
  const names = rest.slice(0, -1);
  const pairs = names.flatMap((key, at) => (at % 2 === 0 ? [[key, names[at + 1] ?? ''] as const] : []));
  return asVariables(name, () => pairs, { tcl, body });
};

const withAll: Command = ([name = '', ...rest], tcl) =>
  asVariables(name, (pairs) => Array.from(pairs.keys(), (key) => [key, key] as const), {
    tcl,
    path: rest.slice(0, -1),
    body: rest.at(-1) ?? '',
  });

const actions: Readonly<Record<string, Command>> = {
  append: ([name = '', key = '', ...texts], tcl) =>
    changed(name, tcl, { key, change: (value = '') => value + texts.join('') }),
  create: (args) => {
    if (args.length % 2 === 1) {
      throw new TclError('wrong # args: should be "dict create ?key value ...?"');
    }
    return text(pairsIn(makeList(args)));
  },
  exists: ([dictionary = '', ...keys]) => (inside(dictionary, keys) === undefined ? '0' : '1'),
  filter,
  for: (args, tcl) => {
    each(args, tcl, () => undefined);
    return '';
  },
  get: ([dictionary = '', ...keys]) => (keys.length === 0 ? text(pairsIn(dictionary)) : known(dictionary, keys)),
  incr: ([name = '', key = '', by = '1'], tcl) =>
    changed(name, tcl, { key, change: (value = '0') => String(integer(value) + integer(by)) }),
  info: ([dictionary = '']) => `${pairsIn(dictionary).size} entries in table`,
  keys: ([dictionary = '', pattern = '*']) =>
    makeList([...pairsIn(dictionary).keys()].filter((key) => globPattern(pattern).test(key))),
  lappend: ([name = '', key = '', ...items], tcl) =>
    changed(name, tcl, { key, change: (value = '') => makeList([...splitList(value), ...items]) }),
  map: (args, tcl) => {
    const made: (readonly [string, string])[] = [];
    each(args, tcl, (result, key) => made.push([key, result]));
    return text(made);
  },
  merge: (dictionaries) => text(new Map(dictionaries.flatMap((dictionary) => [...pairsIn(dictionary)]))),
  remove: ([dictionary = '', ...keys]) => text([...pairsIn(dictionary)].filter(([key]) => !keys.includes(key))),
  replace: ([dictionary = '', ...more]) => text(new Map([...pairsIn(dictionary), ...pairsIn(makeList(more))])),
  set: ([name = '', ...rest], tcl) =>
    tcl.set(name, withValue(tcl.peek(name) ?? '', rest.slice(0, -1), rest.at(-1) ?? '')),
  size: ([dictionary = '']) => String(pairsIn(dictionary).size),
  unset: ([name = '', ...keys], tcl) => tcl.set(name, withoutValue(tcl.peek(name) ?? '', keys)),
  update,
  values: ([dictionary = '', pattern = '*']) =>
    makeList([...pairsIn(dictionary).values()].filter((value) => globPattern(pattern).test(value))),
  with: withAll,
};

/** `dict`: values by keys, in a list. */
export const dictionary: Command = ([action = '', ...args], tcl) => {
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (run === undefined) {
    throw new TclError(`unknown or ambiguous subcommand "${action}": must be ${oneOf(Object.keys(actions))}`);
  }
  return run(args, tcl);
};

function oneOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')}, or ${names.at(-1) ?? ''}`;
}
