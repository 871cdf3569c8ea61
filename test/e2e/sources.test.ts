import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

const TABLE = 'service,vip,port,member,member_port\nshop,10.1.10.60,443,10.0.9.1,8443\n';

/** A cluster and a table on one device. */
async function bedOfTwo(): Promise<{ readonly bed: Bed; readonly table: (text: string) => Promise<void> }> {
  const bed = await makeBed({ source: '  - name: sheet\n    files: { paths: [./vips.csv] }' });
  const table = (text: string): Promise<void> => writeFile(path.join(bed.folder, 'vips.csv'), text);
  await table(TABLE);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  return { bed, table };
}

const shopOf = (bed: Bed): readonly (readonly [string, string])[] =>
  [...bed.state()].filter(([key]) => /shop_443|10\.1\.10\.60|10\.0\.9\.1/.test(key));

it('AC-02 a cluster and a table feed one device; a table that is emptied keeps its objects, and the cluster is followed', async () => {
  const { bed, table } = await bedOfTwo();
  await bed.apply();
  expect(shopOf(bed).length).toBeGreaterThanOrEqual(4);
  const before = shopOf(bed);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await table('service,vip,port,member,member_port\n');
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  const { out, err } = await bed.cli('apply', '--yes');
  expect(out + err).toMatch(/vips\.csv: has no rows/);
  expect(shopOf(bed)).toEqual(before);
  expect([...bed.state().keys()].some((key) => key.includes('10.0.0.2:8080'))).toBe(true);
});

it('AC-82 run follows a table: a row is one request, and a table that is taken away deletes nothing', async () => {
  const { bed, table } = await bedOfTwo();
  const running = await bed.run().started();
  bed.emulator.log.clear();
  await table(`${TABLE}shop,10.1.10.60,443,10.0.9.2,8443\n`);
  await until('the member is there', () => [...bed.state().keys()].some((key) => key.includes('10.0.9.2:8443')));
  expect(bed.writes().filter((write) => write.includes('/ltm/'))).toHaveLength(1);
  await table('');
  await until('it is told', () => running.io.out().includes('vips.csv: is empty'));
  expect([...bed.state().keys()].some((key) => key.includes('10.0.9.2:8443'))).toBe(true);
  expect(await running.stop()).toBe(0);
});
