import { expect, it } from 'vitest';
import { type Bed, makeBed, type Running, until } from '../support/e2e.ts';
import { type Endpoint, notReady, service, slice, terminating } from '../support/e2e-manifests.ts';

const IDLE = 'run: { settle: 5ms, idle: 400ms, driftInterval: 1h }';

/** Service shop/web with these endpoints. */
async function web(bed: Bed, ...endpoints: readonly Endpoint[]): Promise<void> {
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', endpoints));
}

/** Makes a change and gives the requests that it caused, logins aside, up to the end of its cycle. */
async function requestsOf(bed: Bed, running: Running, change: () => Promise<void>): Promise<readonly string[]> {
  bed.emulator.log.clear();
  const before = running.cycles('change').length;
  await change();
  await until('the change is there', () => running.cycles('change').length > before);
  return bed.emulator.log.entries().map(({ method, path }) => `${method} ${path}`);
}

const POOL = '/mgmt/tm/ltm/pool/~k~shop_web_http';

function members(bed: Bed): Readonly<Record<string, unknown>> {
  const all = bed.emulator.dump()['ltm/pool/members'] ?? [];
  const own = all.filter(({ parent }) => parent === '/k/shop_web_http');
  return Object.fromEntries(own.map(({ fullPath, values }) => [fullPath.slice(3), values['session']]));
}

function saves(bed: Bed): number {
  return bed.writes().filter((change) => change === 'POST /mgmt/tm/sys/config').length;
}

it('one pod comes, goes away slowly, and is gone: one request each; its node goes later, off the event path', async () => {
  const bed = await makeBed({ more: IDLE });
  await web(bed, '10.0.0.1', '10.0.0.2');
  const running = await bed.run().started();
  await until('it is saved', () => saves(bed) === 1);

  expect(await requestsOf(bed, running, () => web(bed, '10.0.0.1', '10.0.0.2', '10.0.0.3'))).toEqual([
    `POST ${POOL}/members`,
  ]);
  expect(Object.keys(members(bed))).toHaveLength(3);

  expect(await requestsOf(bed, running, () => web(bed, '10.0.0.1', terminating('10.0.0.2'), '10.0.0.3'))).toEqual([
    `PATCH ${POOL}/members/~k~10.0.0.2:8080`,
  ]);
  expect(members(bed)).toMatchObject({ '10.0.0.2:8080': 'user-disabled', '10.0.0.1:8080': 'user-enabled' });

  expect(await requestsOf(bed, running, () => web(bed, '10.0.0.1', '10.0.0.3'))).toEqual([`PATCH ${POOL}`]);
  expect(Object.keys(members(bed))).toEqual(['10.0.0.1:8080', '10.0.0.3:8080']);
  expect(bed.state().has('ltm/node  /k/10.0.0.2')).toBe(true);

  await until('the node is removed', () => !bed.state().has('ltm/node  /k/10.0.0.2'));
  await until('it is saved again', () => saves(bed) === 1);
  await running.stop();
  expect(saves(bed)).toBe(1);
});

it('F-34 a burst of changes is saved once, when it is over', async () => {
  const bed = await makeBed({ more: IDLE });
  await web(bed, '10.0.0.1');
  const running = await bed.run().started();
  await until('it is saved', () => saves(bed) === 1);
  bed.emulator.log.clear();
  for (let last = 2; last < 8; last += 1) {
    const before = running.cycles('change').length;
    await web(bed, '10.0.0.1', `10.0.0.${last}`);
    await until('the change is there', () => running.cycles('change').length > before);
  }
  expect(saves(bed)).toBe(0);
  await until('it is saved', () => saves(bed) === 1);
  expect(running.cycles('change')).toHaveLength(6);
  await running.stop();
  expect(saves(bed)).toBe(1);
});

it('F-34 a run that ends before its quiet time saves what it wrote', async () => {
  const bed = await makeBed({ more: 'run: { settle: 5ms, idle: 1h }' });
  await web(bed, '10.0.0.1');
  const running = await bed.run().started();
  expect(saves(bed)).toBe(0);
  expect(await running.stop()).toBe(0);
  expect(saves(bed)).toBe(1);
});

it('a pod that comes back before housekeeping keeps its node', async () => {
  const bed = await makeBed({ more: IDLE });
  await web(bed, '10.0.0.1', '10.0.0.2');
  const running = await bed.run().started();
  await until('it is saved', () => saves(bed) === 1);
  await requestsOf(bed, running, () => web(bed, '10.0.0.1'));
  await requestsOf(bed, running, () => web(bed, '10.0.0.1', '10.0.0.2'));
  await until('it is saved', () => saves(bed) === 1);
  await running.stop();
  expect(bed.state().has('ltm/node  /k/10.0.0.2')).toBe(true);
  expect(bed.writes().filter((change) => change.startsWith('DELETE'))).toEqual([]);
  const pool = bed.state().get('ltm/pool  /k/shop_web_http');
  expect(pool).not.toContain('unused');
});

it('a pod that moves from one Service to another keeps its node', async () => {
  const bed = await makeBed({ more: IDLE });
  await web(bed, '10.0.0.1', '10.0.0.2');
  await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.3']));
  const running = await bed.run().started();
  await until('it is saved', () => saves(bed) === 1);
  await requestsOf(bed, running, () => web(bed, '10.0.0.1'));
  await requestsOf(bed, running, () =>
    bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.2'])),
  );
  await until('housekeeping is done', () => !bed.state().has('ltm/node  /k/10.0.0.3'));
  await running.stop();
  expect(bed.state().has('ltm/node  /k/10.0.0.2')).toBe(true);
  // Nothing is forgotten: when the last user goes, so does the node.
  await bed.remove('api');
  await bed.apply();
  expect(bed.state().has('ltm/node  /k/10.0.0.2')).toBe(false);
});

it('F-21 a pod that is not ready is no member until it is; one without any ready pod has a pool without members', async () => {
  const bed = await makeBed();
  await web(bed, notReady('10.0.0.1'), '10.0.0.2');
  await bed.apply();
  expect(Object.keys(members(bed))).toEqual(['10.0.0.2:8080']);
  await web(bed, '10.0.0.1', notReady('10.0.0.2'));
  await bed.apply();
  expect(Object.keys(members(bed))).toEqual(['10.0.0.1:8080']);
  await web(bed, notReady('10.0.0.1'));
  await bed.apply();
  expect(members(bed)).toEqual({});
  expect(bed.state().has('ltm/virtual  /k/shop_web_http')).toBe(true);
});

it('changes that come while the device is slow are gathered: the last state wins', async () => {
  const bed = await makeBed({ more: IDLE });
  await web(bed, '10.0.0.1');
  const running = await bed.run().started();
  await until('it is saved', () => saves(bed) === 1);
  bed.emulator.log.clear();
  bed.emulator.faults.add({ type: 'latency', ms: 1500, path: '/members$', count: 1 });
  await web(bed, '10.0.0.1', '10.0.0.2');
  await until('the slow request is on its way', () => bed.gate.seen.at(-1)?.path === `${POOL}/members`);
  for (let last = 3; last < 7; last += 1) {
    await web(bed, '10.0.0.1', `10.0.0.${last}`);
    // Long enough for each to be noticed.
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
  await until('the last state is there', () => '10.0.0.6:8080' in members(bed));
  await running.stop();
  expect(Object.keys(members(bed))).toEqual(['10.0.0.1:8080', '10.0.0.6:8080']);
  const changes = bed.writes().filter((change) => change.includes(POOL));
  expect(changes).toEqual([`POST ${POOL}/members`, `PATCH ${POOL}`]);
});
