import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { follow } from '../../../../test/contract/source.ts';
import type { Source } from '../../source.ts';
import { createKubernetesSource } from '../index.ts';
import type { FakeObject } from '../testing/fake-objects.ts';
import { testExtract } from '../testing/harness.ts';
import { serviceObject, sliceObject } from '../testing/objects.ts';
import { until } from '../testing/until.ts';

const { signal } = new AbortController();
const ends: (() => Promise<void>)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-manifests-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function text(...objects: FakeObject[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

function write(name: string, content: string): Promise<void> {
  return writeFile(join(folder, name), content);
}

const web = (address = '10.244.1.5') =>
  text(serviceObject('default/web', { loadBalancerIP: '10.1.10.50' }), sliceObject('default/web', [address]));
const api = () =>
  text(serviceObject('default/api', { loadBalancerIP: '10.1.10.51' }), sliceObject('default/api', ['10.244.1.6']));

function open(given: { readonly pollMs?: number; readonly quietMs?: number; readonly path?: string } = {}): Source {
  const from = {
    kind: 'manifests',
    folder: given.path ?? folder,
    quietMs: given.quietMs ?? 20,
    pollMs: given.pollMs ?? 10_000,
  } as const;
  return createKubernetesSource({ extract: testExtract(), from });
}

async function origins(source: Source): Promise<readonly string[]> {
  const { contributions } = await source.read({ signal });
  return [...new Set(contributions.filter(({ frozen }) => frozen === undefined).map(({ origin }) => origin))];
}

function member(source: Source): string | undefined {
  const [backend] = source.extract?.(['east:Service/default/web#http']) ?? [];
  const pool = backend?.objects.find((object) => object.kind === 'pool');
  return pool?.members?.[0]?.address.ip;
}

async function live(given: Parameters<typeof open>[0] = {}): Promise<{ source: Source } & ReturnType<typeof follow>> {
  const source = open(given);
  await source.read({ signal });
  const following = follow(source);
  ends.push(following.stop);
  return { source, ...following };
}

describe('a folder of manifests', () => {
  it('is read with the folders in it, YAML and JSON, without hidden and other files', async () => {
    await mkdir(join(folder, 'shop', 'deep'), { recursive: true });
    await write('web.yaml', web());
    await write(
      'shop/deep/api.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [serviceObject('default/api')] }),
    );
    await write('.hidden.yaml', text(serviceObject('default/hidden')));
    await write('notes.txt', text(serviceObject('default/notes')));
    await write('web.yaml~', text(serviceObject('default/backup')));
    await write('others.yml', text({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }));
    const source = open();
    expect(await origins(source)).toEqual(['east:Service/default/api', 'east:Service/default/web']);
    expect(source.complete).toBe(true);
  });

  it('that is empty from the start is complete and holds nothing', async () => {
    expect(await open().read({ signal })).toEqual({ contributions: [], complete: true, diagnostics: [] });
  });

  it('that is not there is incomplete', async () => {
    const result = await open({ path: join(folder, 'none') }).read({ signal });
    expect(result).toMatchObject({ complete: false, contributions: [] });
    expect(result.diagnostics[0]?.summary).toContain(join(folder, 'none'));
    expect(result.diagnostics[0]?.summary).toContain('ENOENT');
    await write('file', '');
    const file = await open({ path: join(folder, 'file') }).read({ signal });
    expect(file.diagnostics[0]?.summary).toContain('ENOTDIR');
  });

  it('that is emptied, or vanishes, keeps what it held and says so', async () => {
    await write('web.yaml', web());
    const source = open();
    await source.read({ signal });
    await unlink(join(folder, 'web.yaml'));
    expect(await origins(source)).toEqual(['east:Service/default/web']);
    expect(source.complete).toBe(false);
    await rm(folder, { recursive: true });
    expect(await origins(source)).toEqual(['east:Service/default/web']);
    expect(source.complete).toBe(false);
    await mkdir(folder);
    await write('web.yaml', web());
    expect(await origins(source)).toEqual(['east:Service/default/web']);
    expect(source.complete).toBe(true);
  });

  it('follows a file that is replaced, rewritten, renamed, and removed', async () => {
    await write('web.yaml', web());
    await write('api.yaml', api());
    const { source, cells } = await live();
    await write('.tmp', web('10.244.9.1'));
    await rename(join(folder, '.tmp'), join(folder, 'web.yaml'));
    await until('the replaced file counts', () => member(source) === '10.244.9.1');
    await write('web.yaml', web('10.244.9.2'));
    await until('the rewritten file counts', () => member(source) === '10.244.9.2');
    cells.clear();
    await rename(join(folder, 'web.yaml'), join(folder, 'www.yaml'));
    await write('www.yaml', web('10.244.9.3'));
    await until('the renamed file counts', () => member(source) === '10.244.9.3');
    expect([...cells]).toEqual(['east:Service/default/web#http']);
    await unlink(join(folder, 'api.yaml'));
    await until('the removal counts', () => cells.has('east:Service/default/api'));
    expect(source.extract?.(['east:Service/default/api'])).toEqual([]);
    expect(source.complete).toBe(true);
  });

  it('follows a mounted ConfigMap, whose files are links into a folder that is swapped', async () => {
    await mkdir(join(folder, '..1'));
    await mkdir(join(folder, '..2'));
    await write('..1/web.yaml', web('10.244.1.1'));
    await write('..2/web.yaml', web('10.244.2.2'));
    await symlink('..1', join(folder, '..data'));
    await symlink('..data/web.yaml', join(folder, 'web.yaml'));
    const { source } = await live({ pollMs: 50 });
    expect(member(source)).toBe('10.244.1.1');
    await symlink('..2', join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));
    await until('the new content counts', () => member(source) === '10.244.2.2');
  });

  it('is looked through now and then, even if the system notifies of nothing', async () => {
    const path = join(folder, 'later');
    const { source } = await live({ path, pollMs: 30 });
    expect(source.complete).toBe(false);
    await mkdir(path);
    await write('later/web.yaml', web());
    await until('the folder that came later is read', () => member(source) === '10.244.1.5');
    expect(source.complete).toBe(true);
  });

  it('does not act on a file while it is being written', async () => {
    await write('web.yaml', web());
    const { source, cells, problems } = await live({ quietMs: 300 });
    const whole = web('10.244.4.4');
    for (let end = 0; end < whole.length; end += 100) await write('web.yaml', whole.slice(0, end));
    await write('web.yaml', whole);
    await until('the whole file counts', () => member(source) === '10.244.4.4');
    expect([...cells]).toEqual(['east:Service/default/web#http']);
    expect(problems).toEqual([]);
  });
});

describe('a file that cannot be understood', () => {
  it('freezes what it held, is named with its line, and the other files go on', async () => {
    await write('web.yaml', web());
    await write('api.yaml', api());
    const { source, problems, cells } = await live();
    await write('web.yaml', `${serviceText()}  bad: [\n`);
    await until('the problem is told', () => problems.length > 0);
    expect(problems[0]?.summary).toMatch(/^east: web\.yaml:\d+: /);
    expect(source.complete).toBe(false);
    await write('api.yaml', text(serviceObject('default/api', { loadBalancerIP: '10.1.10.52' })));
    await until('the other file is read', () => cells.has('east:Service/default/api'));
    expect(await origins(source)).toEqual(['east:Service/default/api', 'east:Service/default/web']);
    expect(member(source)).toBe('10.244.1.5');
    await write('web.yaml', web('10.244.1.9'));
    await until('it is complete again', () => source.complete === true && member(source) === '10.244.1.9');
  });

  it('from the start freezes the Services that it names, and those whose members it may hold', async () => {
    await write('api.yaml', api());
    await write('lonely.yaml', text(serviceObject('default/lonely')));
    await write('web.yaml', `${web()}\n---\nkind: [\n`);
    const { contributions, complete, diagnostics } = await open().read({ signal });
    expect(complete).toBe(false);
    expect(diagnostics[0]?.summary).toContain('web.yaml:');
    const frozen = contributions.filter((contribution) => contribution.frozen).map(({ origin }) => origin);
    expect(frozen).toEqual(['east:Service/default/lonely', 'east:Service/default/web']);
    expect(contributions.some(({ cell }) => cell === 'east:Service/default/api#http')).toBe(true);
  });

  it('that is emptied keeps what it held until it is deleted', async () => {
    await write('web.yaml', web());
    await write('api.yaml', api());
    const source = open();
    await source.read({ signal });
    await write('web.yaml', '');
    const { diagnostics } = await source.read({ signal });
    expect(diagnostics[0]?.summary).toBe('east: web.yaml: it is empty now; delete the file if its objects shall go');
    expect(await origins(source)).toHaveLength(2);
    await unlink(join(folder, 'web.yaml'));
    expect(await origins(source)).toEqual(['east:Service/default/api']);
    expect(source.complete).toBe(true);
  });

  it('with one wrong field names field and line, and freezes only that object', async () => {
    const yaml = serviceText().replace('port: 80', 'port: eighty');
    await write('web.yaml', `${text(serviceObject('default/api'))}\n---\n${yaml}`);
    const { contributions, complete, diagnostics } = await open().read({ signal });
    expect(complete).toBe(true);
    expect(diagnostics).toEqual([
      {
        code: 'object-unreadable',
        severity: 'error',
        origin: 'east:Service/default/web',
        field: 'spec.ports[0].port',
        summary:
          'Service default/web: web.yaml:10: spec.ports[0].port: found "eighty", expected a port number from 1 to 65535',
      },
    ]);
    expect(contributions.find(({ origin }) => origin === 'east:Service/default/web')?.frozen).toBe(true);
    expect(contributions.find(({ origin }) => origin === 'east:Service/default/api')?.frozen).toBeUndefined();
  });

  it.each([
    ['a block', '{{- if .Values.on }}\n', ''],
    ['a name', '', '{{ .Release.Name }}'],
    ['a part of a name', '', '{{ .Release.Name }}-web'],
    ['a quoted name', '', '"{{ .Release.Name }}"'],
  ])(
    'that is a template with %s is said to be one or to have a bad name, and deletes nothing',
    async (_, head, name) => {
      await write('web.yaml', web());
      const source = open();
      await source.read({ signal });
      await write(
        'web.yaml',
        `${head}${name === '' ? serviceText() : serviceText().replace('name: web', `name: ${name}`)}`,
      );
      await write('api.yaml', api());
      const { diagnostics } = await source.read({ signal });
      expect(diagnostics).toHaveLength(1);
      expect(diagnostics[0]?.summary).toMatch(
        /web\.yaml:\d+: .*(helm template|\{\{ \.Release\.Name \}\}", expected a name of)/,
      );
      expect(await origins(source)).toContain('east:Service/default/web');
      expect(await origins(source)).toContain('east:Service/default/api');
    },
  );

  it('never makes the parser warn of what is in it, which may be secret', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    await write('web.yaml', 'apiVersion: v1\nkind: Secret\nstringData: {{ secret: 1 }: 2}\n');
    await open().read({ signal });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('that is not UTF-8 or holds an object twice is named', async () => {
    await writeFile(join(folder, 'a.yaml'), Buffer.from([0xff, 0xfe, 0x41, 0x00]));
    await write('b.yaml', text(serviceObject('default/web'), serviceObject('default/web')));
    await write('c.yaml', text(serviceObject('default/web', { loadBalancerIP: '10.1.10.99' })));
    const { diagnostics } = await open().read({ signal });
    expect(diagnostics.map(({ summary }) => summary)).toEqual([
      'east: a.yaml: it is not UTF-8',
      'east: Service default/web stands in b.yaml and in b.yaml and in c.yaml; the first one counts',
    ]);
  });
});

function serviceText(): string {
  return 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: LoadBalancer\n  ports:\n  - port: 80\n';
}
