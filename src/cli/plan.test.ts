import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TargetUnavailable } from '../targets/target.ts';
import { type Bench, createBench } from './testing/bench.ts';
import { fakeIo } from './testing/fake-io.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});

afterEach(async () => {
  await bench.remove();
});

function breakDevice(index: number): void {
  const device = bench.devices[index];
  if (device === undefined) throw new Error('no such device');
  device.read = () => Promise.reject(new TargetUnavailable('the device cannot be reached: password=hunter2'));
}

describe('fairlead plan', () => {
  it('shows the plan and changes nothing', async () => {
    const { code, io } = await bench.run('plan');
    expect(code).toBe(0);
    expect(io.out()).toContain('+ create pool /k/web\n');
    expect(io.out()).toContain('      origin: Service default/web (east)\n');
    expect(io.out()).toContain('+ members: 10.0.0.1:8080\n');
    expect(io.out()).toMatch(/^Plan: 3 to create, 0 to update, 0 to delete in 1 unit; fingerprint [0-9a-f]{16}$/m);
    expect(bench.devices[0]?.counters.writes).toBe(0);
    expect(bench.closed()).toBe(1);
  });

  it('--exit-code: 2 with changes, 0 without, 1 for an error', async () => {
    expect((await bench.run('plan', '--exit-code')).code).toBe(2);
    expect((await bench.run('apply', '--yes')).code).toBe(0);
    const { code, io } = await bench.run('plan', '--exit-code');
    expect(code).toBe(0);
    expect(io.out()).toContain('Nothing to do: 3 objects wanted');
    breakDevice(0);
    expect((await bench.run('plan', '--exit-code')).code).toBe(1);
  });

  it('--exit-code: a source that is not complete is an error, not "nothing to do"', async () => {
    await bench.run('apply', '--yes');
    bench.source.complete = false;
    expect((await bench.run('plan', '--exit-code')).code).toBe(1);
  });

  it('--output json prints one document; --out writes the same', async () => {
    const file = join(bench.folder, 'plan.json');
    const { io } = await bench.run('plan', '--output', 'json', '--out', file);
    const document: unknown = JSON.parse(io.out());
    expect(document).toMatchObject({ format: 'fairlead.plan/v1', plans: [{ target: 'one', summary: { create: 3 } }] });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(document);
    expect(io.err()).toBe('');
  });

  it('--output markdown prints Markdown', async () => {
    expect((await bench.run('plan', '-o', 'markdown')).io.out()).toContain('## Plan for one\n');
  });

  it('--show prints only the language asked for, the summary goes to standard error', async () => {
    const device = bench.devices[0];
    if (device === undefined) throw new Error('the bench has a device');
    const capabilities = { ...device.capabilities, languages: ['rest', 'tmsh'] };
    Object.assign(device, {
      capabilities,
      render: (units: readonly unknown[], name: string) => `${name} ${units.length}`,
    });
    const { io } = await bench.run('plan', '--show', 'rest');
    expect(io.out()).toBe('rest 1\n');
    expect(io.err()).toContain('one: Plan: 3 to create');
    const json = await bench.run('plan', '--show', 'tmsh', '-o', 'json');
    expect(JSON.parse(json.io.out())).toMatchObject({
      rendered: [{ target: 'one', language: 'tmsh', text: 'tmsh 1' }],
    });
  });

  it('--show says so when a target does not speak the language', async () => {
    const { code, io } = await bench.run('plan', '--show', 'rest');
    expect(code).toBe(1);
    expect(io.err()).toContain('--show rest: target one has only text');
  });

  it('--out that cannot be written is an error', async () => {
    const { code, io } = await bench.run('plan', '--out', join(bench.folder, 'no', 'plan.json'));
    expect(code).toBe(1);
    expect(io.err()).toMatch(/--out: .*plan\.json cannot be written \(ENOENT\)/);
  });

  it('tells an unreachable device in one line, without a stack trace or a secret', async () => {
    breakDevice(0);
    const { code, io } = await bench.run('plan');
    expect(code).toBe(1);
    expect(io.err()).toContain('error   target one: the device cannot be reached: password=[redacted]');
    expect(io.err()).not.toContain('    at ');
    expect((await bench.run('plan', '--log-level', 'debug')).io.err()).toContain('    at ');
  });

  it('goes on with other devices when one is away; the exit code is the worst', async () => {
    await bench.remove();
    bench = await createBench(['one', 'two']);
    breakDevice(0);
    const { code, io } = await bench.run('plan', '--exit-code');
    expect(code).toBe(1);
    expect(io.out()).toContain('Target two');
    expect(io.err()).toContain('target one');
    expect(bench.closed()).toBe(2);
    const json = await bench.run('plan', '-o', 'json');
    expect(JSON.parse(json.io.out())).toMatchObject({
      plans: [{ target: 'two' }],
      failed: [{ target: 'one', message: 'the device cannot be reached: password=[redacted]' }],
    });
  });

  it('refuses an adoption that names no object', async () => {
    const { code, io } = await bench.run('plan', '--adopt', 'web');
    expect(code).toBe(1);
    expect(io.err()).toContain('Expected all, or KIND:/PARTITION/NAME');
  });
});

