import { expect, it } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { BELOW, POOL, callsOf, makeTable, membersOf, others, populate } from '../support/subset.ts';

const IAPP_POOL = '/Common/web.app/web_pool';
const SERVICE = '/mgmt/tm/sys/application/service/~Common~web.app~web';

/** An iApp of a template of its own that makes a pool. */
async function deploy(bed: Bed): Promise<void> {
  const implementation = 'tmsh::create ltm pool web_pool members add \\{ 10.0.0.9:80 \\}';
  const actions = [{ name: 'definition', implementation, presentation: 'section pool { string addr }' }];
  await bed.rest('POST', '/mgmt/tm/sys/application/template', { name: 't', actions });
  await bed.rest('POST', '/mgmt/tm/sys/application/service', { name: 'web', template: '/Common/t' });
}

it('AC-06 AC-56 a pool of an iApp with strict updates is refused with that reason, before anything is written', async () => {
  const { bed, rows } = await makeTable({ only: `[{ poolMembers: ${IAPP_POOL} }, { poolMembers: ${POOL} }]` });
  await populate(bed);
  await deploy(bed);
  await rows(`app,${IAPP_POOL},10.0.0.1:80,,`, `b,${POOL},10.0.0.2:80,,`);
  const before = membersOf(bed, IAPP_POOL);
  const sent = await callsOf(bed, async () => {
    const { out } = await bed.cli('apply', '--yes');
    expect(out).toContain(`! blocked pool member ${IAPP_POOL}/members/10.0.0.1:80`);
    expect(out).toContain('belongs to the iApp /Common/web.app/web, whose strict updates are on');
  });
  expect((await bed.cli('check')).out).toContain('whose strict updates are on: switch them off');
  // Nothing of it was even tried, and the other pool is served.
  expect(sent).toEqual([`POST ${BELOW}`]);
  expect(membersOf(bed, IAPP_POOL)).toEqual(before);
  const reads = bed.emulator.log.entries().filter(({ path }) => path.startsWith(SERVICE));
  expect(new Set(reads.map(({ method }) => method))).toEqual(new Set(['GET']));
});

it('AC-06 a pool of an iApp without strict updates is written, with a warning, and says that it is the iApp’s', async () => {
  const { bed, rows } = await makeTable({ only: `pool-members of ${IAPP_POOL}` });
  await deploy(bed);
  await bed.rest('PATCH', SERVICE, { strictUpdates: 'disabled' });
  await rows(`app,${IAPP_POOL},10.0.0.1:80,,`);
  const { out } = await bed.apply();
  expect(out).toContain(`pool ${IAPP_POOL} belongs to the iApp /Common/web.app/web, whose strict updates are off`);
  expect(membersOf(bed, IAPP_POOL).get('/Common/10.0.0.1:80')).toContain('"appService":"/Common/web.app/web"');
  await rows(`app,${IAPP_POOL},10.0.0.1:80,,3`);
  expect(await callsOf(bed, () => bed.apply())).toHaveLength(1);
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
});

it('AC-06 what people set by hand stays where that is asked, and is put back where it is not', async () => {
  for (const [keep, state] of [
    [true, '"session":"user-disabled","state":"user-down"'],
    [false, '"session":"user-enabled"'],
  ] as const) {
    const { bed, rows } = await makeTable({
      more: `safety: { keepMemberState: ${keep} }\nrun: { settle: 5ms }`,
    });
    await populate(bed);
    await bed.apply();
    await bed.rest('PATCH', `${BELOW}/~Common~10.0.0.1:80`, { session: 'user-disabled', state: 'user-down' });
    // Drift, and then a change of something else.
    expect(await callsOf(bed, () => bed.apply())).toEqual(keep ? [] : [`PATCH ${BELOW}/~Common~10.0.0.1:80`]);
    await rows(`app,${POOL},10.0.0.1:80,,4`);
    await bed.apply();
    const member = membersOf(bed).get('/Common/10.0.0.1:80') ?? '';
    expect(member).toContain('"ratio":4');
    for (const word of state.split(',')) expect(member).toContain(word);
    const patches = bed.gate.seen.filter(({ method, path }) => method === 'PATCH' && path.startsWith(BELOW));
    const bodies = patches.map(({ body }) => Object.keys(JSON.parse(body) as object).sort());
    expect(bodies).toEqual(keep ? [['ratio']] : [['session', 'state'], ['ratio']]);
  }
});

it('AC-06 AC-19 two instances in one pool: each keeps its members, and neither takes those of the other', async () => {
  const east = await makeTable({ instance: 'east' });
  const west = await makeTable({ instance: 'west', on: east.bed.emulator });
  await populate(east.bed);
  await east.rows(`app,${POOL},10.0.0.1:80,,`);
  await west.rows(`app,${POOL},10.0.0.1:80,,9`, `app,${POOL},10.0.0.2:80,,`);
  await east.bed.apply();
  const before = membersOf(east.bed);
  const { out } = await west.bed.cli('apply', '--yes', '--adopt', 'all');
  expect(out).toContain(`! foreign pool member ${POOL}/members/10.0.0.1:80`);
  expect(out).toContain('instance east owns it');
  for (const [name, value] of before) expect(membersOf(east.bed).get(name)).toBe(value);
  expect([...membersOf(east.bed).keys()]).toEqual([
    '/Common/10.0.0.1:80',
    '/Common/10.0.0.2:80',
    '/Common/10.0.0.9:80',
  ]);
  expect(await callsOf(east.bed, () => east.bed.apply())).toEqual([]);
});

