import { afterEach, describe, expect, it } from 'vitest';
import type { VirtualConfig } from '../model.ts';
import { ask, askTimes, cleanUp, dial, member, namedBackend, pool, profile, serve, startPlane } from '../test-kit.ts';
import { tcpBackend, until, unusedPort, virtual } from '../test-kit.ts';

afterEach(cleanUp);

describe('a TCP virtual server', () => {
  it('carries bytes both ways and passes a half-close on', async () => {
    const backend = await tcpBackend((socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('end', () => socket.end(`got ${Buffer.concat(chunks).toString()}`));
    });
    const port = await serve(startPlane(), pool([member(backend)]));
    expect(await ask(port, 'hello')).toBe('got hello');
  });

  it('balances connections over the members', async () => {
    const [a, b] = [await namedBackend('a'), await namedBackend('b')];
    const port = await serve(startPlane(), pool([member(a), member(b)]));
    expect(await askTimes(4, port)).toEqual(['a', 'b', 'a', 'b']);
  });

  it('carries a large body through a slow reader unharmed, without holding it all', async () => {
    const size = 20_000_000;
    let written = 0;
    const backend = await tcpBackend((socket) => {
      const chunk = Buffer.alloc(100_000, 'x');
      const more = (): void => {
        while (written < size) {
          written += chunk.length;
          if (!socket.write(chunk)) return void socket.once('drain', more);
        }
        socket.end();
      };
      more();
    });
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend)]));
    const client = dial(port);
    client.socket.pause();
    let last = -1;
    await until('the sender is held back', async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      const still = written === last;
      last = written;
      return still;
    });
    expect(written).toBeLessThan(size);
    client.socket.resume();
    await until('all has come', () => client.bytes() === size && client.ended() === 'end');
  });

  it('resets a client when the pool has no member, when none is available, and when the member refuses', async () => {
    const plane = startPlane();
    const port = await serve(plane, pool([]));
    expect(await ask(port)).toBe('reset');
    const backend = await namedBackend('a');
    plane.setPool('/Common/web', pool([member(backend, { state: 'user-down' })]));
    expect(await ask(port)).toBe('reset');
    plane.setPool('/Common/web', pool([member({ address: '127.0.0.1', port: await unusedPort() })]));
    expect(await ask(port)).toBe('reset');
    plane.setPool('/Common/web', undefined);
    expect(await ask(port)).toBe('reset');
  });

  it('tries other members when one refuses, if reselectTries allows it', async () => {
    const refusing = member({ address: '127.0.0.1', port: await unusedPort() });
    const backend = await namedBackend('a');
    const port = await serve(startPlane(), pool([refusing, member(backend)], { reselectTries: 1 }));
    expect(await askTimes(3, port)).toEqual(['a', 'a', 'a']);
  });

  it('serves only clients within its source network', async () => {
    const backend = await namedBackend('a');
    const port = await serve(startPlane(), pool([member(backend)]), virtual({ source: '127.0.0.64/26' }));
    expect(await ask(port, '', { localAddress: '127.0.0.65' })).toBe('a');
    expect(await ask(port, '', { localAddress: '127.0.0.2' })).toBe('reset');
  });

  it('holds the connection limits of the virtual server and of members', async () => {
    const backend = await tcpBackend((socket) => socket.on('end', () => socket.end()).write('a'));
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend, { connectionLimit: 1 })]), virtual({ connectionLimit: 2 }));
    const first = dial(port);
    await until('the first is served', () => first.text() === 'a');
    expect(await ask(port)).toBe('reset');
    plane.setPool('/Common/web', pool([member(backend)]));
    const second = dial(port);
    await until('the second is served', () => second.text() === 'a');
    expect(await ask(port)).toBe('reset');
    first.socket.end();
    await until('there is room again', () => plane.virtualCounters('/Common/vs').curConns === 1);
    const third = dial(port);
    await until('the third is served', () => third.text() === 'a');
  });

  it('resets connections that are idle for longer than the profile allows', async () => {
    const backend = await tcpBackend((socket) => socket.write('a'));
    const plane = startPlane({ timeScale: 0.001 });
    const config = virtual({ profiles: [profile('tcp', { idleTimeout: 100 })] });
    const client = dial(await serve(plane, pool([member(backend)]), config));
    await until('the idle connection is reset', () => client.ended() === 'reset');
    expect(client.text()).toBe('a');
    await until('the member is left', () => backend.sockets.size === 0);
  });

  it('keeps connections of a disabled or removed member, and gives it no new ones', async () => {
    const [a, b] = [await tcpBackend((socket) => socket.pipe(socket)), await namedBackend('b')];
    const plane = startPlane();
    const port = await serve(plane, pool([member(a), member(b)]));
    const client = dial(port, 'one ');
    await until('the echo came', () => client.text() === 'one ');
    plane.setPool('/Common/web', pool([member(a, { session: 'user-disabled' }), member(b)]));
    expect(await askTimes(3, port)).toEqual(['b', 'b', 'b']);
    plane.setPool('/Common/web', pool([member(b)]));
    client.socket.write('two');
    await until('the second echo came', () => client.text() === 'one two');
    expect(await askTimes(2, port)).toEqual(['b', 'b']);
  });

  it('keeps a client with its member by source address, also when that is disabled, not when it is forced down', async () => {
    const [a, b] = [await namedBackend('a'), await namedBackend('b')];
    const plane = startPlane();
    const persistence = { type: 'source-addr', settings: { timeout: '180', mask: '255.255.255.0' } };
    const port = await serve(plane, pool([member(a), member(b)]), virtual({ persistence }));
    expect(await askTimes(3, port)).toEqual(['a', 'a', 'a']);
    expect(await ask(port, '', { localAddress: '127.0.1.1' })).toBe('b');
    expect(await ask(port, '', { localAddress: '127.0.0.9' })).toBe('a');
    plane.setPool('/Common/web', pool([member(a, { session: 'user-disabled' }), member(b)]));
    expect(await ask(port)).toBe('a');
    expect(await ask(port, '', { localAddress: '127.0.2.1' })).toBe('b');
    plane.setPool('/Common/web', pool([member(a, { state: 'user-down' }), member(b)]));
    expect(await ask(port)).toBe('b');
  });

  it('falls back to address persistence for clients without the cookie', async () => {
    const [a, b] = [await namedBackend('a'), await namedBackend('b')];
    const plane = startPlane();
    const persistence = { type: 'cookie', settings: { method: 'insert' } };
    const fallbackPersistence = { type: 'source-addr', settings: { timeout: '180' } };
    const port = await serve(plane, pool([member(a), member(b)]), virtual({ persistence, fallbackPersistence }));
    expect(await askTimes(3, port)).toEqual(['a', 'a', 'a']);
    plane.setVirtual('/Common/vs', virtual({ persistence }));
    expect(new Set(await askTimes(2, port))).toEqual(new Set(['a', 'b']));
  });

  it('persists across the services of an address to the same node, in another pool', async () => {
    const [a, b] = [await namedBackend('a', '127.0.0.61'), await namedBackend('b', '127.0.0.62')];
    const [c, d] = [await namedBackend('c', '127.0.0.61'), await namedBackend('d', '127.0.0.62')];
    const plane = startPlane();
    const persistent = (settings: object): Pick<VirtualConfig, 'persistence'> => ({
      persistence: { type: 'source-addr', settings: { timeout: '180', ...settings } },
    });
    const other = { fullPath: '/Common/other', pool: '/Common/other', port: 81 };
    const across = persistent({ matchAcrossServices: 'enabled' });
    const first = await serve(plane, pool([member(a), member(b)]), virtual(across));
    const second = await serve(
      plane,
      pool([member(d), member(c)], { fullPath: '/Common/other' }),
      virtual({ ...other, ...across }),
    );
    expect([await ask(first), ...(await askTimes(2, second))]).toEqual(['a', 'c', 'c']);
    plane.setVirtual('/Common/other', virtual({ ...other, ...persistent({}) }));
    expect(await ask(second)).toBe('d');
  });

  it('forgets persistence after its time-out', async () => {
    const [a, b] = [await namedBackend('a'), await namedBackend('b')];
    const persistence = { type: 'source-addr', settings: { timeout: '20' } };
    const port = await serve(
      startPlane({ timeScale: 0.001 }),
      pool([member(a), member(b)]),
      virtual({ persistence, profiles: [profile('tcp', { idleTimeout: 'indefinite' })] }),
    );
    expect(await ask(port)).toBe('a');
    await until('another member is chosen', async () => {
      await new Promise((resolve) => setTimeout(resolve, 25));
      return (await ask(port)) === 'b';
    });
  });

  it('shows members the client address without source address translation, among loopback addresses', async () => {
    const backend = await tcpBackend((socket) => socket.end(socket.remoteAddress ?? ''));
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend)]), virtual({ sourceAddressTranslation: 'none' }));
    expect(await ask(port, '', { localAddress: '127.0.0.77' })).toBe('127.0.0.77');
    plane.setVirtual('/Common/vs', virtual());
    expect(await ask(port, '', { localAddress: '127.0.0.77' })).toBe('127.0.0.1');
  });

  it('counts bits, connections and chunks for the virtual server, the pool and the member', async () => {
    const backend = await tcpBackend((socket) => socket.on('end', () => socket.end('12345')).resume());
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend)]));
    await ask(port, 'abc');
    await until('the connection is over', () => plane.poolCounters('/Common/web').curConns === 0);
    const path = member(backend).fullPath;
    const expected = {
      bitsIn: 24,
      bitsOut: 40,
      pktsIn: 1,
      pktsOut: 1,
      curConns: 0,
      maxConns: 1,
      totConns: 1,
      totRequests: 0,
    };
    expect(plane.memberCounters('/Common/web', path)).toEqual(expected);
    expect(plane.poolCounters('/Common/web')).toEqual(expected);
    await until('the client is gone', () => plane.virtualCounters('/Common/vs').curConns === 0);
    expect(plane.virtualCounters('/Common/vs')).toEqual(expected);
  });
});
