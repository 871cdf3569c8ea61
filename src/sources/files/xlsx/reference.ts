/** A part of a sheet, all ends included; counted from 1. An end that is left out is that of the sheet. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The number of a column: A is 1, AA is 27. */
export function columnNumber(letters: string): number {
  return Array.from(letters.toUpperCase()).reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}

/** The letters of a column: 1 is A, 27 is AA. */
export function columnLetters(number: number): string {
  const rest = (number - 1) % 26;
  const before = Math.floor((number - 1) / 26);
  return (before === 0 ? '' : columnLetters(before)) + String.fromCodePoint(65 + rest);
}

/** `B3`, with or without `$`; undefined: it is no cell. */
export function parseCell(text: string): { readonly column: number; readonly row: number } | undefined {
  const [, letters, digits] = /^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})$/.exec(text) ?? [];
  return letters === undefined ? undefined : { column: columnNumber(letters), row: Number(digits) };
}

const AREA = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})?:\$?([A-Z]{1,3})\$?([1-9]\d{0,6})?$/i;

/** `B3:K200`, or `B3:K` (down to the end), or `B:K`; undefined: it is no area, or one turned around. */
export function parseArea(text: string): Area | undefined {
  const [, first, top, last, bottom] = AREA.exec(text) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const area = {
    left: columnNumber(first),
    top: top === undefined ? 1 : Number(top),
    right: columnNumber(last),
    bottom: bottom === undefined ? Number.POSITIVE_INFINITY : Number(bottom),
  };
  return area.left <= area.right && area.top <= area.bottom ? area : undefined;
}