describe('colours', () => {
  it('are used on a terminal alone', async () => {
    const terminal = fakeIo({ terminal: true });
    await bench.start(terminal, 'plan');
    expect(terminal.out()).toContain('\u001B[32m');
    expect((await bench.run('plan')).io.out()).not.toContain('\u001B');
  });

  it.each([
    [['--no-color'], {}],
    [[], { NO_COLOR: '1' }],
    [[], { TERM: 'dumb' }],
    [['-o', 'json'], {}],
    [['-o', 'markdown'], {}],
  ])('are off with %j %j', async (args, env) => {
    const terminal = fakeIo({ terminal: true, env });
    await bench.start(terminal, 'plan', ...args);
    expect(terminal.out()).not.toContain('\u001B');
  });
});

describe('fairlead get', () => {
  it('shows what the sources say, and reads no device', async () => {
    const { code, io } = await bench.run('get');
    expect(code).toBe(0);
    expect(io.out()).toMatch(
      /^pool +\/k\/web +Service default\/web \(east\) +members 10\.0\.0\.1:8080 10\.0\.0\.2:8080$/m,
    );
    expect(bench.devices[0]?.counters.requests).toBe(0);
  });

  it('filters by kind and name, and prints JSON and YAML', async () => {
    const { io } = await bench.run('get', '-o', 'json', 'pool');
    expect(JSON.parse(io.out())).toMatchObject({
      format: 'fairlead.get/v1',
      contributions: [{ origin: 'east:Service/default/web', objects: [{ kind: 'pool' }] }],
    });
    expect((await bench.run('get', '-o', 'yaml', 'pool')).io.out()).toContain('origin: east:Service/default/web\n');
    expect((await bench.run('get', 'nothing-like-it')).io.out()).toBe('No objects.\n');
  });

  it('is an error when a source is not complete', async () => {
    bench.source.complete = false;
    expect((await bench.run('get')).code).toBe(1);
  });
});

describe('fairlead check', () => {
  it('has a line for each finding, and fails if any is not ok', async () => {
    const bad = await bench.run('check');
    expect(bad.code).toBe(1);
    expect(bad.io.out()).toMatch(/^ok +config .*1 source, 1 target, 0 address pools$/m);
    expect(bad.io.out()).toMatch(/^FAIL +source east/m);
    await mkdir(join(bench.folder, 'manifests'));
    const good = await bench.run('check', '-o', 'json');
    expect(JSON.parse(good.io.out())).toMatchObject({ format: 'fairlead.check/v1', ok: true });
    expect(good.code).toBe(0);
  });
});
