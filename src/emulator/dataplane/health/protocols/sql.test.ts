import { constants, createHash, createHmac, generateKeyPairSync, pbkdf2Sync, privateDecrypt } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { MonitorConfig } from '../../model.ts';
import { cleanUp, tcpBackend } from '../../test-kit.ts';
import { Talk } from '../converse.ts';
import { probe } from '../probe-kit.ts';

afterEach(cleanUp);

/** A server that talks to each client; it ends the connection when it is done or does not understand. */
async function server(serve: (talk: Talk) => Promise<void>): Promise<number> {
  const run = async (socket: Socket): Promise<void> => {
    const talk = new Talk(socket);
    await serve(talk).catch(() => {});
    talk.end();
  };
  return (await tcpBackend((socket) => void run(socket))).port;
}

const monitor = (type: string, more: Partial<MonitorConfig> = {}): Partial<MonitorConfig> => ({
  type,
  settings: { username: 'u', database: 'd' },
  password: 'secret',
  ...more,
});

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ other[index % other.length]!));
}

describe('a mysql monitor', () => {
  const nonce = Buffer.from('0123456789abcdefghij');
  const hash = (name: string, ...parts: readonly Buffer[]): Buffer => {
    const made = createHash(name);
    for (const part of parts) made.update(part);
    return made.digest();
  };

  function greeting(plugin: string): Buffer {
    const fixed = Buffer.alloc(19);
    fixed.writeUInt8(21, 8);
    const parts = ['\u000a8.0.1\0', '\u0001\0\0\0', nonce.subarray(0, 8), Buffer.from([0]), fixed.subarray(1)];
    return Buffer.concat([...parts.map((part) => Buffer.from(part)), nonce.subarray(8), Buffer.from(`\0${plugin}\0`)]);
  }

  async function send(talk: Talk, number: number, body: Buffer | string): Promise<void> {
    const head = Buffer.alloc(4);
    head.writeUIntLE(Buffer.byteLength(body), 0, 3);
    head.writeUInt8(number, 3);
    await talk.send(Buffer.concat([head, Buffer.from(body)]));
  }

  async function receive(talk: Talk): Promise<Buffer> {
    const head = await talk.bytes(4);
    return await talk.bytes(head.readUIntLE(0, 3));
  }

  const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
  const END = Buffer.from([0xfe, 0, 0, 2, 0]);
  const text = (...values: readonly string[]): Buffer =>
    Buffer.concat(values.map((value) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])));

  /** Rows `1, NULL` and `2, two`. */
  async function answer(talk: Talk): Promise<void> {
    expect((await receive(talk)).toString()).toBe('\u0003SELECT 1');
    const rows = [Buffer.concat([text('1'), Buffer.from([0xfb])]), text('2', 'two')];
    const parts = [Buffer.from([2]), text('def', 'a'), text('def', 'b'), END, ...rows, END];
    for (const [index, part] of parts.entries()) await send(talk, index + 1, part);
  }

  async function nativeServer(): Promise<number> {
    return await server(async (talk) => {
      await send(talk, 0, greeting('mysql_native_password'));
      const login = await receive(talk);
      const [user, rest] = [login.subarray(32, 34), login.subarray(35)];
      const once = hash('sha1', Buffer.from('secret'));
      const expected = xor(once, hash('sha1', nonce, hash('sha1', once)));
      const isRight = user.toString() === 'u\0' && rest.subarray(0, 20).equals(expected);
      const isThere = rest.toString('utf8', 20) === 'd\0mysql_native_password\0';
      await send(talk, 2, isRight && isThere ? OK : Buffer.from([0xff, 0, 0]));
      await answer(talk);
    });
  }

  it('logs in and finds what it looks for in the rows of its query', async () => {
    const port = await nativeServer();
    const ask = async (recv: string, settings = {}): Promise<unknown> =>
      await probe(
        port,
        monitor('mysql', { send: 'SELECT 1', recv, settings: { username: 'u', database: 'd', ...settings } }),
      );
    expect(await ask('two')).toBe('success');
    expect(await ask('three')).toBe('failure');
    expect(await ask('two', { recvRow: '2', recvColumn: '2' })).toBe('success');
    expect(await ask('two', { recvRow: '1' })).toBe('failure');
    expect(await ask('2', { recvColumn: '2' })).toBe('failure');
  });

  it('is down when the password is wrong, or when nobody of that kind is there', async () => {
    expect(await probe(await nativeServer(), monitor('mysql', { password: 'wrong' }))).toBe('failure');
    const other = await tcpBackend((socket) => socket.write('220 hello\r\n'));
    expect(await probe(other.port, { type: 'mysql' }, 300)).toBe('failure');
    expect(await probe(await nativeServer(), { type: 'mysql' })).toBe('success');
  });

  it('proves its password to a server that switches to caching_sha2_password and asks for all of it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const port = await server(async (talk) => {
      await send(talk, 0, greeting('mysql_native_password'));
      await receive(talk);
      await send(
        talk,
        2,
        Buffer.concat([Buffer.from('\u00fecaching_sha2_password\0', 'latin1'), nonce, Buffer.from([0])]),
      );
      const once = hash('sha256', Buffer.from('secret'));
      const fast = xor(once, hash('sha256', hash('sha256', once), nonce));
      expect(await receive(talk)).toEqual(fast);
      await send(talk, 4, Buffer.from([1, 4]));
      expect(await receive(talk)).toEqual(Buffer.from([2]));
      await send(talk, 6, `\u0001${publicKey.export({ type: 'spki', format: 'pem' }).toString()}`);
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const plain = xor(privateDecrypt({ key: privateKey, padding }, await receive(talk)), nonce).toString();
      await send(talk, 8, plain === 'secret\0' ? OK : Buffer.from([0xff, 0, 0]));
    });
    expect(await probe(port, monitor('mysql'))).toBe('success');
    expect(await probe(port, monitor('mysql', { password: 'wrong' }))).toBe('failure');
  });
});

