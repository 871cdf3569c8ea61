import { TclError } from './error.ts';
import type { Command } from './interpreter.ts';
import { numberOf, parseInteger } from './number.ts';

/** One conversion of a format. */
interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly kind: string;
}

function integer(text: string): bigint {
  const value = parseInteger(text);
  if (value === undefined) {
    throw new TclError(`expected integer but got "${text}"`);
  }
  return value;
}

function real(text: string): number {
  const value = numberOf(text);
  if (value === undefined) {
    throw new TclError(`expected floating-point number but got "${text}"`);
  }
  return value;
}

/** Digits behind the point as C prints them: halves of what a double really is go to the even side. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(Math.min(100, digits));
  const half = value * 10 ** digits * 2;
  const isHalf = Number.isInteger(half) && half % 2 !== 0 && digits < 10 && Math.abs(half) < 2 ** 50;
  return isHalf ? ((Math.round(half / 4) * 2) / 10 ** digits).toFixed(digits) : text;
}

function exponent(value: number, digits: number): string {
  return value.toExponential(Math.min(100, digits)).replace(/e([+\-])(\d)$/v, 'e$10$2');
}

/** `%g`: the shorter of both, without zeros at its end. */
function general(value: number, precision: number): string {
  const digits = Math.max(1, precision);
  const power = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  if (power < -4 || power >= digits) {
    return exponent(value, digits - 1).replace(/\.?0+e/v, 'e');
  }
  const text = value.toFixed(Math.max(0, digits - 1 - power));
  return text.includes('.') ? text.replace(/\.?0+$/v, '') : text;
}

const bases: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  x: [16, '0x'],
  X: [16, '0X'],
  o: [8, '0'],
  b: [2, '0b'],
};

function based(text: string, { kind, flags }: Conversion): string {
  const [base, prefix] = bases[kind] ?? [10, ''];
  const value = integer(text);
  const digits = (value < 0n ? BigInt.asUintN(64, value) : value).toString(base);
  return (flags.includes('#') ? prefix : '') + (kind === 'X' ? digits.toUpperCase() : digits);
}

function signed(text: string, flags: string): string {
  return text.startsWith('-') ? text : (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + text;
}

/** The letter of a number; what is none is the letter that stands for such. */
function letter(code: bigint): string {
  return code >= 0n && code <= 0x10_ffffn ? String.fromCodePoint(Number(code)) : '\uFFFD';
}

type Converter = (text: string, conversion: Conversion) => string;

const whole: Converter = (text, { flags }) => signed(String(integer(text)), flags);
const scientific: Converter = (text, { flags, precision = 6 }) => signed(exponent(real(text), precision), flags);
const shortest: Converter = (text, { flags, precision = 6 }) => signed(general(real(text), precision), flags);

const converters: Readonly<Record<string, Converter>> = {
  b: based,
  c: (text) => letter(integer(text)),
  d: whole,
  e: scientific,
  E: (text, conversion) => scientific(text, conversion).toUpperCase(),
  f: (text, { flags, precision = 6 }) => signed(fixed(real(text), precision), flags),
  g: shortest,
  G: (text, conversion) => shortest(text, conversion).toUpperCase(),
  i: whole,
  o: based,
  s: (text, { precision }) => (precision === undefined ? text : text.slice(0, precision)),
  u: (text) => String(BigInt.asUintN(64, integer(text))),
  x: based,
  X: based,
};

function converted(text: string, conversion: Conversion): string {
  const { kind } = conversion;
  const converter = Object.hasOwn(converters, kind) ? converters[kind] : undefined;
  if (converter === undefined) {
    throw new TclError(`bad field specifier "${kind}"`);
  }
  return converter(text, conversion);
}

function padded(text: string, { flags, width, kind }: Conversion): string {
  if (flags.includes('-')) {
    return text.padEnd(width);
  }
  if (!flags.includes('0') || kind === 's' || kind === 'c') {
    return text.padStart(width);
  }
  const sign = /^[+\- ]/v.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** How wide a conversion may be. */
const WIDEST = 1_000_000;

const specifier =
  /%(?:(?<at>\d+)\$)?(?<flags>[\-0+ #]*)(?<width>\d{0,5}|\*)(?:\.(?<precision>\d{0,3}|\*))?(?:ll|[hlL])?(?<kind>[a-zA-Z%])/gv;

/** `format`. */
export const format: Command = ([template = '', ...args]) => {
  let next = 0;
  const take = (at?: string): string => {
    const value = args[at === undefined ? next : Number(at) - 1];
    next += at === undefined ? 1 : 0;
    if (value === undefined) {
      throw new TclError('not enough arguments for all format specifiers');
    }
    return value;
  };
  return template.replaceAll(specifier, (...match) => {
    const groups = match.at(-1) as Readonly<Record<string, string | undefined>>;
    const { at, flags = '', width = '', precision, kind = '' } = groups;
    if (kind === '%') {
      return '%';
    }
    const size = width === '*' ? Number(integer(take())) : Number(width);
    if (Math.abs(size) > WIDEST) {
      throw new TclError('a value is too large');
    }
    const digits =
      precision === '*' ? Number(integer(take())) : precision === undefined ? undefined : Number(precision);
    const conversion = { flags: size < 0 ? `${flags}-` : flags, width: Math.abs(size), precision: digits, kind };
    return padded(converted(take(at), conversion), conversion);
  });
};
