import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contribution, service } from '../../test/support/objects.ts';
import { type Bench, createBench } from './testing/bench.ts';
import { fakeIo } from './testing/fake-io.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});

afterEach(async () => {
  await bench.remove();
});

interface Line {
  readonly type: string;
  readonly target: string;
  readonly applied?: { readonly writes: number };
}

function linesOf(text: string): readonly Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The source in memory forgets changes that come before somebody watches. */
function untilWatched(): Promise<void> {
  const { source } = bench;
  const watch = source.watch.bind(source);
  return new Promise((resolve) => {
    source.watch = (options) => {
      resolve();
      return watch(options);
    };
  });
}

describe('fairlead run', () => {
  it('--once makes one pass, without asking, and a second pass writes nothing', async () => {
    const first = await bench.run('run', '--once', '-o', 'json');
    expect(first.code).toBe(0);
    expect(linesOf(first.io.out())).toMatchObject([
      { format: 'fairlead.event/v1', type: 'started', target: 'one', objects: 3 },
      { type: 'cycle', reason: 'start', plan: { summary: { create: 3 } }, applied: { writes: 3 } },
    ]);
    const second = await bench.run('run', '--once', '-o', 'json');
    expect(linesOf(second.io.out()).at(-1)?.applied?.writes).toBe(0);
  });

  it('follows the sources until a signal, and ends cleanly', async () => {
    const io = fakeIo();
    const watched = untilWatched();
    const running = bench.start(io, 'run', '-o', 'json');
    await watched;
    const more = contribution('more', service('more', '10.1.1.7', ['10.0.0.4']));
    bench.source.set(more.cell, more);
    await io.untilOut('"reason":"change"');
    io.signal();
    expect(await running).toBe(0);
    expect(bench.devices[0]?.device.get('pool:/k/more')).toBeDefined();
    expect(io.err()).toMatch(/INFO +following the sources target=one/);
    expect(io.err()).toContain('ended by signal');
    expect(bench.closed()).toBe(1);
  });

  it('ends at once on a second signal', async () => {
    const io = fakeIo();
    const running = bench.start(io, 'run', '-o', 'json');
    await io.untilOut('"type":"cycle"');
    io.signal();
    io.signal();
    await running;
    expect(io.exits).toEqual([1]);
  });

  it('logs what the device refused, in its own words, without secrets', async () => {
    const device = bench.devices[0]?.device;
    if (device === undefined) throw new Error('the bench has a device');
    device.refuse = (change) => (change.ref === 'virtual:/k/web' ? 'token=hunter2 01070734:3: no' : undefined);
    const { code, io } = await bench.run('run', '--once', '-o', 'json');
    expect(code).toBe(1);
    expect(io.err()).toMatch(/ERROR token=\[redacted\] 01070734:3: no/);
    expect(io.out() + io.err()).not.toContain('hunter2');
  });

  it('cuts work under way when the grace after a signal is over', async () => {
    const device = bench.devices[0];
    if (device === undefined) throw new Error('the bench has a device');
    const writing = new Promise<void>((resolve) => {
      device.apply = ({ signal }) => {
        resolve();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      };
    });
    const io = fakeIo();
    const running = bench.start(io, 'run');
    await writing;
    io.signal();
    expect(await running).toBe(1);
    expect(io.err()).toContain('work under way was cut');
  });

  it('ends at once while it only reads', async () => {
    const device = bench.devices[0];
    if (device === undefined) throw new Error('the bench has a device');
    const reading = new Promise<void>((resolve) => {
      device.read = ({ signal }) => {
        resolve();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      };
    });
    const io = fakeIo();
    const running = bench.start(io, 'run');
    await reading;
    io.signal();
    expect(await running).toBe(0);
    expect(io.err()).not.toContain('work under way was cut');
  });

  it('ends with an error when it cannot go on', async () => {
    const device = bench.devices[0];
    if (device === undefined) throw new Error('the bench has a device');
    device.read = () => Promise.reject(new Error('a fault'));
    const { code, io } = await bench.run('run');
    expect(code).toBe(1);
    expect(io.err()).toContain('a fault');
  });
});
