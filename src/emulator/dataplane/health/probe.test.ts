import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, httpBackend, later, tcpBackend, TEST_CERTIFICATE, unusedPort, until } from '../test-kit.ts';
import { probe, udpServer } from './probe-kit.ts';
import { probeFor } from './probe.ts';

afterEach(cleanUp);

describe('a tcp probe', () => {
  it('is content with a connection, and fails when that is refused', async () => {
    const backend = await tcpBackend(() => {});
    expect(await probe(backend.port, {})).toBe('success');
    expect(await probe(await unusedPort(), {})).toBe('failure');
  });

  it('sends its string with escapes interpreted, and searches the answer as it comes in pieces', async () => {
    const seen: string[] = [];
    const backend = await tcpBackend((socket) => {
      socket.once('data', (chunk: Buffer) => {
        seen.push(chunk.toString());
        socket.write('PO');
        setImmediate(() => socket.write('NG 7\r\n'));
      });
    });
    expect(await probe(backend.port, { send: 'PING\\x21\\r\\n', recv: 'PONG [[:digit:]]' })).toBe('success');
    expect(seen).toEqual(['PING!\r\n']);
    expect(await probe(backend.port, { send: 'x', recv: 'never' }, 50)).toBe('failure');
    expect(await probe(backend.port, { send: 'x', recv: 'never', recvDisable: 'PONG' })).toBe('disable');
    expect(await probe(backend.port, { send: 'x', recv: 'PONG', reverse: true })).toBe('failure');
  });

  it('fails when the answer ends without a match, unless it is reversed', async () => {
    const backend = await tcpBackend((socket) => socket.end('hello'));
    expect(await probe(backend.port, { recv: 'bye' })).toBe('failure');
    expect(await probe(backend.port, { recv: 'bye', reverse: true })).toBe('success');
  });

  it('half open, resets the connection', async () => {
    const ends: string[] = [];
    const backend = await tcpBackend((socket) => {
      socket.resume().on('end', () => ends.push('end'));
      socket.on('error', () => ends.push('reset'));
    });
    expect(await probe(backend.port, { type: 'tcp-half-open', recv: 'ignored' })).toBe('success');
    await until('the server saw the end', () => ends.length === 1);
    expect(ends).toEqual(['reset']);
  });
});

describe('a probe of a server that speaks first', () => {
  it.each([
    ['ftp', '220-welcome\r\n220 ready\r\n', '421 too many users\r\n'],
    ['smtp', '220 mail ESMTP\r\n', '554 no service\r\n'],
    ['imap', '* OK ready\r\n', '* BYE closing\r\n'],
    ['pop3', '+OK ready\r\n', '-ERR busy\r\n'],
    ['nntp', '201 no posting\r\n', '400 closing\r\n'],
  ])('of %s wants its first line to say that it is ready', async (type, ready, busy) => {
    const greetings = [ready, busy];
    const backend = await tcpBackend((socket) => {
      const greeting = greetings.shift() ?? '';
      socket.write(greeting.slice(0, 2));
      setImmediate(() => socket.write(greeting.slice(2)));
    });
    expect(await probe(backend.port, { type })).toBe('success');
    expect(await probe(backend.port, { type })).toBe('failure');
    expect(await probe(await unusedPort(), { type })).toBe('failure');
  });

  it('fails when the server accepts, and then hangs up or says nothing', async () => {
    const hangingUp = await tcpBackend((socket) => socket.end());
    expect(await probe(hangingUp.port, { type: 'smtp' })).toBe('failure');
    const silent = await tcpBackend(() => {});
    expect(await probe(silent.port, { type: 'smtp' }, 50)).toBe('failure');
  });
});

