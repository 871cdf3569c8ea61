import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

/** The package as a user gets it: packed, installed outside the repository, run from there. */
describe('the package', () => {
  let home = '';
  let files: readonly string[] = [];

  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'fairlead-package-'));
    const packed = await run('npm', ['pack', '--json', '--pack-destination', home], { cwd: root, maxBuffer: 64 << 20 });
    // npm 11 gives a list, later versions an object by name.
    const said = JSON.parse(packed.stdout.slice(packed.stdout.search(/^[[{]/m))) as unknown;
    const [first] = Object.values(said as Record<string, { filename: string; files: { path: string }[] }>);
    files = first!.files.map((file) => file.path);
    await writeFile(path.join(home, 'package.json'), JSON.stringify({ name: 'user', private: true }));
    const tarball = (await readdir(home)).find((name) => name.endsWith('.tgz'));
    await run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], { cwd: home, maxBuffer: 64 << 20 });
  });

  afterAll(async () => {
    await rm(home, { recursive: true, force: true });
  });

  const fairlead = async (...args: readonly string[]): Promise<string> => {
    const bin = path.join(home, 'node_modules/fairlead/dist/cli/main.js');
    const { stdout } = await run(process.execPath, [bin, ...args], { cwd: home, env: { PATH: process.env['PATH'] } });
    return stdout;
  };

  it('holds compiled JavaScript, the schema, examples and docs, and no sources or tests', () => {
    expect(files).toContain('dist/cli/main.js');
    expect(files).toContain('schema/fairlead.schema.json');
    expect(files).toContain('examples/demo/web.yaml');
    expect(files).toContain('LICENSE');
    expect(files.filter((file) => /\.test\.|\/testing\/|^src\/|^test\/|^bench\/|\.tgz$/.test(file))).toEqual([]);
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect((await fairlead('--version')).trim()).toBe(version);
  });

  it('runs the demo outside the repository', async () => {
    const lines = (await fairlead('demo', '--output', 'json')).trim().split('\n');
    const steps = lines.map((line) => JSON.parse(line) as { step: string; ok: boolean });
    expect(steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual([
      'plan true',
      'apply true',
      'traffic true',
      'scale true',
      'broken-service true',
      'rerun true',
    ]);
  });
});
