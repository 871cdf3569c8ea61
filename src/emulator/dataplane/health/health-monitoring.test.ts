import { afterEach, describe, expect, it } from 'vitest';
import type { DataPlane, MonitorConfig } from '../model.ts';
import {
  askTimes,
  cleanUp,
  member,
  namedBackend,
  pool,
  serve,
  startPlane,
  tcpBackend,
  until,
  unusedPort,
} from '../test-kit.ts';
import { snmpAgent } from './probe-kit.ts';
import type { Backend } from '../test-kit.ts';

afterEach(cleanUp);

const TCP: MonitorConfig = { fullPath: '/Common/tcp', type: 'tcp', interval: 5, timeout: 16 };

/** Seconds of the configuration are 10 ms. */
function start(...monitors: readonly MonitorConfig[]): DataPlane {
  const plane = startPlane({ timeScale: 0.01 });
  for (const one of monitors) plane.setMonitor(one.fullPath, one);
  return plane;
}

/** All changes of health from now on, as a growing list. */
function changes(plane: DataPlane): readonly string[] {
  const seen: string[] = [];
  plane.onStatus(({ health }) => seen.push(health));
  return seen;
}

async function becomes(plane: DataPlane, path: string, health: string): Promise<void> {
  await until(`${path} is ${health}`, () => plane.health('/Common/web', path) === health);
}

/** A backend that counts its connections. */
async function counting(): Promise<Backend & { readonly count: () => number }> {
  let count = 0;
  const backend = await tcpBackend((socket) => {
    count += 1;
    socket.resume().on('end', () => socket.end());
  });
  return { ...backend, sockets: backend.sockets, count: () => count };
}

