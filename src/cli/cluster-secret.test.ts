import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Config } from '../config/schema.ts';
import { parseConfig } from '../config/parse.ts';
import { secretReader } from './cluster-secret.ts';

let server: Server;
let folder: string;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    const found = request.url === '/api/v1/namespaces/fairlead/secrets/bigip';
    response.statusCode = found ? 200 : 404;
    const data = { password: Buffer.from('from-cluster').toString('base64') };
    response.end(JSON.stringify(found ? { kind: 'Secret', data } : { kind: 'Status', message: 'not found' }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  folder = await mkdtemp(join(tmpdir(), 'fairlead-secret-'));
  const kubeconfig = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    users: [{ name: 'u', user: { token: 'a-token' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  };
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function config(): Config {
  const text = `instance: lab
sources:
  - { name: files, kubernetes: { manifests: ./m } }
  - { name: east, kubernetes: { kubeconfig: ${join(folder, 'kubeconfig')} } }
targets: [{ name: a, bigip: { url: https://a, username: b, password: { secret: { namespace: fairlead, name: bigip, key: password } } } }]
`;
  const parsed = parseConfig(text, 'test.yaml');
  expect(parsed.diagnostics).toEqual([]);
  return parsed.config as Config;
}

const entry = { namespace: 'fairlead', name: 'bigip', key: 'password' };

it('a Kubernetes Secret is read through the source that has an API server', async () => {
  expect(await secretReader(config())(entry)).toBe('from-cluster');
  expect(asked).toContain('Bearer a-token /api/v1/namespaces/fairlead/secrets/bigip');
});

it('or through the source that is named', async () => {
  expect(await secretReader(config())({ ...entry, source: 'east' })).toBe('from-cluster');
  await expect(secretReader(config())({ ...entry, source: 'files' })).rejects.toThrow(
    'Secret fairlead/bigip: no source with an API server can read it',
  );
});

it('one that is not there is told by name, without its content', async () => {
  await expect(secretReader(config())({ ...entry, name: 'other' })).rejects.toThrow(/Secret fairlead\/other .*404/);
  await expect(secretReader(config())({ ...entry, key: 'nope' })).rejects.toThrow('has no key nope');
});