describe('an http probe', () => {
  it('takes any answer without recv, a 400 of a Node server included', async () => {
    const backend = await httpBackend('a');
    expect(await probe(backend.port, { type: 'http', send: 'GET /\\r\\n' })).toBe('success');
  });

  it('works with servers of the HTTP/0.9 kind, and sends an empty line after its string', async () => {
    const seen: string[] = [];
    const backend = await tcpBackend((socket) => {
      socket.on('data', (chunk: Buffer) => {
        seen.push(chunk.toString());
        socket.end('<p>hello</p>');
      });
    });
    expect(await probe(backend.port, { type: 'http', recv: 'HELLO' })).toBe('success');
    expect(seen).toEqual(['GET /\r\n\r\n\r\n']);
  });

  it('searches headers and body', async () => {
    const backend = await httpBackend('', (request, response) => {
      response.statusCode = request.url === '/ok' ? 200 : 503;
      response.end('all is well');
    });
    const send = (path: string): string => `GET ${path} HTTP/1.1\\r\\nHost: a\\r\\nConnection: close`;
    const type = 'http';
    expect(await probe(backend.port, { type, send: send('/ok'), recv: '^HTTP/1\\.[01] 200' })).toBe('success');
    expect(await probe(backend.port, { type, send: send('/ok'), recv: 'is well$' })).toBe('success');
    expect(await probe(backend.port, { type, send: send('/no'), recv: '^HTTP/1\\.[01] 200' })).toBe('failure');
    expect(await probe(backend.port, { type, send: send('/no'), recv: '200 (OK' })).toBe('failure');
  });

  it('fails when there is no answer', async () => {
    const silent = await tcpBackend((socket) => socket.resume());
    expect(await probe(silent.port, { type: 'http' }, 50)).toBe('failure');
    const closing = await tcpBackend((socket) => socket.end());
    expect(await probe(closing.port, { type: 'http' })).toBe('failure');
  });

  it('goes over TLS for https, whatever the certificate', async () => {
    const server = createTlsServer(TEST_CERTIFICATE, (_request, response) => response.end('safe'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const send = 'GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close';
    expect(await probe(port, { type: 'https', send, recv: 'safe' })).toBe('success');
    expect(await probe(port, { type: 'http', send, recv: 'safe' })).toBe('failure');
  });
});

describe('an https probe', () => {
  const send = 'GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close';

  async function tlsServer(options: ServerOptions): Promise<{ port: number; seen: string[] }> {
    const seen: string[] = [];
    const server = createTlsServer({ ...TEST_CERTIFICATE, ...options }, (request, response) => {
      const { authorized, servername } = request.socket as TLSSocket;
      seen.push(`${authorized} ${servername} ${request.headers.authorization ?? ''}`);
      response.end('safe');
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => void server.close());
    return { port: (server.address() as AddressInfo).port, seen };
  }

  it('shows its client certificate, its server name and who it is', async () => {
    const { port, seen } = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: TEST_CERTIFICATE.cert });
    const https = { type: 'https', send, recv: 'safe' };
    expect(await probe(port, https)).toBe('failure');
    const tls = { ...TEST_CERTIFICATE, serverName: 'localhost' };
    expect(await probe(port, { ...https, tls, settings: { username: 'u' }, password: 'p' })).toBe('success');
    expect(seen).toEqual([`true localhost Basic ${Buffer.from('u:p').toString('base64')}`]);
  });

  it('offers its ciphers, if OpenSSL knows them', async () => {
    const { port } = await tlsServer({ ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' });
    const https = (ciphers: string) => ({ type: 'https', send, recv: 'safe', tls: { ciphers } });
    expect(await probe(port, https('ECDHE-ECDSA-AES128-GCM-SHA256'))).toBe('failure');
    expect(await probe(port, https('ECDHE-ECDSA-AES256-GCM-SHA384'))).toBe('success');
    expect(await probe(port, https('DEFAULT:+SHA:+3DES:+kEDH'))).toBe('success');
  });
});

describe('a udp probe', () => {
  it('takes silence for up, an unreachable port for down', async () => {
    expect(await probe(await udpServer(() => undefined), { type: 'udp' })).toBe('success');
    expect(await probe(await unusedPort(), { type: 'udp' })).toBe('failure');
  });

  it('wants the answer that recv asks for', async () => {
    expect(await probe(await udpServer(() => 'pong'), { type: 'udp', recv: 'pong' })).toBe('success');
    expect(await probe(await udpServer(() => 'ping'), { type: 'udp', recv: 'pong' }, 50)).toBe('failure');
    expect(await probe(await udpServer(() => undefined), { type: 'udp', recv: 'pong' }, 50)).toBe('failure');
  });
});

describe('a probe of another type', () => {
  it('connects', async () => {
    const backend = await tcpBackend(() => {});
    expect(await probe(backend.port, { type: 'soap', recv: 'x' })).toBe('success');
    expect(await probe(await unusedPort(), { type: 'soap' })).toBe('failure');
  });

  it('is not made where a program would have to run, or traffic be watched', () => {
    expect(['external', 'scripted', 'inband', 'real_server'].map((type) => probeFor(type))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });
});
