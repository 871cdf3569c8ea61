import { walkXml } from './xml.ts';

/** Numbers of formats that are dates or times in every workbook (ECMA-376 part 1, 18.8.30). */
const BUILT_IN: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** Whether the cells of a style show their number as a date or time, style by style. */
export function readDateStyles(styles: Uint8Array | undefined, part: string): readonly boolean[] {
  if (styles === undefined) return [];
  const custom = new Map<number, string>();
  const formats: number[] = [];
  let isInCellStyles = false;
  walkXml(styles, part, {
    open: ({ name, attributes }) => {
      if (name === 'numFmt') custom.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') isInCellStyles = true;
      if (name === 'xf' && isInCellStyles) formats.push(Number(attributes['numFmtId'] ?? 0));
    },
    close: (name) => {
      if (name === 'cellXfs') isInCellStyles = false;
    },
  });
  return formats.map((format) => {
    const code = custom.get(format);
    return code === undefined ? BUILT_IN.some(([from, to]) => format >= from && format <= to) : isDateCode(code);
  });
}

/** Letters of dates and times outside of quotes, escapes and brackets; brackets hold `[h]`, or colours and languages. */
function isDateCode(code: string): boolean {
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return true;
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general/gi, '');
  return /[dmyhs]/i.test(bare);
}

const DAY_MS = 86_400_000;
/** Days from the beginning of 1970 back to day 0 of the two ways to count: 30 December 1899, 1 January 1904. */
const EPOCHS = { since1900: 25_569, since1904: 24_107 };

/** The date that a number stands for, as text: `2024-01-31`, with the time if there is one. */
export function printSerial(serial: number, isSince1904: boolean): string {
  // The year 1900 had no 29 February, but its numbers have.
  const days = !isSince1904 && serial < 60 ? serial + 1 : serial;
  const date = new Date(Math.round((days - (isSince1904 ? EPOCHS.since1904 : EPOCHS.since1900)) * DAY_MS));
  if (Number.isNaN(date.getTime())) return String(serial);
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}
