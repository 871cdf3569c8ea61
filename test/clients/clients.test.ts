import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { clients } from './clients.ts';
import { judge, unplanned } from './judge.ts';
import { refusals } from './refusals.ts';
import { runAll } from './run.ts';
import { details, replaceBetween, summary } from './table.ts';

/** `CLIENTS=f5-sdk,bigrest` runs only those, and leaves the tables alone. */
const wanted = process.env['CLIENTS']?.split(',');
const chosen = clients.filter(({ name }) => wanted === undefined || wanted.includes(name));
const runs = await runAll(chosen, (line) => process.stderr.write(`clients: ${line}\n`));
const all = runs.map((run) => ({ run, judged: judge(run, refusals) }));

describe.each(all)('$run.client.package against TMOS $run.release', ({ run, judged }) => {
  it.each(judged)('$plan.resource', ({ verdicts }) => {
    const failed = verdicts.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ operation, reason }) => `${operation}: ${reason}`)).toEqual([]);
  });

  it('came to its end, and told of nothing that it had not planned', () => {
    expect({ code: run.code, said: run.code === 0 ? '' : run.said, unplanned: unplanned(run) }).toEqual({
      code: 0,
      said: '',
      unplanned: [],
    });
    expect(judged.length).toBeGreaterThan(0);
  });
});

describe.skipIf(wanted !== undefined)('with all clients (skipped when CLIENTS chooses some)', () => {
  it('every listed refusal happened', () => {
    const used = new Set(all.flatMap(({ judged }) => judged.flatMap((each) => each.verdicts.map((v) => v.allowed))));
    expect(refusals.filter((each) => !used.has(each))).toEqual([]);
  });

  it.each([
    ['docs/emulator.md', summary(all)],
    ['docs/emulator-clients.md', details(all)],
  ])('%s holds the table of this run (UPDATE_CLIENTS=1 writes it)', (name, table) => {
    const file = path.join(import.meta.dirname, '..', '..', name);
    const document = readFileSync(file, 'utf8');
    const updated = replaceBetween(document, table);
    if (process.env['UPDATE_CLIENTS'] === '1') writeFileSync(file, updated);
    expect(readFileSync(file, 'utf8')).toBe(updated);
  });
});
