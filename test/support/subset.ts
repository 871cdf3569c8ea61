import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogEntry } from '../../src/emulator/index.ts';
import { type Bed, type BedOptions, makeBed } from './e2e.ts';

/** The pool that somebody else owns. */
export const POOL = '/Common/app_owner_pool';
/** Its members, on the wire. */
export const BELOW = '/mgmt/tm/ltm/pool/~Common~app_owner_pool/members';

type State = ReadonlyMap<string, string>;

/** A device that somebody else owns, and a table that gives members to one of its pools. */
export interface Table {
  readonly bed: Bed;
  /** Writes the table: one row a line, behind the header `service,pool,member,state,weight`. */
  readonly rows: (...lines: readonly string[]) => Promise<void>;
}

/** A bed with a table, and a line around what may be written; the table has one member. */
export async function makeTable(options: BedOptions & { readonly only?: string } = {}): Promise<Table> {
  const { only = `pool-members of ${POOL}`, bigip = '', ...more } = options;
  const bed = await makeBed({
    source: '  - name: sheet\n    files: { paths: [./members.csv] }',
    ...more,
    bigip: `    only: ${only}\n${bigip}`,
  });
  const rows = (...lines: readonly string[]): Promise<void> =>
    writeFile(
      path.join(bed.folder, 'members.csv'),
      `service,pool,member,state,weight\n${lines.map((line) => `${line}\n`).join('')}`,
    );
  await rows(`app,${POOL},10.0.0.1:80,,`);
  return { bed, rows };
}

/** What a CIS-like controller and people have on the device, the pool and a virtual server in front of it among it. */
export async function populate(bed: Bed): Promise<void> {
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

/** All but the members of a pool: each collection as one text. */
export function others(state: State, pool = POOL): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of [...state].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (key.startsWith(`ltm/pool/members ${pool} `)) continue;
    const [collection = ''] = key.split(' ');
    texts.set(collection, `${texts.get(collection) ?? ''}${key} ${value}\n`);
  }
  return texts;
}

/** The members of a pool, by full path, as the device stores them. */
export function membersOf(bed: Bed, pool = POOL): ReadonlyMap<string, string> {
  const start = `ltm/pool/members ${pool} `;
  const found = [...bed.state()].filter(([key]) => key.startsWith(start));
  return new Map(
    found.map(([key, value]) => [key.slice(start.length), value] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The two calls of a login, which change nothing of the configuration. The log hides what a token is. */
const LOGIN = new Set(['POST /mgmt/shared/authn/login', 'DELETE /mgmt/shared/authz/tokens/***']);

/** Every request but reads and logins, sorted. */
export function calls(entries: readonly LogEntry[]): readonly string[] {
  const lines = entries.filter(({ method }) => method !== 'GET').map(({ method, path: url }) => `${method} ${url}`);
  return lines.filter((line) => !LOGIN.has(line)).sort();
}

/** Does something, and gives the requests that it sent, but reads and logins. */
export async function callsOf(bed: Bed, step: () => Promise<unknown>): Promise<readonly string[]> {
  bed.emulator.log.clear();
  await step();
  return calls(bed.emulator.log.entries());
}
