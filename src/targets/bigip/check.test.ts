import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CheckLine } from '../target.ts';
import type { BigipOptions } from './index.ts';
import type { ScriptedBigip } from '../../../test/support/scripted-bigip.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { signal, testTarget } from '../../../test/support/bigip-target.ts';
import { RESTARTING, error, startScriptedBigip } from '../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
beforeEach(async () => {
  device = await startScriptedBigip();
  const collections = [
    'virtual',
    'virtual-address',
    'pool',
    'node',
    ...['tcp', 'udp', 'http', 'https', 'gateway-icmp'].map((type) => `monitor/${type}`),
  ];
  for (const name of collections) device.objects.set(`/mgmt/tm/ltm/${name}`, { kind: 'collection' });
  device.objects.set('/mgmt/tm/auth/partition', { items: [] });
  device.objects.set('/mgmt/tm/sys/provision/ltm', { name: 'ltm', level: 'nominal' });
  device.objects.set('/mgmt/tm/cm/failover-status', stats({ status: 'ACTIVE' }));
  device.objects.set('/mgmt/tm/cm/sync-status', stats({ status: 'Standalone' }));
  roles({ name: 'all-partitions', role: 'admin' });
});
afterEach(() => device.close());

function stats(values: Record<string, string>): Record<string, unknown> {
  const entries = Object.fromEntries(Object.entries(values).map(([name, description]) => [name, { description }]));
  return { entries: { 'https://localhost/mgmt/tm/0': { nestedStats: { entries } } } };
}

function roles(...partitionAccess: readonly { readonly name: string; readonly role: string }[]): void {
  device.objects.set('/mgmt/tm/auth/user/admin', { name: 'admin', encryptedPassword: '$6$salt$hash', partitionAccess });
}

async function check(more: Partial<BigipOptions> = {}): Promise<readonly CheckLine[]> {
  const { target } = testTarget([device.url], more);
  const lines = await target.check({ signal });
  await target.close();
  return lines;
}

const texts = (lines: readonly CheckLine[]): string[] =>
  lines.map(({ ok, subject, text }) => `${ok ? 'ok' : 'NO'} ${subject}: ${text}`.replace(/127\.0\.0\.1:\d+/, 'device'));

test('AC-01 check reports address, login, version, module, partition, rights and HA, and changes nothing', async () => {
  expect(texts(await check())).toEqual([
    'ok address http://device: answers, without TLS',
    'ok login as admin: accepted',
    'ok TMOS version: 17.1.0',
    'ok module LTM: provisioned (nominal)',
    'ok partition k: exists, default route domain 0',
    'ok rights of admin: admin on all-partitions',
    'ok high availability: ACTIVE at http://device, config sync: Standalone',
  ]);
  const methods = device.requests.filter(({ path }) => !path.startsWith('/mgmt/shared/')).map(({ method }) => method);
  expect(new Set(methods)).toEqual(new Set(['GET']));
});

test('a wrong password is one line that says what to do, and nothing is asked after it', async () => {
  const lines = await check({ password: () => Promise.resolve('nope-nope') });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({ ok: false, subject: 'login as admin' });
  expect(lines[1]?.text).toMatch(/check the user name and the password/);
});

test('a device that is away or restarting is told at once, without waiting', async () => {
  device.script = () => RESTARTING;
  expect(texts(await check())).toEqual(['NO address http://device: 503 BIG-IP® - Configuration Utility restarting...']);
  const { url } = device;
  await device.close();
  const { target, clock } = testTarget([url]);
  const [line] = await target.check({ signal });
  expect(line).toMatchObject({ ok: false, text: expect.stringMatching(/cannot connect to/) });
  expect(clock.slept).toEqual([]);
  await target.close();
  device = await startScriptedBigip();
});

test('of a pair with one unit away, the other is looked at', async () => {
  const away = await startScriptedBigip();
  await away.close();
  const { target } = testTarget([away.url, device.url]);
  const lines = await target.check({ signal });
  expect(lines.filter(({ ok }) => !ok).map(({ subject }) => subject)).toEqual([`address ${away.url}`]);
  expect(lines).toHaveLength(8);
  await target.close();
});

test('a missing partition is fine if the user may make it', async () => {
  device.objects.delete('/mgmt/tm/auth/partition/k');
  expect((await check())[4]).toMatchObject({ ok: true, text: 'not there yet, will be created' });
  expect((await check({ createPartition: false }))[4]).toMatchObject({
    ok: false,
    text: expect.stringMatching(/createPartition is off/),
  });
  roles({ name: 'k', role: 'admin' });
  expect((await check())[4]?.text).toBe(
    'not there, and the user cannot create it: found admin on k, expected admin on all partitions',
  );
});