describe('the health of a member', () => {
  it('is checking until the first result, then up, down after the time-out, and up again', async () => {
    const backend = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()));
    const plane = start(TCP);
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    expect(plane.health('/Common/web', one.fullPath)).toBe('checking');
    await becomes(plane, one.fullPath, 'up');
    await backend.close();
    await becomes(plane, one.fullPath, 'down');
    await tcpBackend((socket) => socket.resume().on('end', () => socket.end()), '127.0.0.1', backend.port);
    await becomes(plane, one.fullPath, 'up');
  });

  it('turns down only when the time-out has passed, although the connection is refused at once', async () => {
    const plane = start({ ...TCP, timeout: 30 });
    const one = member({ address: '127.0.0.1', port: await unusedPort() });
    const begin = performance.now();
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await becomes(plane, one.fullPath, 'down');
    expect(performance.now() - begin).toBeGreaterThanOrEqual(295);
  });

  it('turns down when the server accepts and then says nothing, and up when it speaks again', async () => {
    let silent = false;
    const backend = await tcpBackend((socket) => {
      socket
        .on('data', () => (silent ? undefined : socket.end('HTTP/1.0 200 OK\r\n\r\n')))
        .on('end', () => socket.end());
    });
    const plane = start({ ...TCP, type: 'http' });
    const seen = changes(plane);
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await becomes(plane, one.fullPath, 'up');
    silent = true;
    await becomes(plane, one.fullPath, 'down');
    silent = false;
    await becomes(plane, one.fullPath, 'up');
    expect(seen).toEqual(['checking', 'up', 'down', 'up']);
  });

  it('follows the rule: all monitors, or at least some of them', async () => {
    const backend = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()));
    const elsewhere = { ...TCP, fullPath: '/Common/other', destination: `*:${await unusedPort()}` };
    const plane = start(TCP, elsewhere);
    const monitors = ['/Common/tcp', '/Common/other'];
    const [all, some] = [
      member(backend, { fullPath: '/Common/all' }),
      member(backend, { fullPath: '/Common/some', monitor: { min: 1, monitors } }),
    ];
    plane.setPool('/Common/web', pool([all, some], { monitor: { monitors } }));
    await becomes(plane, some.fullPath, 'up');
    await becomes(plane, all.fullPath, 'down');
    expect(plane.health('/Common/web', some.fullPath)).toBe('up');
  });

  it('is probed at the address and port that the monitor names', async () => {
    const backend = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()), '127.0.0.41');
    const plane = start({ ...TCP, destination: `127.0.0.41:${backend.port}` });
    const seen = changes(plane);
    const one = member({ address: '127.0.0.1', port: await unusedPort() });
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await becomes(plane, one.fullPath, 'up');
    expect(seen).toEqual(['checking', 'up']);
  });

  it('is up only when answers have been good for the time until up, and is then probed at its own pace', async () => {
    const backend = await counting();
    const slow = { ...TCP, interval: 1, timeout: 10_000, upInterval: 5000 };
    const plane = start({ ...slow, timeUntilUp: 5000 });
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await until('it has answered a while', () => backend.count() >= 5);
    expect(plane.health('/Common/web', one.fullPath)).toBe('checking');
    plane.setMonitor('/Common/tcp', { ...slow, timeUntilUp: 3 });
    await becomes(plane, one.fullPath, 'up');
    const then = backend.count();
    const other = await counting();
    plane.setMonitor('/Common/other', { ...TCP, fullPath: '/Common/other', interval: 1 });
    const monitor = { monitors: ['/Common/other'] };
    plane.setPool('/Common/other', pool([member(other)], { fullPath: '/Common/other', monitor }));
    await until('the other is probed for a while', () => other.count() >= 20);
    // One probe may have been under way when it came up, and another due.
    expect(backend.count() - then).toBeLessThanOrEqual(2);
  });

  it('is not up when it answers well once and then no longer, although the time until up passes', async () => {
    let answers = 0;
    const backend = await tcpBackend((socket) => {
      answers += 1;
      socket.resume().end(answers === 1 ? 'good' : 'bad');
    });
    const plane = start({ ...TCP, recv: 'good', interval: 1, timeout: 300, timeUntilUp: 250 });
    const seen = changes(plane);
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await becomes(plane, one.fullPath, 'down');
    expect(seen).toEqual(['checking', 'down']);
  });

  it('survives a change of its monitor, and follows it', async () => {
    const backend = await counting();
    const plane = start(TCP);
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await becomes(plane, one.fullPath, 'up');
    plane.setMonitor('/Common/tcp', { ...TCP, recv: 'never said' });
    expect(plane.health('/Common/web', one.fullPath)).toBe('up');
    await becomes(plane, one.fullPath, 'down');
  });

  it('waits for a monitor that comes after the pool', async () => {
    const backend = await counting();
    const plane = start();
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    expect(plane.health('/Common/web', one.fullPath)).toBe('checking');
    plane.setMonitor('/Common/tcp', TCP);
    await becomes(plane, one.fullPath, 'up');
  });

  it('is probed once per interval for all pools that share monitor, address and port', async () => {
    const backend = await counting();
    const plane = start({ ...TCP, interval: 20, timeout: 61 });
    const monitor = { monitors: ['/Common/tcp'] };
    for (let i = 0; i < 20; i += 1) {
      plane.setPool(`/Common/p${i}`, pool([member(backend)], { fullPath: `/Common/p${i}`, monitor }));
    }
    await until('all are up', () => plane.health('/Common/p19', member(backend).fullPath) === 'up');
    expect(backend.count()).toBe(1);
    for (let i = 0; i < 19; i += 1) plane.setPool(`/Common/p${i}`, undefined);
    expect(plane.health('/Common/p19', member(backend).fullPath)).toBe('up');
    await backend.close();
    await until('the last pool sees it go', () => plane.health('/Common/p19', member(backend).fullPath) === 'down');
  });

  it('ends with the member: nobody is probed for a pool that is gone', async () => {
    const backend = await counting();
    const plane = start(TCP);
    plane.setPool('/Common/web', pool([member(backend)], { monitor: { monitors: ['/Common/tcp'] } }));
    await until('probes come', () => backend.count() >= 2);
    plane.setPool('/Common/web', undefined);
    await until('the last probe is over', () => backend.sockets.size === 0);
    const before = backend.count();
    const other = await counting();
    plane.setPool('/Common/web', pool([member(other)], { monitor: { monitors: ['/Common/tcp'] } }));
    await until('the other is probed for a while', () => other.count() >= 5);
    expect(backend.count()).toBe(before);
  });

  it('never has more probes under way than allowed', async () => {
    let most = 0;
    const backend = await tcpBackend((socket) => {
      most = Math.max(most, backend.sockets.size);
      socket.resume().on('end', () => socket.end());
      socket.once('data', () => setTimeout(() => socket.end('x'), 10));
    });
    const plane = startPlane({ timeScale: 0.01, probeConcurrency: 2 });
    plane.setMonitor('/Common/http', {
      ...TCP,
      fullPath: '/Common/http',
      type: 'http',
      destination: `*:${backend.port}`,
    });
    const members = Array.from({ length: 12 }, (_, i) => member({ address: '127.0.0.1', port: 1000 + i }));
    plane.setPool('/Common/web', pool(members, { monitor: { monitors: ['/Common/http'] } }));
    await until('all are up', () => members.every((one) => plane.health('/Common/web', one.fullPath) === 'up'));
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe('a monitor that is special', () => {
  const web = { monitor: { monitors: ['/Common/tcp'] } };

  it('with manualResume keeps a member down until it is resumed', async () => {
    const backend = await counting();
    const plane = start({ ...TCP, manualResume: true, timeout: 30, interval: 2 });
    const seen = changes(plane);
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], web));
    await becomes(plane, one.fullPath, 'up');
    await backend.close();
    await becomes(plane, one.fullPath, 'down');
    let probes = 0;
    await tcpBackend((socket) => (probes += socket.resume().end() === socket ? 1 : 0), '127.0.0.1', backend.port);
    await until('it is probed for a while', () => probes >= 3);
    expect(plane.health('/Common/web', one.fullPath)).toBe('down');
    plane.resume('/Common/web', one.fullPath);
    expect(seen).toEqual(['checking', 'up', 'down', 'up']);
  });

  it('with manualResume lets a member that never was up come up by itself', async () => {
    const backend = await counting();
    const plane = start({ ...TCP, manualResume: true });
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], web));
    await becomes(plane, one.fullPath, 'up');
    expect(plane.health('/Common/web', one.fullPath)).toBe('up');
  });

  it('that is adaptive takes a member down when answers take too long', async () => {
    let isSlow = false;
    const backend = await tcpBackend((socket) => {
      socket.resume();
      if (!isSlow) socket.end('good');
      else setTimeout(() => socket.end('good'), 60);
    });
    const adaptive = { divergence: 1e6, isRelative: false, limitMs: 50, timespanMs: 60_000 };
    const plane = start({ ...TCP, recv: 'good', timeout: 3000, adaptive: { ...adaptive, limitMs: 2000 } });
    const one = member(backend);
    plane.setPool('/Common/web', pool([one], web));
    await becomes(plane, one.fullPath, 'up');
    plane.setMonitor('/Common/tcp', { ...TCP, recv: 'good', timeout: 3000, adaptive });
    isSlow = true;
    await becomes(plane, one.fullPath, 'down');
    expect(backend.sockets.size).toBeLessThan(3);
  });

  it('that measures gives members their shares, and has no vote', async () => {
    const loads: Record<string, number> = { '127.0.0.1': 20, '127.0.0.2': 60 };
    const ports = new Map<string, number>();
    const plane = startPlane({
      timeScale: 0.01,
      reach: ({ address, port }) =>
        port === 161 ? { address: '127.0.0.1', port: ports.get(address)! } : { address, port },
    });
    for (const [address, idle] of Object.entries(loads)) ports.set(address, await snmpAgent(idle));
    plane.setMonitor('/Common/tcp', { ...TCP, type: 'snmp-dca', destination: '*:161' });
    const names = await Promise.all(Object.keys(loads).map(async (at) => await namedBackend(at, at)));
    const members = names.map((one) => member(one));
    const port = await serve(plane, pool(members, { ...web, loadBalancingMode: 'dynamic-ratio-member' }));
    expect(members.map((one) => plane.health('/Common/web', one.fullPath))).toEqual(['unchecked', 'unchecked']);
    // Idle by 20 and 60 of 100: 80 and 40 used, of 80.
    await until('shares follow the load', async () => {
      const answers = await askTimes(4, port);
      return answers.every((one) => one === '127.0.0.2');
    });
    expect(plane.health('/Common/web', members[0]!.fullPath)).toBe('unchecked');
  });
});

