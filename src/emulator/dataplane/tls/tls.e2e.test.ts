import { createServer as createTlsServer, connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { connect as connectHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTest, type Client } from '../../test-kit.ts';
import { selfSigned } from '../../tls/self-signed.ts';
import { createDataPlane } from '../index.ts';
import {
  ask,
  cleanUp,
  dial,
  httpBackend,
  later,
  namedBackend,
  tcpBackend,
  TEST_CERTIFICATE,
  until,
} from '../test-kit.ts';

afterEach(cleanUp);

interface Shown {
  readonly names: string | undefined;
  readonly answer: string;
  readonly authorized: boolean;
}

/** Uploads a certificate and its key, and makes file objects of them. */
async function upload(client: Client, name: string, pair: { cert: string; key: string }): Promise<void> {
  for (const [kind, content] of [
    ['crt', pair.cert],
    ['key', pair.key],
  ] as const) {
    const file = `${name}.${kind}`;
    const size = Buffer.byteLength(content);
    const range = { 'Content-Type': 'application/octet-stream', 'Content-Range': `0-${size - 1}/${size}` };
    const path = `/mgmt/shared/file-transfer/uploads/${file}`;
    expect((await client.send('POST', path, content, range)).status).toBe(200);
    const body = { name: file, sourcePath: `file:/var/config/rest/downloads/${file}` };
    const exists = (await client.get(`sys/file/ssl-${kind === 'crt' ? 'cert' : 'key'}/${file}`)).status === 200;
    const at = `sys/file/ssl-${kind === 'crt' ? 'cert' : 'key'}`;
    const reply = exists ? await client.put(`${at}/${file}`, body) : await client.post(at, body);
    expect(reply.status).toBe(200);
  }
}

async function clientSsl(client: Client, name: string, more: Record<string, unknown> = {}): Promise<void> {
  const certKeyChain = [{ name: 'a', cert: `/Common/${name}.crt`, key: `/Common/${name}.key` }];
  expect((await client.post('ltm/profile/client-ssl', { name, certKeyChain, ...more })).status).toBe(200);
}

async function start(): Promise<Client> {
  return await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
}

async function serve(client: Client, profiles: readonly unknown[], members: readonly string[]): Promise<number> {
  await client.post('ltm/pool', { name: 'p', members: members.map((name) => ({ name })) });
  const body = { name: 'vs', destination: '10.1.10.50:443', ipProtocol: 'tcp', pool: 'p', profiles };
  expect((await client.post('ltm/virtual', body)).text).toContain('"kind"');
  await client.emulator.dataPlane?.settled();
  return client.emulator.listeners().find(({ virtual }) => virtual === '/Common/vs')?.port ?? 0;
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** Connects with TLS, asks, and tells the certificate that was shown and the answer. */
async function visit(port: number, options: ConnectionOptions = {}, text = GET): Promise<Shown> {
  return await new Promise<Shown>((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      const names = socket.getPeerCertificate().subjectaltname;
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.on('end', () => resolve({ names, answer, authorized: socket.authorized }));
      socket.on('close', () => resolve({ names, answer, authorized: socket.authorized }));
      socket.write(text);
    });
    socket.on('error', reject);
    later(() => void socket.destroy());
  });
}

const now = Date.now();