test('rights: a role that may only read is named, a manager of the partition is enough', async () => {
  roles({ name: 'all-partitions', role: 'guest' });
  expect((await check())[5]).toMatchObject({
    ok: false,
    text: 'found guest on all-partitions, expected admin, resource-admin or manager on k',
  });
  roles({ name: 'k', role: 'manager' });
  expect((await check())[5]?.ok).toBe(true);
  device.objects.delete('/mgmt/tm/auth/user/admin');
  expect((await check())[5]).toMatchObject({ ok: true, text: expect.stringMatching(/remote user/) });
});

test('a collection that may not be read is named with the device’s words', async () => {
  const words = 'Authorization failed: user=https://localhost/mgmt/shared/authz/users/admin';
  device.script = ({ path }) => (path === '/mgmt/tm/ltm/node' ? error(401, words) : undefined);
  expect((await check())[5]).toMatchObject({
    ok: false,
    text: expect.stringContaining(`GET /mgmt/tm/ltm/node?$top=1: the device answered 401: ${words}`),
  });
});

test('DNS: the module, the servers that are expected, and rights in Common', async () => {
  const of = async (isMade = false): Promise<readonly (readonly [string, boolean, string])[]> => {
    const lines = await check({ dns: { servers: [{ path: '/Common/bigip1', datacenter: '/Common/hq', isMade }] } });
    return lines.filter(({ subject }) => /DNS|GTM/.test(subject)).map(({ subject, ok, text }) => [subject, ok, text]);
  };
  expect(await of()).toEqual([['module DNS', false, expect.stringContaining('not provisioned')]]);
  device.objects.set('/mgmt/tm/sys/provision/gtm', { name: 'gtm', level: 'nominal' });
  roles({ name: 'k', role: 'manager' });
  expect(await of()).toEqual([
    ['module DNS', true, 'provisioned (nominal)'],
    ['GTM server /Common/bigip1', false, expect.stringContaining('not there')],
    ['rights for DNS', false, 'found manager on k, expected manager or more on Common, too'],
  ]);
  expect((await of(true))[1]).toEqual(['GTM server /Common/bigip1', true, 'not there yet, will be created']);
  device.objects.set('/mgmt/tm/gtm/server/~Common~bigip1', { name: 'bigip1', datacenter: '/Common/east' });
  const text = 'found in data center /Common/east, expected /Common/hq, as dns.datacenters says';
  expect((await of(true))[1]).toEqual(['GTM server /Common/bigip1', false, text]);
  device.objects.set('/mgmt/tm/gtm/server/~Common~bigip1', { name: 'bigip1', datacenter: '/Common/hq' });
  device.objects.delete('/mgmt/tm/auth/user/admin');
  expect((await of()).slice(1)).toEqual([
    ['GTM server /Common/bigip1', true, 'exists, in data center /Common/hq'],
    ['rights for DNS', true, expect.stringContaining('remote user')],
  ]);
});

test('an address that a tunnel begins at has to be a self IP of this unit', async () => {
  const items: object[] = [];
  const self = (name: string, address: string): void => {
    items.push({ name, fullPath: `/Common/${name}`, address });
    device.objects.set('/mgmt/tm/net/self', { items });
  };
  const of = async (address: string): Promise<unknown> =>
    (await check({ tunnelEnds: [address] })).find(({ subject }) => subject === `self IP ${address}`);
  expect(await of('10.1.20.60')).toMatchObject({
    ok: false,
    text: expect.stringContaining('found none, expected a self IP'),
  });
  self('internal', '10.1.20.6/24');
  expect(await of('10.1.20.60')).toMatchObject({
    ok: false,
    text: expect.stringContaining('found 10.1.20.6, expected'),
  });
  self('own', '10.1.20.60%0/24');
  self('six', 'fd00:20::1/64');
  expect(await of('10.1.20.60')).toEqual({ subject: 'self IP 10.1.20.60', ok: true, text: 'is /Common/own' });
  expect(await of('fd00:20:0::1')).toMatchObject({ ok: true, text: 'is /Common/six' });
});

test('networks: a manager of the partition may not write routes and tunnels, and is told so before the device says it', async () => {
  const of = async (network: boolean): Promise<unknown> => {
    const lines = await check({ network });
    return lines.find(({ subject }) => subject === 'rights for networks');
  };
  roles({ name: 'k', role: 'manager' });
  expect(await of(false)).toBeUndefined();
  expect(await of(true)).toMatchObject({
    ok: false,
    text: expect.stringContaining('found manager on k, expected admin or resource-admin on all partitions'),
  });
  roles({ name: 'all-partitions', role: 'resource-admin' });
  expect(await of(true)).toMatchObject({ ok: true, text: 'resource-admin on all-partitions' });
  device.objects.delete('/mgmt/tm/auth/user/admin');
  expect(await of(true)).toMatchObject({ ok: true, text: expect.stringContaining('remote user') });
});