describe('a postgresql monitor', () => {
  const message = (type: string, ...parts: readonly (Buffer | string)[]): Buffer => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), head, body]);
  };
  const number = (value: number, size = 4): Buffer => {
    const bytes = Buffer.alloc(size);
    bytes.writeIntBE(value, 0, size);
    return bytes;
  };
  const READY = Buffer.concat([message('R', number(0)), message('S', 'a\0b\0'), message('Z', 'I')]);

  async function receive(talk: Talk, type: string): Promise<Buffer> {
    const head = await talk.bytes(5);
    expect(head.toString('latin1', 0, 1)).toBe(type);
    return await talk.bytes(head.readUInt32BE(1) - 4);
  }

  async function startup(talk: Talk): Promise<void> {
    const size = (await talk.bytes(4)).readUInt32BE(0);
    expect((await talk.bytes(size - 4)).subarray(4).toString()).toBe('user\0u\0database\0d\0\0');
  }

  it('logs in by MD5 and finds what it looks for in the rows of its query', async () => {
    const port = await server(async (talk) => {
      await startup(talk);
      await talk.send(message('R', number(5), 'salt'));
      const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
      const proof = (await receive(talk, 'p')).toString();
      if (proof !== `md5${md5(`${md5('secretu')}salt`)}\0`) return await talk.send(message('E', 'no\0'));
      await talk.send(READY);
      expect((await receive(talk, 'Q')).toString()).toBe('SELECT 1\0');
      const row = message('D', number(2, 2), number(-1), number(3), 'two');
      return await talk.send(Buffer.concat([message('T', number(0, 2)), row, message('C', 'x\0'), message('Z', 'I')]));
    });
    const query = (recv: string) => monitor('postgresql', { send: 'SELECT 1', recv });
    expect(await probe(port, query('two'))).toBe('success');
    expect(await probe(port, query('three'))).toBe('failure');
    expect(await probe(port, { ...query('two'), password: 'wrong' })).toBe('failure');
  });

  it('logs in by SCRAM-SHA-256', async () => {
    const salt = Buffer.from('pepper');
    const port = await server(async (talk) => {
      await startup(talk);
      await talk.send(message('R', number(10), 'SCRAM-SHA-256\0\0'));
      const first = (await receive(talk, 'p')).toString('utf8', 18);
      const challenge = `r=${first.slice(first.indexOf('r=') + 2)}more,s=${salt.toString('base64')},i=4096`;
      await talk.send(message('R', number(11), challenge));
      const [, withoutProof = '', proof = ''] = /^(.*),p=(.*)$/.exec((await receive(talk, 'p')).toString()) ?? [];
      const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
      const key = hmac(pbkdf2Sync('secret', salt, 4096, 32, 'sha256'), 'Client Key');
      const stored = createHash('sha256').update(key).digest();
      const signature = hmac(stored, `${first.slice(3)},${challenge},${withoutProof}`);
      const isRight = xor(Buffer.from(proof, 'base64'), signature).equals(key);
      await talk.send(isRight ? Buffer.concat([message('R', number(12), 'v=x'), READY]) : message('E', 'no\0'));
    });
    expect(await probe(port, monitor('postgresql'))).toBe('success');
    expect(await probe(port, monitor('postgresql', { password: 'wrong' }))).toBe('failure');
  });

  it('without a user asks whether the server knows the protocol', async () => {
    const port = await server(async (talk) => {
      expect((await talk.bytes(8)).readUInt32BE(4)).toBe(80_877_103);
      await talk.send('N');
    });
    expect(await probe(port, { type: 'postgresql' })).toBe('success');
    const other = await tcpBackend((socket) => socket.write('220 hello\r\n'));
    expect(await probe(other.port, { type: 'postgresql' })).toBe('failure');
  });
});

describe('monitors of other databases', () => {
  it('of mssql want an answer to PRELOGIN', async () => {
    const port = await server(async (talk) => {
      const head = await talk.bytes(8);
      expect([head[0], head.readUInt16BE(2)]).toEqual([0x12, 26]);
      const body = await talk.bytes(18);
      expect([body.subarray(body.readUInt16BE(1)).length, body[body.readUInt16BE(6)]]).toEqual([7, 2]);
      await talk.send(Buffer.concat([Buffer.from([4, 1, 0, 26, 0, 0, 1, 0]), body]));
    });
    expect(await probe(port, { type: 'mssql' })).toBe('success');
    const other = await tcpBackend((socket) => socket.end('220 hello\r\n'));
    expect(await probe(other.port, { type: 'mssql' })).toBe('failure');
  });

  it('of oracle want an answer to a ping of the listener', async () => {
    const port = await server(async (talk) => {
      const size = (await talk.bytes(2)).readUInt16BE(0);
      const packet = await talk.bytes(size - 2);
      expect([packet[2], packet.subarray(56).toString()]).toEqual([1, '(CONNECT_DATA=(COMMAND=ping))']);
      const answer = Buffer.from('\0\0\0\u001f(DESCRIPTION=(TMP=)(ERR=0))');
      const head = Buffer.alloc(8);
      head.writeUInt16BE(answer.length + 8, 0);
      head.writeUInt8(4, 4);
      await talk.send(Buffer.concat([head, answer]));
    });
    expect(await probe(port, { type: 'oracle' })).toBe('success');
    const other = await tcpBackend((socket) => socket.end('\0\u0010\0\0\u0004\0\0\0(ERR=1)0'));
    expect(await probe(other.port, { type: 'oracle' })).toBe('failure');
  });
});
