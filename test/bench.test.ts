import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../bench/arguments.ts';
import { replaceResults } from '../bench/document.ts';
import type { EmulatorResult } from '../bench/emulator-scenarios.ts';
import { brokenCounts, emulatorTargets, replaceEmulatorResults } from '../bench/emulator-report.ts';
import { brokenInvariants } from '../bench/invariants.ts';
import { difference, percentile, summarise } from '../bench/result.ts';
import type { Result } from '../bench/result.ts';
import { formatNumber, markdownTable, ratioTable, resultTable, textTable } from '../bench/table.ts';
import { targetsOf } from '../bench/targets.ts';

const WORK = { extractions: 1, merges: 1, diffs: 1, requests: 1 };

function result(given: Partial<Result> = {}): Result {
  return {
    scenario: 'pod-change',
    services: 100,
    endpoints: 1000,
    requests: 1,
    writes: 1,
    bytes: 2048,
    ownMs: { p50: 1.5, p99: 12.34 },
    peakRssMiB: 150,
    loopDelayMs: 20,
    counters: WORK,
    ...given,
  };
}

describe('percentiles', () => {
  it('are values that were measured, by nearest rank, whatever the order', () => {
    const values = Array.from({ length: 50 }, (_, index) => 50 - index);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([25, 50, 50]);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('a summary of changes', () => {
  it('tells the most of each count, and percentiles of the times', () => {
    const sample = { requests: 1, writes: 1, bytes: 10, ownMs: 1, counters: WORK };
    const dear = { ...sample, requests: 2, bytes: 30, ownMs: 9, counters: { ...WORK, diffs: 4 } };
    expect(summarise([sample, dear, sample])).toEqual({
      requests: 2,
      writes: 1,
      bytes: 30,
      ownMs: { p50: 1, p99: 9 },
      counters: { ...WORK, diffs: 4 },
    });
  });

  it('counts the work between two readings', () => {
    const before = { extractions: 200, merges: 300, diffs: 1301, requests: 14 };
    const after = { extractions: 201, merges: 302, diffs: 1304, requests: 18 };
    expect(difference(after, before)).toEqual({ extractions: 1, merges: 2, diffs: 3, requests: 4 });
  });
});

describe('what must hold', () => {
  it('holds for one request a change and no write at a restart', () => {
    expect(
      brokenInvariants([result(), result({ services: 10_000 }), result({ scenario: 'restart', writes: 0 })]),
    ).toEqual([]);
  });

  it('is broken by a restart that writes', () => {
    expect(brokenInvariants([result({ scenario: 'restart', writes: 2 })])).toEqual([
      'restart at 100 Services: 2 writes, expected 0',
    ]);
  });

  it('is broken by a pod change of more or fewer than one request', () => {
    for (const requests of [0, 2]) {
      expect(brokenInvariants([result({ requests })])).toEqual([
        `pod-change at 100 Services: ${requests} requests and 1 writes for one change, expected 1 and 1`,
      ]);
    }
  });

  it('is broken by a pod change that is more work at one size than at another', () => {
    const many = result({ services: 10_000, counters: { ...WORK, diffs: 2 } });
    expect(brokenInvariants([result(), many])).toEqual([
      'pod-change: diffs is 2 at 10000 Services and 1 at 100, expected the same',
    ]);
  });

  it('is broken by what was not counted or measured', () => {
    const { merges: _, ...rest } = WORK;
    const blind = result({ counters: rest as Result['counters'], peakRssMiB: 0 });
    expect(brokenInvariants([blind])).toEqual([
      'pod-change at 100 Services: the counter merges is missing',
      'pod-change at 100 Services: time or memory was not measured',
    ]);
  });
});

describe('tables', () => {
  const results = [
    result({ services: 10_000, ownMs: { p50: 3, p99: 20 }, peakRssMiB: 300 }),
    result(),
    result({ scenario: 'restart', requests: 14, writes: 0 }),
  ];

  it('are in the order of scenarios and sizes, however they came in', () => {
    const { rows } = resultTable(results);
    expect(rows.map(([scenario, services]) => `${scenario} ${services}`)).toEqual([
      'restart 100',
      'pod-change 100',
      'pod-change 10,000',
    ]);
  });

  it('compare the largest size with the smallest, where there are two', () => {
    expect(ratioTable(results).rows).toEqual([['pod-change', '10,000 to 100', 'x 1', 'x 2', 'x 2', 'x 1']]);
  });

  it('are columns on a terminal, and Markdown in documents', () => {
    const table = { head: ['name', 'n'], rows: [['a', '1,000']] };
    expect(textTable(table)).toBe('name      n\na     1,000\n');
    expect(markdownTable(table)).toBe('| name | n |\n| --- | ---: |\n| a | 1,000 |\n');
  });

  it('show three digits that matter', () => {
    expect([0, 1.694, 27.34, 123.4, 12_345.6].map(formatNumber)).toEqual(['0', '1.69', '27.3', '123', '12,346']);
  });
});

describe('targets', () => {
  it('are looked at where they are set, and missed by what is above', () => {
    const many = { services: 10_000, endpoints: 100_000 };
    const results = [
      result({ ...many, ownMs: { p50: 5.1, p99: 6 } }),
      result({ ...many, scenario: 'restart', writes: 0, peakRssMiB: 390 }),
      result({ scenario: 'restart', writes: 0, peakRssMiB: 900 }),
    ];
    expect(targetsOf(results).map(({ found, met }) => [found, met])).toEqual([
      ['1', true],
      ['5.1 ms', false],
      ['0 writes', true],
      ['409 MB', false],
    ]);
  });
});

describe('the document', () => {
  it('has a place for the results, which are all that changes', async () => {
    const file = path.resolve(import.meta.dirname, '../docs/performance.md');
    const document = await readFile(file, 'utf8');
    const written = replaceResults(document, [result()]);
    expect(written).toContain('| pod-change | 100 | 1 | 1 | 2 |');
    expect(replaceResults(written, [result({ requests: 2 })])).not.toContain('| pod-change | 100 | 1 | 1 |');
    const frame = (text: string): readonly string[] => text.split(/<!-- results:start -->[^]*<!-- results:end -->/);
    expect(frame(written)).toEqual(frame(document));
  });

  it('is not written if it has none', () => {
    expect(() => replaceResults('no marks', [])).toThrow('lacks <!-- results:start -->');
  });
});

describe('the command line', () => {
  it('runs everything unless told otherwise', () => {
    expect(readArguments([])).toEqual({
      services: [100, 1000, 10_000],
      scenarios: ['first-sync', 'restart', 'pod-change', 'service-added', 'one-broken'],
      output: 'text',
      writeDocs: false,
    });
    expect(readArguments(['--services', '5', '--scenarios', 'restart', '--output', 'json', '--write-docs'])).toEqual({
      services: [5],
      scenarios: ['restart'],
      output: 'json',
      writeDocs: true,
    });
    expect(readArguments(['--help'])).toBeUndefined();
  });

  it.each([
    [['--services', '100,x'], '--services: found "x"'],
    [['--services', '0'], '--services: found "0"'],
    [['--services', '60001'], '--services: found "60001"'],
    [['--scenarios', 'first'], '--scenarios: found "first"'],
    [['--output', 'xml'], '--output: found "xml"'],
    [['--speed'], '--speed'],
  ])('refuses %j', (args, words) => {
    expect(() => readArguments(args)).toThrow(words);
  });
});

describe('the report of the bench of the emulator', () => {
  const rate = { perSecond: 900, perCpuSecond: 2500 };
  const rates = { read: rate, list: rate, create: { ...rate, perCpuSecond: 1999 }, modify: rate, delete: rate };
  const measured: EmulatorResult = {
    format: 'fairlead.bench.emulator/v1',
    pinned: true,
    sizes: { requests: 10, creates: 1000, objects: 20_000 },
    rates,
    ratesKept: rates,
    commitMs: 300,
    committed: 5000,
    memory: { objects: 20_000, rssMiB: 200, peakRssMiB: 286 },
  };

  it('holds the slowest request, the commit and the memory against their targets', () => {
    expect(emulatorTargets(measured).map(({ found, met }) => `${found} ${met}`)).toEqual([
      '1,999 false',
      '300 ms true',
      '300 MB true',
    ]);
    const small = { ...measured, sizes: { requests: 10, creates: 10, objects: 100 } };
    expect(emulatorTargets(small)).toHaveLength(1);
  });

  it('tells of objects that are missing, whatever the clock says', () => {
    expect(brokenCounts(measured, 5)).toEqual([]);
    const lost = { ...measured, committed: 4999, memory: { ...measured.memory, objects: 19_990 } };
    expect(brokenCounts(lost, 5)).toEqual([
      'the transactions made 4999 objects, expected 5000',
      'the device holds 19990 objects, expected 20000',
    ]);
  });

  it('goes into the document between its marks', () => {
    const document = 'a\n<!-- emulator:start -->\nold\n<!-- emulator:end -->\nz\n';
    const made = replaceEmulatorResults(document, measured);
    expect(made).toMatch(
      /^a\n<!-- emulator:start -->\n[\s\S]*\| create \| 1,999 \| 900 \| 900 \|[\s\S]*<!-- emulator:end -->\nz\n$/,
    );
    expect(made).not.toContain('old');
    expect(() => replaceEmulatorResults('none', measured)).toThrow('lacks');
  });
});