test('AC-38 a partition with what is one unit’s alone may not be synchronised', async () => {
  const of = async (): Promise<unknown> =>
    (await check({ apart: true })).find(({ subject }) => subject.includes('apart'));
  const folder = (more: object): void => {
    device.objects.set('/mgmt/tm/sys/folder/~k', { name: 'k', ...more });
  };
  folder({ deviceGroup: 'none', inheritedDevicegroup: 'true' });
  expect(await of()).toMatchObject({ ok: true });
  const group = { fullPath: '/Common/pair', type: 'sync-failover' };
  device.objects.set('/mgmt/tm/cm/device-group', { items: [{ fullPath: '/Common/all', type: 'sync-only' }, group] });
  expect(await of()).toMatchObject({
    ok: false,
    text: expect.stringContaining('synchronised by /Common/pair, expected none'),
  });
  folder({ deviceGroup: '/Common/other', inheritedDevicegroup: 'false' });
  expect(await of()).toMatchObject({ ok: false, text: expect.stringContaining('by /Common/other') });
  folder({ deviceGroup: 'none', inheritedDevicegroup: 'false' });
  expect(await of()).toMatchObject({ ok: true, text: 'no device group synchronises it' });
});

test('an old TMOS, an LTM that is not provisioned and a standby unit are not ok', async () => {
  const old = await startScriptedBigip({ version: '12.0.0' });
  const { target } = testTarget([old.url]);
  old.objects.set('/mgmt/tm/sys/provision/ltm', { level: 'none' });
  old.objects.set('/mgmt/tm/cm/failover-status', stats({ status: 'STANDBY' }));
  const lines = await target.check({ signal });
  expect(lines.filter(({ ok }) => !ok).map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(['TMOS version', 'module LTM', 'high availability']),
  );
  await target.close();
  await old.close();
});

test('AC-01 of a pair the active unit is written to', async () => {
  const standby = await startScriptedBigip();
  standby.objects.set('/mgmt/tm/cm/failover-status', stats({ status: 'STANDBY' }));
  const { target } = testTarget([standby.url, device.url]);
  const after = { kind: 'pool', path: '/k/p' } as const;
  const change = { op: 'create', ref: 'pool:/k/p', after, origins: [] } as const;
  const units = [{ id: 'pool:/k/p', wave: 1, changes: [change], origins: [] } as const];
  const [report] = await target.apply({ units, snapshot: new MemorySnapshot(), signal });
  expect(report?.state).toBe('done');
  expect(device.objects.has('/mgmt/tm/ltm/pool/~k~p')).toBe(true);
  expect(standby.lines().filter((line) => !line.startsWith('GET'))).toEqual([]);
  device.objects.set('/mgmt/tm/cm/failover-status', stats({ status: 'STANDBY' }));
  await expect(target.apply({ units, snapshot: new MemorySnapshot(), signal })).rejects.toThrow(
    /none of its addresses is the active unit: found STANDBY at .*, STANDBY at/,
  );
  await target.close();
  await standby.close();
});

test('AC-01 an active unit that dies in the middle: the other one is written to only once it is active', async () => {
  const other = await startScriptedBigip();
  other.objects.set('/mgmt/tm/cm/failover-status', stats({ status: 'STANDBY' }));
  device.objects.set('/mgmt/tm/cm/failover-status', stats({ status: 'ACTIVE' }));
  const { target, events } = testTarget([device.url, other.url]);
  device.script = ({ method, path }) => {
    if (method !== 'POST' || !path.includes('/ltm/pool')) return undefined;
    void device.close();
    return 'cut';
  };
  let asked = 0;
  other.script = ({ path }) => {
    if (!path.includes('failover-status')) return undefined;
    asked += 1;
    return { status: 200, body: stats({ status: asked < 3 ? 'STANDBY' : 'ACTIVE' }) };
  };
  const after = { kind: 'pool', path: '/k/p' } as const;
  const change = { op: 'create', ref: 'pool:/k/p', after, origins: [] } as const;
  const units = [{ id: 'pool:/k/p', wave: 1, changes: [change], origins: [] } as const];
  const [report] = await target.apply({ units, snapshot: new MemorySnapshot(), signal });
  expect(report?.state).toBe('done');
  const lines = other.lines();
  expect(lines.indexOf('POST /mgmt/tm/ltm/pool')).toBeGreaterThan(lines.lastIndexOf('GET /mgmt/tm/cm/failover-status'));
  expect(asked).toBe(3);
  expect(events).toContainEqual(
    expect.objectContaining({ event: 'waiting', reason: expect.stringContaining('is STANDBY') as unknown }),
  );
  await target.close();
  await other.close();
  device = await startScriptedBigip();
});
