import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Emulator } from '../../src/emulator/index.ts';

/** The port of 127.0.0.1 at which an emulator started with `dns: { port: 0 }` answers, by UDP and TCP. */
export async function dnsPort(emulator: Emulator): Promise<number> {
  await emulator.dns?.settled();
  const port = emulator.listeners().find(({ virtual }) => virtual === '(dns)')?.port;
  if (port === undefined) throw new Error('the emulator answers no DNS: is gtm provisioned?');
  return port;
}

/** Node's own resolver, asking the emulator. */
export async function resolverOf(emulator: Emulator): Promise<Resolver> {
  const resolver = new Resolver({ timeout: 10_000, tries: 3 });
  resolver.setServers([`127.0.0.1:${await dnsPort(emulator)}`]);
  return resolver;
}

/** `resolve4` and its like, with the code of a refusal in place of an error: `['ENOTFOUND']`. */
export async function answerOf(ask: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return [...(await ask)].sort();
  } catch (error) {
    return [(error as NodeJS.ErrnoException).code ?? String(error)];
  }
}

/** A query for the A records of a name, byte by byte. */
export function queryFor(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const head = Buffer.from([0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

/** The bytes of the answer by UDP. */
export async function askByUdp(emulator: Emulator, name: string): Promise<Buffer> {
  const socket = createSocket('udp4');
  try {
    socket.send(queryFor(name), await dnsPort(emulator), '127.0.0.1');
    const [message] = (await once(socket, 'message')) as [Buffer];
    return message;
  } finally {
    socket.close();
  }
}

/** The bytes of the answer by TCP, without the length before them. */
export async function askByTcp(emulator: Emulator, name: string): Promise<Buffer> {
  const query = queryFor(name);
  const socket = connect(await dnsPort(emulator), '127.0.0.1');
  try {
    socket.write(Buffer.concat([Buffer.from([0, query.length]), query]));
    let answer = Buffer.alloc(0);
    while (answer.length < 2 || answer.length < 2 + answer.readUInt16BE(0)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      answer = Buffer.concat([answer, chunk]);
    }
    return answer.subarray(2);
  } finally {
    socket.destroy();
  }
}

/** The address in an answer with one A record, which ends it; empty if there is no record. */
export function addressIn(answer: Buffer | undefined): string {
  return answer === undefined || answer.readUInt16BE(6) !== 1 ? '' : [...answer.subarray(-4)].join('.');
}
