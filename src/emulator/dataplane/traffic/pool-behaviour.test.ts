import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import type { DataPlane, PoolConfig, RateLimitConfig, VirtualConfig } from '../model.ts';
import {
  ask,
  cleanUp,
  dial,
  httpBackend,
  later,
  member,
  namedBackend,
  pool,
  profile,
  serve,
  startPlane,
  tcpBackend,
  until,
  virtual,
} from '../test-kit.ts';
import type { Backend } from '../test-kit.ts';

afterEach(cleanUp);

const HTTP: Partial<VirtualConfig> = { profiles: [profile('tcp'), profile('http')] };
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A server that repeats what it hears with its name before it. */
async function echo(name: string): Promise<Backend> {
  return await tcpBackend((socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(`${name}:${chunk.toString()}`));
    socket.on('end', () => socket.end());
  });
}

/** A monitor on a port of its own decides: its server is closed, and the member is down. */
async function startMonitored(config: Partial<PoolConfig>, backends: readonly Backend[], more = {}) {
  const plane = startPlane({ timeScale: 0.05 });
  const watched = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()));
  const monitor = { fullPath: '/Common/m', type: 'tcp', interval: 1, timeout: 10, destination: `*:${watched.port}` };
  plane.setMonitor('/Common/m', monitor);
  const [first, ...rest] = backends.map((one) => member(one));
  const members = [{ ...first!, monitor: { monitors: ['/Common/m'] } }, ...rest];
  const port = await serve(plane, pool(members, config), virtual(more));
  await until('it is up', () => plane.health('/Common/web', first!.fullPath) === 'up');
  const fail = async (): Promise<void> => {
    await watched.close();
    await until('it is down', () => plane.health('/Common/web', first!.fullPath) === 'down');
  };
  return { plane, port, fail };
}

describe('rateLimit of a virtual server', () => {
  async function limited(rateLimit: RateLimitConfig): Promise<number> {
    // A second of the configuration outlasts the test.
    const plane = startPlane({ timeScale: 1000 });
    return await serve(plane, pool([member(await namedBackend('a'))]), virtual({ rateLimit }));
  }

  it('resets connections beyond those of a second', async () => {
    const port = await limited({ perSecond: 2, mode: 'object', sourceMask: 0, destinationMask: 0 });
    expect([await ask(port), await ask(port), await ask(port)]).toEqual(['a', 'a', 'reset']);
  });

  it('counts by client or by client network', async () => {
    const from = (localAddress: string) => ({ localAddress });
    const each = await limited({ perSecond: 1, mode: 'object-source', sourceMask: 0, destinationMask: 0 });
    const own = [await ask(each, '', from('127.0.0.1')), await ask(each, '', from('127.0.0.2'))];
    expect([...own, await ask(each, '', from('127.0.0.2'))]).toEqual(['a', 'a', 'reset']);
    const nets = await limited({ perSecond: 1, mode: 'object-source', sourceMask: 24, destinationMask: 0 });
    const shared = [await ask(nets, '', from('127.0.0.1')), await ask(nets, '', from('127.0.0.2'))];
    expect([...shared, await ask(nets, '', from('127.0.1.1'))]).toEqual(['a', 'reset', 'a']);
  });
});

describe('a connection queue', () => {
  async function full(more: Partial<PoolConfig>, profiles = HTTP): Promise<{ port: number; plane: DataPlane }> {
    const plane = startPlane();
    const backend = await httpBackend('a');
    const one = member(backend, { connectionLimit: 1 });
    return {
      plane,
      port: await serve(plane, pool([one], { queueOnConnectionLimit: true, ...more }), virtual(profiles)),
    };
  }

  it('makes clients wait for a member at its connection limit, and serves them when others leave', async () => {
    const { port, plane } = await full({});
    const first = dial(port, GET);
    await until('it is answered', () => first.text().endsWith('a'));
    const second = dial(port, GET);
    await until('the second waits', () => plane.queueCounters('/Common/web').depth === 1);
    first.socket.destroy();
    await until('the second is answered', () => second.text().endsWith('a'));
    expect(plane.queueCounters('/Common/web')).toMatchObject({ depth: 0, serviced: 1 });
  });

  it('resets clients that find it full, and forgets those that leave', async () => {
    const { port, plane } = await full({ queueDepthLimit: 1 });
    const first = dial(port, GET);
    await until('it is answered', () => first.text().endsWith('a'));
    const second = dial(port, GET);
    await until('the second waits', () => plane.queueCounters('/Common/web').depth === 1);
    expect(await ask(port, GET)).toBe('reset');
    second.socket.resetAndDestroy();
    await until('it is forgotten', () => plane.queueCounters('/Common/web').depth === 0);
    expect(plane.queueCounters('/Common/web').serviced).toBe(0);
  });

  it('resets clients that waited too long', async () => {
    const { port } = await full({ queueTimeLimit: 20 });
    const first = dial(port, GET);
    await until('it is answered', () => first.text().endsWith('a'));
    expect(await ask(port, GET)).toBe('reset');
  });

  it('gives an idle connection that OneConnect keeps to the one that waits', async () => {
    const oneConnect = { profiles: [profile('tcp'), profile('http'), profile('one-connect')] };
    const { port } = await full({}, oneConnect);
    const first = dial(port, GET);
    await until('it is answered', () => first.text().endsWith('a'));
    const second = dial(port, GET);
    await until('the second is answered', () => second.text().endsWith('a'));
    expect(first.ended()).toBeUndefined();
  });
});

