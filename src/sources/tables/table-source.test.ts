import { expect, it } from 'vitest';
import { extractOptions } from '../kubernetes/extract/index.ts';
import type { Table } from './row.ts';
import { TableSource } from './table-source.ts';

const { defaults } = extractOptions({ source: 'x', partition: 'k' });
const { signal } = new AbortController();
const COLUMNS = ['service', 'vip', 'port', 'member'];

/** A table of services, each a row; the port of the first is given. */
function tableOf(services: number, port: string): Table {
  const place = { file: 'vips.csv' };
  const rows = Array.from({ length: services }, (_, index) => {
    const cells = [`s${index}`, `10.0.0.${index + 1}`, index === 0 ? port : '80', '10.1.0.1:80'];
    return { place: { ...place, row: index + 2 }, values: new Map(COLUMNS.map((name, at) => [name, cells[at] ?? ''])) };
  });
  return { place, columns: COLUMNS, rows };
}

function sourceOf(read: () => Table, follow: (onChange: () => void) => Promise<void>): TableSource {
  return new TableSource(
    { read: async () => ({ tables: [read()], failed: [] }), follow: (_, onChange) => follow(onChange) },
    { source: 'sheet', partition: 'k', defaults, mapping: {}, badRows: 'freeze', allowEmpty: false },
  );
}

it('a look that finds the same table again does no work, however often it comes', async () => {
  const changes: string[][] = [];
  let table = tableOf(3, '80');
  let reads = 0;
  const source = sourceOf(
    () => {
      reads += 1;
      return table;
    },
    async (onChange) => {
      for (let times = 0; times < 3; times += 1) onChange();
    },
  );
  await source.read({ signal });
  const { extractions } = source.counters;
  const watch = () => source.watch({ signal, onChange: (cells) => changes.push([...cells]) });
  await watch();
  expect(source.counters.extractions).toBe(extractions);
  expect(changes).toEqual([]);
  // Rung three times in a row: one look sees all that there is.
  expect(reads).toBe(2);
  table = tableOf(3, '81');
  await watch();
  expect(changes.flat().every((cell) => cell.includes('s0'))).toBe(true);
  expect(changes).toHaveLength(1);
});
