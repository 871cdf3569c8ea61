import { expect, it } from 'vitest';
import { type Bed, makeBed, stateOf } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

type State = ReadonlyMap<string, string>;

/** The entries of the first that the second lacks or has otherwise. */
function changed(before: State, after: State): readonly string[] {
  return [...before].filter(([key, value]) => after.get(key) !== value).map(([key]) => key);
}

/** Objects of people and of other tools: in the same partition, in another one, and in `/Common`. */
async function populate(bed: Bed): Promise<void> {
  const post = (url: string, body: object): Promise<unknown> => bed.rest('POST', `/mgmt/tm/${url}`, body);
  await post('auth/partition', { name: 'k' });
  await post('auth/partition', { name: 'cis' });
  await post('ltm/monitor/http', { name: 'by-hand', partition: 'k', interval: 3, send: 'GET /\r\n' });
  await post('ltm/node', { name: '10.0.0.7', partition: 'k', address: '10.0.0.7' });
  await post('ltm/node', { name: 'db', partition: 'k', address: '10.0.0.8', description: 'the database' });
  const members = [{ name: '10.0.0.7:80' }, { name: 'db:5432' }];
  await post('ltm/pool', { name: 'by-hand', partition: 'k', monitor: '/k/by-hand', members });
  await post('ltm/virtual', { name: 'by-hand', partition: 'k', destination: '/k/10.1.99.1:80', pool: '/k/by-hand' });
  const metadata = [{ name: 'user_agent', persist: 'true', value: 'k8s-bigip-ctlr-2.20.2-id-1' }];
  await post('ltm/pool', { name: 'shop_web_http', partition: 'cis', metadata, members: [{ name: '10.9.0.1:8080' }] });
  await post('ltm/virtual', {
    name: 'shop_web_http',
    partition: 'cis',
    destination: '/cis/10.1.98.1:80',
    ipProtocol: 'tcp',
    pool: '/cis/shop_web_http',
    metadata,
    profiles: [{ name: '/Common/tcp' }],
  });
  await post('ltm/node', { name: '10.0.0.9', partition: 'Common', address: '10.0.0.9' });
}

/** Their pods stand on the hand-made nodes too, and on the one in `/Common`. */
async function useThem(bed: Bed): Promise<void> {
  await bed.put(
    'web',
    service('web', { address: '10.1.10.1' }),
    slice('web', ['10.0.0.1', '10.0.0.7', '10.0.0.8', '10.0.0.9']),
  );
}

it('AC-19 AC-04 what others made stays byte for byte, through apply, change and complete removal', async () => {
  const bed = await makeBed();
  await populate(bed);
  const before = bed.state();
  await useThem(bed);
  await bed.apply();
  expect(changed(before, bed.state())).toEqual([]);
  expect(bed.state().size).toBeGreaterThan(before.size);
  await bed.put('web', service('web', { address: '10.1.10.2' }), slice('web', ['10.0.0.2', '10.0.0.8']));
  await bed.apply();
  expect(changed(before, bed.state())).toEqual([]);
  await bed.put('web', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await bed.apply('--allow-deletes');
  expect(bed.state()).toEqual(before);
});

it('AC-19 a foreign object with a wanted name is left alone and told, and its Service waits', async () => {
  const bed = await makeBed();
  await populate(bed);
  await bed.rest('POST', '/mgmt/tm/ltm/pool', {
    name: 'shop_web_http',
    partition: 'k',
    loadBalancingMode: 'ratio-member',
  });
  const before = bed.state();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  await bed.put('api', service('api', { address: '10.1.10.3' }), slice('api', ['10.0.0.2']));
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('! foreign pool /k/shop_web_http');
  expect(changed(before, bed.state())).toEqual([]);
  expect(bed.state().has('ltm/virtual  /k/shop_api_http')).toBe(true);
  expect(bed.state().has('ltm/virtual  /k/shop_web_http')).toBe(false);
});

/** Two clusters, one device, one partition; pods of both stand on one node. */
async function twoInstances(): Promise<readonly [Bed, Bed]> {
  const east = await makeBed({ instance: 'east' });
  const west = await makeBed({ instance: 'west', on: east.emulator });
  await east.put('a', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await west.put('a', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.2', '10.0.0.3']));
  return [east, west];
}

it('AC-19 two instances in one partition never write to each other’s set, whatever each does', async () => {
  const [east, west] = await twoInstances();
  await populate(east);
  await east.apply();
  const onlyEast = stateOf(east.emulator);
  await west.apply();
  expect(changed(onlyEast, stateOf(east.emulator))).toEqual([]);
  const both = stateOf(east.emulator);
  for (const bed of [east, west]) {
    bed.emulator.log.clear();
    await bed.apply();
    expect(bed.writes()).toEqual([]);
  }
  await east.put('a', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  await east.apply();
  await east.put('a', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await east.apply();
  expect(
    changed(both, stateOf(east.emulator)).filter((key) => key.includes('api') || key.includes('10.0.0.3')),
  ).toEqual([]);
  await east.put('a', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await east.apply('--allow-deletes');
  const onlyWest = stateOf(east.emulator);
  expect([...onlyWest.keys()].filter((key) => key.includes('/k/shop_web'))).toEqual([]);
  expect(onlyWest.has('ltm/node  /k/10.0.0.1')).toBe(false);
  // West's pods stand on it.
  expect(onlyWest.has('ltm/node  /k/10.0.0.2')).toBe(true);
  west.emulator.log.clear();
  await west.apply();
  expect(west.writes()).toEqual([]);
});

it('AC-19 two instances that want one name or one address: the second is told, the first keeps it', async () => {
  const east = await makeBed({ instance: 'east' });
  const west = await makeBed({ instance: 'west', on: east.emulator });
  await east.put('a', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  await west.put('a', service('web', { address: '10.1.10.5' }), slice('web', ['10.0.0.1']));
  await west.put('b', service('other', { address: '10.1.10.1' }), slice('other', ['10.0.0.9']));
  await east.apply();
  const before = stateOf(east.emulator);
  const { code, out, err } = await west.cli('apply', '--yes');
  expect(changed(before, stateOf(east.emulator))).toEqual([]);
  expect(out + err).toContain('! foreign virtual server /k/shop_web_http');
  expect(out).toContain('01070333');
  expect(code).toBe(1);
  east.emulator.log.clear();
  await east.apply();
  expect(east.writes()).toEqual([]);
});

it('AC-19 adoption takes nothing from another instance', async () => {
  const [east, west] = await twoInstances();
  await east.apply();
  await west.put('b', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.7']));
  const before = stateOf(east.emulator);
  const { out } = await west.cli('apply', '--yes', '--adopt', 'all');
  expect(out).toContain('! foreign pool /k/shop_web_http');
  expect(changed(before, stateOf(east.emulator))).toEqual([]);
});