describe('serviceDownAction', () => {
  it('reselect sends what a TCP client says next to another member', async () => {
    const [a, b] = [await echo('a'), await echo('b')];
    const { port, fail } = await startMonitored({ serviceDownAction: 'reselect' }, [a, b]);
    const client = dial(port, '1');
    await until('a answers', () => client.text() === 'a:1');
    await fail();
    client.socket.write('2');
    await until('b answers', () => client.text() === 'a:1b:2');
    expect(client.ended()).toBeUndefined();
    expect(a.sockets.size).toBe(0);
  });

  it('reselect resets the client when no other member is there', async () => {
    const { port, fail } = await startMonitored({ serviceDownAction: 'reselect' }, [await echo('a')]);
    const client = dial(port, '1');
    await until('a answers', () => client.text() === 'a:1');
    await fail();
    await until('it ended', () => client.ended());
    expect(client.ended()).toBe('reset');
  });

  it('reselect sends the next HTTP request of a connection to another member', async () => {
    const backends = [await httpBackend('a'), await httpBackend('b')];
    const { port, fail } = await startMonitored({ serviceDownAction: 'reselect' }, backends, HTTP);
    const client = dial(port, GET);
    await until('a answers', () => client.text().endsWith('a'));
    await fail();
    client.socket.write(GET);
    await until('b answers', () => client.text().endsWith('b'));
    expect(client.ended()).toBeUndefined();
  });

  it('drop forgets connections without a word, and resets who speaks on', async () => {
    const a = await echo('a');
    const { port, fail, plane } = await startMonitored({ serviceDownAction: 'drop' }, [a, await echo('b')]);
    const [talking, silent] = [dial(port, '1'), dial(port, '1')];
    await until('the other is there', () => silent.text() === 'b:1');
    await until('a answers', () => talking.text() === 'a:1');
    expect(plane.virtualCounters('/Common/vs').curConns).toBe(2);
    await fail();
    expect(plane.virtualCounters('/Common/vs').curConns).toBe(1);
    expect(plane.poolCounters('/Common/web').curConns).toBe(1);
    expect([talking.ended(), a.sockets.size]).toEqual([undefined, 1]);
    talking.socket.write('2');
    await until('it is reset', () => talking.ended() === 'reset');
    expect(talking.text()).toBe('a:1');
  });

  it('reselect begins a UDP flow with another member', async () => {
    const names = ['a', 'b'];
    const backends = await Promise.all(
      names.map(async (name) => {
        const server = createSocket('udp4');
        server.on('message', (_bytes, from) => server.send(name, from.port, from.address));
        await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
        later(() => void server.close());
        const { port } = server.address();
        return { address: '127.0.0.1', port, sockets: new Set<never>(), close: () => Promise.resolve() };
      }),
    );
    const udp = { ipProtocol: 'udp', profiles: [profile('udp')] };
    const { port, fail } = await startMonitored({ serviceDownAction: 'reselect' }, backends, udp);
    const client = createSocket('udp4');
    later(() => void client.close());
    const heard: string[] = [];
    client.on('message', (bytes) => heard.push(bytes.toString()));
    client.send('1', port, '127.0.0.1');
    await until('a answers', () => heard.join('') === 'a');
    await fail();
    client.send('2', port, '127.0.0.1');
    await until('another answer came', () => heard.length === 2);
    expect(heard).toEqual(['a', 'b']);
  });
});
