import { afterEach, describe, expect, it } from 'vitest';

import type { CellKey, Contribution } from '../../src/desired/contribution.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Source } from '../../src/sources/source.ts';

/** A small world behind a source: at least one origin with at least one cell. */
export interface SourceHarness {
  readonly source: Source;
  /** Another source on the same world, which gives the same things in another order. */
  shuffled(): Promise<Source>;
  /** Changes something small; gives a cell whose contribution is different now. */
  change(): Promise<CellKey>;
  /** Takes one origin away; gives its cells. */
  remove(): Promise<readonly CellKey[]>;
  /** From now on the world cannot be read whole. */
  fail(): Promise<void>;
  /** From now on it can. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

const WITHIN_MS = 5000;

/** Contributions in an order and a form that compares. */
export function comparable(contributions: readonly Contribution[]): readonly string[] {
  return contributions.map((contribution) => JSON.stringify(contribution)).sort((a, b) => (a < b ? -1 : 1));
}

/** Follows a source, and keeps what it says; `stop` ends it. */
export function follow(source: Source): {
  readonly cells: Set<CellKey>;
  readonly problems: Diagnostic[];
  readonly calls: { count: number };
  readonly stop: () => Promise<void>;
} {
  const cells = new Set<CellKey>();
  const problems: Diagnostic[] = [];
  const calls = { count: 0 };
  const controller = new AbortController();
  const running = source.watch?.({
    signal: controller.signal,
    onChange: (changed) => {
      calls.count += 1;
      for (const cell of changed) cells.add(cell);
    },
    onProblem: (problem) => problems.push(problem),
  });
  const stop = async () => {
    controller.abort();
    await running;
  };
  return { cells, problems, calls, stop };
}

/** What every source must do. */
export function testSource(name: string, makeHarness: () => Promise<SourceHarness>): void {
  describe(`the source contract: ${name}`, () => {
    const ends: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end();
    });

    const make = async () => {
      const harness = await makeHarness();
      ends.push(() => harness.close());
      return harness;
    };
    const watched = (source: Source) => {
      const following = follow(source);
      ends.push(following.stop);
      return following;
    };
    const { signal } = new AbortController();

    it('reads everything, complete, and the same every time', async () => {
      const { source } = await make();
      const first = await source.read({ signal });
      expect(first).toMatchObject({ complete: true, diagnostics: [] });
      expect(first.contributions.length).toBeGreaterThan(0);
      expect(new Set(first.contributions.map(({ cell }) => cell)).size).toBe(first.contributions.length);
      const second = await source.read({ signal });
      expect(comparable(second.contributions)).toEqual(comparable(first.contributions));
    });

    it('names its cells and origins with its own name', async () => {
      const { source } = await make();
      const { contributions } = await source.read({ signal });
      expect(
        contributions.every(
          ({ cell, origin }) => cell.startsWith(`${source.name}:`) && origin.startsWith(`${source.name}:`),
        ),
      ).toBe(true);
    });

    it('gives the same contributions whatever the order of its input', async () => {
      const harness = await make();
      const other = await harness.shuffled();
      ends.push(async () => other.close?.());
      const [one, two] = [await harness.source.read({ signal }), await other.read({ signal })];
      expect(comparable(two.contributions)).toEqual(comparable(one.contributions));
    });

    it('answers a failure with an incomplete result that says what is wrong, and never throws', async () => {
      const harness = await make();
      await harness.fail();
      const result = await harness.source.read({ signal });
      expect(result.complete).toBe(false);
      expect(result.diagnostics.length).toBeGreaterThan(0);
      expect(harness.source.complete).toBe(false);
    });

    it('takes nothing away when reading fails later, and is complete again when it works', async () => {
      const harness = await make();
      const good = await harness.source.read({ signal });
      await harness.fail();
      const bad = await harness.source.read({ signal });
      expect(bad.complete).toBe(false);
      expect(comparable(bad.contributions)).toEqual(comparable(good.contributions));
      await harness.heal();
      expect(await harness.source.read({ signal })).toMatchObject({ complete: true, diagnostics: [] });
    });

    it('rejects a read whose signal is aborted', async () => {
      const { source } = await make();
      await expect(source.read({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    });

    it('extracts from memory what it read', async () => {
      const { source } = await make();
      const { contributions } = await source.read({ signal });
      const again = source.extract?.(contributions.map(({ cell }) => cell)) ?? [];
      expect(comparable(again)).toEqual(comparable(contributions));
      expect(source.counters.extractions).toBeGreaterThanOrEqual(2 * contributions.length);
    });

    it('reports a change by its cells, and extracts what is new', async () => {
      const harness = await make();
      const { contributions } = await harness.source.read({ signal });
      const following = watched(harness.source);
      const cell = await harness.change();
      await expect.poll(() => following.cells.has(cell), { timeout: WITHIN_MS, interval: 5 }).toBe(true);
      const [now] = harness.source.extract?.([cell]) ?? [];
      expect(now?.cell).toBe(cell);
      expect(now).not.toEqual(contributions.find((contribution) => contribution.cell === cell));
      const whole = await harness.source.read({ signal });
      expect(whole.contributions.find((contribution) => contribution.cell === cell)).toEqual(now);
    });

    it('reports the cells of an origin that is gone, which then give nothing', async () => {
      const harness = await make();
      await harness.source.read({ signal });
      const following = watched(harness.source);
      const gone = await harness.remove();
      await expect
        .poll(() => gone.every((cell) => following.cells.has(cell)), { timeout: WITHIN_MS, interval: 5 })
        .toBe(true);
      expect(harness.source.extract?.(gone)).toEqual([]);
      const whole = await harness.source.read({ signal });
      expect(whole.contributions.filter(({ cell }) => gone.includes(cell))).toEqual([]);
    });

    it('stops watching promptly, and reports nothing after that', async () => {
      const harness = await make();
      await harness.source.read({ signal });
      const following = watched(harness.source);
      const started = performance.now();
      await following.stop();
      expect(performance.now() - started).toBeLessThan(1000);
      const before = following.calls.count;
      await harness.change();
      await harness.source.read({ signal });
      expect(following.calls.count).toBe(before);
    });
  });
}
