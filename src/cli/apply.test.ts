import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TargetUnavailable } from '../targets/target.ts';
import { contribution, pool, service } from '../../test/support/objects.ts';
import { type Bench, createBench } from './testing/bench.ts';
import { type FakeIo, fakeIo } from './testing/fake-io.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});

afterEach(async () => {
  await bench.remove();
});

function addService(name: string, ip: string): void {
  const one = contribution(name, service(name, ip, ['10.0.0.9']));
  bench.source.set(one.cell, one);
}

async function fingerprint(): Promise<string> {
  const { io } = await bench.run('plan', '-o', 'json');
  return (JSON.parse(io.out()) as { plans: [{ fingerprint: string }] }).plans[0].fingerprint;
}

/** Runs apply on a terminal, and answers when asked; `meanwhile` happens before the answer. */
async function answer(text: string, meanwhile: () => void = () => undefined): Promise<{ code: number; io: FakeIo }> {
  const io = fakeIo({ terminal: true });
  const running = bench.start(io, 'apply', '--no-color');
  await io.untilErr("Only 'yes' is accepted");
  meanwhile();
  io.stdin.write(`${text}\n`);
  return { code: await running, io };
}

describe('fairlead apply', () => {
  it('F-05 without a terminal and without --yes refuses: the guard is a question, not a variable', async () => {
    const { code, io } = await bench.run('apply');
    expect(code).toBe(1);
    expect(io.err()).toContain('nothing was applied: there is no terminal to ask on; --yes applies without asking');
    expect(bench.devices[0]?.counters.writes).toBe(0);
  });

  it('--yes applies and saves; a second run has nothing to do and writes nothing', async () => {
    const first = await bench.run('apply', '--yes');
    expect(first.code).toBe(0);
    expect(first.io.out()).toContain('done    ');
    expect(first.io.out()).toMatch(/^Applied to one: 1 unit done; \d+ requests, 3 writes$/m);
    expect(bench.devices[0]?.saves).toBe(1);
    const second = await bench.run('apply');
    expect(second.code).toBe(0);
    expect(second.io.out()).toContain('Nothing to do');
    expect(second.io.out()).not.toContain('Applied');
    expect(bench.source.latest.get('east:Service/default/web')?.state).toBe('applied');
    expect(bench.devices[0]?.counters.writes).toBe(3);
  });

  it('a device that does not save: what was applied is told all the same, with what to do; the exit code is 1', async () => {
    const [device] = bench.devices;
    if (device === undefined) throw new Error('no device');
    device.save = () => Promise.reject(new TargetUnavailable('one: save sys config: the device answered 401'));
    const { code, io } = await bench.run('apply', '--yes');
    expect(code).toBe(1);
    expect(io.out()).toContain('done    ');
    expect(io.out()).toContain(
      'what was applied is in force, but not saved: it is lost when the device restarts [not-saved]',
    );
    expect(io.out()).toContain('the device answered 401\n        Save it there (save sys config)');
    expect(io.out()).toContain('Applied to one: ');
  });

  it('--no-save leaves the configuration unsaved', async () => {
    expect((await bench.run('apply', '--yes', '--no-save')).code).toBe(0);
    expect(bench.devices[0]?.saves).toBe(0);
  });

  it('--output json prints the result alone', async () => {
    const { io } = await bench.run('apply', '--yes', '--output', 'json');
    expect(JSON.parse(io.out())).toMatchObject({
      format: 'fairlead.apply/v1',
      results: [{ target: 'one', summary: { done: 1, refused: 0 }, writes: 3 }],
    });
    const again = await bench.run('apply', '--yes', '--output', 'json');
    expect(JSON.parse(again.io.out())).toMatchObject({ results: [{ units: [], writes: 0 }], failed: [] });
  });

  it('asks on a terminal; yes applies, anything else does not', async () => {
    const no = await answer('y');
    expect(no.code).toBe(1);
    expect(no.io.err()).toContain('Apply these 3 changes to 1 device?');
    expect(no.io.err()).toContain('nothing was applied: the answer was not yes');
    expect(bench.devices[0]?.counters.writes).toBe(0);
    expect((await answer('yes')).code).toBe(0);
    expect(bench.devices[0]?.counters.writes).toBe(3);
  });

  it('reads the world again after the question, and refuses a plan that was not shown', async () => {
    const { code, io } = await answer('yes', () => addService('late', '10.1.1.9'));
    expect(code).toBe(1);
    expect(io.err()).toContain('nothing was applied: the plan is not the one that was shown');
    expect(io.err()).toContain('target one: pool /k/late: now to create, which was not shown');
    expect(io.out()).toContain('+ create pool /k/late');
    expect(bench.devices[0]?.counters.writes).toBe(0);
  });

  it('an end of input is a no', async () => {
    const io = fakeIo({ terminal: true });
    const running = bench.start(io, 'apply');
    await io.untilErr("Only 'yes' is accepted");
    io.stdin.end();
    expect(await running).toBe(1);
  });

  it('a signal at the question ends it', async () => {
    const io = fakeIo({ terminal: true });
    const running = bench.start(io, 'apply');
    await io.untilErr("Only 'yes' is accepted");
    io.signal();
    expect(await running).toBe(1);
    expect(bench.devices[0]?.counters.writes).toBe(0);
    expect(io.exits).toEqual([]);
  });

  it('is an error when the device refuses a unit, and the others are applied', async () => {
    addService('bad', '10.1.1.2');
    const device = bench.devices[0]?.device;
    if (device === undefined) throw new Error('the bench has a device');
    device.refuse = (change) => (change.ref === 'virtual:/k/bad' ? '01070734:3: no. password=hunter2' : undefined);
    const { code, io } = await bench.run('apply', '--yes');
    expect(code).toBe(1);
    expect(io.out()).toContain('01070734:3: no. password=[redacted]');
    expect(io.out()).toContain('from Service default/bad (east)');
    expect(device.get('virtual:/k/web')).toBeDefined();
  });
});

