import { expect, it } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { callsOf, makeTable } from '../support/subset.ts';

/** What of the state is of these collections. */
function of(bed: Bed, ...collections: readonly string[]): readonly (readonly [string, string])[] {
  return [...bed.state()].filter(([key]) => collections.includes(key.split(' ')[0] ?? ''));
}

const POOLS = ['ltm/pool', 'ltm/pool/members', 'ltm/node'] as const;

/** All that is not made of pools and what they bring along. */
function rest(bed: Bed): readonly (readonly [string, string])[] {
  return [...bed.state()].filter(([key]) => !POOLS.some((name) => name === key.split(' ')[0]));
}

async function applied(): Promise<Bed> {
  const bed = await makeBed();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.7']));
  await bed.apply();
  return bed;
}

it('AC-06 kinds: pools follow their pods, with the nodes; virtual servers stay, though sources say otherwise', async () => {
  const bed = await applied();
  const before = rest(bed);
  await bed.put('web', service('web', { address: '10.1.10.9' }), slice('web', ['10.0.0.1', '10.0.0.3']));
  await bed.put('cart', service('cart', { address: '10.1.10.3' }), slice('cart', ['10.0.0.8']));
  const { out } = await bed.cli('plan', '--only', 'kinds pool');
  expect(out).toContain('Only kinds [pool]: 6 wanted objects are out of scope and left as they are.');
  expect(out).not.toContain('virtual');
  const sent = await callsOf(bed, () => bed.apply('--only', 'kinds pool'));
  expect(sent.filter((call) => !/ \/mgmt\/tm\/(ltm\/(pool|node)|transaction)/.test(call))).toEqual([]);
  expect(rest(bed)).toEqual(before);
  const members = of(bed, 'ltm/pool/members').map(([key]) => String(key.split(' ').at(-1)));
  expect(new Set(members)).toEqual(
    new Set(['/k/10.0.0.1:8080', '/k/10.0.0.3:8080', '/k/10.0.0.7:8080', '/k/10.0.0.8:8080']),
  );
  // The one that nobody uses any more went with its member.
  expect(bed.state().has('ltm/node  /k/10.0.0.2')).toBe(false);
  expect(await callsOf(bed, () => bed.apply('--only', 'kinds pool'))).toEqual([]);
});

it('AC-06 kinds: what is gone stays as long as it is out of scope, and a pool in use is refused in the device’s words', async () => {
  const bed = await applied();
  await bed.remove('api');
  const before = rest(bed);
  const { out, code } = await bed.cli('apply', '--yes', '--only', 'kinds pool');
  expect([code, out.includes('01070265')]).toEqual([1, true]);
  expect(rest(bed)).toEqual(before);
  await bed.apply('--only', 'kinds virtual');
  expect(of(bed, 'ltm/virtual').map(([key]) => key)).toEqual(['ltm/virtual  /k/shop_web_http']);
  await bed.apply('--only', 'kinds pool');
  expect(of(bed, 'ltm/pool').map(([key]) => key)).toEqual(['ltm/pool  /k/shop_web_http']);
  await bed.apply();
  expect([...bed.state().keys()].filter((key) => /shop_api|10\.1\.10\.2$|10\.0\.0\.7/.test(key))).toEqual([]);
});

it('AC-06 what needs something that is neither there nor in scope waits, and says for what', async () => {
  const bed = await makeBed();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  const before = bed.state();
  const first = await bed.cli('apply', '--yes', '--only', 'kinds pool,virtual,virtual-address');
  expect(first.out).toContain('! blocked pool /k/shop_web_http');
  expect(first.out).toContain('partition /k is not on the device, and it is out of scope');
  expect(bed.state()).toEqual(before);
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  const second = await bed.cli('apply', '--yes', '--only', 'kinds virtual,virtual-address');
  expect(second.out).toContain('! blocked virtual server /k/shop_web_http');
  expect(second.out).toContain('pool /k/shop_web_http is not on the device, and it is out of scope');
  expect(second.out).toContain('Only this is written: kinds [virtual, virtual-address].');
  // What needs nothing went on.
  expect(bed.state().has('ltm/virtual-address  /k/10.1.10.1')).toBe(true);
  await bed.apply('--only', 'kinds pool');
  await bed.apply('--only', 'kinds virtual,virtual-address');
  expect(bed.state().has('ltm/virtual  /k/shop_web_http')).toBe(true);
});

