import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-main-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function fairlead(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { PATH: process.env['PATH'] } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('the program', () => {
  it('has a version, and help for every verb, on standard output', async () => {
    expect(await fairlead('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
    const help = await fairlead('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const verb of ['plan', 'apply', 'run', 'get', 'check', 'emulator']) expect(help.out).toContain(`  ${verb} `);
    expect(await fairlead('plan', '--help')).toMatchObject({ code: 0, err: '' });
  });

  it('refuses what it does not know with exit code 1 and a hint', async () => {
    expect(await fairlead('plna')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('Did you mean plan?') as string,
    });
    expect((await fairlead('plan', '--exitcode')).err).toContain('Did you mean --exit-code?');
    expect((await fairlead('plan', '-o', 'xml')).code).toBe(1);
    expect((await fairlead()).code).toBe(1);
  });

  it('tells a config that is not there, and what to do', async () => {
    expect(await fairlead('plan')).toEqual({
      code: 1,
      out: '',
      err: 'error   ./fairlead.yaml: there is no such file; write one (docs/configuration.md) or name it with --config FILE [config-unreadable]\n',
    });
  });

  it('tells every problem of a config with line and column, no secret, no colour, no stack trace', async () => {
    await writeFile(
      join(folder, 'bad.yaml'),
      'instance: East\nsources: []\ntargets:\n  - name: a\n    bigip: { url: https://a, username: b, password: hunter2 }\n',
    );
    const { code, err } = await fairlead('check', '-c', 'bad.yaml');
    expect(code).toBe(1);
    expect(err.split('\n')).toEqual([
      'error   bad.yaml:1:11: `instance`: found "East", expected lower-case letters, digits and dashes (at most 63), as in east-1 [config-invalid]',
      'error   bad.yaml:2:10: `sources`: found an empty list, expected at least 1 item [config-invalid]',
      'error   bad.yaml:5:53: `targets[0].bigip.password`: found a plain string, expected a reference to a secret: {env: NAME}, {file: PATH} or {secret: {namespace, name, key}} [config-invalid]',
      '',
    ]);
    const json = await fairlead('plan', '-c', 'bad.yaml', '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({
      format: 'fairlead.diagnostics/v1',
      diagnostics: [{ code: 'config-invalid' }, {}, {}],
    });
    expect(json.err).toBe('');
  });

  it('tells a device that cannot be reached in words', async () => {
    await writeFile(
      join(folder, 'away.yaml'),
      `instance: east
sources: [{ name: east, kubernetes: { manifests: . } }]
targets:
  - name: a
    bigip:
      url: https://127.0.0.1:1
      username: b
      password: { env: NOT_SET_ANYWHERE }
      timeouts: { restart: 100ms }
`,
    );
    const { code, err } = await fairlead('plan', '-c', 'away.yaml');
    expect(code).toBe(1);
    expect(err).toContain('target a');
    expect(err).not.toContain('    at ');
    expect(err).not.toContain('\u001B');
  });

  it('AC-03 get prints one model of what the sources say, as JSON and as YAML, with the origin of every object', async () => {
    const manifests = fileURLToPath(new URL('../../examples/demo', import.meta.url));
    const config = [
      'instance: demo',
      `sources: [{ name: sample, kubernetes: { manifests: ${JSON.stringify(manifests)} } }]`,
      // Nothing of the target is needed: neither its password nor its authority is there.
      'targets: [{ name: b, bigip: { url: https://127.0.0.1:1, username: x, password: { env: NONE }, partition: kubernetes, tls: { caFile: none.pem } } }]',
      'addressPools: [{ name: default, ranges: [10.1.10.0/28] }]',
    ];
    await writeFile(join(folder, 'sample.yaml'), config.join('\n'));
    const json = await fairlead('get', '-c', 'sample.yaml', '-o', 'json');
    const yaml = await fairlead('get', '-c', 'sample.yaml', '-o', 'yaml');
    expect([json.code, yaml.code]).toEqual([0, 0]);
    const said = JSON.parse(json.out) as { readonly format: string };
    expect(parse(yaml.out)).toEqual(said);
    expect(said.format).toBe('fairlead.get/v1');
    for (const service of ['default/web', 'default/dns', 'shop/api', 'shop/cart']) {
      expect(json.out).toContain(`"sample:Service/${service}"`);
    }
    for (const path of ['/kubernetes/default_web_http', '10.244.1.1', '/Common/cookie'])
      expect(json.out).toContain(path);
    const text = await fairlead('get', 'pool', 'default/web', '-c', 'sample.yaml');
    expect(text.out).toMatch(/pool +\/kubernetes\/default_web_http[\s\S]*Service default\/web/);
  });
});