describe('fairlead apply on several devices', () => {
  it('goes on with the others when one is away or lost, and tells which', async () => {
    await bench.remove();
    bench = await createBench(['one', 'two', 'three']);
    const [one, two] = bench.devices;
    if (one === undefined || two === undefined) throw new Error('the bench has devices');
    one.read = () => Promise.reject(new TargetUnavailable('away'));
    two.apply = () => Promise.reject(new TargetUnavailable('lost'));
    const { code, io } = await bench.run('apply', '--yes', '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(io.out())).toMatchObject({
      results: [{ target: 'three', summary: { done: 1 } }],
      failed: [
        { target: 'one', message: 'away' },
        { target: 'two', message: 'lost' },
      ],
    });
    expect(io.err()).toContain('target one: away');
  });
});

describe('fairlead apply --plan', () => {
  it('applies the plan with this fingerprint, whole or its first 16 digits', async () => {
    const shown = await fingerprint();
    expect((await bench.run('apply', '--yes', '--plan', shown.slice(0, 16))).code).toBe(0);
    expect(bench.devices[0]?.counters.writes).toBe(3);
  });

  it('refuses any other', async () => {
    const shown = await fingerprint();
    addService('late', '10.1.1.9');
    const { code, io } = await bench.run('apply', '--yes', '--plan', shown);
    expect(code).toBe(1);
    expect(io.err()).toContain(`not ${shown}`);
    expect(bench.devices[0]?.counters.writes).toBe(0);
    expect((await bench.run('apply', '--yes', '--plan', shown.slice(0, 15))).code).toBe(1);
    expect(bench.devices[0]?.counters.writes).toBe(0);
  });

  it('refuses a plan that has nothing to do any more, if something else was shown', async () => {
    const shown = await fingerprint();
    await bench.run('apply', '--yes');
    const { code, io } = await bench.run('apply', '--yes', '--plan', shown);
    expect(code).toBe(1);
    expect(io.err()).toContain('not the one that was shown');
  });

  it('takes the file of plan --out, and tells the difference in words', async () => {
    const file = join(bench.folder, 'plan.json');
    await bench.run('plan', '--out', file);
    addService('late', '10.1.1.9');
    const refused = await bench.run('apply', '--yes', '--plan', file);
    expect(refused.code).toBe(1);
    expect(refused.io.err()).toContain('target one: virtual server /k/late: now to create, which was not shown');
    expect(bench.devices[0]?.counters.writes).toBe(0);
    await bench.run('plan', '--out', file);
    expect((await bench.run('apply', '--yes', '--plan', file)).code).toBe(0);
  });

  it('refuses a file that is no plan, or is not there', async () => {
    const file = join(bench.folder, 'other.json');
    await writeFile(file, '{"format":"fairlead.plan/v9","plans":[]}');
    expect((await bench.run('apply', '--yes', '--plan', file)).io.err()).toContain('is no plan of this version');
    await writeFile(file, 'not json');
    expect((await bench.run('apply', '--yes', '--plan', file)).io.err()).toContain('is no plan of this version');
    const missing = await bench.run('apply', '--yes', '--plan', join(bench.folder, 'none.json'));
    expect(missing.io.err()).toContain('cannot be read (ENOENT)');
    expect(missing.code).toBe(1);
  });

  it('refuses a file of another target', async () => {
    const file = join(bench.folder, 'plan.json');
    await bench.run('plan', '--out', file);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"target": "one"', '"target": "other"'));
    expect((await bench.run('apply', '--yes', '--plan', file)).io.err()).toContain('has no plan for it');
  });
});

describe('adoption and deletes', () => {
  it('foreign objects are withheld until they are adopted', async () => {
    bench.devices[0]?.device.put({ object: pool('web', ['10.0.0.7']) });
    const shown = await bench.run('plan');
    expect(shown.io.out()).toContain('! foreign pool /k/web');
    const adopting = await bench.run('plan', '--adopt', 'pool:/k/web');
    expect(adopting.io.out()).toContain('~ update pool /k/web (adopted: it is there and not ours yet)');
    expect((await bench.run('apply', '--yes', '--adopt', 'all')).code).toBe(0);
    expect(bench.devices[0]?.device.get('pool:/k/web')?.object.mark?.instance).toBe('east');
  });

  it('more deletes than the threshold wait for --allow-deletes', async () => {
    for (let index = 0; index < 12; index += 1) addService(`s${index}`, `10.1.2.${index + 1}`);
    await bench.run('apply', '--yes');
    for (const cell of [...bench.source.cells.keys()].slice(1)) bench.source.cells.delete(cell);
    expect((await bench.run('plan')).io.out()).toContain('! threshold');
    expect((await bench.run('plan', '--allow-deletes', '--exit-code')).code).toBe(2);
  });
});
