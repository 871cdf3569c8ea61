import { expect, it } from 'vitest';
import { makeBed } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { BELOW, POOL, callsOf, makeTable, membersOf, others, populate } from '../support/subset.ts';

const annotations = { 'fairlead.io/pool': POOL };

it('AC-06 a cluster and a table give members to one pool of somebody else; each member is marked with who gave it', async () => {
  const { bed, rows } = await makeTable();
  await populate(bed);
  const before = others(bed.state());
  await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.2', '10.0.0.3']));
  expect(await callsOf(bed, () => bed.apply())).toEqual([`POST ${BELOW}`, `POST ${BELOW}`, `POST ${BELOW}`]);
  expect(others(bed.state())).toEqual(before);
  const members = membersOf(bed);
  expect([...members.keys()]).toEqual([
    '/Common/10.0.0.1:80',
    '/Common/10.0.0.2:8080',
    '/Common/10.0.0.3:8080',
    '/Common/10.0.0.9:80',
  ]);
  expect(members.get('/Common/10.0.0.1:80')).toContain('-- fairlead:lab sheet:Service/app');
  expect(members.get('/Common/10.0.0.2:8080')).toContain('-- fairlead:lab lab:Service/shop/web');
  // Both give one: it is of both until one lets go.
  await rows(`app,${POOL},10.0.0.2:8080,,`);
  expect(await callsOf(bed, () => bed.apply())).toEqual([
    `DELETE ${BELOW}/~Common~10.0.0.1:80`,
    `PATCH ${BELOW}/~Common~10.0.0.2:8080`,
  ]);
  expect(membersOf(bed).get('/Common/10.0.0.2:8080')).toContain(
    '-- fairlead:lab lab:Service/shop/web sheet:Service/app',
  );
  await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.3']));
  expect(await callsOf(bed, () => bed.apply())).toEqual([`PATCH ${BELOW}/~Common~10.0.0.2:8080`]);
  expect(await callsOf(bed, () => bed.apply())).toEqual([]);
});

it('AC-06 AC-02 a source that fails keeps its members, and those of the other go on', async () => {
  const { bed, rows } = await makeTable();
  await populate(bed);
  await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.2', '10.0.0.3']));
  await bed.apply();
  await rows(`app,${POOL},not-an-address,,`);
  await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.3']));
  expect(await callsOf(bed, () => bed.cli('apply', '--yes'))).toEqual([`DELETE ${BELOW}/~Common~10.0.0.2:8080`]);
  expect([...membersOf(bed).keys()]).toEqual(['/Common/10.0.0.1:80', '/Common/10.0.0.3:8080', '/Common/10.0.0.9:80']);
});

it('AC-06 a pool elsewhere is refused to a Service and a row that no `only` speaks of', async () => {
  const bed = await makeBed();
  await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.2']));
  const { out } = await bed.cli('plan');
  expect(out).toContain(
    `"${POOL}", expected a name, a full path in /k, or that of a pool which \`only: pool-members of`,
  );
  const { bed: table } = await makeTable({ only: 'pool-members of /Common/other' });
  const told = await table.cli('plan');
  expect(told.out).toContain(`pool is "${POOL}", expected a name, a full path in /k`);
});
