import { TclError } from './error.ts';
import { isTrue } from './operators.ts';
import { parseNumber, printValue, type Value } from './number.ts';

function real(value: Value): number {
  const number = parseNumber(value);
  if (number === undefined) {
    throw new TclError(`expected floating-point number but got "${printValue(value)}"`);
  }
  return Number(number);
}

function either(value: Value): bigint | number {
  const number = parseNumber(value);
  if (number === undefined) {
    throw new TclError(`expected number but got "${printValue(value)}"`);
  }
  return number;
}

function whole(value: Value, rounded: (number: number) => number): bigint {
  const number = either(value);
  if (typeof number === 'bigint') {
    return number;
  }
  if (!Number.isFinite(number)) {
    throw new TclError('integer value too large to represent');
  }
  return BigInt(rounded(number));
}

function absolute(value: Value): bigint | number {
  const number = either(value);
  return number < 0 ? -number : number;
}

/** Half away from zero. */
function rounded(number: number): number {
  const size = Math.abs(number);
  const floor = Math.floor(size);
  return Math.sign(number) * (size - floor >= 0.5 ? floor + 1 : floor);
}

function extreme(values: readonly Value[], isBetter: (a: bigint | number, b: bigint | number) => boolean): Value {
  values.forEach(real);
  return values.map(either).reduce((best, each) => (isBetter(each, best) ? each : best));
}

function int64(value: Value): bigint {
  return BigInt.asIntN(64, whole(value, Math.trunc));
}

type MathFunction = (...args: readonly Value[]) => Value;

function ofOne(work: (x: number) => number): MathFunction {
  return (x = 0n) => work(real(x));
}

function ofTwo(work: (x: number, y: number) => number): MathFunction {
  return (x = 0n, y = 0n) => work(real(x), real(y));
}

/** Functions with how many arguments they take; undefined: one or more. */
const functions: Readonly<Record<string, readonly [number | undefined, MathFunction]>> = {
  abs: [1, (x = 0n) => absolute(x)],
  acos: [1, ofOne(Math.acos)],
  asin: [1, ofOne(Math.asin)],
  atan: [1, ofOne(Math.atan)],
  atan2: [2, ofTwo(Math.atan2)],
  bool: [1, (x = 0n) => (isTrue(x) ? 1n : 0n)],
  ceil: [1, ofOne(Math.ceil)],
  cos: [1, ofOne(Math.cos)],
  cosh: [1, ofOne(Math.cosh)],
  double: [1, ofOne((x) => x)],
  entier: [1, (x = 0n) => whole(x, Math.trunc)],
  exp: [1, ofOne(Math.exp)],
  floor: [1, ofOne(Math.floor)],
  fmod: [2, ofTwo((x, y) => x % y)],
  hypot: [2, ofTwo(Math.hypot)],
  int: [1, (x = 0n) => int64(x)],
  log: [1, ofOne(Math.log)],
  log10: [1, ofOne(Math.log10)],
  max: [undefined, (...all) => extreme(all, (a, b) => a > b)],
  min: [undefined, (...all) => extreme(all, (a, b) => a < b)],
  pow: [2, ofTwo((x, y) => x ** y)],
  rand: [0, () => Math.random()],
  round: [1, (x = 0n) => whole(x, rounded)],
  sin: [1, ofOne(Math.sin)],
  sinh: [1, ofOne(Math.sinh)],
  sqrt: [1, ofOne(Math.sqrt)],
  tan: [1, ofOne(Math.tan)],
  tanh: [1, ofOne(Math.tanh)],
  wide: [1, (x = 0n) => int64(x)],
};

/** The function of a name. Throws TclError when there is none. */
export function mathFunction(name: string): MathFunction {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found === undefined) {
    throw new TclError(`invalid command name "tcl::mathfunc::${name}"`);
  }
  const [count, work] = found;
  return (...args) => {
    if (args.length !== (count ?? Math.max(1, args.length))) {
      const kind = args.length < (count ?? 1) ? 'few' : 'many';
      throw new TclError(`too ${kind} arguments for math function "${name}"`);
    }
    const result = work(...args);
    if (typeof result === 'number' && Number.isNaN(result)) {
      throw new TclError('domain error: argument not in valid range');
    }
    return result;
  };
}