describe('a node with a monitor', () => {
  const NODE = '/Common/n';

  it('takes its members down with it, whatever they say themselves, and up again', async () => {
    const [answering, host] = [await counting(), await counting()];
    const plane = start({ ...TCP, timeout: 30, interval: 2 });
    plane.setMonitor('/Common/host', { ...TCP, fullPath: '/Common/host', destination: `*:${host.port}`, timeout: 30 });
    const [one, other] = [member(answering, { node: NODE }), member({ address: '127.0.0.1', port: 9 }, { node: NODE })];
    const bare = { ...other, monitor: { monitors: [] } };
    plane.setPool('/Common/web', pool([one, bare], { monitor: { monitors: ['/Common/tcp'] } }));
    expect(plane.health('/Common/web', bare.fullPath)).toBe('unchecked');
    const at = { address: '127.0.0.1', routeDomain: 0 };
    plane.setNode(NODE, { ...at, monitor: { monitors: ['/Common/host'] } });
    await until('the node is up', () => plane.nodeHealth(NODE) === 'up');
    expect(plane.health('/Common/web', bare.fullPath)).toBe('up');
    await becomes(plane, one.fullPath, 'up');
    await host.close();
    await becomes(plane, one.fullPath, 'down');
    expect(plane.health('/Common/web', bare.fullPath)).toBe('down');
    expect(plane.nodeHealth(NODE)).toBe('down');
    plane.setNode(NODE, at);
    expect(plane.nodeHealth(NODE)).toBe('unchecked');
    expect(plane.health('/Common/web', one.fullPath)).toBe('up');
    expect(plane.health('/Common/web', bare.fullPath)).toBe('unchecked');
  });

  it('is what a member that comes later is like', async () => {
    const plane = start(TCP);
    plane.setMonitor('/Common/none', { ...TCP, fullPath: '/Common/none', destination: `*:${await unusedPort()}` });
    plane.setNode(NODE, { address: '127.0.0.1', routeDomain: 0, monitor: { monitors: ['/Common/none'] } });
    await until('the node is down', () => plane.nodeHealth(NODE) === 'down');
    const one = member({ address: '127.0.0.1', port: 9 }, { node: NODE });
    plane.setPool('/Common/web', pool([one]));
    expect(plane.health('/Common/web', one.fullPath)).toBe('down');
  });
});

