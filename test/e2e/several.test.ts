import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

/** A table of one service, whose rows give members to the pool `shop`. */
const table = (...rows: readonly string[]): string =>
  `service,vip,port,pool,load_balancing,min_active_members,member,member_port,weight\n${rows.map((row) => `shop,10.1.10.60,443,shop,ratio-member,1,${row}\n`).join('')}`;

/** A Service that only gives its members to the pool `shop`. */
function giver(name: string, annotations: Readonly<Record<string, string>> = {}): object {
  return service(name, {
    annotations: { 'fairlead.io/pool': 'shop', ...annotations },
    spec: { type: 'ClusterIP', loadBalancerClass: undefined },
  });
}

const SOURCES = `    poolMembers: { ratio: 3 }
  - name: west
    kubernetes: { manifests: ./west }
    members: cluster
    poolMembers: { priorityGroup: 5 }
  - name: sheet
    precedence: 10
    files: { paths: [./vips.csv] }`;

/** Two clusters and a table that feed one pool. */
class Several {
  readonly bed: Bed;

  constructor(bed: Bed) {
    this.bed = bed;
  }

  static async make(): Promise<Several> {
    const several = new Several(await makeBed({ source: SOURCES }));
    await mkdir(several.west);
    await several.table('10.0.9.1,8443,2', '10.0.9.2,8443,');
    await several.bed.put('web', giver('web'), slice('web', ['10.0.0.1', '10.0.0.2']));
    await several.putWest(giver('web'), slice('web', ['10.0.5.1']));
    return several;
  }

  get west(): string {
    return path.join(this.bed.folder, 'west');
  }

  async table(...rows: readonly string[]): Promise<void> {
    await writeFile(path.join(this.bed.folder, 'vips.csv'), table(...rows));
  }