it('AC-06 partitions: another partition’s line lets nothing in, nor does a second one beside it; that of its own does', async () => {
  const bed = await applied();
  await bed.put('web', service('web', { address: '10.1.10.9' }), slice('web', ['10.0.0.5']));
  for (const only of [['partitions other'], ['partitions other', 'kinds gtm-server']]) {
    const flags = only.flatMap((one) => ['--only', one]);
    expect(await callsOf(bed, () => bed.apply(...flags))).toEqual([]);
  }
  await bed.apply('--only', 'partitions [k]');
  expect(bed.state().has('ltm/virtual-address  /k/10.1.10.9')).toBe(true);
});

it('AC-06 own partition and members of one pool elsewhere, side by side, and --only narrows to either', async () => {
  const pool = '/Common/app_owner_pool';
  const { bed, rows } = await makeTable({ only: `[{ partitions: [k] }, { poolMembers: ${pool} }]` });
  await bed.rest('POST', '/mgmt/tm/ltm/pool', { name: 'app_owner_pool' });
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  await rows(`app,${pool},10.0.0.1:80,,`);
  const { out } = await bed.cli('apply', '--yes', '--only', `pool-members of ${pool}`);
  expect(out).toContain('1 write');
  expect(of(bed, 'ltm/virtual')).toEqual([]);
  expect(of(bed, 'ltm/pool/members')).toHaveLength(1);
  // The node of the same address is in /Common now, and the Service stands on it.
  await bed.apply();
  expect(of(bed, 'ltm/virtual')).toHaveLength(1);
  expect(of(bed, 'ltm/pool/members').map(([key]) => key)).toContain(
    'ltm/pool/members /k/shop_web_http /Common/10.0.0.1:8080',
  );
  const second = await callsOf(bed, () => bed.apply());
  expect(second).toEqual([]);
  const get = await bed.cli('get', '--only', `pool-members of ${pool}`);
  expect(get.out).toContain(`${pool}/members/10.0.0.1:80`);
  expect(get.out).not.toContain('virtual');
});

it('AC-06 a wrong line names the flag or field, what was found and what was expected', async () => {
  const bed = await makeBed();
  const flag = await bed.cli('plan', '--only', 'kinds vitrual');
  expect(flag.code).toBe(1);
  expect(flag.err).toContain("option '--only <what>' argument 'kinds vitrual' is invalid. Expected a kind, one of");
  expect(flag.err).toContain('did you mean virtual?');
  const wide = await bed.cli('plan', '--only', 'pool-members of /Common/web');
  expect([wide.code, wide.err]).toEqual([
    1,
    expect.stringContaining(
      '--only "pool-members of /Common/web": a flag only narrows what the configuration lets in, expected a pool of ours in /k that targets[].only lets in',
    ),
  ]);
  const file = await makeBed({ bigip: '    only: [{ kinds: [pol] }]' });
  const { err } = await file.cli('plan');
  expect(err).toContain('`targets[0].only[0].kinds[0]`: found "pol", expected a kind, one of');
  expect(err).toContain('did you mean pool?');
});

it('AC-06 objects: one pool is kept in step, whole, with its nodes; what it needs beside is told and not made', async () => {
  const bed = await makeBed();
  const pool = '/k/shop_web_http';
  const only = ['--only', `objects pool:${pool}`];
  const put = (ips: readonly string[], annotations: Readonly<Record<string, string>> = {}): Promise<void> =>
    bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ips));
  await put(['10.0.0.1', '10.0.0.2']);
  await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.1.1']));
  await bed.apply();
  await put(['10.0.0.2', '10.0.0.3'], {
    'fairlead.io/load-balancing-mode': 'least-connections-member',
    'fairlead.io/type': 'http',
  });
  await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.1.2']));
  const before = bed.state();
  await bed.apply(...only);
  const after = bed.state();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
  expect(changed.sort()).toEqual([
    'ltm/node  /k/10.0.0.1',
    'ltm/node  /k/10.0.0.3',
    `ltm/pool  ${pool}`,
    `ltm/pool/members ${pool} /k/10.0.0.1:8080`,
    `ltm/pool/members ${pool} /k/10.0.0.3:8080`,
  ]);
  expect(after.get(`ltm/pool  ${pool}`)).toContain('least-connections-member');
  bed.emulator.log.clear();
  await bed.apply(...only);
  expect(bed.writes()).toEqual([]);
  await put(['10.0.0.2', '10.0.0.3'], { 'fairlead.io/monitor-type': 'http' });
  const { out } = await bed.cli('apply', '--yes', ...only);
  expect(out).toContain(
    `pool ${pool} is not written: monitor ${pool}_http is not on the device, and it is out of scope`,
  );
  expect(bed.state()).toEqual(after);
});
