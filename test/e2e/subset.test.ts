import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Bed, type BedOptions, makeBed } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import type { LogEntry } from '../../src/emulator/index.ts';

const POOL = '/Common/app_owner_pool';
const BELOW = '/mgmt/tm/ltm/pool/~Common~app_owner_pool/members';
const HEADER = 'service,pool,member,state,weight\n';

type State = ReadonlyMap<string, string>;

interface Table {
  readonly bed: Bed;
  /** Writes the table: one row a line, behind the header. */
  readonly rows: (...lines: readonly string[]) => Promise<void>;
}

/** A device that somebody else owns, and a table that gives members to one of its pools. */
async function makeTable(options: BedOptions & { readonly only?: string } = {}): Promise<Table> {
  const { only = `pool-members of ${POOL}`, ...more } = options;
  const bed = await makeBed({
    source: '  - name: sheet\n    files: { paths: [./members.csv] }',
    bigip: `    only: ${only}`,
    ...more,
  });
  const rows = (...lines: readonly string[]): Promise<void> =>
    writeFile(path.join(bed.folder, 'members.csv'), HEADER + lines.map((line) => `${line}\n`).join(''));
  await rows(`app,${POOL},10.0.0.1:80,,`);
  return { bed, rows };
}

/** What a CIS-like controller and people have on the device, the pool and a virtual server in front of it among it. */
async function populate(bed: Bed): Promise<void> {
  const post = (url: string, body: object): Promise<unknown> => bed.rest('POST', `/mgmt/tm/${url}`, body);
  await post('auth/partition', { name: 'cis' });
  await post('ltm/monitor/http', { name: 'by-hand', partition: 'Common', interval: 3 });
  for (const last of [1, 2, 3, 9]) await post('ltm/node', { name: `10.0.0.${last}`, address: `10.0.0.${last}` });
  await post('ltm/node', { name: 'web4', address: '10.0.0.4', description: 'the fourth' });
  const metadata = [{ name: 'user_agent', persist: 'true', value: 'k8s-bigip-ctlr-2.20.2-id-1' }];
  await post('ltm/pool', {
    name: 'app_owner_pool',
    description: 'app team',
    loadBalancingMode: 'least-connections-member',
    minActiveMembers: 1,
    monitor: '/Common/by-hand',
    metadata,
    members: [{ name: '10.0.0.9:80', description: 'the owner’s', ratio: 7 }],
  });
  await post('ltm/virtual', { name: 'app', destination: '10.1.99.1:80', pool: POOL });
  await post('ltm/pool', { name: 'shop_web', partition: 'cis', metadata, members: [{ name: '10.9.0.1:8080' }] });
}

/** All but the members of the pool: each collection as one text. */
function others(state: State): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of [...state].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (key.startsWith(`ltm/pool/members ${POOL} `)) continue;
    const [collection = ''] = key.split(' ');
    texts.set(collection, `${texts.get(collection) ?? ''}${key} ${value}\n`);
  }
  return texts;
}

function membersOf(bed: Bed): readonly string[] {
  const start = `ltm/pool/members ${POOL} `;
  return [...bed.state().keys()].flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : [])).sort();
}

/** The two calls of a login, which change nothing of the configuration. */
const LOGIN = [/^POST \/mgmt\/shared\/authn\/login$/, /^DELETE \/mgmt\/shared\/authz\/tokens\/\*\*\*$/];

/** Every request but reads and logins. */
function calls(entries: readonly LogEntry[]): readonly string[] {
  const lines = entries.filter(({ method }) => method !== 'GET').map(({ method, path: url }) => `${method} ${url}`);
  return lines.filter((line) => !LOGIN.some((pattern) => pattern.test(line)));
}

describe.each(['12.1', '17.1'])('AC-06 on TMOS %s', (tmos) => {
  const emulator = { tmos, users: [{ name: 'admin', password: 'correct-horse-8472' }] };

  it('members of a pool that somebody else owns: only reads and calls below the pool, all else is byte for byte as it was', async () => {
    const { bed, rows } = await makeTable({ emulator });
    await populate(bed);
    // A Service that wants all there is, which is out of scope.
    await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
    const before = others(bed.state());
    const steps: readonly (readonly [rows: readonly string[], calls: readonly string[]])[] = [
      [[`app,${POOL},10.0.0.1:80,,`], [`POST ${BELOW}`]],
      [[`app,${POOL},10.0.0.1:80,,3`], [`PATCH ${BELOW}/~Common~10.0.0.1:80`]],
      [[`app,${POOL},10.0.0.1:80,drain,3`], [`PATCH ${BELOW}/~Common~10.0.0.1:80`]],
      [
        [`app,${POOL},10.0.0.2:80,,`, `app,${POOL},10.0.0.3:80,,`, `app,${POOL},10.0.0.4:80,,`],
        [`POST ${BELOW}`, `POST ${BELOW}`, `POST ${BELOW}`, `DELETE ${BELOW}/~Common~10.0.0.1:80`],
      ],
      [[`app,${POOL},10.0.0.2:80,,`], [`DELETE ${BELOW}/~Common~10.0.0.3:80`, `DELETE ${BELOW}/~Common~web4:80`]],
    ];
    for (const [given, expected] of steps) {
      await rows(...given);
      bed.emulator.log.clear();
      await bed.apply();
      expect([...calls(bed.emulator.log.entries())].sort()).toEqual([...expected].sort());
      expect(others(bed.state())).toEqual(before);
      bed.emulator.log.clear();
      const again = await bed.apply();
      expect(again.out).toContain('Nothing to do');
      expect(calls(bed.emulator.log.entries())).toEqual([]);
    }
    expect(membersOf(bed)).toEqual(['/Common/10.0.0.2:80', '/Common/10.0.0.9:80']);
  });
});

it('AC-06 plan says what is out of scope, whose members are left, and has a fingerprint of its own', async () => {
  const { bed } = await makeTable();
  await populate(bed);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  const { out } = await bed.cli('plan');
  expect(out).toContain(`+ create pool member ${POOL}/members/10.0.0.1:80`);
  expect(out).not.toContain('virtual server');
  expect(out).toMatch(/Only pool-members of \/Common\/app_owner_pool: 3 wanted objects are out of scope/);
  expect(out).toContain(`pool ${POOL} has members that are not ours, and that are left as they are: 10.0.0.9:80`);
});
