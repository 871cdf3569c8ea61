import { afterEach, describe, expect, it } from 'vitest';
import type { VirtualConfig } from '../model.ts';
import { ask, cleanUp, dial, httpBackend, member, pool, profile, serve, startPlane } from '../test-kit.ts';
import { tcpBackend, until, unusedPort, virtual } from '../test-kit.ts';

afterEach(cleanUp);

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

function http(settings: Record<string, unknown> = {}, more: Partial<VirtualConfig> = {}): VirtualConfig {
  return virtual({ profiles: [profile('tcp'), profile('http', settings)], ...more });
}

const ONE_CONNECT = [profile('tcp'), profile('http'), profile('one-connect', { maxReuse: 1000 })];

/** The bodies of answers that have a Content-Length. */
function bodies(text: string): readonly string[] {
  const found: string[] = [];
  for (let rest = text; rest !== '';) {
    const start = rest.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, start))?.[1] ?? 0);
    found.push(rest.slice(start, start + length));
    rest = rest.slice(start + length);
  }
  return found;
}

/** A backend that answers each head it reads with what it read, and keeps the connection. */
async function mirror(): Promise<Awaited<ReturnType<typeof tcpBackend>>> {
  return await tcpBackend((socket) => {
    socket.on('data', (chunk: Buffer) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${chunk.length}\r\n\r\n${chunk.toString('latin1')}`),
    );
    socket.on('end', () => socket.end());
  });
}

describe('an HTTP virtual server', () => {
  it('sends all requests of a connection to the member that the first one picked', async () => {
    const [a, b] = [await httpBackend('a'), await httpBackend('b')];
    const plane = startPlane();
    const port = await serve(plane, pool([member(a), member(b)]), http());
    expect(bodies(await ask(port, GET + GET + LAST))).toEqual(['a', 'a', 'a']);
    expect(bodies(await ask(port, GET + LAST))).toEqual(['b', 'b']);
    expect(plane.virtualCounters('/Common/vs')).toMatchObject({ totRequests: 5, totConns: 2 });
    expect(plane.poolCounters('/Common/web')).toMatchObject({ totRequests: 5, totConns: 2 });
    expect(plane.memberCounters('/Common/web', member(a).fullPath)).toMatchObject({ totRequests: 3, totConns: 1 });
  });

  it('balances each request anew with OneConnect, over kept server connections', async () => {
    const [a, b] = [await httpBackend('a'), await httpBackend('b')];
    const plane = startPlane();
    const port = await serve(plane, pool([member(a), member(b)]), virtual({ profiles: ONE_CONNECT }));
    expect(bodies(await ask(port, GET + GET + GET + GET))).toEqual(['a', 'b', 'a', 'b']);
    expect(bodies(await ask(port, GET + GET))).toEqual(['a', 'b']);
    expect(plane.poolCounters('/Common/web')).toMatchObject({ totRequests: 6, totConns: 2 });
  });

  it('repeats a request on a new connection when a kept one turns out to be dead', async () => {
    let first = true;
    const backend = await tcpBackend((socket) => {
      let seen = 0;
      const dying = first;
      first = false;
      socket.on('data', () => {
        seen += 1;
        if (dying && seen === 2) socket.destroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    const port = await serve(startPlane(), pool([member(backend)]), virtual({ profiles: ONE_CONNECT }));
    expect(bodies(await ask(port, GET + GET))).toEqual(['ok', 'ok']);
  });

  it('passes heads as they are: order, case, spacing, repeated lines and unknown methods', async () => {
    const head = 'BREW /pot?x=%20 HTTP/1.1\r\nhOST:a\r\nX-Two:  1\r\nAccept: */*\r\nX-Two: 2\r\n\r\n';
    const backend = await mirror();
    const port = await serve(startPlane(), pool([member(backend)]), http());
    const client = dial(port, head);
    await until('the answer came', () => client.text().endsWith(head));
    expect(client.text()).toBe(`HTTP/1.1 200 OK\r\nContent-Length: ${head.length}\r\n\r\n${head}`);
  });

  it('inserts X-Forwarded-For as a line of its own, and inserts and erases headers as the profile says', async () => {
    const backend = await mirror();
    const settings = { insertXforwardedFor: 'enabled', headerInsert: 'X-Via: here', headerErase: 'X-Secret' };
    const port = await serve(startPlane(), pool([member(backend)]), http(settings));
    const head = 'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nx-secret: s\r\n\r\n';
    const client = dial(port, head);
    await until('the answer came', () => client.text().endsWith('\r\n\r\n') && client.text().includes('GET'));
    expect(client.text().split('\r\n\r\n')[1]).toBe(
      'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Via: here\r\nX-Forwarded-For: 127.0.0.1',
    );
  });

  it('sends redirects of the member to https when the profile rewrites them', async () => {
    const backend = await httpBackend('', (_request, response) => {
      response.writeHead(302, { Location: 'http://a/next' }).end();
    });
    const port = await serve(startPlane(), pool([member(backend)]), http({ redirectRewrite: 'all' }));
    expect(await ask(port, LAST)).toContain('\r\nLocation: https://a/next\r\n');
  });

  it('carries chunked bodies both ways, trailers included', async () => {
    const backend = await httpBackend('', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(200, { Trailer: 'X-Sum' });
        response.write(Buffer.concat(chunks));
        response.addTrailers({ 'X-Sum': '42' });
        response.end();
      });
    });
    const port = await serve(startPlane(), pool([member(backend)]), http());
    const body = '3;ext=1\r\nabc\r\n4\r\ndefg\r\n0\r\nX-T: 1\r\n\r\n';
    const answer = await ask(port, `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}${LAST}`);
    expect(answer).toContain('7\r\nabcdefg\r\n0\r\nX-Sum: 42\r\n\r\n');
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
  });

  it('passes 100 Continue, and ends the connection when the server refuses the body', async () => {
    const backend = await httpBackend('', (request, response) => {
      request.resume().on('end', () => response.end('done'));
    });
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend)]), http());
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n';
    const client = dial(port, head);
    await until('the server asks for the body', () => client.text().includes('100 Continue\r\n\r\n'));
    client.socket.write('abc');
    await until('the answer came', () => client.text().endsWith('done'));
    const strict = await tcpBackend((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno'));
    });
    plane.setPool('/Common/web', pool([member(strict)]));
    const refused = dial(port, head);
    await until('the connection ended', () => refused.ended() === 'end');
    expect(refused.text()).toMatch(/417 No[^]*no$/);
  });

  it('lets a WebSocket through, with bytes that follow the handshake at once', async () => {
    const backend = await tcpBackend((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst ');
        socket
          .on('data', (chunk: Buffer) => socket.write(`<${chunk.toString('latin1')}>`))
          .on('end', () => socket.end());
      });
    });
    const port = await serve(startPlane(), pool([member(backend)]), http());
    const client = dial(port, 'GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    await until('the server speaks first', () => client.text().endsWith('first '));
    client.socket.write('\x81\x02hi');
    await until('the echo came', () => client.text().endsWith('<\x81\x02hi>') || client.text().includes('hi>'));
    client.socket.end();
    await until('both sides ended', () => client.ended() !== undefined);
    expect(client.ended()).toBe('end');
  });

  it('knows that answers to HEAD, 204 and 304 have no body', async () => {
    const backend = await httpBackend('', (request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.setHeader('Content-Length', '5');
      response.end(request.method === 'HEAD' || response.statusCode !== 200 ? undefined : 'hello');
    });
    const port = await serve(startPlane(), pool([member(backend)]), http());
    const request = (method: string, path: string): string => `${method} /${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const answer = await ask(port, request('HEAD', '200') + request('GET', '304') + request('GET', '200'));
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 304', 'HTTP/1.1 200']);
    expect(answer.endsWith('hello')).toBe(true);
  });

  it('serves HTTP/1.0, and bodies that end with the connection', async () => {
    const backend = await tcpBackend((socket) => {
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end'));
    });
    const port = await serve(startPlane(), pool([member(backend)]), http());
    const client = dial(port, 'GET / HTTP/1.0\r\n\r\n');
    await until('the connection ended', () => client.ended() === 'end');
    expect(client.text()).toBe('HTTP/1.0 200 OK\r\n\r\nuntil the end');
  });

  it('ends the connection with a client when its member ends theirs between requests', async () => {
    const backend = await tcpBackend((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    });
    const port = await serve(startPlane(), pool([member(backend)]), http());
    const client = dial(port, GET);
    await until('the answer came', () => client.text() !== '');
    for (const socket of backend.sockets) socket.end();
    await until('the client is told', () => client.ended() !== undefined);
    expect(client.ended()).toBe('end');
  });

  it('resets the client when no member is available, or redirects to the fallback host', async () => {
    const plane = startPlane();
    const port = await serve(plane, pool([]), http());
    expect(await ask(port, GET)).toBe('reset');
    plane.setVirtual('/Common/vs', http({ fallbackHost: 'http://sorry.example/', serverAgentName: 'BigIP' }));
    expect(await ask(port, LAST)).toBe(
      'HTTP/1.0 302 Found\r\nLocation: http://sorry.example/\r\nServer: BigIP\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    const refusing = member({ address: '127.0.0.1', port: await unusedPort() });
    const backend = await httpBackend('a');
    plane.setVirtual('/Common/vs', http());
    plane.setPool('/Common/web', pool([refusing, member(backend)]));
    expect([await ask(port, LAST), await ask(port, LAST)].filter((one) => one === 'reset')).toHaveLength(1);
    plane.setPool('/Common/web', pool([refusing, member(backend)], { reselectTries: 1 }));
    expect([...bodies(await ask(port, LAST)), ...bodies(await ask(port, LAST))]).toEqual(['a', 'a']);
  });

  it('balances by the fewest requests under way, and counts each until its answer is complete', async () => {
    const waiting: (() => void)[] = [];
    const slow = await httpBackend('slow', (_request, response) => void waiting.push(() => response.end('slow')));
    const quick = await httpBackend('quick');
    const plane = startPlane();
    const members = [member(slow), member(quick)];
    const port = await serve(plane, pool(members, { loadBalancingMode: 'fastest-app-response' }), http());
    const held = ask(port, LAST);
    await until('the slow one has its request', () => waiting.length === 1);
    for (let i = 0; i < 3; i += 1) expect(bodies(await ask(port, LAST))).toEqual(['quick']);
    waiting[0]?.();
    expect(bodies(await held)).toEqual(['slow']);
    const last = ask(port, LAST);
    await until('it is the slow one that waited longest', () => waiting.length === 2);
    waiting[1]?.();
    expect(bodies(await last)).toEqual(['slow']);
  });

  it('resets what is not HTTP, contradicts itself, or has too long a head', async () => {
    const backend = await httpBackend('a');
    const plane = startPlane();
    const enforcement = { maxHeaderSize: 200, maxHeaderCount: 3 };
    const port = await serve(plane, pool([member(backend)]), http({ enforcement }));
    expect(await ask(port, 'hello\r\n\r\n')).toBe('reset');
    expect(await ask(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(300)}\r\n\r\n`)).toBe('reset');
    expect(await ask(port, 'GET / HTTP/1.1\r\na:1\r\nb:1\r\nc:1\r\nd:1\r\n\r\n')).toBe('reset');
    expect(await ask(port, 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')).toBe('reset');
    expect(bodies(await ask(port, LAST))).toEqual(['a']);
  });

  it('persists by the insert cookie, also to a disabled member', async () => {
    const [a, b] = [await httpBackend('a'), await httpBackend('b')];
    const plane = startPlane();
    const persistence = { type: 'cookie', settings: { method: 'insert', cookieName: 'none', httponly: 'enabled' } };
    const port = await serve(plane, pool([member(a), member(b)]), http({}, { persistence }));
    const swapped = ((a.port & 0xff) << 8) | (a.port >> 8);
    const cookie = `BIGipServerweb=16777343.${swapped}.0000`;
    const first = await ask(port, LAST);
    expect(first).toContain(`\r\nSet-Cookie: ${cookie}; path=/; Httponly\r\n`);
    const again = `GET / HTTP/1.1\r\nHost: a\r\nCookie: x=y; ${cookie}\r\nConnection: close\r\n\r\n`;
    plane.setPool('/Common/web', pool([member(a, { session: 'user-disabled' }), member(b)]));
    for (let i = 0; i < 3; i += 1) {
      const answer = await ask(port, again);
      expect(answer.endsWith('a')).toBe(true);
      expect(answer).not.toContain('Set-Cookie');
    }
    plane.setPool('/Common/web', pool([member(b)]));
    const moved = await ask(port, again);
    expect(moved.endsWith('b')).toBe(true);
    expect(moved).toContain('Set-Cookie: BIGipServerweb=');
  });
});
