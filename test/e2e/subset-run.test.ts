import { describe, expect, it, vi } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { BELOW, POOL, type Table, calls, callsOf, makeTable, membersOf, others, populate } from '../support/subset.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 60_000 });

const TEAM_POOL = '/k/shop_web_http';
const TEAM_BELOW = '/mgmt/tm/ltm/pool/~k~shop_web_http/members';

/** A pool that a team made by hand where the Service would make one, and the Service’s pods behind it. */
async function cluster(): Promise<Bed> {
  const bed = await makeBed({ bigip: `    only: pool-members of ${TEAM_POOL}` });
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  await bed.rest('POST', '/mgmt/tm/ltm/pool', { name: 'shop_web_http', partition: 'k', description: 'team' });
  await pods(bed, '10.0.0.1', '10.0.0.2');
  await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.7']));
  return bed;
}

function pods(bed: Bed, ...addresses: readonly string[]): Promise<void> {
  return bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', addresses));
}

function without(state: ReadonlyMap<string, string>, collection: string): readonly unknown[] {
  return [...state].filter(([name]) => name !== collection);
}

it('AC-06 run follows pods into a team’s pool: a pod is one request and one comparison; a restart and drift write nothing', async () => {
  const bed = await cluster();
  const before = others(bed.state(), TEAM_POOL);
  const running = await bed.run().started();
  await until('both pods are there', () => membersOf(bed, TEAM_POOL).size === 2);
  const start = running.cycles('start').at(-1)?.counters;
  bed.emulator.log.clear();
  await pods(bed, '10.0.0.1', '10.0.0.2', '10.0.0.3');
  await until('the third pod is there', () => running.cycles('change').length > 0);
  expect(calls(bed.emulator.log.entries())).toEqual([`POST ${TEAM_BELOW}`]);
  const after = running.cycles('change').at(-1)?.counters;
  expect(Number(after?.['diffs']) - Number(start?.['diffs'])).toBe(1);
  expect(Number(after?.['merges']) - Number(start?.['merges'])).toBe(1);
  await pods(bed, '10.0.0.1', '10.0.0.3');
  await until('a pod is gone', () => membersOf(bed, TEAM_POOL).size === 2);
  await running.stop();
  expect(calls(bed.emulator.log.entries())).toEqual([`DELETE ${TEAM_BELOW}/~k~10.0.0.2:8080`, `POST ${TEAM_BELOW}`]);
  bed.emulator.log.clear();
  const again = await bed.run().started();
  await again.stop();
  expect(calls(bed.emulator.log.entries())).toEqual([]);
  // What the device makes along with members is all that is new.
  const now = others(bed.state(), TEAM_POOL);
  expect(without(now, 'ltm/node')).toEqual(without(before, 'ltm/node'));
});

it('AC-06 on the drift interval a member that somebody removed comes back, and what its owner changed stays', async () => {
  const { bed } = await makeTable({
    more: 'run: { settle: 5ms, idle: 50ms, driftInterval: 200ms, retry: { initial: 50ms, max: 200ms } }',
  });
  await populate(bed);
  const running = await bed.run().started();
  await bed.rest('PATCH', '/mgmt/tm/ltm/pool/~Common~app_owner_pool', { description: 'changed', minActiveMembers: 2 });
  await bed.rest('PATCH', `${BELOW}/~Common~10.0.0.9:80`, { ratio: 9 });
  const before = others(bed.state());
  bed.emulator.log.clear();
  await bed.rest('DELETE', `${BELOW}/~Common~10.0.0.1:80`);
  await until('it is back', () => membersOf(bed).has('/Common/10.0.0.1:80'));
  await running.stop();
  expect(calls(bed.emulator.log.entries())).toEqual([`DELETE ${BELOW}/~Common~10.0.0.1:80`, `POST ${BELOW}`]);
  expect(others(bed.state())).toEqual(before);
  expect(membersOf(bed).get('/Common/10.0.0.9:80')).toContain('"ratio":9');
});

