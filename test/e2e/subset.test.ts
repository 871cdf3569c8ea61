import { describe, expect, it } from 'vitest';
import { service, slice } from '../support/e2e-manifests.ts';
import { PASSWORD } from '../support/e2e.ts';
import { BELOW, POOL, callsOf, makeTable, membersOf, others, populate } from '../support/subset.ts';

describe.each(['12.1', '17.1'])('AC-06 on TMOS %s', (tmos) => {
  const emulator = { tmos, users: [{ name: 'admin', password: PASSWORD }] };

  it('members of a pool that somebody else owns: only reads and calls below the pool, all else is byte for byte as it was', async () => {
    const { bed, rows } = await makeTable({ emulator });
    await populate(bed);
    // A Service that wants all there is, which is out of scope.
    await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
    const before = others(bed.state());
    const owners = membersOf(bed).get('/Common/10.0.0.9:80');
    const steps: readonly (readonly [rows: readonly string[], calls: readonly string[]])[] = [
      [[`app,${POOL},10.0.0.1:80,,`], [`POST ${BELOW}`]],
      [[`app,${POOL},10.0.0.1:80,,3`], [`PATCH ${BELOW}/~Common~10.0.0.1:80`]],
      [[`app,${POOL},10.0.0.1:80,drain,3`], [`PATCH ${BELOW}/~Common~10.0.0.1:80`]],
      [
        [`app,${POOL},10.0.0.2:80,,`, `app,${POOL},10.0.0.3:80,,`, `app,${POOL},10.0.0.4:80,,`],
        [`DELETE ${BELOW}/~Common~10.0.0.1:80`, `POST ${BELOW}`, `POST ${BELOW}`, `POST ${BELOW}`],
      ],
      [[`app,${POOL},10.0.0.2:80,,`], [`DELETE ${BELOW}/~Common~10.0.0.3:80`, `DELETE ${BELOW}/~Common~web4:80`]],
    ];
    for (const [given, expected] of steps) {
      await rows(...given);
      expect(await callsOf(bed, () => bed.apply('--allow-deletes'))).toEqual(expected);
      expect(others(bed.state())).toEqual(before);
      expect(membersOf(bed).get('/Common/10.0.0.9:80')).toBe(owners);
      expect(await callsOf(bed, () => bed.apply())).toEqual([]);
    }
    expect([...membersOf(bed).keys()]).toEqual(['/Common/10.0.0.2:80', '/Common/10.0.0.9:80']);
  });

  it('a node that the device makes for a member is all that is new beside it, and stays', async () => {
    const { bed, rows } = await makeTable({ emulator });
    await populate(bed);
    const before = bed.state();
    await rows(`app,${POOL},10.0.7.7:80,,`, `app,${POOL},2001:db8::7.80,,`);
    await bed.apply();
    const news = [...bed.state().keys()].filter((key) => !before.has(key));
    expect(news.sort()).toEqual([
      'ltm/node  /Common/10.0.7.7',
      'ltm/node  /Common/2001:db8::7',
      `ltm/pool/members ${POOL} /Common/10.0.7.7:80`,
      `ltm/pool/members ${POOL} /Common/2001:db8::7.80`,
    ]);
    for (const [key, value] of before) expect([key, bed.state().get(key)]).toEqual([key, value]);
    await rows(`app,${POOL},10.0.0.1:80,,`);
    await bed.apply('--allow-deletes');
    expect(bed.state().has('ltm/node  /Common/10.0.7.7')).toBe(true);
    expect([...membersOf(bed).keys()]).toEqual(['/Common/10.0.0.1:80', '/Common/10.0.0.9:80']);
  });
});

it('AC-06 plan says what is out of scope and whose members are left, and its fingerprint is that of the scope', async () => {
  const { bed } = await makeTable();
  await populate(bed);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  const { out } = await bed.cli('plan');
  expect(out).toContain(`+ create pool member ${POOL}/members/10.0.0.1:80`);
  expect(out).not.toContain('virtual server');
  expect(out).toContain('Only pool-members of /Common/app_owner_pool: 3 wanted objects are out of scope');
  expect(out).toContain(`pool ${POOL} has members that are not ours, and that are left as they are: 10.0.0.9:80`);
  const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { plans } = JSON.parse((await bed.cli('plan', '-o', 'json', ...args)).out) as { plans: object[] };
    return plans[0] as Record<string, unknown>;
  };
  const [wide, narrow] = [await json(), await json('--only', 'partitions Common')];
  expect(wide).toMatchObject({ only: `pool-members of ${POOL}`, outOfScope: 3, desired: 1 });
  expect(narrow['units']).toEqual(wide['units']);
  expect(narrow['fingerprint']).not.toBe(wide['fingerprint']);
  const other = await bed.cli('apply', '--yes', '--only', 'partitions Common', '--plan', String(wide['fingerprint']));
  expect(other.err).toContain('nothing was applied');
  const { out: shown } = await bed.cli('plan', '--show', 'tmsh');
  expect(shown).toContain(`modify ltm pool ${POOL} members add { /Common/10.0.0.1:80`);
});

it('AC-06 nothing is saved unless the configuration asks for it, and nothing is written beside it', async () => {
  const quiet = await makeTable();
  await populate(quiet.bed);
  expect(await callsOf(quiet.bed, () => quiet.bed.cli('run', '--once'))).toEqual([`POST ${BELOW}`]);
  await quiet.rows(`app,${POOL},10.0.0.1:80,,2`);
  expect((await quiet.bed.apply()).out).toContain('in force, and not saved');
  const saving = await makeTable({ bigip: '    save: true' });
  await populate(saving.bed);
  const outcomes: string[] = [];
  const save = async (): Promise<void> => void outcomes.push((await saving.bed.apply()).out);
  expect(await callsOf(saving.bed, save)).toEqual([`POST ${BELOW}`, 'POST /mgmt/tm/sys/config'].sort());
  expect(outcomes.join('')).not.toContain('not saved');
});

