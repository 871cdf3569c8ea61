import { createSocket } from 'node:dgram';
import { constants } from 'node:crypto';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { DataPlane, PersistenceConfig, VirtualConfig } from '../model.ts';
import {
  ask,
  cleanUp,
  httpBackend,
  later,
  member,
  namedBackend,
  pool,
  profile,
  serve,
  startPlane,
  tcpBackend,
  TEST_CERTIFICATE,
  virtual,
} from '../test-kit.ts';
import { encodeCookie } from './cookie-value.ts';

afterEach(cleanUp);

const http = [profile('tcp'), profile('http')];

function persistent(type: string, settings: Record<string, unknown> = {}): Pick<VirtualConfig, 'persistence'> {
  return { persistence: { type, settings: { timeout: '180', ...settings } } };
}

/** A plane with two members that say their name, and where its virtual server listens. */
async function two(config: Partial<VirtualConfig>): Promise<{ plane: DataPlane; port: number }> {
  const plane = startPlane();
  const members = [];
  for (const name of ['a', 'b']) {
    members.push(member(await tcpBackend((socket) => socket.once('data', () => socket.end(name)))));
  }
  return { plane, port: await serve(plane, pool(members), virtual(config)) };
}

async function asks(port: number, ...texts: readonly string[]): Promise<string> {
  const answers: string[] = [];
  for (const text of texts) answers.push(await ask(port, text));
  return answers.join('');
}

describe('persistence by what clients send first', () => {
  it('hashes a part of the first bytes, between patterns', async () => {
    const { plane, port } = await two(
      persistent('hash', { hashStartPattern: 'id=', hashEndPattern: ';', hashOffset: 1, hashLength: 2 }),
    );
    expect(await asks(port, 'id=x11z;1', 'id=y22;2', 'id=q11;3', 'id=r22;4', 'id=r22;5')).toBe('ababb');
    const [record] = plane.persistenceRecords();
    expect(record).toMatchObject({ virtual: '/Common/vs', pool: '/Common/web', mode: 'hash', client: '127.0.0.1' });
  });

  it('points out members by CARP without records, and moves only what a lost member had', async () => {
    const plane = startPlane();
    const members = [];
    for (const name of ['a', 'b', 'c']) {
      members.push(member(await tcpBackend((socket) => socket.once('data', () => socket.end(name)))));
    }
    const config = virtual(persistent('hash', { hashAlgorithm: 'carp' }));
    const port = await serve(plane, pool(members), config);
    const keys = Array.from({ length: 12 }, (_, at) => `key ${at}`);
    const before = await asks(port, ...keys);
    expect(await asks(port, ...keys)).toBe(before);
    expect(new Set(before).size).toBeGreaterThan(1);
    expect(plane.persistenceRecords()).toEqual([]);
    const lost = before[0] ?? '';
    const left = members.filter((_, at) => 'abc'[at] !== lost);
    plane.setPool('/Common/web', pool(left));
    const after = await asks(port, ...keys);
    expect(after.split('').filter((name, at) => before[at] !== lost && name !== before[at])).toEqual([]);
    expect(after).not.toContain(lost);
  });

  it('sends the client of an address to one member by CARP', async () => {
    const { port } = await two(persistent('source-addr', { hashAlgorithm: 'carp' }));
    expect(new Set(await asks(port, '1', '2', '3')).size).toBe(1);
  });

  it('knows remote desktop users by their name, and members by the token of the session directory', async () => {
    const hello = (cookie: string): string => {
      const text = `Cookie: ${cookie}\r\n`;
      return `\x03\x00\x00${String.fromCharCode(text.length + 4)}${text}`;
    };
    const { plane, port } = await two(persistent('msrdp', { hasSessionDir: 'yes' }));
    const names = await asks(port, hello('mstshash=ann'), hello('mstshash=bob'), hello('mstshash=ann'));
    expect(names).toBe('aba');
    const bob = plane.persistenceRecords().find(({ value }) => value === 'bob');
    const token = encodeCookie({ address: '127.0.0.1', routeDomain: 0, port: bob?.nodePort ?? 0 });
    expect(await asks(port, hello(`msts=${token}`), hello(`msts=${token}`))).toBe('bb');
  });

  it('knows SIP calls by a header of their first message, over TCP and UDP', async () => {
    const invite = (id: string): string => `INVITE sip:x SIP/2.0\r\nVia: v\r\n${id}\r\nContent-Length: 0\r\n\r\n`;
    const { port } = await two(persistent('sip'));
    const calls = ['Call-ID: 1', 'Call-ID: 2', 'i: 1', 'call-id:2', 'i:2'];
    expect(await asks(port, ...calls.map(invite))).toBe('ababb');
    const plane = startPlane();
    const members = [];
    for (const name of ['a', 'b']) {
      const server = createSocket('udp4', (_bytes, from) => server.send(name, from.port, from.address));
      await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
      later(() => void server.close());
      members.push(member({ address: '127.0.0.1', port: server.address().port }));
    }
    const udp = { ipProtocol: 'udp', profiles: [profile('udp', { datagramLoadBalancing: 'enabled' })] };
    const at = await serve(plane, pool(members), virtual({ ...udp, ...persistent('sip', { sipInfo: 'From' }) }));
    const say = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const client = createSocket('udp4', (bytes) => {
          client.close();
          resolve(bytes.toString());
        });
        client.send(text, at, '127.0.0.1');
      });
    const answers: string[] = [];
    for (const from of ['From: x', 'f: y', 'From: x', 'f: x', 'From: y']) answers.push(await say(invite(from)));
    expect(answers.join('')).toBe('abaab');
  });

  it('follows TLS sessions that pass through, by the session that the server names', async () => {
    const plane = startPlane();
    const members = [];
    for (const name of ['a', 'b']) {
      const sessions = new Map<string, Buffer>();
      const server = createTlsServer(
        { ...TEST_CERTIFICATE, maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET },
        (socket) => socket.end(`${name}${socket.isSessionReused() ? '!' : ''}`),
      );
      server.on('newSession', (id, data, done) => {
        sessions.set(id.toString('hex'), data);
        done();
      });
      server.on('resumeSession', (id, done) => done(null, sessions.get(id.toString('hex')) ?? null));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      later(async () => await new Promise<void>((resolve) => server.close(() => resolve())));
      members.push(member({ address: '127.0.0.1', port: (server.address() as AddressInfo).port }));
    }
    const port = await serve(plane, pool(members), virtual(persistent('ssl', { timeout: '300' })));
    const visit = (session?: Buffer): Promise<{ text: string; session: Buffer }> =>
      new Promise((resolve, reject) => {
        let text = '';
        const more = session === undefined ? {} : { session };
        const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...more });
        socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
        socket.on('end', () => resolve({ text, session: socket.getSession() ?? Buffer.alloc(0) })).on('error', reject);
      });
    const first = await visit();
    expect([first.text, (await visit()).text, (await visit()).text]).toEqual(['a', 'b', 'a']);
    expect([(await visit(first.session)).text, (await visit(first.session)).text]).toEqual(['a!', 'a!']);
    expect(plane.persistenceRecords()).toEqual(
      expect.arrayContaining([expect.objectContaining({ mode: 'ssl', nodePort: members[0]?.port })]),
    );
  });
});

