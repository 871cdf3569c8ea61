import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ApiBed } from '../../src/sources/kubernetes/testing/harness.ts';
import { serviceObject, sliceObject } from '../../src/sources/kubernetes/testing/objects.ts';
import { type Bed, later, makeBed, until } from '../support/e2e.ts';

const TABLE = 'service,pool,monitor,member,member_port\n';
const POOL = '/mgmt/tm/ltm/pool/~k~shop';

interface Lab {
  readonly bed: Bed;
  readonly east: ApiBed;
  readonly west: ApiBed;
  readonly table: (...rows: readonly string[]) => Promise<void>;
}

/** Two clusters with API servers of their own, and a table that has precedence, for one pool. */
async function start(): Promise<Lab> {
  const [east, west] = await Promise.all([new ApiBed().start(), new ApiBed().start()]);
  later(() => Promise.all([east.stop(), west.stop()]).then(() => undefined));
  const config = async (cluster: ApiBed): Promise<string> => await cluster.kubeconfig({ token: 'cluster-token' });
  const bed = await makeBed({
    kubernetes: `{ kubeconfig: ${await config(east)} }`,
    source: `  - name: west
    kubernetes: { kubeconfig: ${await config(west)} }
    members: cluster
  - name: sheet
    precedence: 10
    files: { paths: [./vips.csv] }`,
  });
  const table = (...rows: readonly string[]): Promise<void> =>
    writeFile(path.join(bed.folder, 'vips.csv'), TABLE + rows.map((row) => `shop,shop,/Common/http,${row}\n`).join(''));
  await table('10.0.9.1,80', '10.0.9.2,80');
  for (const [index, { api }] of [east, west].entries()) {
    const annotations = {
      'fairlead.io/pool': 'shop',
      ...(index === 1 ? { 'fairlead.io/monitor': '/Common/https' } : {}),
    };
    const service = serviceObject('shop/web', { type: 'ClusterIP', loadBalancerClass: undefined });
    api.put({ ...service, metadata: { ...service.metadata, annotations } });
    api.put(sliceObject('shop/web', [`10.0.${index}.1`]));
  }
  return { bed, east, west, table };
}

async function members({ bed }: Lab): Promise<string> {
  const { items = [] } = (await bed.rest('GET', `${POOL}/members`)) as { items?: readonly { readonly name: string }[] };
  return items
    .map(({ name }) => name)
    .sort()
    .join(' ');
}

const poolWrites = ({ bed }: Lab): readonly string[] => bed.writes().filter((write) => write.includes('/ltm/pool/'));

it('AC-03 the Service that lost a field against a source with precedence hears of it in an Event, and all else of it is there', async () => {
  const lab = await start();
  const running = await lab.bed.run().started();
  expect(await members(lab)).toBe('10.0.0.1:8080 10.0.1.1:8080 10.0.9.1:80 10.0.9.2:80');
  expect(await lab.bed.rest('GET', POOL)).toMatchObject({ monitor: expect.stringMatching(/^\/Common\/http ?$/) });
  const heard = (): readonly string[] =>
    lab.west.api.collection('events').objects.map((event) => String(event['message'] ?? event['note']));
  await until('it hears of it', () => heard().some((text) => text.includes('monitor of pool /k/shop')));
  expect(heard().join('\n')).toContain('already given by Service shop (sheet), which has precedence 10 over 0');
  expect(lab.east.api.collection('events').objects.map((event) => event['type'])).not.toContain('Warning');
  expect(await running.stop()).toBe(0);
});

it('AC-02 an API server that goes away freezes its own members alone, and a restart without it writes nothing', async () => {
  const lab = await start();
  const { bed, east, west, table } = lab;
  const running = await bed.run().started();
  await west.api.stop();
  await until('it is told', () => running.io.out().includes('west'));
  bed.emulator.log.clear();
  east.api.put(sliceObject('shop/web', ['10.0.0.1', '10.0.0.2']));
  await until('the pod is there', async () => (await members(lab)).includes('10.0.0.2:8080'));
  await table('10.0.9.1,80');
  await until('the row is gone', async () => !(await members(lab)).includes('10.0.9.2'));
  expect(poolWrites(lab)).toEqual([`POST ${POOL}/members`, `PATCH ${POOL}`]);
  expect(await members(lab)).toBe('10.0.0.1:8080 10.0.0.2:8080 10.0.1.1:8080 10.0.9.1:80');
  expect(await running.stop()).toBe(0);

  await bed.cli('apply', '--yes');
  bed.emulator.log.clear();
  const again = await bed.run().started();
  expect(poolWrites(lab)).toEqual([]);
  expect(await members(lab)).toContain('10.0.1.1:8080');
  expect(await again.stop()).toBe(0);
});
