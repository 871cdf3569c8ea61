import { TclError } from './error.ts';
import type { Command } from './interpreter.ts';
import { parseInteger } from './number.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function two(number: number, fill = '0'): string {
  return String(number).padStart(2, fill);
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** What a letter behind `%` stands for; several stand for others. */
const fields: Readonly<Record<string, (date: Date) => string>> = {
  a: (date) => (days[date.getUTCDay()] ?? '').slice(0, 3),
  A: (date) => days[date.getUTCDay()] ?? '',
  b: (date) => (months[date.getUTCMonth()] ?? '').slice(0, 3),
  B: (date) => months[date.getUTCMonth()] ?? '',
  C: (date) => two(Math.floor(date.getUTCFullYear() / 100)),
  d: (date) => two(date.getUTCDate()),
  e: (date) => two(date.getUTCDate(), ' '),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  k: (date) => two(date.getUTCHours(), ' '),
  l: (date) => two(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12, ' '),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  n: () => '\n',
  N: (date) => two(date.getUTCMonth() + 1, ' '),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  S: (date) => two(date.getUTCSeconds()),
  t: () => '\t',
  u: (date) => String(date.getUTCDay() === 0 ? 7 : date.getUTCDay()),
  w: (date) => String(date.getUTCDay()),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  z: () => '+0000',
  Z: () => 'GMT',
};

const groups: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%Y',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%Y',
  X: '%H:%M:%S',
  '+': '%a %b %e %H:%M:%S %Z %Y',
};

function formatted(template: string, date: Date): string {
  return template.replaceAll(/%[EO]?(.)/gv, (whole, letter: string) => {
    if (letter === '%') {
      return '%';
    }
    const group = Object.hasOwn(groups, letter) ? groups[letter] : undefined;
    const field = Object.hasOwn(fields, letter) ? fields[letter] : undefined;
    return group === undefined ? (field?.(date) ?? whole) : formatted(group, date);
  });
}

function secondsOf(text: string): number {
  const value = parseInteger(text);
  if (value === undefined) {
    throw new TclError(`expected integer but got "${text}"`);
  }
  return Number(value);
}

const format: Command = ([time = '', ...options]) => {
  const at = options.indexOf('-format');
  const date = new Date(secondsOf(time) * 1000);
  return formatted(at < 0 ? '%a %b %d %H:%M:%S %Z %Y' : (options[at + 1] ?? ''), date);
};

/** `clock scan` of dates and times with digits: `2026-11-28 15:00:00`, `11/28/2026`, `20261128T150000`. */
const scan: Command = ([text = '']) => {
  const found =
    /^\s*(?:(?<y>\d{4})-?(?<m>\d{2})-?(?<d>\d{2})|(?<m2>\d{1,2})\/(?<d2>\d{1,2})\/(?<y2>\d{4}))(?:[T ]+(?<h>\d{1,2}):?(?<min>\d{2})(?::?(?<s>\d{2}))?)?\s*$/v.exec(
      text,
    )?.groups;
  if (found === undefined) {
    throw new TclError(`unable to convert date-time string "${text}"`);
  }
  const number = (...names: readonly string[]): number => Number(names.map((name) => found[name]).find(Boolean) ?? 0);
  const time = Date.UTC(
    number('y', 'y2'),
    number('m', 'm2') - 1,
    number('d', 'd2'),
    number('h'),
    number('min'),
    number('s'),
  );
  return String(Math.floor(time / 1000));
};

/** `clock` over a time in milliseconds; the device's time zone is UTC. */
export function clockCommand(now: () => number): Command {
  const actions: Readonly<Record<string, Command>> = {
    clicks: () => String(now()),
    format,
    microseconds: () => String(now() * 1000),
    milliseconds: () => String(now()),
    scan,
    seconds: () => String(Math.floor(now() / 1000)),
  };
  return ([action = '', ...args], tcl) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined) {
      throw new TclError(`unknown or ambiguous subcommand "${action}": must be ${Object.keys(actions).join(', ')}`);
    }
    return run(args, tcl);
  };
}
