import { expect, it } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { notReady, service, slice, terminating } from '../support/e2e-manifests.ts';

const EVERYTHING = {
  'fairlead.io/type': 'http',
  'fairlead.io/persistence': '/Common/cookie',
  'fairlead.io/fallback-persistence': '/Common/source_addr',
  'fairlead.io/connection-limit': '20000',
  'fairlead.io/load-balancing-mode': 'least-connections-member',
  'fairlead.io/service-down-action': 'reselect',
  'fairlead.io/slow-ramp-time': '0',
  'fairlead.io/monitor-type': 'https',
  'fairlead.io/monitor-send': String.raw`GET /healthz HTTP/1.1\r\nHost: "shop" \r\nConnection: close\r\n\r\n`,
  'fairlead.io/monitor-receive': String.raw`^HTTP/1\.[01] 200 {ok}`,
  'fairlead.io/monitor-interval': '7',
};

/** A Service of every kind that there is: what is written must be read back as the same. */
async function fill(bed: Bed): Promise<void> {
  const dual = { spec: { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] } };
  await bed.put('a', service('all', { address: '10.1.10.1', annotations: EVERYTHING }), slice('all', ['10.0.0.1']));
  await bed.put(
    'b',
    service('from-pool'),
    slice('from-pool', ['10.0.0.1', terminating('10.0.0.2'), notReady('10.0.0.3')]),
  );
  await bed.put('c', service('udp', { address: '10.1.10.3', protocol: 'UDP', port: 53 }));
  await bed.put('d', service('sctp', { address: '10.1.10.3', protocol: 'SCTP', port: 3868 }));
  await bed.put(
    'e',
    service('dual', { address: '10.1.10.4,2001:db8::4', ...dual }),
    slice('dual', ['10.0.1.1']),
    slice('dual', ['2001:db8:1::1'], { addressType: 'IPv6', suffix: '2' }),
  );
  await bed.put(
    'f',
    service('l4', { address: '10.1.10.5', annotations: { 'fairlead.io/type': 'l4', 'fairlead.io/monitor': 'none' } }),
  );
  await bed.put('g', service('ranged', { address: '10.1.10.6', spec: { loadBalancerSourceRanges: ['192.0.2.0/24'] } }));
  await bed.put(
    'h',
    service('min', {
      address: '10.1.10.7',
      annotations: { 'fairlead.io/monitor': 'min 1 of /Common/http /Common/tcp', 'fairlead.io/snat': 'none' },
    }),
  );
}

const POOLS = 'addressPools: [{ name: main, ranges: ["10.1.20.0/28"] }]';

it('AC-04 a restart with nothing changed writes nothing: only a login and reads reach the device', async () => {
  const bed = await makeBed({ more: POOLS });
  await fill(bed);
  await bed.apply();
  const state = bed.state();
  expect(bed.writes().at(-1)).toBe('POST /mgmt/tm/sys/config');
  bed.emulator.log.clear();
  const { out } = await bed.apply();
  expect(out).toContain('Nothing to do');
  expect(bed.writes()).toEqual([]);
  const others = bed.emulator.log.entries().filter(({ method }) => method !== 'GET');
  expect(others.map(({ method, path }) => `${method} ${path.replace(/tokens\/.*/, 'tokens/ID')}`)).toEqual([
    'POST /mgmt/shared/authn/login',
    'DELETE /mgmt/shared/authz/tokens/ID',
  ]);
  expect(bed.state()).toEqual(state);
});

it('AC-04 run, restarted with nothing changed, writes nothing and saves nothing, then follows', async () => {
  const bed = await makeBed({ more: `${POOLS}\nrun: { settle: 5ms, idle: 20ms }` });
  await fill(bed);
  const first = await bed.run().started();
  await until('it is saved', () => bed.writes().includes('POST /mgmt/tm/sys/config'));
  await first.stop();
  const state = bed.state();
  bed.emulator.log.clear();
  const second = await bed.run().started();
  expect(second.cycles('start')[0]?.applied).toMatchObject({ writes: 0 });
  await bed.put('i', service('new', { address: '10.1.10.9' }));
  await until('the change is there', () => second.cycles('change').length > 0);
  // All before the change were reads.
  expect(bed.writes()[0]).toBe('POST /mgmt/tm/transaction');
  await second.stop();
  await bed.remove('i');
  await bed.apply();
  expect(bed.state()).toEqual(state);
});

it('addresses from a pool stay with their Services through restarts, changes of others and a lost status', async () => {
  const bed = await makeBed({ more: POOLS });
  for (const name of ['c', 'b', 'a']) await bed.put(name, service(name));
  await bed.apply();
  const before = addressesOf(bed);
  expect(new Set(before.values()).size).toBe(3);
  await bed.remove('a');
  // Older than all, and first by name: it must not push anybody out.
  await bed.put('0', service('0', { created: '2020-01-01T00:00:00Z' }));
  await bed.apply();
  const after = addressesOf(bed);
  expect([after.get('/k/shop_b_http'), after.get('/k/shop_c_http')]).toEqual([
    before.get('/k/shop_b_http'),
    before.get('/k/shop_c_http'),
  ]);
  expect(new Set(after.values()).size).toBe(3);
});

function addressesOf(bed: Bed): ReadonlyMap<string, unknown> {
  const virtuals = bed.emulator.dump()['ltm/virtual'] ?? [];
  return new Map(virtuals.map(({ fullPath, values }) => [fullPath, values['destination']]));
}

it('two starts of one instance at the same moment end where one ends', async () => {
  const [one, two] = [await makeBed({ more: POOLS }), await makeBed({ more: POOLS })];
  await fill(one);
  await fill(two);
  await one.apply();
  const again = await makeBed({ more: POOLS, on: two.emulator });
  await fill(again);
  await Promise.all([two.cli('apply', '--yes'), again.cli('apply', '--yes')]);
  await two.apply();
  expect(await two.view()).toBe(await one.view());
  two.emulator.log.clear();
  await again.apply();
  expect(two.writes()).toEqual([]);
});
