import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, cleanUp, dial, httpBackend, later, member, namedBackend, pool, profile, serve } from '../test-kit.ts';
import { startPlane, tcpBackend, TEST_CERTIFICATE, until, virtual } from '../test-kit.ts';

afterEach(cleanUp);

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const HTTP = [profile('tcp'), profile('http')];
const ONE_CONNECT = [...HTTP, profile('one-connect')];

const PIECES = [
  'GET / HTTP/1.1\r\n',
  'POST / HTTP/1.1\r\n',
  'HEAD / HTTP/1.0\r\n',
  'Host: a\r\n',
  '\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Expect: 100-continue\r\n',
  'Connection: close\r\n',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  'hello',
  '\x00\xff',
];

/** Numbers from 0 to 1 that look random and are always the same. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff;
}

describe('the data plane', () => {
  it('survives any bytes and any way to leave, and forgets the connection each time', async () => {
    const backend = await httpBackend('a', (request, response) => request.resume().on('end', () => response.end('a')));
    const plane = startPlane();
    const random = pseudoRandom(42);
    const kinds = [HTTP, ONE_CONNECT, [profile('fastl4')]];
    const ports: number[] = [];
    for (const [index, profiles] of kinds.entries()) {
      ports.push(await serve(plane, pool([member(backend)]), virtual({ fullPath: `/Common/v${index}`, profiles })));
    }
    for (let i = 0; i < 150; i += 1) {
      const socket = connect({ port: ports[i % 3]!, host: '127.0.0.1', allowHalfOpen: random() > 0.5 }).resume();
      const closed = new Promise<void>((resolve) => socket.on('error', () => {}).once('close', () => resolve()));
      const pieces = Array.from({ length: 1 + random() * 6 }, () => PIECES[Math.floor(random() * PIECES.length)]);
      socket.write(pieces.join(''), 'latin1');
      const leave = random();
      if (leave < 0.3) socket.resetAndDestroy();
      else if (leave < 0.8) socket.destroySoon();
      else socket.end(() => setTimeout(() => socket.destroy(), 20));
      await closed;
    }
    await until('no connection is left', () =>
      [0, 1, 2].every((i) => plane.virtualCounters(`/Common/v${i}`).curConns === 0),
    );
    expect(await ask(ports[0]!, GET)).toMatch(/^HTTP\/1.1 200 OK/);
  });

  it('reuses a server connection many times without piling up listeners on it', async () => {
    const backend = await httpBackend('a');
    const plane = startPlane();
    const warnings: string[] = [];
    const warned = (warning: Error): number => warnings.push(warning.message);
    process.on('warning', warned);
    later(() => void process.off('warning', warned));
    const port = await serve(plane, pool([member(backend)]), virtual({ profiles: ONE_CONNECT }));
    expect((await ask(port, GET.repeat(40))).match(/200 OK/g)).toHaveLength(40);
    for (let i = 0; i < 15; i += 1) await ask(port, GET);
    expect(plane.poolCounters('/Common/web')).toMatchObject({ totConns: 1, totRequests: 55 });
    expect(warnings).toEqual([]);
  });

  it('lets go of a kept connection when the server ends it, and takes another for the next request', async () => {
    const backend = await tcpBackend((socket) => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    });
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend)]), virtual({ profiles: ONE_CONNECT }));
    await ask(port, GET);
    for (const socket of backend.sockets) socket.end();
    await until('the connection is closed', () => backend.sockets.size === 0);
    expect(plane.poolCounters('/Common/web').curConns).toBe(0);
    expect(await ask(port, 'POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx')).toMatch(/ok$/);
  });

  it('closes kept connections when they are idle, worn, or the virtual server is gone', async () => {
    const backend = await httpBackend('a');
    const plane = startPlane({ timeScale: 0.001 });
    const idle = virtual({ profiles: [profile('http'), profile('one-connect'), profile('tcp', { idleTimeout: 50 })] });
    const port = await serve(plane, pool([member(backend)]), idle);
    const client = dial(port, GET);
    await until('the answer came', () => client.text().endsWith('a'));
    expect(backend.sockets.size).toBe(1);
    await until('the kept connection is closed', () => backend.sockets.size === 0);
    plane.setVirtual('/Common/vs', virtual({ profiles: [...HTTP, profile('one-connect', { maxReuse: 2 })] }));
    await ask(port, GET.repeat(4));
    expect(plane.poolCounters('/Common/web').totConns).toBe(3);
    plane.setVirtual('/Common/vs', virtual({ profiles: ONE_CONNECT }));
    await ask(port, GET);
    plane.setVirtual('/Common/vs', undefined);
    await until('nothing is kept', () => backend.sockets.size === 0);
  });

  it('speaks TLS with members when there is a server-ssl profile', async () => {
    const server = createTlsServer(TEST_CERTIFICATE, (_request, response) => response.end('safe'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const profiles = [...HTTP, { ...profile('server-ssl'), context: 'serverside' as const }];
    const listening = await serve(startPlane(), pool([member({ address: '127.0.0.1', port })]), virtual({ profiles }));
    expect(await ask(listening, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/safe/);
  });

  it('reaches members where it is told to', async () => {
    const backend = await namedBackend('a');
    const seen: unknown[] = [];
    const plane = startPlane({
      reach: (one) => {
        seen.push(one);
        return { address: backend.address, port: backend.port };
      },
    });
    const port = await serve(plane, pool([member({ address: '10.244.1.5', port: 8080 }, { routeDomain: 2 })]));
    expect(await ask(port)).toBe('a');
    expect(seen).toEqual([{ address: '10.244.1.5', port: 8080, routeDomain: 2 }]);
  });

  it('sends to the port of the virtual server when the member has none', async () => {
    const backend = await namedBackend('a');
    const plane = startPlane();
    const any = member({ address: '127.0.0.1', port: 0 });
    expect(await ask(await serve(plane, pool([any]), virtual({ port: backend.port })))).toBe('a');
  });

  it('resets the client when the server is cut off in the middle of an answer', async () => {
    const backend = await tcpBackend((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy());
      });
    });
    const port = await serve(startPlane(), pool([member(backend)]), virtual({ profiles: HTTP }));
    const client = dial(port, GET);
    await until('the client is reset', () => client.ended() !== undefined);
    expect(client.ended()).toBe('reset');
  });
});
