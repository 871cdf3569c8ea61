import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { ScriptedBigip } from '../../../test/support/scripted-bigip.ts';
import { refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { TargetUnavailable } from '../target.ts';
import { createPools, signal, testTarget } from '../../../test/support/bigip-target.ts';
import { pool } from '../../../test/support/objects.ts';
import { error, startScriptedBigip } from '../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
beforeEach(async () => {
  device = await startScriptedBigip();
});
afterEach(() => device.close());

const make = (after: BigipObject, wave: PlanUnit['wave'] = 1): PlanUnit => {
  const change = { op: 'create', ref: refOf(after.kind, after.path), after, origins: [] } as const;
  return { id: change.ref, wave, changes: [change], origins: [] };
};

test('a plan is printed without a network, in each language that is promised', async () => {
  const { target } = testTarget(['https://bigip.example.com']);
  const snapshot = new MemorySnapshot();
  expect(target.capabilities.languages).toEqual(['rest', 'tmsh']);
  expect(target.render([createPools(['web'])], 'rest', snapshot)).toContain('POST /mgmt/tm/ltm/pool');
  expect(target.render([createPools(['web'])], 'tmsh', snapshot)).toContain('create ltm pool /k/web');
  expect(target.counters.requests).toBe(0);
  await target.close();
});

test('a read that the device refuses is no empty snapshot', async () => {
  const words = '01070822:3: Access Denied: User (admin) may not read pools';
  device.script = ({ path }) => (path === '/mgmt/tm/ltm/pool' ? error(403, words) : undefined);
  const { target } = testTarget([device.url]);
  const failure = await target.read({ signal }).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(TargetUnavailable);
  expect(String(failure)).toContain('bigip-a: ');
  await target.close();
});

test('the version is taken from sys/version where sys has none, and no version at all is no BIG-IP', async () => {
  const entries = {
    'https://localhost/mgmt/tm/sys/version/0': { nestedStats: { entries: { Version: { description: '13.1.0.4' } } } },
  };
  let told: object = { entries };
  device.script = ({ path }) => {
    if (path === '/mgmt/tm/sys') return { status: 200, body: {} };
    return path === '/mgmt/tm/sys/version' ? { status: 200, body: { ...told } } : undefined;
  };
  const { target } = testTarget([device.url]);
  expect(await target.apply({ units: [createPools(['a'])], snapshot: new MemorySnapshot(), signal })).toMatchObject([
    { state: 'done' },
  ]);
  await target.close();
  told = {};
  const { target: other } = testTarget([device.url]);
  await expect(other.read({ signal })).rejects.toThrow(
    'bigip-a: found no TMOS version, expected 12.1 or later; is it a BIG-IP?',
  );
  await other.close();
});

test('objects that go into a partition made in the same apply are written for its route domain', async () => {
  device.objects.clear();
  const { target } = testTarget([device.url]);
  const partition = make({ kind: 'partition', path: '/k', defaultRouteDomain: 2 }, 0);
  const member = { address: { ip: '10.0.0.1', routeDomain: 0 }, port: 80 };
  const web = make({ ...pool('web'), members: [member] });
  const reports = await target.apply({ units: [web, partition], snapshot: new MemorySnapshot(), signal });
  expect(reports.map(({ state }) => state)).toEqual(['done', 'done']);
  const sent = device.requests.find(({ path, method }) => method === 'POST' && path.endsWith('/ltm/pool'));
  expect(JSON.stringify(sent?.body)).toContain('10.0.0.1%0');
  await target.close();
});

test('a unit that needs no request at all is done', async () => {
  const { target } = testTarget([device.url]);
  const after = pool('web');
  const change = { op: 'update', ref: 'pool:/k/web', before: after, after, fields: [], origins: [] } as const;
  const units = [{ id: 'pool:/k/web', wave: 1, changes: [change], origins: [] } as const];
  const [report] = await target.apply({ units, snapshot: new MemorySnapshot(), signal });
  expect(report?.state).toBe('done');
  expect(target.counters.writes).toBe(0);
  await target.close();
});

test('a unit that cannot be put into requests is refused by name, and the others go on', async () => {
  const { target } = testTarget([device.url]);
  const odd = {
    ...make(pool('odd')),
    changes: [{ op: 'create', ref: 'pool:/k/odd', after: { kind: 'none' }, origins: [] }],
  };
  const units = [odd as unknown as PlanUnit, createPools(['a'])];
  const reports = await target.apply({ units, snapshot: new MemorySnapshot(), signal });
  expect(reports.map(({ state }) => state)).toEqual(['refused', 'done']);
  expect(reports[0]?.blame?.message).toMatch(/^it cannot be put into requests: /);
  await target.close();
});

test('a write whose outcome cannot even be read stays unknown', async () => {
  device.script = ({ method, path }) => {
    if (!path.includes('/ltm/pool')) return undefined;
    return method === 'GET' ? error(403, '01070822:3: Access Denied') : 'cut';
  };
  const { target } = testTarget([device.url]);
  const [report] = await target.apply({ units: [createPools(['a'])], snapshot: new MemorySnapshot(), signal });
  expect(report?.state).toBe('unknown');
  await target.close();
});

test('a commit whose outcome cannot even be read leaves its units unknown', async () => {
  device.script = ({ method, path }) => {
    if (method === 'PATCH') return 'cut';
    return method === 'GET' && path.includes('/ltm/pool') ? error(403, '01070822:3: Access Denied') : undefined;
  };
  const { target } = testTarget([device.url]);
  const reports = await target.apply({ units: [createPools(['a', 'b'])], snapshot: new MemorySnapshot(), signal });
  expect(reports.map(({ state }) => state)).toEqual(['unknown']);
  await target.close();
});

test('old TMOS answers 404 to a POST that it carried out: found by reading; and is believed if nothing is there', async () => {
  let made = true;
  device.script = ({ method, path }, proceed) => {
    if (method !== 'POST' || !path.includes('/ltm/pool')) return undefined;
    if (made) proceed();
    return error(404, 'Object not found - 10.100.10.1:443');
  };
  const { target } = testTarget([device.url]);
  const snapshot = new MemorySnapshot();
  expect((await target.apply({ units: [createPools(['a'])], snapshot, signal }))[0]?.state).toBe('done');
  made = false;
  const [report] = await target.apply({ units: [createPools(['b'])], snapshot, signal });
  expect(report).toMatchObject({
    state: 'refused',
    blame: { status: 404, message: 'Object not found - 10.100.10.1:443' },
  });
  await target.close();
});
