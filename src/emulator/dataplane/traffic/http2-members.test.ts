import { connect, createSecureServer, createServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProfileConfig, VirtualConfig } from '../model.ts';
import { ask, cleanUp, dial, httpBackend, later, member, pool, profile, serve, startPlane } from '../test-kit.ts';
import { TEST_CERTIFICATE, until, virtual } from '../test-kit.ts';

afterEach(cleanUp);

/** A server of HTTP/2 that tells what it was asked; over TLS it speaks HTTP/1.1, too, with those that want that. */
async function http2Backend(kind: 'tls' | 'plain'): Promise<{ address: string; port: number }> {
  const answer = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { httpVersion, method, url, headers } = request;
      response.setHeader('X-Seen', `${httpVersion} ${method} ${url} ${headers[':authority'] ?? headers.host}`);
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.end(`got ${Buffer.concat(chunks).toString()}`);
    });
  };
  const server =
    kind === 'tls' ? createSecureServer({ ...TEST_CERTIFICATE, allowHTTP1: true }, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => void server.close());
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const at = (one: ProfileConfig, context: ProfileConfig['context']): ProfileConfig => ({ ...one, context });
const ALWAYS = { activationModes: ['always'] };
const ALPN = { activationModes: ['alpn'] };

function config(...more: readonly ProfileConfig[]): VirtualConfig {
  return virtual({ profiles: [profile('tcp'), profile('http'), ...more] });
}

const POST = 'POST /a?b HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\nbody';

describe('HTTP/2 with members', () => {
  const router = profile('httprouter');
  const overTls = [router, at(profile('server-ssl'), 'serverside'), at(profile('http2', ALPN), 'serverside')];

  it('is spoken with a router and an http2 profile on the server side, if the member chooses it', async () => {
    const plane = startPlane();
    const port = await serve(plane, pool([member(await http2Backend('tls'))]), config(...overTls));
    const client = dial(port, POST);
    await until('it is answered', () => client.text().includes('got body'));
    expect(client.text()).toContain('HTTP/1.1 200 OK');
    expect(client.text()).toMatch(/x-seen: 2\.0 POST \/a\?b shop/);
    expect(client.text()).toMatch(/set-cookie: a=1\r\nset-cookie: b=2/i);
    client.socket.write('GET /c HTTP/1.1\r\nHost: shop\r\n\r\n');
    await until('the next one is answered', () => client.text().includes('2.0 GET /c shop'));
    expect(plane.poolCounters('/Common/web')).toMatchObject({ totConns: 1, curConns: 1, totRequests: 2 });
    client.socket.end();
    await until('the connection ends', () => plane.poolCounters('/Common/web').curConns === 0);
  });

  it('is not spoken without the router, nor with members that do not choose it', async () => {
    const plane = startPlane();
    const port = await serve(plane, pool([member(await http2Backend('tls'))]), config(...overTls.slice(1)));
    expect(await ask(port, POST)).toMatch(/x-seen: 1\.1 POST/i);
    const { createServer: createHttps } = await import('node:https');
    const old = createHttps(TEST_CERTIFICATE, (_request, response) => response.end('old'));
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    later(() => {
      old.closeAllConnections();
      old.close();
    });
    const other = startPlane();
    const to = { address: '127.0.0.1', port: (old.address() as AddressInfo).port };
    expect(await ask(await serve(other, pool([member(to)]), config(...overTls)), POST)).toMatch(/200 OK[^]*old/);
  });

  it('is spoken without TLS in activation mode always', async () => {
    const plane = startPlane();
    const clear = [router, at(profile('http2', ALWAYS), 'serverside')];
    const port = await serve(plane, pool([member(await http2Backend('plain'))]), config(...clear));
    expect(await ask(port, POST)).toMatch(/x-seen: 2\.0 POST \/a\?b shop/);
  });

  it('resets the client when the member is gone in the middle of an answer, or does not speak it', async () => {
    const plane = startPlane();
    const clear = [router, at(profile('http2', ALWAYS), 'serverside')];
    const port = await serve(plane, pool([member(await httpBackend('a'))]), config(...clear));
    expect(await ask(port, POST)).toBe('reset');
    const broken = createServer();
    broken.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respond({ ':status': 200, 'content-length': 10 });
      stream.write('half');
      setImmediate(() => stream.close(2));
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    later(() => void broken.close());
    const to = { address: '127.0.0.1', port: (broken.address() as AddressInfo).port };
    const other = startPlane();
    expect(await ask(await serve(other, pool([member(to)]), config(...clear)), POST)).toBe('reset');
  });
});

describe('HTTP/2 with clients', () => {
  it('is spoken without TLS in activation mode always, on both sides if need be', async () => {
    const plane = startPlane();
    const both = [profile('httprouter'), profile('http2', ALWAYS)];
    const port = await serve(plane, pool([member(await http2Backend('plain'))]), config(...both));
    const session = connect(`http://127.0.0.1:${port}`);
    later(() => session.destroy());
    const answers = await Promise.all(
      ['/a', '/b'].map(
        (path) =>
          new Promise<string>((resolve, reject) => {
            const stream = session.request({ ':path': path, ':method': 'POST' });
            let [seen, text] = ['', ''];
            stream.on('response', (headers) => (seen = String(headers['x-seen'])));
            stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
            stream.on('end', () => resolve(`${seen} ${text}`)).on('error', reject);
            stream.end(path);
          }),
      ),
    );
    expect(answers).toEqual(['/a', '/b'].map((path) => `2.0 POST ${path} 127.0.0.1:${port} got ${path}`));
    expect(plane.virtualCounters('/Common/vs')).toMatchObject({ totConns: 1, totRequests: 2 });
  });
});