  async putWest(...objects: readonly object[]): Promise<void> {
    await writeFile(path.join(this.west, 'web.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  }

  async configure(change: (text: string) => string): Promise<void> {
    const before = await readFile(this.bed.config, 'utf8');
    const after = change(before);
    if (after === before) throw new Error('nothing was changed');
    await writeFile(this.bed.config, after);
  }

  /** The pool's members with what the device has of them: `10.0.0.1:8080 3 0 user-enabled`. */
  async members(): Promise<readonly string[]> {
    const { items = [] } = (await this.bed.rest('GET', '/mgmt/tm/ltm/pool/~k~shop/members')) as {
      items?: readonly Record<'name' | 'ratio' | 'priorityGroup' | 'session' | 'description', string>[];
    };
    return items
      .map(({ name, ratio, priorityGroup, session }) =>
        [name, ratio, priorityGroup, session === 'user-disabled' ? 'disabled' : 'enabled'].join(' '),
      )
      .sort();
  }

  /** What an apply wrote, without the login and the save. */
  async applied(): Promise<readonly string[]> {
    this.bed.emulator.log.clear();
    const { code, out, err } = await this.bed.cli('apply', '--yes');
    // A source that is away makes an apply end with a code of its own.
    if (code > 2) throw new Error(out + err);
    return this.bed.writes().filter((write) => write.includes('/ltm/'));
  }
}

const POOL = '/mgmt/tm/ltm/pool/~k~shop';

it('AC-02 two clusters and a table feed one pool, each with its own ratio, priority group and precedence', async () => {
  const several = await Several.make();
  await several.applied();
  expect(await several.members()).toEqual([
    '10.0.0.1:8080 3 0 enabled',
    '10.0.0.2:8080 3 0 enabled',
    '10.0.5.1:8080 1 5 enabled',
    '10.0.9.1:8443 2 0 enabled',
    '10.0.9.2:8443 1 0 enabled',
  ]);
  expect(await several.bed.rest('GET', POOL)).toMatchObject({ loadBalancingMode: 'ratio-member', minActiveMembers: 1 });
  expect(await several.applied()).toEqual([]);
});

it('AC-02 a cluster is drained in the configuration with one request, and comes back with one', async () => {
  const several = await Several.make();
  await several.applied();
  await several.configure((text) => text.replace('{ ratio: 3 }', '{ ratio: 3, state: disabled }'));
  expect(await several.applied()).toEqual([`PATCH ${POOL}`]);
  expect((await several.members()).filter((member) => member.endsWith(' disabled'))).toEqual([
    '10.0.0.1:8080 3 0 disabled',
    '10.0.0.2:8080 3 0 disabled',
  ]);
  await several.configure((text) => text.replace(', state: disabled', ''));
  expect(await several.applied()).toEqual([`PATCH ${POOL}`]);
  expect((await several.members()).some((member) => member.endsWith(' disabled'))).toBe(false);
});

it('AC-02 a cluster that is away keeps its members, restarts write nothing, and all others go on', async () => {
  const several = await Several.make();
  await several.applied();
  await rename(several.west, `${several.west}-away`);
  expect(await several.applied()).toEqual([]);
  const { out, err } = await several.bed.cli('plan');
  expect(out + err).toContain('Not every source could be read whole (west)');
  await several.table('10.0.9.1,8443,2');
  // One request for the member; its node goes afterwards.
  const [removal, ...housekeeping] = await several.applied();
  expect(removal).toBe(`PATCH ${POOL}`);
  expect(housekeeping).toEqual([`PATCH ${POOL}`, 'DELETE /mgmt/tm/ltm/node/~k~10.0.9.2']);
  await several.bed.put('web', giver('web'), slice('web', ['10.0.0.1', '10.0.0.2', '10.0.0.3']));
  expect(await several.applied()).toEqual([`POST ${POOL}/members`]);
  expect(await several.members()).toContain('10.0.5.1:8080 1 5 enabled');
  await rename(`${several.west}-away`, several.west);
  expect(await several.applied()).toEqual([]);
  await several.putWest(giver('other'), slice('other', ['10.0.5.7']));
  const [back] = await several.applied();
  expect(back).toBe(`PATCH ${POOL}`);
  expect(await several.members()).not.toContain('10.0.5.1:8080 1 5 enabled');
});

it('AC-02 while a cluster is away, run follows the other and the table with one request each', async () => {
  const several = await Several.make();
  const running = await several.bed.run().started();
  await rename(several.west, `${several.west}-away`);
  await until('it is told', () => running.io.out().includes('west'));
  several.bed.emulator.log.clear();
  await several.bed.put('web', giver('web'), slice('web', ['10.0.0.1', '10.0.0.2', '10.0.0.3']));
  await until('the pod is there', async () => (await several.members()).includes('10.0.0.3:8080 3 0 enabled'));
  await several.table('10.0.9.1,8443,2');
  await until('the row is gone', async () => !(await several.members()).includes('10.0.9.2:8443 1 0 enabled'));
  expect(several.bed.writes().filter((write) => write.includes('/ltm/'))).toEqual([
    `POST ${POOL}/members`,
    `PATCH ${POOL}`,
  ]);
  expect(await several.members()).toContain('10.0.5.1:8080 1 5 enabled');
  expect(await running.stop()).toBe(0);
});

it('AC-03 precedence decides who sets a field, the loser is told, and defaults stand in nobody’s way', async () => {
  const several = await Several.make();
  const monitorOf = async (): Promise<unknown> => (await several.bed.rest('GET', POOL))['monitor'];
  await several.applied();
  expect(await monitorOf()).toMatch(/^\/Common\/tcp ?$/);
  await several.putWest(giver('web', { 'fairlead.io/monitor': '/Common/http' }), slice('web', ['10.0.5.1']));
  expect(await several.applied()).toEqual([`PATCH ${POOL}`]);
  expect(await monitorOf()).toMatch(/^\/Common\/http ?$/);
  await several.bed.put(
    'web',
    giver('web', { 'fairlead.io/monitor': '/Common/https' }),
    slice('web', ['10.0.0.1', '10.0.0.2']),
  );
  await several.configure((text) => text.replace('{ ratio: 3 }', '{ ratio: 3 }\n    precedence: 1'));
  const { out, err } = await several.bed.cli('plan');
  expect((out + err).replaceAll(/\s+/g, ' ')).toContain(
    'monitor of pool /k/shop is already given by Service shop/web (lab), which has precedence 1 over 0, in another way',
  );
  expect(await several.applied()).toEqual([`PATCH ${POOL}`]);
  expect(await monitorOf()).toMatch(/^\/Common\/https ?$/);
});

it('AC-02 a field that a source set stays while the source is away, also across a restart', async () => {
  const several = await Several.make();
  await several.putWest(giver('web', { 'fairlead.io/monitor': '/Common/http' }), slice('web', ['10.0.5.1']));
  await several.applied();
  await rename(several.west, `${several.west}-away`);
  expect(await several.applied()).toEqual([]);
  const { out, err } = await several.bed.cli('plan');
  expect((out + err).replaceAll(/\s+/g, ' ')).toContain(
    'monitor of pool /k/shop stays as it is: Service shop/web (west)',
  );
});

it('AC-02 a Service that goes takes its members along, and the pool goes with the last that gives to it', async () => {
  const several = await Several.make();
  await several.putWest(giver('other'), slice('other', ['10.0.5.9']));
  await several.applied();
  await several.bed.remove('web');
  await several.bed.put('idle', service('idle', { spec: { type: 'ClusterIP', loadBalancerClass: undefined } }));
  await several.bed.cli('apply', '--yes', '--allow-deletes');
  expect(await several.members()).toEqual([
    '10.0.5.9:8080 1 5 enabled',
    '10.0.9.1:8443 2 0 enabled',
    '10.0.9.2:8443 1 0 enabled',
  ]);
  await rm(path.join(several.west, 'web.yaml'));
  await several.table();
  await several.configure((text) => text.replace('paths: [./vips.csv]', 'paths: [./vips.csv], allowEmpty: true'));
  await several.bed.cli('apply', '--yes', '--allow-deletes');
  expect([...several.bed.state().keys()].filter((key) => key.includes('shop'))).toEqual([]);
});
