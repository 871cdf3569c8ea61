import { TclError } from './error.ts';

/** A place in something of a length: `3`, `end`, `end-1`, `2+1`. */
export function placeOf(text: string, length: number): number {
  const match = /^(?<base>end|-?\d+)(?:(?<sign>[+\-])(?<by>\d+))?$/v.exec(text.trim())?.groups;
  if (match === undefined) {
    throw new TclError(`bad index "${text}": must be integer?[+-]integer? or end?[+-]integer?`);
  }
  const base = match['base'] === 'end' ? length - 1 : Number(match['base']);
  return base + Number(match['by'] ?? 0) * (match['sign'] === '-' ? -1 : 1);
}
