import { constants, createHash, publicEncrypt } from 'node:crypto';
import { textSetting } from '../../settings.ts';
import { converse, need } from '../converse.ts';
import type { Talk } from '../converse.ts';
import type { Probe } from '../probe.ts';
import { judgeRows } from './sql-rows.ts';
import type { Row } from './sql-rows.ts';

/** Capabilities (MySQL client/server protocol, "Capabilities Flags"). */
const LONG_PASSWORD = 1;
const CONNECT_WITH_DB = 8;
const PROTOCOL_41 = 0x200;
const TRANSACTIONS = 0x2000;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x80000;
const UTF8 = 33;

/** Packets: a length of three bytes, a running number, and what they say. */
class Packets {
  readonly #talk: Talk;
  #next = 0;

  constructor(talk: Talk) {
    this.#talk = talk;
  }

  async read(): Promise<Buffer> {
    const head = await this.#talk.bytes(4);
    this.#next = head.readUInt8(3) + 1;
    const body = await this.#talk.bytes(head.readUIntLE(0, 3));
    need(body[0] !== 0xff, 'an error of the server');
    return body;
  }

  async send(body: Buffer, isFirst = false): Promise<void> {
    const head = Buffer.alloc(4);
    head.writeUIntLE(body.length, 0, 3);
    head.writeUInt8(isFirst ? 0 : this.#next & 0xff, 3);
    await this.#talk.send(Buffer.concat([head, body]));
  }
}

/** A text that ends with 0, and where it ends. */
function textAt(bytes: Buffer, start: number): { readonly text: string; readonly end: number } {
  const end = bytes.indexOf(0, start);
  const stop = end === -1 ? bytes.length : end;
  return { text: bytes.toString('utf8', start, stop), end: stop + 1 };
}

/** Of the server's greeting: the random bytes for the password, and how it is to be proved. */
function readGreeting(greeting: Buffer): { readonly nonce: Buffer; readonly plugin: string } {
  need(greeting[0] === 10, 'no greeting of protocol 10');
  const { end } = textAt(greeting, 1);
  const first = greeting.subarray(end + 4, end + 12);
  const length = greeting.readUInt8(end + 20);
  const secondAt = end + 31;
  const second = greeting.subarray(secondAt, secondAt + Math.max(13, length - 8) - 1);
  const plugin = textAt(greeting, secondAt + Math.max(13, length - 8)).text;
  return { nonce: Buffer.concat([first, second]), plugin: plugin === '' ? 'mysql_native_password' : plugin };
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index % other.length] ?? 0)));
}

/** The proof of the password by an authentication plugin. */
function prove(plugin: string, password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  if (plugin === 'mysql_clear_password') need(false, 'the password would go in clear');
  const isNative = plugin === 'mysql_native_password';
  need(isNative || plugin === 'caching_sha2_password', `unknown plugin ${plugin}`);
  const hash = (...parts: readonly (Buffer | string)[]): Buffer => {
    const made = createHash(isNative ? 'sha1' : 'sha256');
    for (const part of parts) made.update(part);
    return made.digest();
  };
  const once = hash(password);
  return xor(once, isNative ? hash(nonce, hash(once)) : hash(hash(once), nonce));
}

interface Account {
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
}

async function login(packets: Packets, { user, password, database }: Account): Promise<void> {
  let { nonce, plugin } = readGreeting(await packets.read());
  const proof = prove(plugin, password, nonce);
  const flags = LONG_PASSWORD | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION | PLUGIN_AUTH;
  const head = Buffer.alloc(32);
  head.writeUInt32LE(database === undefined ? flags : flags | CONNECT_WITH_DB, 0);
  head.writeUInt32LE(0x100_0000, 4);
  head.writeUInt8(UTF8, 8);
  const names = [
    `${user}\0`,
    Buffer.from([proof.length]),
    proof,
    database === undefined ? '' : `${database}\0`,
    `${plugin}\0`,
  ];
  await packets.send(Buffer.concat([head, ...names.map((part) => Buffer.from(part))]));
  for (;;) {
    const answer = await packets.read();
    if (answer[0] === 0) return;
    if (answer[0] === 0xfe) {
      const { text, end } = textAt(answer, 1);
      plugin = text;
      nonce = answer.subarray(end, end + 20);
      await packets.send(prove(plugin, password, nonce));
    } else {
      need(answer[0] === 1, 'no answer to the login');
      if (answer[1] === 4) await proveInFull(packets, password, nonce);
    }
  }
}

/** The server does not know the password's hash: it gets the password, encrypted for its key. */
async function proveInFull(packets: Packets, password: string, nonce: Buffer): Promise<void> {
  await packets.send(Buffer.from([2]));
  const key = (await packets.read()).toString('utf8', 1);
  const hidden = xor(Buffer.from(`${password}\0`), nonce);
  await packets.send(publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, hidden));
}

/** A number of a variable length, and where it ends. */
function lengthAt(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  const first = bytes.readUInt8(at);
  const size = first === 0xfc ? 2 : first === 0xfd ? 3 : first === 0xfe ? 6 : 0;
  // Eight bytes follow 0xfe, of which no packet needs more than six.
  return size === 0
    ? { value: first, end: at + 1 }
    : { value: bytes.readUIntLE(at + 1, size), end: at + 1 + (size === 6 ? 8 : size) };
}

function readRow(packet: Buffer): Row {
  const row: (string | undefined)[] = [];
  for (let at = 0; at < packet.length;) {
    if (packet[at] === 0xfb) {
      row.push(undefined);
      at += 1;
      continue;
    }
    const { value, end } = lengthAt(packet, at);
    row.push(packet.toString('utf8', end, end + value));
    at = end + value;
  }
  return row;
}

function isEnd(packet: Buffer): boolean {
  return packet[0] === 0xfe && packet.length < 9;
}

async function query(packets: Packets, text: string): Promise<readonly Row[]> {
  await packets.send(Buffer.from(`\u0003${text}`), true);
  const answer = await packets.read();
  if (answer[0] === 0) return [];
  while (!isEnd(await packets.read()));
  const rows: Row[] = [];
  for (let packet = await packets.read(); !isEnd(packet); packet = await packets.read()) rows.push(readRow(packet));
  return rows;
}

/**
 * `mysql`: with a `username` a login (by `mysql_native_password` or `caching_sha2_password`) and the query of `send`;
 * without one the server's greeting is enough (K).
 */
export const probeMysql: Probe = async (request) =>
  await converse(request, async (talk) => {
    const { settings, password = '', send } = request.monitor;
    const packets = new Packets(talk);
    const user = textSetting(settings, 'username');
    if (user === undefined) {
      readGreeting(await packets.read());
      return 'success';
    }
    await login(packets, { user, password, database: textSetting(settings, 'database') });
    if (send === undefined || send === '' || send === 'none') return 'success';
    return judgeRows(request.monitor, await query(packets, send));
  });
