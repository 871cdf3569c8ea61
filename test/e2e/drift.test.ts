import { expect, it } from 'vitest';
import { type Bed, makeBed, type Running, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

const OFTEN = 'run: { settle: 5ms, idle: 50ms, driftInterval: 100ms }';

async function start(more: string): Promise<Bed> {
  const bed = await makeBed({ more });
  const annotations = {
    'fairlead.io/type': 'http',
    'fairlead.io/monitor-type': 'http',
    'fairlead.io/connection-limit': '100',
  };
  await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.apply();
  return bed;
}

const VIRTUAL = '/mgmt/tm/ltm/virtual/~k~shop_web_http';
const POOL = '/mgmt/tm/ltm/pool/~k~shop_web_http';
const ADDRESS = '/mgmt/tm/ltm/virtual-address/~k~10.1.10.1';
const MONITOR = '/mgmt/tm/ltm/monitor/http/~k~shop_web_http_http';

const EDITS: readonly (readonly [string, (bed: Bed) => Promise<unknown>])[] = [
  ['a virtual server’s limit', (bed) => bed.rest('PATCH', VIRTUAL, { connectionLimit: 5 })],
  ['a virtual server’s pool taken away', (bed) => bed.rest('PATCH', VIRTUAL, { pool: 'none' })],
  ['a virtual server switched off', (bed) => bed.rest('PATCH', VIRTUAL, { disabled: true })],
  ['an iRule attached', (bed) => bed.rest('PATCH', VIRTUAL, { rules: ['/Common/_sys_https_redirect'] })],
  ['the SNAT switched off', (bed) => bed.rest('PATCH', VIRTUAL, { sourceAddressTranslation: { type: 'none' } })],
  ['a member taken away', (bed) => bed.rest('DELETE', `${POOL}/members/~k~10.0.0.2:8080`)],
  ['a member more', (bed) => bed.rest('POST', `${POOL}/members`, { name: '10.0.0.3:8080', partition: 'k' })],
  ['a member disabled', (bed) => bed.rest('PATCH', `${POOL}/members/~k~10.0.0.2:8080`, { session: 'user-disabled' })],
  ['the pool’s mode', (bed) => bed.rest('PATCH', POOL, { loadBalancingMode: 'ratio-member' })],
  ['the pool’s monitor', (bed) => bed.rest('PATCH', POOL, { monitor: '/Common/tcp' })],
  ['the monitor’s interval', (bed) => bed.rest('PATCH', MONITOR, { interval: 2 })],
  ['the virtual server deleted', (bed) => bed.rest('DELETE', VIRTUAL)],
  [
    'all deleted',
    async (bed) => {
      await bed.rest('DELETE', VIRTUAL);
      await bed.rest('DELETE', POOL);
      await bed.rest('DELETE', MONITOR);
      await bed.rest('DELETE', '/mgmt/tm/ltm/virtual-address/~k~10.1.10.1').catch(() => undefined);
    },
  ],
];

/** What the device shows of the Service, without what changes with every write. */
async function view(bed: Bed): Promise<string> {
  const show = (url: string): Promise<unknown> =>
    bed.rest('GET', `${url}?expandSubcollections=true`).catch(() => 'gone');
  const all = [await show(VIRTUAL), await show(POOL), await show(MONITOR), await show(ADDRESS)];
  // The node of a member that a person took away may be theirs now: it is used, and never removed.
  const changing = new Set(['generation', 'vsIndex', 'creationTime', 'lastModifiedTime', 'ephemeral', 'state']);
  const theirs = /\{"name":"fairlead-foreign-nodes"[^}]*\},?/g;
  return JSON.stringify(all, (key, value: unknown) => (changing.has(key) ? undefined : value)).replace(theirs, '');
}

it('AC-07 what a person changes by hand is put back at the drift interval, what is deleted is made again', async () => {
  const bed = await start(OFTEN);
  const before = await view(bed);
  const running = await bed.run().started();
  for (const [name, edit] of EDITS) {
    const repairs = repairsOf(running);
    await edit(bed);
    await until(`it is noticed: ${name}`, () => repairsOf(running) > repairs, 5000);
    await until(`it is put back: ${name}`, async () => (await view(bed)) === before, 5000);
  }
  expect(await running.stop()).toBe(0);
});

/** Passes at the drift interval that wrote something. */
function repairsOf(running: Running): number {
  return running.cycles('drift').filter(({ applied }) => (applied?.writes ?? 0) > 0).length;
}

it('F-35 fields that are not ours to set survive changes of ours, and no object is ever PUT', async () => {
  const bed = await start('');
  await bed.rest('PATCH', VIRTUAL, { mirror: 'enabled', translatePort: 'disabled' });
  await bed.rest('PATCH', POOL, { reselectTries: 1, ignorePersistedWeight: 'enabled' });
  await bed.rest('PATCH', `${POOL}/members/~k~10.0.0.1:8080`, { rateLimit: '7', description: 'the good one' });
  const metadata = (await bed.rest('GET', POOL))['metadata'] as object[];
  await bed.rest('PATCH', POOL, { metadata: [...metadata, { name: 'ticket', value: 'OPS-1', persist: 'true' }] });
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.4']));
  await bed.apply();
  expect(bed.emulator.log.entries().filter(({ method }) => method === 'PUT')).toEqual([]);
  const pool = bed.state().get('ltm/pool  /k/shop_web_http') ?? '';
  for (const text of ['"reselectTries":1', '"ignorePersistedWeight":"enabled"', 'OPS-1']) expect(pool).toContain(text);
  const virtual = bed.state().get('ltm/virtual  /k/shop_web_http') ?? '';
  for (const text of ['"mirror":"enabled"', '"translatePort":"disabled"']) expect(virtual).toContain(text);
  const member = bed.state().get('ltm/pool/members /k/shop_web_http /k/10.0.0.1:8080') ?? '';
  for (const text of ['"rateLimit":', 'the good one']) expect(member).toContain(text);
});

it('a member that a person disabled stays so if that is asked for, and is not forgotten by changes of the pool', async () => {
  const bed = await start('safety: { keepMemberState: true }');
  await bed.rest('PATCH', `${POOL}/members/~k~10.0.0.2:8080`, { session: 'user-disabled' });
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.2', '10.0.0.5']));
  await bed.apply();
  expect(bed.state().get('ltm/pool/members /k/shop_web_http /k/10.0.0.2:8080')).toContain('user-disabled');
  expect(bed.state().get('ltm/pool/members /k/shop_web_http /k/10.0.0.5:8080')).toContain('user-enabled');
});

it('an object that lost its mark by hand is foreign: it is left alone, told, and comes back by adoption', async () => {
  const bed = await start('');
  await bed.rest('PATCH', POOL, { metadata: [], description: 'mine now' });
  const before = bed.state();
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('! foreign pool /k/shop_web_http');
  expect(bed.state()).toEqual(before);
  await bed.apply('--adopt', 'pool:/k/shop_web_http');
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
});
