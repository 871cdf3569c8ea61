import { afterEach } from 'vitest';
import { FileStore } from './files/file-store.ts';
import { startEmulator, type Emulator, type EmulatorOptions } from './index.ts';
import { allKinds } from './kinds/all.ts';
import { buildRegistry } from './kinds/registry.ts';
import type { Device } from './session/device.ts';
import { loadStock } from './stock/load-stock.ts';
import { Store } from './store/store.ts';
import { versionOf } from './version/version.ts';

/** A reply as tests look at it. */
export interface TestReply {
  readonly status: number;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
}

/** Sends requests to an emulator as `admin`, by Basic unless `headers` say otherwise. */
export interface Client {
  readonly emulator: Emulator;
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestReply>;
  get(path: string): Promise<TestReply>;
  post(path: string, body: unknown): Promise<TestReply>;
  patch(path: string, body: unknown): Promise<TestReply>;
  put(path: string, body: unknown): Promise<TestReply>;
  delete(path: string): Promise<TestReply>;
  /** Queues requests in a transaction and commits it; gives the answer to the commit. */
  transact(...commands: readonly (readonly [method: string, path: string, body?: unknown])[]): Promise<TestReply>;
}

const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A client of an emulator; paths are below `/mgmt/tm` unless they start with `/`. */
export function clientOf(emulator: Emulator): Client {
  const send: Client['send'] = async (method, path, ...rest) => {
    const [body, headers = {}] = rest;
    const url = path.startsWith('/') ? path : `/mgmt/tm/${path}`;
    const response = await fetch(emulator.url + url, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: basic, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: parse(text) };
  };
  return {
    emulator,
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    patch: (path, body) => send('PATCH', path, body),
    put: (path, body) => send('PUT', path, body),
    delete: (path) => send('DELETE', path),
    transact: async (...commands) => {
      const { body } = await send('POST', 'transaction', {});
      const header = { 'X-F5-REST-Coordination-Id': String(body.transId) };
      for (const [method, path, content] of commands) {
        await send(method, path, content, header);
      }
      return send('PATCH', `transaction/${body.transId}`, { state: 'VALIDATING' });
    },
  };
}

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** Starts an emulator that is closed after the test. */
export async function startTest(options: EmulatorOptions = {}): Promise<Client> {
  const emulator = await startEmulator(options);
  running.push(emulator);
  return clientOf(emulator);
}

/** A clock that stands still until it is moved. */
export function manualClock(start = Date.UTC(2026, 0, 1)): { now(): number; advance(milliseconds: number): void } {
  let time = start;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** A device without a server, with the stock objects of 17.1. `stock` says what else there is. */
export function testDevice(stock: Partial<Parameters<typeof loadStock>[2]> = {}): Device {
  const version = versionOf('17.1');
  const store = new Store();
  loadStock(allKinds, store, { hostname: 'box', version, ...stock });
  return {
    version,
    hostname: 'box',
    clock: { now: () => 0 },
    store,
    kinds: buildRegistry(allKinds, []),
    files: new FileStore(),
    health: () => 'checking',
    nodeHealth: () => 'checking',
    connections: () => 0,
    gtmHealth: () => 'checking',
  };
}