/** Members that set a cookie, and say their name. */
async function web(config: Partial<VirtualConfig>, cookie: (name: string) => string): Promise<number> {
  const members = [];
  for (const name of ['a', 'b']) {
    const backend = await httpBackend(name, (_request, response) => {
      response.setHeader('Set-Cookie', cookie(name)).end(name);
    });
    members.push(member(backend));
  }
  return await serve(startPlane(), pool(members), virtual({ profiles: http, ...config }));
}

async function get(port: number, cookie = ''): Promise<{ name: string; cookies: readonly string[] }> {
  const line = cookie === '' ? '' : `Cookie: ${cookie}\r\n`;
  const text = await ask(port, `GET / HTTP/1.1\r\nHost: a\r\n${line}Connection: close\r\n\r\n`);
  const cookies = [...text.matchAll(/^Set-Cookie: ([^;\r\n]*)/gim)].map((match) => match[1] ?? '');
  return { name: text.at(-1) ?? '', cookies };
}

describe('cookie persistence', () => {
  it('rewrites the empty cookie that the server sets', async () => {
    const blank = `BIGipCookie=${'0'.repeat(120)}`;
    const port = await web(persistent('cookie', { method: 'rewrite' }), () => blank);
    const first = await get(port);
    expect(first.cookies).toEqual([expect.stringMatching(/^BIGipServerweb=16777343\.\d+\.0000$/)]);
    const again = await get(port, first.cookies[0]);
    expect([again.name, (await get(port, first.cookies[0])).name]).toEqual([first.name, first.name]);
  });

  it('hashes the cookie of the server', async () => {
    const settings = { method: 'hash', cookieName: 'sid', hashOffset: 2, hashLength: 1 };
    const port = await web(persistent('cookie', settings), (name) => `sid=xx${name}${Math.random()}; path=/`);
    const [first, second] = [await get(port), await get(port)];
    expect(first.name + second.name).toBe('ab');
    expect((await get(port, 'sid=yya9')).name).toBe('a');
    expect((await get(port, 'sid=zzb8')).name).toBe('b');
    expect((await get(port, 'sid=zzb7')).name).toBe('b');
  });

  it('encrypts its cookie, takes its own back, and others as the mode says', async () => {
    const settings = { method: 'insert', cookieEncryption: 'required', cookieEncryptionPassphrase: '$M$x' };
    const insert = async (more: object): Promise<number> =>
      await web(persistent('cookie', { ...settings, ...more }), () => 'x=1');
    const port = await insert({});
    const first = await get(port);
    const own = first.cookies.find((each) => each.startsWith('BIGipServerweb=')) ?? '';
    expect(own).toMatch(/^BIGipServerweb=![A-Za-z0-9+/=]{40,}$/);
    const again = await get(port, own);
    expect([again.name, again.cookies]).toEqual([first.name, ['x=1']]);
    const forged = `${own.slice(0, -6)}AAAAA=`;
    const names = [await get(port, forged), await get(port, forged)].map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['a', 'b']));
  });

  it('takes a cookie in the clear where encryption is preferred, not where it is required', async () => {
    const clear = await web(persistent('cookie', { method: 'insert' }), () => 'x=1');
    expect((await get(clear)).cookies[1]).toMatch(/^BIGipServerweb=\d/);
    for (const [mode, size] of [
      ['preferred', 1],
      ['required', 2],
    ] as const) {
      const plane = startPlane();
      const [a, b] = [await httpBackend('a'), await httpBackend('b')];
      const more = { cookieEncryption: mode, cookieEncryptionPassphrase: '$M$x' };
      const port = await serve(
        plane,
        pool([member(a), member(b)]),
        virtual({ profiles: http, ...persistent('cookie', more) }),
      );
      const plain = `BIGipServerweb=${encodeCookie({ address: '127.0.0.1', routeDomain: 0, port: b.port })}`;
      const names = [await get(port, plain), await get(port, plain)].map(({ name }) => name);
      expect([mode, new Set(names).size]).toEqual([mode, size]);
    }
  });

  it('finds the same node in another pool by a cookie of one name, if it matches across', async () => {
    const plane = startPlane();
    const [a, b] = [await httpBackend('a'), await namedBackend('x', '127.0.0.62')];
    const one = { method: 'insert', cookieName: 'c' };
    const config = (more: object): VirtualConfig =>
      virtual({ profiles: http, ...persistent('cookie', { ...one, ...more }) });
    const port = await serve(plane, pool([member({ address: '127.0.0.62', port: b.port }), member(a)]), config({}));
    const other = `c=${encodeCookie({ address: '127.0.0.1', routeDomain: 0, port: 1 })}`;
    plane.setVirtual('/Common/vs', config({ matchAcrossPools: 'enabled' }));
    expect([(await get(port, other)).name, (await get(port, other)).name]).toEqual(['a', 'a']);
  });

  it('has the fallback while a client has no cookie', async () => {
    const fallbackPersistence: PersistenceConfig = { type: 'source-addr', settings: { timeout: '180' } };
    const port = await web({ ...persistent('cookie', { method: 'passive' }), fallbackPersistence }, () => 'x=1');
    expect([(await get(port)).name, (await get(port)).name]).toEqual(['a', 'a']);
  });
});

describe('persistence records', () => {
  it('are shown with their age, and deleted', async () => {
    const { plane, port } = await two(persistent('source-addr', { mask: '255.255.255.0' }));
    expect(await asks(port, '1', '2')).toBe('aa');
    expect(plane.persistenceRecords()).toEqual([
      expect.objectContaining({ mode: 'source-addr', client: '127.0.0.1', pool: '/Common/web', age: 0 }),
    ]);
    expect(plane.deletePersistenceRecords(({ mode }) => mode === 'ssl')).toBe(0);
    expect(plane.deletePersistenceRecords(({ client }) => client === '127.0.0.1')).toBe(1);
    expect([await ask(port, '3'), plane.persistenceRecords().length]).toEqual(['b', 1]);
  });
});
