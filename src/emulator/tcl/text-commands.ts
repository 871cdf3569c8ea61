import { globPattern } from './glob.ts';
import { TclError } from './error.ts';
import type { Command, Tcl } from './interpreter.ts';
import { placeOf } from './list-commands.ts';
import { makeList, splitList } from './list.ts';
import { numberOf, parseInteger } from './number.ts';
import { truthOf } from './operators.ts';
import { compileRegex } from './regex.ts';

type Table = Readonly<Record<string, Command>>;

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

function mapped(pairs: readonly string[], text: string): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const place = pairs.findIndex((key, each) => each % 2 === 0 && key !== '' && text.startsWith(key, at));
    result += place < 0 ? text.charAt(at) : (pairs[place + 1] ?? '');
    at += place < 0 ? 1 : (pairs[place]?.length ?? 1);
  }
  return result;
}

const classes: Readonly<Record<string, (text: string) => boolean>> = {
  integer: (text) => text === '' || parseInteger(text) !== undefined,
  digit: (text) => /^\d*$/v.test(text),
  double: (text) => text === '' || numberOf(text) !== undefined,
  alpha: (text) => /^\p{L}*$/v.test(text),
  alnum: (text) => /^[\p{L}\p{N}]*$/v.test(text),
  space: (text) => /^\s*$/v.test(text),
  true: (text) => truthOf(text) === true,
  false: (text) => truthOf(text) === false,
  boolean: (text) => truthOf(text) !== undefined,
};

const blanks = ' \t\n\r\v\f\0';

const operations: Readonly<Record<string, (args: readonly string[], flags: ReadonlySet<string>) => string>> = {
  length: ([text = '']) => String(text.length),
  index: ([text = '', place = '0']) => text[placeOf(place, text.length)] ?? '',
  range: ([text = '', first = '0', last = 'end']) =>
    text.slice(Math.max(0, placeOf(first, text.length)), placeOf(last, text.length) + 1),
  tolower: ([text = '']) => text.toLowerCase(),
  toupper: ([text = '']) => text.toUpperCase(),
  totitle: ([text = '']) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
  trim: ([text = '', letters = blanks]) => trimmed(text, letters, { left: true, right: true }),
  trimleft: ([text = '', letters = blanks]) => trimmed(text, letters, { left: true, right: false }),
  trimright: ([text = '', letters = blanks]) => trimmed(text, letters, { left: false, right: true }),
  map: ([pairs = '', text = '']) => mapped(splitList(pairs), text),
  match: ([pattern = '', text = ''], flags) =>
    globPattern(pattern, flags.has('-nocase') ? 'svi' : 'sv').test(text) ? '1' : '0',
  equal: ([a = '', b = ''], flags) =>
    (flags.has('-nocase') ? a.toLowerCase() === b.toLowerCase() : a === b) ? '1' : '0',
  compare: ([a = '', b = '']) => (a < b ? '-1' : a > b ? '1' : '0'),
  first: ([needle = '', text = '', from = '0']) => String(text.indexOf(needle, placeOf(from, text.length))),
  last: ([needle = '', text = '']) => String(text.lastIndexOf(needle)),
  repeat: ([text = '', count = '0']) => {
    if (text.length * Number(count) > 16 * 1024 * 1024) {
      throw new TclError('a value is too large');
    }
    return text.repeat(Math.max(0, Number(count)));
  },
  replace: ([text = '', first = '0', last = '0', by = '']) =>
    text.slice(0, Math.max(0, placeOf(first, text.length))) + by + text.slice(placeOf(last, text.length) + 1),
  reverse: ([text = '']) => Array.from(text).toReversed().join(''),
  is: ([kind = '', text = ''], flags) => {
    const test = Object.hasOwn(classes, kind) ? classes[kind] : undefined;
    return test?.(text) === true && !(flags.has('-strict') && text === '') ? '1' : '0';
  },
};

const string: Command = ([action = '', ...given]) => {
  const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
  if (operation === undefined) {
    throw new TclError(`unknown or ambiguous subcommand "${action}"`);
  }
  const flags = new Set(given.filter((arg, at) => /^-(?:nocase|strict)$/v.test(arg) && at < given.length - 1));
  return operation(
    given.filter((arg) => !flags.has(arg)),
    flags,
  );
};

function integer(text: string): bigint {
  const value = parseInteger(text);
  if (value === undefined) {
    throw new TclError(`expected integer but got "${text}"`);
  }
  return value;
}

function formatted(kind: string, value: string, precision: string | undefined): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return String(integer(value));
    case 'x':
      return integer(value).toString(16);
    case 'X':
      return integer(value).toString(16).toUpperCase();
    case 'o':
      return integer(value).toString(8);
    case 'f':
      return (numberOf(value) ?? 0).toFixed(Math.min(20, Number(precision ?? 6)));
    case 'c':
      return String.fromCharCode(Number(value));
    default:
      return precision === undefined ? value : value.slice(0, Number(precision));
  }
}