describe('TLS of virtual servers', () => {
  it('ends TLS with the certificate of the client-ssl profile, and speaks HTTP with the member', async () => {
    const client = await start();
    const pair = selfSigned(['shop.example.com'], now);
    await upload(client, 'shop', pair);
    await clientSsl(client, 'shop');
    const backend = await httpBackend('inner');
    const port = await serve(client, ['tcp', 'http', 'shop'], [`127.0.0.1:${backend.port}`]);
    const seen = await visit(port, { ca: pair.cert, servername: 'shop.example.com', rejectUnauthorized: true });
    expect(seen).toMatchObject({ names: 'DNS:shop.example.com', authorized: true });
    expect(seen.answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*inner$/);
    expect(client.emulator.dataPlane?.virtualCounters('/Common/vs')).toMatchObject({ totConns: 1, totRequests: 1 });
  });

  it('shows the stock certificate of clientssl, and resets a client that does not speak TLS', async () => {
    const client = await start();
    const backend = await namedBackend('bytes');
    const port = await serve(client, ['tcp', 'clientssl'], [`127.0.0.1:${backend.port}`]);
    expect(await visit(port, {}, 'x')).toMatchObject({ names: 'DNS:localhost.localdomain', answer: 'bytes' });
    const plain = dial(port, GET);
    await until('the plain client was cut off', () => plain.ended());
    expect(plain.text()).not.toContain('HTTP/1.1 200');
    expect(client.emulator.dataPlane?.virtualCounters('/Common/vs').totConns).toBe(1);
  });

  it('picks the profile by server name: exact, wildcard, name of the certificate, default', async () => {
    const client = await start();
    for (const name of ['one.example.com', 'star', 'three.example.org', 'last']) {
      await upload(client, name, selfSigned([name], now));
    }
    await clientSsl(client, 'one.example.com', { serverName: 'one.example.com' });
    await clientSsl(client, 'star', { serverName: '*.example.com' });
    await clientSsl(client, 'three.example.org');
    await clientSsl(client, 'last', { sniDefault: 'true', serverName: 'last' });
    const backend = await httpBackend('x');
    const profiles = ['tcp', 'http', 'one.example.com', 'star', 'three.example.org', 'last'];
    const port = await serve(client, profiles, [`127.0.0.1:${backend.port}`]);
    const names = async (servername?: string): Promise<string | undefined> =>
      (await visit(port, servername === undefined ? {} : { servername })).names;
    expect(await names('one.example.com')).toBe('DNS:one.example.com');
    expect(await names('TWO.example.com')).toBe('DNS:star');
    expect(await names('a.b.example.com')).toBe('DNS:last');
    expect(await names('three.example.org')).toBe('DNS:three.example.org');
    expect(await names()).toBe('DNS:last');
  });

  it('changes the certificate without a gap', async () => {
    const client = await start();
    await upload(client, 'shop', selfSigned(['old.example.com'], now));
    await clientSsl(client, 'shop');
    const backend = await httpBackend('x');
    const port = await serve(client, ['tcp', 'http', 'shop'], [`127.0.0.1:${backend.port}`]);
    expect((await visit(port)).names).toBe('DNS:old.example.com');
    const fresh = selfSigned(['new.example.com'], now);
    await upload(client, 'fresh', fresh);
    const certKeyChain = [{ name: 'a', cert: '/Common/fresh.crt', key: '/Common/fresh.key' }];
    expect((await client.patch('ltm/profile/client-ssl/~Common~shop', { certKeyChain })).status).toBe(200);
    expect(await visit(port)).toMatchObject({
      names: 'DNS:new.example.com',
      answer: expect.stringContaining('200 OK'),
    });
  });

  it('asks for a certificate that its authorities vouch for, if the profile requires one', async () => {
    const client = await start();
    const trusted = TEST_CERTIFICATE;
    await upload(client, 'shop', selfSigned(['shop'], now));
    await upload(client, 'trusted', trusted);
    await clientSsl(client, 'shop', { peerCertMode: 'require', caFile: '/Common/trusted.crt' });
    const backend = await httpBackend('x');
    const port = await serve(client, ['tcp', 'http', 'shop'], [`127.0.0.1:${backend.port}`]);
    expect((await visit(port, { cert: trusted.cert, key: trusted.key })).answer).toContain('200 OK');
    const stranger = selfSigned(['stranger'], now);
    for (const options of [{}, { cert: stranger.cert, key: stranger.key }]) {
      const seen = await visit(port, options).catch(() => ({ answer: '' }));
      expect(seen.answer).toBe('');
    }
  });

  it('speaks no release that the profile turns off', async () => {
    const client = await start();
    await upload(client, 'shop', selfSigned(['shop'], now));
    await clientSsl(client, 'shop', { tmOptions: ['no-tlsv1.3', 'no-tlsv1.1', 'no-tlsv1'] });
    const backend = await httpBackend('x');
    const port = await serve(client, ['tcp', 'http', 'shop'], [`127.0.0.1:${backend.port}`]);
    expect((await visit(port, { maxVersion: 'TLSv1.2' })).answer).toContain('200 OK');
    await expect(visit(port, { minVersion: 'TLSv1.3' })).rejects.toThrow(/version|alert|closed|ECONNRESET/i);
  });

  it('encrypts again to the member, and takes only the certificate that the server-ssl profile asks for', async () => {
    const client = await start();
    const inner = selfSigned(['inner.example.com'], now);
    await upload(client, 'inner', inner);
    await upload(client, 'shop', selfSigned(['shop'], now));
    await clientSsl(client, 'shop');
    const server = createTlsServer({ cert: inner.cert, key: inner.key }, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ninner'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => void server.close());
    const checked = {
      name: 'checked',
      peerCertMode: 'require',
      caFile: '/Common/inner.crt',
      authenticateName: 'inner.example.com',
    };
    expect((await client.post('ltm/profile/server-ssl', checked)).text).toContain('"kind"');
    const member = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const port = await serve(client, ['tcp', 'http', 'shop', { name: 'checked', context: 'serverside' }], [member]);
    expect((await visit(port)).answer).toMatch(/inner$/);
    await client.patch('ltm/profile/server-ssl/~Common~checked', { authenticateName: 'other.example.com' });
    expect((await visit(port).catch(() => ({ answer: '' }))).answer).toBe('');
    await client.patch('ltm/profile/server-ssl/~Common~checked', { peerCertMode: 'ignore', authenticateName: 'none' });
    expect((await visit(port)).answer).toMatch(/inner$/);
  });

  it('carries a WebSocket over TLS', async () => {
    const client = await start();
    const backend = await tcpBackend((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
        socket.on('data', (frame: Buffer) => socket.end(`echo ${frame.toString()}`));
      });
    });
    const profiles = ['tcp', 'http', { name: 'clientssl', context: 'clientside' }];
    const port = await serve(client, profiles, [`127.0.0.1:${backend.port}`]);
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    later(() => void socket.destroy());
    let got = '';
    socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
    socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    await until('the handshake is done', () => got.endsWith('\r\n\r\n'));
    socket.write('frame');
    await until('the echo came', () => got.endsWith('echo frame'));
    expect(client.emulator.dataPlane?.virtualCounters('/Common/vs')).toMatchObject({ totConns: 1, totRequests: 1 });
  });

  it('passes TLS through unopened, to the pool that a policy names for the server name', async () => {
    const client = await start();
    for (const name of ['a', 'b']) {
      const pair = selfSigned([name], now);
      const server = createTlsServer(
        { cert: pair.cert, key: pair.key },
        (socket) => void socket.on('error', () => {}).end(name),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      later(() => void server.close());
      const member = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      await client.post('ltm/pool', { name: `pool-${name}`, members: [{ name: member }] });
    }
    const hello = {
      sslExtension: true,
      serverName: true,
      sslClientHello: true,
      equals: true,
      values: ['b.example.com'],
    };
    const action = { name: '0', forward: true, select: true, sslClientHello: true, pool: '/Common/pool-b' };
    const rules = [{ name: 'b', conditions: [{ name: '0', ...hello }], actions: [action] }];
    await client.post('ltm/policy', { name: 'sni', subPath: 'Drafts', strategy: 'first-match', rules });
    await client.post('ltm/policy', { command: 'publish', name: '/Common/Drafts/sni' });
    const port = await serve(client, ['tcp'], []);
    const sslPersistence = { persist: [{ name: 'ssl' }], pool: 'pool-a' };
    expect((await client.patch('ltm/virtual/~Common~vs', sslPersistence)).text).toContain('"kind"');
    expect((await client.post('ltm/virtual/~Common~vs/policies', { name: 'sni' })).text).toContain('"kind"');
    expect(await visit(port, { servername: 'b.example.com' })).toMatchObject({ names: 'DNS:b', answer: 'b' });
    expect(await visit(port, { servername: 'c.example.com' })).toMatchObject({ names: 'DNS:a', answer: 'a' });
    expect(await ask(port, 'this is no TLS')).not.toContain('b');
  });

  it('speaks HTTP/2 with clients that can, HTTP/1.1 with members, and one connection for many requests', async () => {
    const client = await start();
    await upload(client, 'shop', selfSigned(['shop'], now));
    await clientSsl(client, 'shop');
    const backend = await httpBackend('x', (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        response.setHeader(
          'X-Seen',
          `${incoming.httpVersion} ${incoming.method} ${incoming.url} ${incoming.headers.host}`,
        );
        response.write('got ');
        response.end(Buffer.concat(chunks).toString());
      });
    });
    const port = await serve(client, ['tcp', 'http', 'http2', 'shop'], [`127.0.0.1:${backend.port}`]);
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    later(() => session.destroy());
    const ask2 = (path: string, body?: string): Promise<{ headers: Record<string, unknown>; text: string }> =>
      new Promise((resolve, reject) => {
        const method = body === undefined ? 'GET' : 'POST';
        const stream = session.request({ ':path': path, ':method': method, ':authority': 'shop' });
        let headers: Record<string, unknown> = {};
        let text = '';
        stream.on('response', (got) => (headers = { ...got }));
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => resolve({ headers, text })).on('error', reject);
        stream.end(body);
      });
    const answers = await Promise.all([ask2('/a'), ask2('/b', 'posted'), ask2('/c?d=1')]);
    expect(answers.map(({ text }) => text)).toEqual(['got ', 'got posted', 'got ']);
    expect(answers.map(({ headers }) => headers['x-seen'])).toEqual([
      '1.1 GET /a shop',
      '1.1 POST /b shop',
      '1.1 GET /c?d=1 shop',
    ]);
    expect(client.emulator.dataPlane?.virtualCounters('/Common/vs')).toMatchObject({ totConns: 1, totRequests: 3 });
    await client.patch('ltm/pool/~Common~p', { members: [] });
    await expect(ask2('/nobody')).rejects.toThrow(/INTERNAL_ERROR/);
    expect((await visit(port)).answer).toBe('');
  });
});
