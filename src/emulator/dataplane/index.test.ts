import { getActiveResourcesInfo } from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { createDataPlane } from './index.ts';
import { cleanUp, dial, httpBackend, member, namedBackend, pool, profile, serve, startPlane } from './test-kit.ts';
import { ask, tcpBackend, until, unusedPort, virtual } from './test-kit.ts';

afterEach(cleanUp);

const MONITOR = { fullPath: '/Common/tcp', type: 'tcp', interval: 5, timeout: 16 };

describe('createDataPlane', () => {
  it('opens nothing for 10,000 virtual servers when it does not listen, and is done at once', async () => {
    const plane = createDataPlane({ listen: false });
    const before = getActiveResourcesInfo().length;
    plane.setMonitor('/Common/tcp', MONITOR);
    for (let i = 0; i < 10_000; i += 1) {
      const name = `/Common/vs${i}`;
      const at = { address: `10.0.${i >> 8}.${i & 255}`, port: 80 };
      plane.setPool(name, pool([member(at)], { fullPath: name, monitor: { monitors: ['/Common/tcp'] } }));
      plane.setVirtual(name, virtual({ fullPath: name, pool: name, address: at.address }));
    }
    await plane.settled();
    expect(getActiveResourcesInfo().length - before).toBeLessThan(5);
    expect(plane.listeners()).toHaveLength(10_000);
    expect(plane.listeners()[0]).toMatchObject({ problem: 'The data plane is off.' });
    expect(plane.health('/Common/vs1', '/Common/10.0.0.1:80')).toBe('checking');
    await plane.close();
  });

  it('monitors 10,000 members with one timer', async () => {
    const plane = startPlane({ listen: false, probe: true, reach: () => ({ address: '127.0.0.1', port: 1 }) });
    const before = getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    plane.setMonitor('/Common/tcp', MONITOR);
    for (let i = 0; i < 10_000; i += 1) {
      const at = { address: `10.0.${i >> 8}.${i & 255}`, port: 80 };
      const config = { fullPath: `/Common/p${i}`, monitor: { monitors: ['/Common/tcp'] } };
      plane.setPool(config.fullPath, pool([member(at)], config));
    }
    expect(getActiveResourcesInfo().filter((one) => one === 'Timeout').length - before).toBeLessThanOrEqual(1);
    await plane.close();
  });

  it('closes promptly, with connections, probes and flows under way', async () => {
    const silent = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()));
    const backend = await httpBackend('a');
    const plane = createDataPlane({ map: 'always' });
    plane.setMonitor('/Common/http', { ...MONITOR, fullPath: '/Common/http', type: 'http' });
    const config = pool([member(silent)], { monitor: { monitors: ['/Common/http'] } });
    const port = await serve(plane, config);
    const kept = {
      fullPath: '/Common/kept',
      profiles: [profile('http'), profile('one-connect')],
      pool: '/Common/kept',
    };
    const keptPort = await serve(plane, pool([member(backend)], { fullPath: '/Common/kept' }), virtual(kept));
    await ask(keptPort, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const client = dial(port, 'hello');
    await until('the client and the probe are there', () => silent.sockets.size === 2);
    const start = performance.now();
    await plane.close();
    expect(performance.now() - start).toBeLessThan(500);
    await until('the client is reset', () => client.ended() === 'reset');
    await until('all server sides are closed', () => silent.sockets.size + backend.sockets.size === 0);
  });

  it('tells of changes of health until that is no longer wanted', async () => {
    const backend = await namedBackend('a');
    const plane = startPlane({ timeScale: 0.005 });
    const seen: string[] = [];
    const stop = plane.onStatus(({ pool: path, health, previous }) => seen.push(`${path} ${previous}>${health}`));
    plane.setMonitor('/Common/tcp', MONITOR);
    plane.setPool('/Common/web', pool([member(backend)], { monitor: { monitors: ['/Common/tcp'] } }));
    await until('the member is up', () => plane.health('/Common/web', member(backend).fullPath) === 'up');
    await backend.close();
    await until('the member is down', () => plane.health('/Common/web', member(backend).fullPath) === 'down');
    expect(seen).toEqual(['/Common/web unchecked>checking', '/Common/web checking>up', '/Common/web up>down']);
    stop();
    plane.setPool('/Common/web', pool([member(backend)]));
    expect(plane.health('/Common/web', member(backend).fullPath)).toBe('unchecked');
    expect(seen).toHaveLength(3);
  });

  it('sends no new connections to a member that is down, and resets its old ones if the pool says so', async () => {
    const a = await tcpBackend((socket) => socket.write('a'));
    const b = await namedBackend('b');
    const plane = startPlane({ timeScale: 0.005 });
    plane.setMonitor('/Common/up', { ...MONITOR, fullPath: '/Common/up', destination: `*:${b.port}` });
    const monitor = { monitors: ['/Common/up'] };
    const config = pool([member(a)], { monitor, serviceDownAction: 'reset' });
    const port = await serve(plane, config);
    const client = dial(port);
    await until('the member answers', () => client.text() === 'a');
    plane.setMonitor('/Common/up', { ...MONITOR, fullPath: '/Common/up', destination: `*:${await unusedPort()}` });
    await until('the connection is reset', () => client.ended() === 'reset');
    expect(plane.health('/Common/web', member(a).fullPath)).toBe('down');
    expect(await ask(port)).toBe('reset');
    plane.setPool('/Common/web', pool([member(a), member(b, { monitor: { monitors: [] } })], { monitor }));
    expect(await ask(port)).toBe('b');
  });

  it('answers with nothing for what it does not know', () => {
    const plane = startPlane();
    expect(plane.health('/Common/x', '/Common/y')).toBe('unchecked');
    expect(plane.virtualCounters('/Common/x')).toMatchObject({ totConns: 0, bitsIn: 0 });
    expect(plane.memberCounters('/Common/x', '/Common/y')).toEqual(plane.poolCounters('/Common/x'));
    plane.setPool('/Common/x', undefined);
    plane.setVirtual('/Common/x', undefined);
    plane.setMonitor('/Common/x', undefined);
    expect(plane.listeners()).toEqual([]);
  });
});
