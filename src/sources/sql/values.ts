import type { CellFault } from '../tables/row.ts';

/** A value as a database gives it, as text; `null`: NULL. */
export type SqlValue = string | null | CellFault;

/** A number as text: a whole one has no decimals, whatever the scale of its column. */
export function numberText(text: string): string {
  return /^(-?\d+)\.0+$/.exec(text)?.[1] ?? text;
}

/** JSON as text: a list of scalars is its values with commas between them, anything else as the server prints it. */
export function jsonText(text: string): string {
  const value: unknown = text.startsWith('[') ? parsed(text) : undefined;
  if (!Array.isArray(value) || value.some((one) => typeof one === 'object' && one !== null)) return text;
  return listText(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The values of a list, however deep, with commas between them; NULL is none. */
export function listText(values: readonly unknown[]): string {
  return values
    .flat(Number.POSITIVE_INFINITY)
    .filter((value) => value !== null)
    .map(String)
    .join(',');
}

/** An address of PostgreSQL's inet or cidr: a host has no length. */
export function hostText(text: string): string {
  return text.replace(text.includes(':') ? /\/128$/ : /\/32$/, '');
}

/** What stands for bytes that are no text. */
export function binaryFault(bytes: number, remedy: string): CellFault {
  return { found: `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} of binary data`, remedy };
}