describe('monitoring many members', () => {
  it('does not blame members for probes that had no turn yet', async () => {
    const silent = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()));
    const healthy = await counting();
    const plane = startPlane({ timeScale: 0.01, probeConcurrency: 1 });
    const http = { ...TCP, type: 'http', fullPath: '/Common/http', destination: `*:${silent.port}` };
    plane.setMonitor('/Common/http', http);
    plane.setMonitor('/Common/tcp', TCP);
    const hung = Array.from({ length: 5 }, (_, i) => member({ address: '127.0.0.1', port: 1000 + i }));
    const fine = member(healthy, { monitor: { monitors: ['/Common/tcp'] } });
    const seen: string[] = [];
    plane.onStatus((change) => change.member === fine.fullPath && seen.push(change.health));
    plane.setPool('/Common/web', pool([...hung, fine], { monitor: { monitors: ['/Common/http'] } }));
    await until('the hung ones are down', () =>
      hung.every((one) => plane.health('/Common/web', one.fullPath) === 'down'),
    );
    await becomes(plane, fine.fullPath, 'up');
    expect(seen).toEqual(['checking', 'up']);
  });

  it('takes a port that can not be probed for a failure', async () => {
    const plane = start({ ...TCP, type: 'udp', interval: 1, timeout: 4 });
    const one = member({ address: '127.0.0.1', port: 0 });
    plane.setPool('/Common/web', pool([one], { monitor: { monitors: ['/Common/tcp'] } }));
    await becomes(plane, one.fullPath, 'down');
    expect(plane.health('/Common/web', one.fullPath)).toBe('down');
  });
});