it('AC-06 an empty table takes no member away, and more deletes than the threshold wait for a person', async () => {
  const { bed, rows } = await makeTable();
  await populate(bed);
  await bed.apply();
  const before = bed.state();
  await rows();
  expect((await bed.cli('apply', '--yes')).out).toContain('has no rows');
  expect(bed.state()).toEqual(before);
  await rows(
    ...Array.from({ length: 3 }, (_, index) => `app,${POOL},10.0.1.${index + 1}:80,,`),
    `app,${POOL},10.0.0.1:80,,`,
  );
  await bed.apply();
  const many = membersOf(bed);
  await rows(`app,${POOL},10.0.0.1:80,,`);
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain(`3 of the 4 that are ours in pool ${POOL} (75 %) would go at once`);
  expect(membersOf(bed)).toEqual(many);
  await bed.apply('--allow-deletes');
  expect([...membersOf(bed)]).toEqual(
    [...before].flatMap(([key, value]) =>
      key.startsWith(`ltm/pool/members ${POOL} `) ? [[key.split(' ')[2], value]] : [],
    ),
  );
});

it('AC-06 a member that somebody else has there is left and told, and taken over only if asked', async () => {
  const { bed, rows } = await makeTable();
  await populate(bed);
  await rows(`app,${POOL},10.0.0.9:80,,2`);
  const before = bed.state();
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain(`! foreign pool member ${POOL}/members/10.0.0.9:80`);
  expect(bed.state()).toEqual(before);
  const ref = `pool-member:${POOL}/members/10.0.0.9:80`;
  expect(await callsOf(bed, () => bed.apply('--adopt', ref))).toEqual([`PATCH ${BELOW}/~Common~10.0.0.9:80`]);
  const adopted = membersOf(bed).get('/Common/10.0.0.9:80');
  expect(adopted).toContain('the owner’s -- fairlead:lab sheet:Service/app');
  expect(adopted).toContain('"ratio":2');
  expect(others(bed.state())).toEqual(others(before));
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
});

it('AC-06 a pool that is not there blocks its members, and all else goes on', async () => {
  const { bed, rows } = await makeTable({ only: `[{ poolMembers: ${POOL} }, { poolMembers: /Common/other }]` });
  await populate(bed);
  await rows(`app,${POOL},10.0.0.1:80,,`, 'b,/Common/other,10.0.0.2:80,,');
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('! blocked pool member /Common/other/members/10.0.0.2:80');
  expect(out).toContain('pool /Common/other is not on the device');
  expect([...membersOf(bed).keys()]).toContain('/Common/10.0.0.1:80');
  expect(bed.state().has('ltm/pool  /Common/other')).toBe(false);
  await bed.rest('POST', '/mgmt/tm/ltm/pool', { name: 'other' });
  await bed.apply();
  expect([...membersOf(bed, '/Common/other').keys()]).toEqual(['/Common/10.0.0.2:80']);
});

it('AC-06 pools in folders and in partitions with a route domain of their own; FQDN members are left', async () => {
  const only = '[{ poolMembers: /tenant/app/web }, { poolMembers: /tenant/plain }]';
  const { bed, rows } = await makeTable({ only });
  const post = (url: string, body: object): Promise<unknown> => bed.rest('POST', `/mgmt/tm/${url}`, body);
  await post('auth/partition', { name: 'tenant' });
  await post('net/route-domain', { name: 'rd2', partition: 'tenant', id: 2 });
  await bed.rest('PATCH', '/mgmt/tm/auth/partition/tenant', { defaultRouteDomain: 2 });
  await post('sys/folder', { name: 'app', partition: 'tenant' });
  await post('ltm/pool', { name: 'web', partition: 'tenant', subPath: 'app' });
  await post('ltm/node', { name: 'www', partition: 'tenant', fqdn: { tmName: 'www.example.com' } });
  await post('ltm/pool', { name: 'plain', partition: 'tenant', members: [{ name: 'www:80', partition: 'tenant' }] });
  const fqdn = membersOf(bed, '/tenant/plain');
  expect(fqdn.size).toBeGreaterThan(0);
  const row = (member: string): string => `app,/tenant/app/web,${member},,`;
  await rows(row('10.0.0.1:80'), row('10.0.0.2%2:80'), row('2001:db8::1.80'), 'b,/tenant/plain,10.0.0.1:80,,');
  await bed.apply();
  expect([...membersOf(bed, '/tenant/app/web').values()].every((text) => text.includes('-- fairlead:lab'))).toBe(true);
  expect(membersOf(bed, '/tenant/app/web').size).toBe(3);
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
  for (const [key, value] of fqdn) expect(membersOf(bed, '/tenant/plain').get(key)).toBe(value);
  await rows(`${row('10.0.0.1:80')}5`, 'b,/tenant/plain,10.0.0.1:80,,');
  const sent = await callsOf(bed, () => bed.apply('--allow-deletes'));
  expect(sent.map((call) => call.split(' ')[0])).toEqual(['DELETE', 'DELETE', 'PATCH']);
  expect(membersOf(bed, '/tenant/app/web').size).toBe(1);
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
});
