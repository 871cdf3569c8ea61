import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { textSetting } from '../../settings.ts';
import { converse, need } from '../converse.ts';
import type { Talk } from '../converse.ts';
import type { Probe } from '../probe.ts';
import { judgeRows } from './sql-rows.ts';
import type { Row } from './sql-rows.ts';

const PROTOCOL_3 = 196_608;
const SSL_REQUEST = 80_877_103;

interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** A message with its length; the first one of a connection has no type. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), head, body]);
}

/** The next message that says something; notices and parameters do not. Errors of the server are failures. */
async function next(talk: Talk): Promise<Message> {
  for (;;) {
    const head = await talk.bytes(5);
    const length = head.readUInt32BE(1);
    need(length >= 4 && length < 0x100_0000, 'no message');
    const type = head.toString('latin1', 0, 1);
    const body = await talk.bytes(length - 4);
    need(type !== 'E', 'an error of the server');
    if (!'NSK'.includes(type)) return { type, body };
  }
}

interface Account {
  readonly user: string;
  readonly password: string;
}

async function login(talk: Talk, account: Account, database: string): Promise<void> {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(PROTOCOL_3);
  const names = `user\0${account.user}\0database\0${database}\0\0`;
  await talk.send(message('', Buffer.concat([head, Buffer.from(names)])));
  for (;;) {
    const { type, body } = await next(talk);
    if (type === 'Z') return;
    need(type === 'R', 'no answer to the login');
    await prove(talk, account, body);
  }
}

/** One step of the login: the password in clear, by MD5, or by SCRAM (RFC 5802, 7677). */
async function prove(talk: Talk, { user, password }: Account, body: Buffer): Promise<void> {
  const method = body.readUInt32BE(0);
  if (method === 0) return;
  if (method === 3) await talk.send(message('p', Buffer.from(`${password}\0`)));
  else if (method === 5) {
    const md5 = (...parts: readonly (string | Buffer)[]): string => {
      const hash = createHash('md5');
      for (const part of parts) hash.update(part);
      return hash.digest('hex');
    };
    const proof = md5(md5(password, user), body.subarray(4, 8));
    await talk.send(message('p', Buffer.from(`md5${proof}\0`)));
  } else {
    need(method === 10 && body.includes('SCRAM-SHA-256\0'), 'unknown authentication');
    await scram(talk, password);
  }
}

async function scram(talk: Talk, password: string): Promise<void> {
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=,r=${nonce}`;
  const first = Buffer.from(`n,,${bare}`);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(first.length);
  await talk.send(message('p', Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), size, first])));
  const challenge = await next(talk);
  need(challenge.type === 'R' && challenge.body.readUInt32BE(0) === 11, 'no challenge');
  const asked = challenge.body.toString('utf8', 4);
  const {
    r = '',
    s = '',
    i = '',
  } = Object.fromEntries(asked.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
  need(r.startsWith(nonce) && Number(i) > 0 && Number(i) <= 1_000_000, 'no good challenge');
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
  const keyed = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = keyed(salted, 'Client Key');
  const stored = createHash('sha256').update(key).digest();
  const signature = keyed(stored, `${bare},${asked},c=biws,r=${r}`);
  const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64');
  await talk.send(message('p', Buffer.from(`c=biws,r=${r},p=${proof}`)));
  const final = await next(talk);
  need(final.type === 'R' && final.body.readUInt32BE(0) === 12, 'refused');
}

function readRow(body: Buffer): Row {
  const row: (string | undefined)[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    row.push(length < 0 ? undefined : body.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return row;
}

async function query(talk: Talk, text: string): Promise<readonly Row[]> {
  await talk.send(message('Q', Buffer.from(`${text}\0`)));
  const rows: Row[] = [];
  for (;;) {
    const { type, body } = await next(talk);
    if (type === 'D') rows.push(readRow(body));
    if (type === 'Z') return rows;
  }
}

/** A server that knows the protocol answers this with one letter. */
async function greet(talk: Talk): Promise<void> {
  const code = Buffer.alloc(4);
  code.writeUInt32BE(SSL_REQUEST);
  await talk.send(message('', code));
  need('SN'.includes((await talk.bytes(1)).toString('latin1')), 'no server of this kind');
}

/**
 * `postgresql`: with a `username` a login (in clear, by MD5 or SCRAM-SHA-256, never over TLS) and the query of `send`;
 * without one it is enough that the server knows the protocol (K).
 */
export const probePostgresql: Probe = async (request) =>
  await converse(request, async (talk) => {
    const { settings, password = '', send } = request.monitor;
    const user = textSetting(settings, 'username');
    if (user === undefined) {
      await greet(talk);
      return 'success';
    }
    await login(talk, { user, password }, textSetting(settings, 'database') ?? user);
    if (send === undefined || send === '' || send === 'none') return 'success';
    return judgeRows(request.monitor, await query(talk, send));
  });
