import { expect, it, vi } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import type { Fate } from '../support/e2e-gate.ts';
import { type Endpoint, notReady, service, slice, terminating } from '../support/e2e-manifests.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 60_000 });

/** Numbers that are the same at each run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Not a virtual address: a virtual server brings one along that is the device's own, and stays so. */
const REFUSED = '/ltm/(?:virtual/|pool|node|monitor)';

const ANNOTATIONS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'fairlead.io/monitor-type': 'http' },
  { 'fairlead.io/monitor-type': 'tcp', 'fairlead.io/monitor-interval': '9' },
  { 'fairlead.io/monitor': 'none', 'fairlead.io/snat': 'none' },
  { 'fairlead.io/type': 'http', 'fairlead.io/persistence': '/Common/cookie' },
  { 'fairlead.io/type': 'l4' },
];

/** A world in motion: five Services, eight pods, three addresses. */
class World {
  readonly #bed: Bed;
  readonly #random: () => number;
  readonly files = new Map<string, readonly object[]>();

  constructor(bed: Bed, random: () => number) {
    this.#bed = bed;
    this.#random = random;
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.#random() * choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  /** One Service comes, changes or goes. */
  async change(): Promise<void> {
    const name = this.pick(['a', 'b', 'c', 'd', 'e']);
    if (this.files.has(name) && this.#random() < 0.25) {
      this.files.delete(name);
      await this.#bed.remove(name);
      return;
    }
    const ports = this.pick([[80], [80, 443], [443]]).map((port) => ({ name: `p${port}`, port, targetPort: 'http' }));
    const address = `10.1.10.${this.pick([1, 2, 3])}`;
    const annotations = this.pick(ANNOTATIONS);
    const endpoints = [1, 2, 3, 4, 5, 6, 7, 8].filter(() => this.#random() < 0.35).map((last) => this.#endpoint(last));
    const pods = {
      ...slice(name, endpoints),
      ports: ports.map((port) => ({ name: port.name, port: 8080, protocol: 'TCP' })),
    };
    const created = `2026-01-0${'abcde'.indexOf(name) + 1}T00:00:00Z`;
    const objects = [service(name, { address, annotations, created, spec: { ports } }), pods];
    this.files.set(name, objects);
    await this.#bed.put(name, ...objects);
  }

  #endpoint(last: number): Endpoint {
    const address = `10.0.0.${last}`;
    return this.pick([address, address, address, terminating(address), notReady(address)]);
  }

  /** Something goes wrong at one of the next writes, or all goes well. */
  async disturbedApply(): Promise<void> {
    const bed = this.#bed;
    const write = Math.ceil(this.#random() * 8);
    const trouble = this.pick(['none', 'kill', 'cut-before', 'cut-after', 'expired', 'slow', 'mcp'] as const);
    if (trouble === 'kill') {
      await bed.killed(write, this.pick(['before', 'after']), 'apply', '--yes', '--allow-deletes');
      return;
    }
    bed.gate.reset();
    if (trouble === 'slow') bed.emulator.faults.add({ type: 'slow-transaction', applyAfterMs: 30, count: 1 });
    if (trouble === 'mcp')
      bed.emulator.faults.add({ type: 'mcp-error', message: '01070001:3: Once only.', path: REFUSED, count: 1 });
    bed.gate.rule = (request): Fate => {
      if (request.write !== write) return 'pass';
      if (trouble === 'expired') bed.emulator.faults.expireTokens();
      return trouble === 'cut-before' || trouble === 'cut-after' ? trouble : 'pass';
    };
    await bed.cli('apply', '--yes', '--allow-deletes');
    bed.emulator.faults.clear();
    bed.gate.reset();
  }
}

/** Sets of seeds: each test runs some, at the same time, because most of the time is spent waiting. */
it.each([[[1, 2, 3, 4]], [[108, 111, 118, 157]]])(
  'AC-17 AC-04 any changes, with a kill, a cut or a refusal at any write, end where a fresh device ends (seeds %j)',
  async (seeds) => {
    await Promise.all(
      seeds.map(async (seed) => {
        const bed = await makeBed();
        const world = new World(bed, numbers(seed));
        await bed.put('0', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
        for (let step = 0; step < 8; step += 1) {
          await world.change();
          await world.change();
          await world.disturbedApply();
        }
        // What was refused for no reason is tried again at the next start.
        await bed.cli('apply', '--yes', '--allow-deletes');
        await bed.cli('apply', '--yes', '--allow-deletes');
        const fresh = await makeBed();
        for (const [name, objects] of world.files) await fresh.put(name, ...objects);
        await fresh.put('0', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
        await fresh.cli('apply', '--yes');
        expect(await fresh.view(), `seed ${seed}`).toBe(await bed.view());
        bed.emulator.log.clear();
        await bed.cli('apply', '--yes', '--allow-deletes');
        expect([seed, bed.writes()]).toEqual([seed, []]);
      }),
    );
  },
);
