import { SCENARIOS } from './result.ts';
import type { Result, Scenario } from './result.ts';

/** A table: a head and rows of the same length. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const COLUMNS: readonly (readonly [string, (result: Result) => number | string])[] = [
  ['scenario', ({ scenario }) => scenario],
  ['Services', ({ services }) => services],
  ['requests', ({ requests }) => requests],
  ['writes', ({ writes }) => writes],
  ['KiB', ({ bytes }) => bytes / 1024],
  ['own ms p50', ({ ownMs }) => ownMs.p50],
  ['own ms p99', ({ ownMs }) => ownMs.p99],
  ['loop late ms', ({ loopDelayMs }) => loopDelayMs],
  ['peak RSS MiB', ({ peakRssMiB }) => peakRssMiB],
  ['extractions', ({ counters }) => counters.extractions],
  ['merges', ({ counters }) => counters.merges],
  ['diffs', ({ counters }) => counters.diffs],
];

/** All results, scenario by scenario, each from the smallest size to the largest. */
export function resultTable(results: readonly Result[]): Table {
  return {
    head: COLUMNS.map(([name]) => name),
    rows: inOrder(results).map((result) => COLUMNS.map(([, of]) => formatCell(of(result)))),
  };
}

/** What the largest size costs in units of the smallest; no rows if there is one size only. */
export function ratioTable(results: readonly Result[]): Table {
  const rows = SCENARIOS.flatMap((scenario) => {
    const same = inOrder(results).filter((result) => result.scenario === scenario);
    const [smallest, largest] = [same[0], same.at(-1)];
    return smallest === undefined || largest === undefined || smallest === largest
      ? []
      : [ratioRow(scenario, smallest, largest)];
  });
  return { head: ['scenario', 'sizes', 'requests', 'own ms p50', 'peak RSS', 'diffs'], rows };
}

function ratioRow(scenario: Scenario, smallest: Result, largest: Result): readonly string[] {
  const ratio = (of: (result: Result) => number): string =>
    of(smallest) === 0 ? '-' : `x ${formatNumber(of(largest) / of(smallest))}`;
  return [
    scenario,
    `${formatNumber(largest.services)} to ${formatNumber(smallest.services)}`,
    ratio(({ requests }) => requests),
    ratio(({ ownMs }) => ownMs.p50),
    ratio(({ peakRssMiB }) => peakRssMiB),
    ratio(({ counters }) => counters.diffs),
  ];
}

function inOrder(results: readonly Result[]): readonly Result[] {
  const place = ({ scenario }: Result): number => SCENARIOS.indexOf(scenario);
  return results.toSorted((a, b) => place(a) - place(b) || a.services - b.services);
}

function formatCell(value: number | string): string {
  return typeof value === 'string' ? value : formatNumber(value);
}

/** Three digits that matter, and commas between thousands: `1.69`, `27.3`, `12,345`. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** For terminals: columns, numbers to the right. */
export function textTable({ head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return [head, ...rows].map((row) => `${row.map(pad).join('  ')}\n`).join('');
}

/** For documents. */
export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('');
}