/** Three members; then one goes, one changes and one comes. */
const STEPS = [
  [`app,${POOL},10.0.0.1:80,,`, `app,${POOL},10.0.0.2:80,,`],
  [`app,${POOL},10.0.0.2:80,,5`, `app,${POOL},10.0.0.3:80,,`],
] as const;

async function prepared(): Promise<Table> {
  const table = await makeTable();
  await populate(table.bed);
  await table.rows(...STEPS[0]);
  await table.bed.apply();
  await table.rows(...STEPS[1]);
  return table;
}

describe('AC-06 interrupted at write', () => {
  it.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [3, 'after'],
  ] as const)('%i, %s it: the next start does what is left, and nothing twice', async (write, when) => {
    const whole = await prepared();
    expect(await callsOf(whole.bed, () => whole.bed.apply())).toHaveLength(3);
    const { bed } = await prepared();
    const before = others(bed.state());
    expect(await bed.killed(write, when, 'apply', '--yes')).toBe(true);
    const left = await callsOf(bed, () => bed.apply());
    expect(left).toHaveLength(when === 'after' ? 3 - write : 4 - write);
    expect(membersOf(bed)).toEqual(membersOf(whole.bed));
    expect(others(bed.state())).toEqual(before);
    expect(await callsOf(bed, () => bed.apply())).toEqual([]);
  });

  it.each([1, 2, 3])('%i, with the answer lost: reading settles it', async (write) => {
    const { bed } = await prepared();
    let cut = false;
    bed.gate.reset();
    bed.gate.rule = (request) => {
      if (cut || request.write !== write) return 'pass';
      cut = true;
      return 'cut-after';
    };
    expect(await callsOf(bed, () => bed.apply())).toHaveLength(3);
    expect(cut).toBe(true);
    expect([...membersOf(bed).keys()]).toEqual(['/Common/10.0.0.2:80', '/Common/10.0.0.3:80', '/Common/10.0.0.9:80']);
    expect(await callsOf(bed, () => bed.apply())).toEqual([]);
  });
});

it('AC-06 a member that its owner made meanwhile is read again, and left', async () => {
  const { bed, rows } = await makeTable();
  await populate(bed);
  await bed.apply();
  const running = await bed.run().started();
  await bed.rest('POST', BELOW, { name: '10.0.0.2:80', description: 'the owner was faster' });
  bed.emulator.log.clear();
  await rows(`app,${POOL},10.0.0.1:80,,`, `app,${POOL},10.0.0.2:80,,`);
  await until('it was tried', () => running.cycles('change').length > 0);
  await running.stop();
  expect(membersOf(bed).get('/Common/10.0.0.2:80')).toContain('the owner was faster');
  expect(calls(bed.emulator.log.entries())).toEqual([`POST ${BELOW}`]);
  expect(bed.printed).toContain('"state":"stale"');
  const again = await bed.run().started();
  await again.stop();
  expect(calls(bed.emulator.log.entries())).toEqual([`POST ${BELOW}`]);
  const told = again.events().flatMap(({ diagnostic }) => diagnostic?.code ?? []);
  expect(told).toContain('foreign-object');
});

it('AC-06 a pool that goes under way is told, and its members come when it is there again', async () => {
  const { bed, rows } = await makeTable({
    more: 'run: { settle: 5ms, idle: 50ms, driftInterval: 200ms, retry: { initial: 50ms, max: 200ms } }',
  });
  await populate(bed);
  const running = await bed.run().started();
  await bed.rest('DELETE', '/mgmt/tm/ltm/virtual/~Common~app');
  await bed.rest('DELETE', '/mgmt/tm/ltm/pool/~Common~app_owner_pool');
  await rows(`app,${POOL},10.0.0.1:80,,`, `app,${POOL},10.0.0.2:80,,`);
  await until('it is withheld', () => running.events().some(({ diagnostic }) => diagnostic?.code === 'blocked'));
  expect(bed.state().has(`ltm/pool  ${POOL}`)).toBe(false);
  await bed.rest('POST', '/mgmt/tm/ltm/pool', { name: 'app_owner_pool' });
  await until('both are there', () => membersOf(bed).size === 2);
  expect(await running.stop()).toBe(0);
});
