/** A value within `expr`: an integer, a double, or text. */
export type Value = bigint | number | string;

const whole = /^\s*([+\-]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))\s*$/v;
const double = /^\s*[+\-]?(?:\d+\.?\d*(?:[eE][+\-]?\d+)?|\.\d+(?:[eE][+\-]?\d+)?|inf(?:inity)?)\s*$/iv;

/** An integer as Tcl reads it: decimal, hexadecimal, binary, octal with a leading 0; undefined for other text. */
export function parseInteger(text: string): bigint | undefined {
  const found = whole.exec(text);
  if (found === null) {
    return undefined;
  }
  const [, sign, hex, binary, octal, decimal = '0'] = found;
  const bases = [
    [hex, '0x'],
    [binary, '0b'],
    [octal, '0o'],
  ] as const;
  const based = bases.find(([digits]) => digits !== undefined);
  const value = BigInt(based === undefined ? decimal : `${based[1]}${based[0] ?? ''}`);
  return sign === '-' ? -value : value;
}

/** A number as Tcl reads it; undefined for other text. */
export function parseNumber(value: Value): bigint | number | undefined {
  if (typeof value !== 'string') {
    return value;
  }
  const integer = parseInteger(value);
  // `08` is a wrong octal number, and so is none.
  if (integer !== undefined || !double.test(value) || /^\s*[+\-]?0\d+\s*$/v.test(value)) {
    return integer;
  }
  return Number(value.toLowerCase().replace(/inf(?:inity)?/v, 'Infinity'));
}

/** A number as JavaScript's, with the loss that this has for large integers; undefined for other text. */
export function numberOf(value: Value): number | undefined {
  const number = parseNumber(value);
  return number === undefined ? undefined : Number(number);
}

/** A double as Tcl prints it: always with a point or an exponent. */
function printDouble(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e17 || size < 1e-4)) {
    return value.toExponential();
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** A value as text. */
export function printValue(value: Value): string {
  return typeof value === 'number' ? printDouble(value) : String(value);
}
