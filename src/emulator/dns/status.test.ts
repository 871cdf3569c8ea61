import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import type { Client } from '../test-kit.ts';
import { addressesFor, make, startGtm, startWideip } from './test-kit.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const patience = { timeout: 15_000, interval: 20 };

/** A web server whose status code can be changed. */
async function backend(): Promise<{ port: number; status: number }> {
  const state = { port: 0, status: 200 };
  const server = createServer((_request, response) => {
    response.statusCode = state.status;
    response.end('x');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  state.port = typeof address === 'object' && address !== null ? address.port : 0;
  return state;
}

async function patch(client: Client, path: string, body: Record<string, unknown>): Promise<void> {
  expect((await client.patch(path, body)).status).toBe(200);
}

async function statusOf(client: Client, path: string): Promise<string> {
  const { body } = await client.get(`${path}/stats`);
  const [entry] = Object.values(body.entries) as {
    nestedStats: { entries: Record<string, { description?: string }> };
  }[];
  const entries = entry?.nestedStats.entries;
  return `${entries?.['status.availabilityState']?.description} ${entries?.['status.enabledState']?.description}`;
}

const monitor = {
  defaultsFrom: '/Common/http',
  interval: 5,
  timeout: 100,
  send: 'GET / HTTP/1.0\\r\\n\\r\\n',
  recv: '200 OK',
};

describe('availability by the monitors of gtm', () => {
  it('follows what a virtual server answers, and manualResume keeps it off until it is switched on', async () => {
    const web = await backend();
    // vs1 is reached at the web server, the others are not probed.
    const reach = (at: { address: string; port: number }): { address: string; port: number } =>
      at.address === '192.0.2.1' ? { address: '127.0.0.1', port: web.port } : at;
    const client = await startWideip(
      { loadBalancingMode: 'global-availability', manualResume: 'enabled' },
      {},
      { dns: { port: 0, timeScale: 0.01, reach } },
    );
    await make(client, 'gtm/monitor/http', { name: 'm', ...monitor });
    await patch(client, 'gtm/server/~Common~s/virtual-servers/vs1', { monitor: '/Common/m' });
    const member = 'gtm/pool/a/~Common~p/members/~Common~s:vs1';
    await vi.waitFor(async () => expect(await statusOf(client, member)).toBe('available enabled'), patience);
    expect(addressesFor(client)).toEqual([1]);

    web.status = 503;
    await vi.waitFor(() => expect(addressesFor(client)).toEqual([2]), patience);
    await vi.waitFor(async () => expect((await client.get(member)).body.disabled).toBe(true), patience);
    expect(await statusOf(client, member)).toBe('offline disabled');

    web.status = 200;
    await vi.waitFor(async () => expect(await statusOf(client, member)).toBe('available disabled'), patience);
    expect(addressesFor(client)).toEqual([2]);
    await patch(client, member, { enabled: true });
    expect(addressesFor(client)).toEqual([1]);
  });

  it('counts monitors of the pool besides, and is left aside when verifyMemberAvailability is disabled', async () => {
    const reach = (): { address: string; port: number } => ({ address: '127.0.0.1', port: 1 });
    const client = await startWideip({ fallbackMode: 'none' }, {}, { dns: { port: 0, timeScale: 0.01, reach } });
    await make(client, 'gtm/monitor/tcp', { name: 't', interval: 1, timeout: 4 });
    await patch(client, 'gtm/pool/a/~Common~p', { monitor: '/Common/t' });
    await vi.waitFor(() => expect(addressesFor(client)).toEqual([]), patience);
    expect(await statusOf(client, 'gtm/pool/a/~Common~p')).toBe('offline enabled');
    expect(await statusOf(client, 'gtm/wideip/a/~Common~www.example.com')).toBe('offline enabled');
    await patch(client, 'gtm/pool/a/~Common~p', { verifyMemberAvailability: 'disabled' });
    expect(addressesFor(client)).toHaveLength(1);
    await patch(client, 'gtm/pool/a/~Common~p', { verifyMemberAvailability: 'enabled', monitor: '' });
    expect(addressesFor(client)).toHaveLength(1);
  });
});

describe('availability by what the box itself says (bigip)', () => {
  async function startBox(options: Parameters<typeof startGtm>[0] = {}): Promise<Client> {
    const client = await startGtm(options);
    const server = { name: 'box', datacenter: 'dc', product: 'bigip' };
    await make(client, 'gtm/server', { ...server, devices: [{ name: 'box', addresses: [{ name: '127.0.0.1' }] }] });
    await make(client, 'gtm/server/~Common~box/virtual-servers', { name: '/Common/web', destination: '192.0.2.70:80' });
    await make(client, 'gtm/pool/a', { name: 'p', fallbackMode: 'none', members: ['box:/Common/web'] });
    await make(client, 'gtm/wideip/a', { name: 'www.example.com', pools: ['p'] });
    return client;
  }

  it('is that of the virtual server with the same destination; without one it is down', async () => {
    const client = await startBox();
    expect(addressesFor(client)).toEqual([]);
    await make(client, 'ltm/virtual', { name: 'web', destination: '192.0.2.70:80', ipProtocol: 'tcp' });
    expect(addressesFor(client)).toEqual([70]);
    await patch(client, 'ltm/virtual/~Common~web', { disabled: true });
    expect(addressesFor(client)).toEqual([]);
    await patch(client, 'ltm/virtual/~Common~web', { enabled: true });
    expect(addressesFor(client)).toEqual([70]);
    expect((await client.delete('ltm/virtual/~Common~web')).status).toBe(200);
    expect(addressesFor(client)).toEqual([]);
  });

  it('follows the pool of the virtual server as its monitors find it', async () => {
    const web = await backend();
    const dataPlane = () => createDataPlane({ timeScale: 0.01 });
    const client = await startBox({ dataPlane });
    await make(client, 'ltm/monitor/http', { name: 'm', ...monitor });
    await make(client, 'ltm/pool', { name: 'web', monitor: 'm', members: [`127.0.0.1:${web.port}`] });
    await make(client, 'ltm/virtual', { name: 'web', destination: '192.0.2.70:80', ipProtocol: 'tcp', pool: 'web' });
    const wideip = 'gtm/wideip/a/~Common~www.example.com';
    await vi.waitFor(async () => expect(await statusOf(client, wideip)).toBe('available enabled'), patience);
    expect(addressesFor(client)).toEqual([70]);
    web.status = 500;
    await vi.waitFor(() => expect(addressesFor(client)).toEqual([]), patience);
    web.status = 200;
    await vi.waitFor(() => expect(addressesFor(client)).toEqual([70]), patience);
  });

  it('counts the connections of the virtual server: a limit, and least-connections', async () => {
    const web = await backend();
    const client = await startBox({ dataPlane: () => createDataPlane() });
    await make(client, 'ltm/pool', { name: 'web', members: [`127.0.0.1:${web.port}`] });
    for (const last of [70, 71]) {
      const virtual = { destination: `192.0.2.${last}:80`, ipProtocol: 'tcp', pool: 'web' };
      await make(client, 'ltm/virtual', { name: `v${last}`, ...virtual });
    }
    await make(client, 'gtm/server/~Common~box/virtual-servers', { name: '/Common/v71', destination: '192.0.2.71:80' });
    await client.emulator.dataPlane?.settled();
    const at = client.emulator.listeners().find(({ virtual }) => virtual === '/Common/v70');
    const socket = connect(at?.port ?? 0, '127.0.0.1');
    closers.push(() => socket.destroy());
    const open = (): number => client.emulator.dataPlane?.virtualCounters('/Common/v70').curConns ?? 0;
    await vi.waitFor(() => expect(open()).toBe(1), patience);

    const virtual = 'gtm/server/~Common~box/virtual-servers/~Common~web';
    await patch(client, virtual, { limitMaxConnections: 1, limitMaxConnectionsStatus: 'enabled' });
    expect(addressesFor(client)).toEqual([]);
    expect(await statusOf(client, 'gtm/pool/a/~Common~p/members/~Common~box:~Common~web')).toBe('unavailable enabled');
    await patch(client, virtual, { limitMaxConnectionsStatus: 'disabled' });
    expect(addressesFor(client)).toEqual([70]);

    const members = ['box:/Common/web', 'box:/Common/v71'];
    await patch(client, 'gtm/pool/a/~Common~p', { members, loadBalancingMode: 'least-connections' });
    expect([addressesFor(client), addressesFor(client)]).toEqual([[71], [71]]);
    socket.destroy();
    await vi.waitFor(() => expect(open()).toBe(0), patience);
    expect(new Set([...addressesFor(client), ...addressesFor(client)])).toEqual(new Set([70, 71]));
  });

  it('needs the virtual servers that it depends on', async () => {
    const client = await startBox();
    await make(client, 'ltm/virtual', { name: 'web', destination: '192.0.2.70:80', ipProtocol: 'tcp' });
    const other = { name: '/Common/db', destination: '192.0.2.71:80' };
    await make(client, 'gtm/server/~Common~box/virtual-servers', other);
    await patch(client, 'gtm/server/~Common~box/virtual-servers/~Common~web', { dependsOn: [{ name: '/Common/db' }] });
    expect(addressesFor(client)).toEqual([]);
    await make(client, 'ltm/virtual', { name: 'db', destination: '192.0.2.71:80', ipProtocol: 'tcp' });
    expect(addressesFor(client)).toEqual([70]);
  });
});

describe('what is switched off', () => {
  it('takes what is below it along', async () => {
    const client = await startWideip({ fallbackMode: 'none' });
    const member = 'gtm/pool/a/~Common~p/members/~Common~s:vs1';
    for (const path of ['gtm/server/~Common~s', 'gtm/datacenter/~Common~dc']) {
      await patch(client, path, { disabled: true });
      expect(addressesFor(client)).toEqual([]);
      expect(await statusOf(client, member)).toBe('unknown disabled-by-parent');
      await patch(client, path, { enabled: true });
      expect(addressesFor(client)).toHaveLength(1);
    }
  });
});
