import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig, resolvePath } from './load.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-config-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('makes paths absolute, starting at the folder of the config file', async () => {
  const path = join(folder, 'fairlead.yaml');
  await writeFile(
    path,
    `instance: east
sources: [{ name: east, kubernetes: { manifests: ./cluster } }]
targets:
  - name: a
    bigip: { url: https://a, username: u, password: { file: secrets/pw }, tls: { caFile: ~/ca.pem } }
`,
  );
  const { config, diagnostics } = await loadConfig(path);
  expect(diagnostics).toEqual([]);
  expect(config?.sources[0]?.kubernetes?.manifests).toBe(join(folder, 'cluster'));
  expect(config?.targets[0]?.bigip.password.file).toBe(join(folder, 'secrets/pw'));
  expect(config?.targets[0]?.bigip.tls?.caFile).toBe(join(homedir(), 'ca.pem'));
});

it('makes the paths of databases absolute, too', async () => {
  const path = join(folder, 'fairlead.yaml');
  const server = 'driver: postgresql, database: d, user: u, query: SELECT 1, password: { file: pw }';
  const tls = 'tls: { caFile: ca.pem, certFile: c.pem, keyFile: /k.pem }';
  await writeFile(
    path,
    `instance: east
sources:
  - { name: here, sql: { ${server}, socket: ./run } }
  - { name: there, sql: { ${server}, host: db, ${tls} } }
targets: [{ name: a, bigip: { url: https://a, username: u, password: { env: PW } } }]
`,
  );
  const { config, diagnostics } = await loadConfig(path);
  expect(diagnostics).toEqual([]);
  const password = { file: join(folder, 'pw') };
  expect(config?.sources.map(({ sql }) => sql)).toMatchObject([
    { socket: join(folder, 'run'), password },
    { tls: { caFile: join(folder, 'ca.pem'), certFile: join(folder, 'c.pem'), keyFile: '/k.pem' }, password },
  ]);
});

it('leaves absolute paths alone', () => {
  expect(resolvePath('/a/b', '/c')).toBe('/a/b');
  expect(resolvePath('~', '/c')).toBe(homedir());
});

it('says what to do when there is no such file, and why a file cannot be read', async () => {
  const missing = await loadConfig(join(folder, 'none.yaml'));
  expect(missing.config).toBeUndefined();
  expect(missing.diagnostics[0]?.summary).toContain('there is no such file; write one');
  const unreadable = await loadConfig(folder);
  expect(unreadable.diagnostics[0]?.summary).toContain('found a folder, expected the config file (EISDIR)');
});

it('makes the paths of etcd and of a document absolute, those of secrets in headers among them', async () => {
  const path = join(folder, 'fairlead.yaml');
  const tls = 'caFile: ca.pem, clientCertificate: c.pem, clientKey: /k.pem';
  await writeFile(
    path,
    `instance: east
sources:
  - { name: keys, etcd: { endpoints: ['https://a:2379'], prefix: /s, ${tls}, username: u, password: { file: pw } } }
  - { name: api, http: { url: 'https://a/x', ${tls}, bearerToken: { file: t }, headers: { X-Key: { file: k }, file: text } } }
targets: [{ name: a, bigip: { url: https://a, username: u, password: { env: PW } } }]
`,
  );
  const { config, diagnostics } = await loadConfig(path);
  expect(diagnostics).toEqual([]);
  const files = { caFile: join(folder, 'ca.pem'), clientCertificate: join(folder, 'c.pem'), clientKey: '/k.pem' };
  expect(config?.sources).toMatchObject([
    { etcd: { ...files, password: { file: join(folder, 'pw') } } },
    {
      http: {
        ...files,
        bearerToken: { file: join(folder, 't') },
        headers: { 'X-Key': { file: join(folder, 'k') }, file: 'text' },
      },
    },
  ]);
});