const format: Command = ([template = '', ...given]) => {
  const args = [...given];
  return template.replaceAll(
    /%(?<flags>[\-0+ #]*)(?<width>\d{0,4})(?:\.(?<precision>\d+))?l?(?<kind>[a-zA-Z%])/gv,
    (...match) => {
      const groups = match.at(-1) as Record<string, string | undefined>;
      const { flags = '', width = '', precision, kind = '' } = groups;
      if (kind === '%') {
        return '%';
      }
      const text = formatted(kind, args.shift() ?? '', precision);
      const size = Number(width);
      return flags.includes('-') ? text.padEnd(size) : text.padStart(size, flags.includes('0') ? '0' : ' ');
    },
  );
};

function regular(pattern: string, options: ReadonlySet<string>, all: boolean): RegExp {
  return compileRegex(pattern, { nocase: options.has('-nocase'), line: options.has('-line'), all });
}

function switches(given: readonly string[]): { options: ReadonlySet<string>; args: readonly string[] } {
  const options = new Set<string>();
  let at = 0;
  for (; given[at]?.startsWith('-') === true; at += 1) {
    options.add(given[at] ?? '');
    if (given[at] === '--') {
      return { options, args: given.slice(at + 1) };
    }
  }
  return { options, args: given.slice(at) };
}

/** The options of `regexp` and `regsub` that are there; others would change what the arguments mean. */
const patternOptions = new Set(['-all', '-inline', '-line', '-nocase', '--']);

function patternSwitches(given: readonly string[]): ReturnType<typeof switches> {
  const read = switches(given);
  const unknown = [...read.options].find((option) => !patternOptions.has(option));
  if (unknown !== undefined) {
    throw new TclError(`bad option "${unknown}": must be -all, -inline, -line, -nocase, or --`);
  }
  return read;
}

const regexp: Command = (given, tcl) => {
  const { options, args } = patternSwitches(given);
  const [pattern = '', text = '', ...names] = args;
  const found = [...text.matchAll(regular(pattern, options, true))];
  const matches = options.has('-all') ? found : found.slice(0, 1);
  if (options.has('-inline')) {
    return makeList(matches.flatMap((match) => Array.from(match, (each: string | undefined) => each ?? '')));
  }
  const last = matches.at(-1);
  if (last !== undefined) {
    names.forEach((name, at) => tcl.set(name, last[at] ?? ''));
  }
  return String(matches.length);
};

/** `&` and `\\1` of a replacement. */
function filled(template: string, match: readonly (string | undefined)[]): string {
  return template.replaceAll(/\\([&\\\d])|&/gv, (whole, escaped: string | undefined) => {
    if (whole === '&') {
      return match[0] ?? '';
    }
    return /\d/v.test(escaped ?? '') ? (match[Number(escaped)] ?? '') : (escaped ?? '');
  });
}

const regsub: Command = (given, tcl) => {
  const { options, args } = patternSwitches(given);
  const [pattern = '', text = '', template = '', name] = args;
  let count = 0;
  const result = text.replace(regular(pattern, options, options.has('-all')), (...match: unknown[]) => {
    count += 1;
    return filled(
      template,
      match.filter(
        (each): each is string | undefined => typeof each !== 'number' && each !== null && typeof each !== 'object',
      ),
    );
  });
  if (name === undefined) {
    return result;
  }
  tcl.set(name, result);
  return String(count);
};

const info: Command = ([action = '', name = ''], tcl) => {
  switch (action) {
    case 'exists':
      return tcl.peek(name) === undefined && tcl.variable(name)?.array === undefined ? '0' : '1';
    case 'commands':
    case 'procs':
      return makeList(
        [...tcl.commands.keys()].filter((each) => name === '' || globPattern(name.replace(/^::/v, '')).test(each)),
      );
    case 'level':
      return String(tcl.level);
    case 'script':
      return '';
    case 'tclversion':
    case 'patchlevel':
      return '8.4';
    case 'vars':
    case 'locals':
      return makeList([...tcl.frame.variables.keys()]);
    default:
      throw new TclError(`unknown or ambiguous subcommand "${action}"`);
  }
};

function refuse(name: string): Command {
  return () => {
    throw new TclError(`${name}: not allowed here`);
  };
}

function put(args: readonly string[], tcl: Tcl): string {
  const isBare = args[0] === '-nonewline';
  const rest = isBare ? args.slice(1) : args;
  const text = rest.at(-1) ?? '';
  if (rest.length === 1 || rest[0] === 'stdout' || rest[0] === 'stderr') {
    tcl.output += isBare ? text : `${text}\n`;
    if (tcl.output.length > 16 * 1024 * 1024) {
      throw new TclError('too much output');
    }
    return '';
  }
  throw new TclError(`can not find channel named "${rest[0] ?? ''}"`);
}

/** Variables, texts, patterns, and what a script asks of the interpreter. Files, sockets and programs are refused. */
export const textCommands: Table = {
  set: ([name = '', value], tcl) => (value === undefined ? tcl.get(name) : tcl.set(name, value)),
  unset: (given, tcl) => {
    const { options, args } = switches(given);
    for (const name of args) {
      if (!tcl.unset(name) && !options.has('-nocomplain')) {
        throw new TclError(`can't unset "${name}": no such variable`);
      }
    }
    return '';
  },
  incr: ([name = '', by = '1'], tcl) => tcl.set(name, String(integer(tcl.peek(name) ?? '0') + integer(by))),
  append: ([name = '', ...texts], tcl) => tcl.set(name, (tcl.peek(name) ?? '') + texts.join('')),
  string,
  format,
  regexp,
  regsub,
  info,
  puts: put,
  subst: ([text = '', ...more], tcl) => tcl.subst(more.at(-1) ?? text),
  package: ([action = '']) => (action === 'require' ? '1.0.0' : ''),
  // A pause changes nothing that a script could wait for.
  after: () => '',
  flush: () => '',
  exec: refuse('exec'),
  open: refuse('open'),
  socket: refuse('socket'),
  source: refuse('source'),
  file: refuse('file'),
  glob: refuse('glob'),
  load: refuse('load'),
};