it('AC-06 members of a pool of our own are pushed alone, by a flag or the configuration; a whole run finds nothing to do', async () => {
  const bed = await makeBed();
  const own = '/k/shop_web_http';
  const below = '/mgmt/tm/ltm/pool/~k~shop_web_http/members';
  const only = ['--only', `pool-members of ${own}`];
  const pods = (...ips: readonly string[]): Promise<void> =>
    bed.put('web', service('web', { address: '10.1.10.1', annotations: changed }), slice('web', ips));
  let changed: Readonly<Record<string, string>> = {};
  await pods('10.0.0.1', '10.0.0.2');
  await bed.apply();
  expect(await callsOf(bed, () => bed.apply(...only))).toEqual([]);
  const before = others(bed.state(), own);
  // The Service wants more than members: that is for another day.
  changed = { 'fairlead.io/load-balancing-mode': 'least-connections-member' };
  await pods('10.0.0.2', '10.0.0.1', '10.0.0.3');
  expect(await callsOf(bed, () => bed.apply(...only))).toEqual([`POST ${below}`]);
  expect(others(bed.state(), own)).toEqual(withNode(before, bed));
  await pods('10.0.0.1', '10.0.0.2');
  expect(await callsOf(bed, () => bed.apply(...only))).toEqual([`DELETE ${below}/~k~10.0.0.3:8080`]);
  await bed.rest('PATCH', `${below}/~k~10.0.0.1:8080`, { ratio: 9, description: 'by hand' });
  expect(await callsOf(bed, () => bed.apply(...only))).toEqual([`PATCH ${below}/~k~10.0.0.1:8080`]);
  await bed.rest('DELETE', `${below}/~k~10.0.0.1:8080`);
  const configured = await makeBed({ on: bed.emulator, bigip: `    only: pool-members of ${own}` });
  await configured.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  expect(await callsOf(configured, () => configured.apply())).toEqual([`POST ${below}`]);
  changed = {};
  await pods('10.0.0.1', '10.0.0.2');
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
});

/** The same, with the node that the device made for a member that was added. */
function withNode(before: ReadonlyMap<string, string>, bed: Bed): ReadonlyMap<string, string> {
  const now = others(bed.state()).get('ltm/node') ?? '';
  expect(now).toContain('ltm/node  /k/10.0.0.3 ');
  return new Map(before).set('ltm/node', now);
}

it('AC-06 members of a pool of our own that several give carry who gave them, as when it is written as a whole', async () => {
  const { bed, rows } = await makeTable({ only: 'partitions [k]' });
  const row = (service: string, ip: string): string => `${service},team,${ip}:80,,`;
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  await rows(row('a', '10.0.0.1'), row('b', '10.0.0.2'));
  await bed.apply();
  const only = ['--only', 'pool-members of /k/team'];
  expect(await callsOf(bed, () => bed.apply(...only))).toEqual([]);
  await rows(row('a', '10.0.0.1'), row('b', '10.0.0.2'), row('b', '10.0.0.3'));
  expect(await callsOf(bed, () => bed.apply(...only))).toEqual(['POST /mgmt/tm/ltm/pool/~k~team/members']);
  expect(membersOf(bed, '/k/team').get('/k/10.0.0.3:80')).toContain('-- fairlead:sheet:Service/b');
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
});

it('AC-06 AC-19 a pool of another instance is refused, and by a flag alone one that nobody marked', async () => {
  const east = await makeBed({ instance: 'east' });
  await east.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  await east.apply();
  await east.rest('POST', '/mgmt/tm/ltm/pool', { name: 'byhand', partition: 'k' });
  const before = east.state();
  const own = '/k/shop_web_http';
  const west = await makeTable({ instance: 'west', on: east.emulator, only: `pool-members of ${own}` });
  await west.rows(`app,${own},10.0.0.7:80,,`);
  const foreign = await west.bed.cli('apply', '--yes');
  expect(foreign.out).toContain(`pool ${own} is one that instance east of Fairlead makes, with its members`);
  const flagged = await makeTable({ instance: 'west', on: east.emulator, only: 'partitions [k]' });
  await flagged.rows('app,/k/byhand,10.0.0.7:80,,');
  const { out } = await flagged.bed.cli('apply', '--yes', '--only', 'pool-members of /k/byhand');
  expect(out).toContain('pool /k/byhand is not ours (nobody marked it)');
  expect(east.state()).toEqual(before);
});

it('AC-06 an address that a node elsewhere holds is refused in the device’s own words, and all else goes on', async () => {
  const { bed, rows } = await makeTable();
  await populate(bed);
  await bed.rest('POST', '/mgmt/tm/ltm/node', { name: 'theirs', partition: 'cis', address: '10.0.5.5' });
  const before = others(bed.state());
  await rows(`app,${POOL},10.0.0.1:80,,`, `app,${POOL},10.0.5.5:80,,`);
  const { out, code } = await bed.cli('apply', '--yes');
  expect(code).toBe(1);
  expect(out).toContain('0107003b');
  expect([...membersOf(bed).keys()]).toEqual(['/Common/10.0.0.1:80', '/Common/10.0.0.9:80']);
  expect(others(bed.state())).toEqual(before);
});
