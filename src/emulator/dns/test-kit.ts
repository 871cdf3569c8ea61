import { Resolver } from 'node:dns/promises';
import { expect } from 'vitest';
import type { Listener } from '../dataplane/model.ts';
import { startTest, type Client } from '../test-kit.ts';
import type { EmulatorOptions } from '../options.ts';

/** Creates an object, or fails the test. */
export async function make(client: Client, collection: string, body: Record<string, unknown>): Promise<void> {
  const reply = await client.post(collection, body);
  expect(reply.body).toMatchObject({ name: expect.any(String) });
  expect(reply.status).toBe(200);
}

/** An emulator with `gtm`, a data centre, and a server of another make with virtual servers `vs1`, `vs2`, `vs3`. */
export async function startGtm(options: EmulatorOptions = {}): Promise<Client> {
  const client = await startTest({ modules: ['gtm'], dns: { port: 0, timeScale: 0.01 }, ...options });
  await make(client, 'gtm/datacenter', { name: 'dc' });
  const server = { datacenter: '/Common/dc', product: 'generic-host' };
  await make(client, 'gtm/server', { name: 's', ...server, addresses: [{ name: '192.0.2.250', deviceName: 's' }] });
  for (const number of [1, 2, 3]) {
    const body = { name: `vs${number}`, destination: `192.0.2.${number}:80` };
    await make(client, 'gtm/server/~Common~s/virtual-servers', body);
  }
  return client;
}

/** A pool `p` of `vs1`, `vs2`, `vs3`, and the wide IP `www.example.com` with it. */
export async function startWideip(
  pool: Record<string, unknown> = {},
  wideip: Record<string, unknown> = {},
  options: EmulatorOptions = {},
): Promise<Client> {
  const client = await startGtm(options);
  await make(client, 'gtm/pool/a', { name: 'p', members: ['s:vs1', 's:vs2', 's:vs3'], ...pool });
  await make(client, 'gtm/wideip/a', { name: 'www.example.com', pools: ['p'], ...wideip });
  return client;
}

/** The port that answers without a listener, or that of a listener. */
export async function dnsPort(client: Client, name = '(dns)'): Promise<number> {
  await client.emulator.dns?.settled();
  const found = client.emulator.listeners().find(({ virtual }) => virtual === name);
  expect(found?.problem).toBe(undefined);
  return found?.port ?? 0;
}

/** The entries of a name in the table of listeners. */
export async function listenersOf(client: Client, name: string): Promise<readonly Listener[]> {
  await client.emulator.dns?.settled();
  return client.emulator.listeners().filter(({ virtual }) => virtual === name);
}

/** Node's resolver (c-ares), asking the emulator. */
export async function resolverFor(client: Client, name?: string): Promise<Resolver> {
  const resolver = new Resolver({ timeout: 10_000, tries: 3 });
  resolver.setServers([`127.0.0.1:${await dnsPort(client, name)}`]);
  return resolver;
}

/** What tests see of a message. */
export interface Seen {
  readonly id: number;
  readonly rcode: number;
  readonly truncated: boolean;
  readonly authoritative: boolean;
  readonly recursionDesired: boolean;
  /** Records in answer, authority and additional, the OPT counted. */
  readonly counts: readonly [number, number, number];
  readonly bytes: Buffer;
}

/** The bytes of a name, without compression. */
export function rawName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  return Buffer.concat([
    ...labels.flatMap((each) => [Buffer.from([each.length]), Buffer.from(each)]),
    Buffer.from([0]),
  ]);
}

/** A query as bytes, written by hand. `edns` in bytes of UDP size. */
export function rawQuery(
  name: string,
  type = 1,
  more: { edns?: number; version?: number; options?: Buffer; opcode?: number; class?: number } = {},
): Buffer {
  const head = Buffer.from([0x12, 0x34, 0x01 | ((more.opcode ?? 0) << 3), 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const tail = Buffer.from([type >> 8, type & 0xff, 0, more.class ?? 1]);
  const question = Buffer.concat([head, rawName(name), tail]);
  if (more.edns === undefined) return question;
  question.writeUInt16BE(1, 10);
  const options = more.options ?? Buffer.alloc(0);
  const opt = Buffer.from([0, 0, 41, more.edns >> 8, more.edns & 0xff, 0, more.version ?? 0, 0, 0, 0, options.length]);
  return Buffer.concat([question, opt, options]);
}

/** Reads the head of a message. */
export function see(bytes: Buffer | undefined): Seen {
  if (bytes === undefined) throw new Error('no answer');
  const flags = bytes.readUInt16BE(2);
  return {
    id: bytes.readUInt16BE(0),
    rcode: flags & 0xf,
    truncated: (flags & 0x200) !== 0,
    authoritative: (flags & 0x400) !== 0,
    recursionDesired: (flags & 0x100) !== 0,
    counts: [bytes.readUInt16BE(6), bytes.readUInt16BE(8), bytes.readUInt16BE(10)],
    bytes,
  };
}

/** What a query written by hand is answered, without a socket. */
export function ask(client: Client, query: Buffer, from = '198.51.100.1'): Seen {
  return see(client.emulator.dns?.answer(query, from));
}

/** The last bytes of the IPv4 addresses that a client gets for `www.example.com`, in the order of the answers. */
export function addressesFor(client: Client, from = '198.51.100.1'): readonly number[] {
  const { bytes, counts } = ask(client, rawQuery('www.example.com'), from);
  // Each answer: a pointer to the name of the question, type, class, TTL, length, four bytes.
  const start = 12 + rawName('www.example.com').length + 4;
  return Array.from({ length: counts[0] }, (_none, at) => bytes.readUInt8(start + at * 16 + 15));
}
