import { request } from 'node:http';
import { expect } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { httpBackend } from '../dataplane/test-kit.ts';
import { startTest, type Client } from '../test-kit.ts';

/** Helpers for tests of iRules on traffic. Nothing else uses them. */

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A box with traffic, and where its first virtual server listens. */
export type Box = Client & { readonly port: () => number };

/** A box with the pools `default` and `other`, whose members answer with their name, and a virtual server with a rule. */
export async function box(code: string, profiles: readonly string[] = ['tcp', 'http']): Promise<Box> {
  const client = await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
  for (const name of ['default', 'other']) {
    const backend = await httpBackend(name, (incoming, response) => {
      response.setHeader('X-Backend', name);
      response.setHeader('Set-Cookie', 'id=1; Path=/');
      response.end(`${name} ${incoming.method} ${incoming.url} ${JSON.stringify(incoming.headers)}`);
    });
    await client.post('ltm/pool', { name, members: [{ name: `127.0.0.1:${backend.port}` }] });
  }
  const rule = await client.post('ltm/rule', { name: 'r', apiAnonymous: code });
  expect(rule.text).toContain('"kind":"tm:ltm:rule:rulestate"');
  const body = { name: 'vs', destination: '10.1.10.50:80', ipProtocol: 'tcp', pool: 'default', profiles, rules: ['r'] };
  expect((await client.post('ltm/virtual', body)).text).toContain('"kind"');
  await client.emulator.dataPlane?.settled();
  return { ...client, port: () => client.emulator.listeners()[0]?.port ?? 0 };
}

/** Where a virtual server listens. */
export function portOf({ emulator }: Client, virtual: string): number {
  return emulator.listeners().find((each) => each.virtual === virtual)?.port ?? 0;
}

/** One request on a connection of its own. */
export async function get(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return await send(port, { path, headers });
}

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent in chunks if there is more than one. */
  readonly body?: readonly string[];
}

/** A request with a body, on a connection of its own. */
export function send(port: number, { path = '/', method = 'GET', headers = {}, body = [] }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const shown = { Host: 'foo.bar.com', ...headers };
    const options = { port, host: '127.0.0.1', agent: false, path, method, headers: shown };
    const outgoing = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    outgoing.on('error', reject);
    if (body.length > 1) for (const part of body) outgoing.write(part);
    outgoing.end(body.length === 1 ? body[0] : undefined);
  });
}
