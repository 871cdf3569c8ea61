import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

async function many(bed: Bed, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) await one(bed, number);
}

async function one(bed: Bed, number: number): Promise<void> {
  const name = `s${number}`;
  await bed.put(name, service(name, { address: `10.1.10.${number + 1}` }), slice(name, [`10.0.0.${number + 1}`]));
}

it('AC-02 more deletes than the threshold wait for a person, everything else goes on; then they are allowed', async () => {
  const bed = await makeBed();
  await many(bed, 12);
  await bed.apply();
  const before = bed.state();
  for (let number = 0; number < 6; number += 1) await bed.remove(`s${number}`);
  await one(bed, 50);
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('! threshold');
  expect(out).toContain('--allow-deletes');
  for (const key of before.keys()) expect([key, bed.state().has(key)]).toEqual([key, true]);
  expect(bed.state().has('ltm/virtual  /k/shop_s50_http')).toBe(true);
  await bed.apply('--allow-deletes');
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(7);
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/node '))).toHaveLength(7);
});

it('AC-02 run deletes nothing above the threshold, and goes on following', async () => {
  const bed = await makeBed();
  await many(bed, 12);
  const running = await bed.run().started();
  const before = bed.state();
  // As when a deployment tool replaces the folder, or a mount goes away.
  await rename(path.join(bed.folder, 'cluster'), path.join(bed.folder, 'away'));
  await until('it is told', () => running.events().some(({ diagnostic }) => diagnostic !== undefined));
  expect(bed.state()).toEqual(before);
  await rename(path.join(bed.folder, 'away'), path.join(bed.folder, 'cluster'));
  await one(bed, 20);
  await until('it follows again', () => bed.state().has('ltm/virtual  /k/shop_s20_http'));
  await running.stop();
  for (const [key, value] of before) expect([key, bed.state().get(key)]).toEqual([key, value]);
});

it('AC-02 a folder that is empty, or not there, deletes nothing, also after a restart', async () => {
  const bed = await makeBed();
  // Fewer objects than the threshold.
  await many(bed, 2);
  await bed.apply();
  const before = bed.state();
  for (let number = 0; number < 2; number += 1) await bed.remove(`s${number}`);
  const empty = await bed.cli('apply', '--yes');
  expect(bed.state()).toEqual(before);
  expect(empty.out).toContain('--allow-deletes');
  await rm(path.join(bed.folder, 'cluster'), { recursive: true });
  const missing = await bed.cli('apply', '--yes', '--allow-deletes');
  expect(missing.code).toBe(1);
  expect(bed.state()).toEqual(before);
});

it('run, started on an empty folder, deletes nothing; when something is there again, what is gone goes', async () => {
  const bed = await makeBed();
  await many(bed, 2);
  await bed.apply();
  const before = bed.state();
  for (let number = 0; number < 2; number += 1) await bed.remove(`s${number}`);
  const running = await bed.run().started();
  expect(bed.state()).toEqual(before);
  await one(bed, 0);
  await until('the other is gone', () => !bed.state().has('ltm/virtual  /k/shop_s1_http'));
  await running.stop();
  expect(bed.state().get('ltm/virtual  /k/shop_s0_http')).toBe(before.get('ltm/virtual  /k/shop_s0_http'));
});

/** A virtual server and a pool that a person made, as the Service would have them. */
async function makeByHand(bed: Bed): Promise<void> {
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  const members = [{ name: '10.0.0.1:8080' }, { name: '10.0.0.9:8080' }];
  const pool = { name: 'shop_web_http', partition: 'k', members, reselectTries: 2, description: 'by hand' };
  await bed.rest('POST', '/mgmt/tm/ltm/pool', pool);
  const virtual = { destination: '/k/10.1.10.1:80', ipProtocol: 'tcp', pool: '/k/shop_web_http', mirror: 'enabled' };
  await bed.rest('POST', '/mgmt/tm/ltm/virtual', { name: 'shop_web_http', partition: 'k', ...virtual });
}

it('AC-04 adoption is shown before it is done, is refused without being asked for, and keeps what is not ours to set', async () => {
  const bed = await makeBed();
  await makeByHand(bed);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  const before = bed.state();
  const refused = await bed.cli('apply', '--yes');
  expect(refused.out).toContain('! foreign pool /k/shop_web_http');
  expect(bed.state()).toEqual(before);
  const shown = await bed.cli('plan', '--adopt', 'all', '--exit-code');
  expect(shown.code).toBe(2);
  expect(shown.out).toContain('~ update virtual server /k/shop_web_http (adopted: it is there and not ours yet)');
  expect(bed.state()).toEqual(before);
  await bed.apply('--adopt', 'all');
  expect(bed.state().get('ltm/pool  /k/shop_web_http')).toContain('"reselectTries":2');
  expect(bed.state().get('ltm/virtual  /k/shop_web_http')).toContain('"mirror":"enabled"');
  // The person's nodes are theirs: they stay when the members go.
  expect(bed.state().has('ltm/node  /k/10.0.0.9')).toBe(true);
  expect(bed.state().has('ltm/pool/members /k/shop_web_http /k/10.0.0.9:8080')).toBe(false);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('F-42 nothing gets a virtual server unless it is asked for', async () => {
  const bed = await makeBed();
  const types = [
    { type: 'ClusterIP', loadBalancerClass: undefined },
    { type: 'NodePort', loadBalancerClass: undefined },
    { loadBalancerClass: undefined },
    { loadBalancerClass: 'example.com/other' },
    { type: 'ExternalName', externalName: 'example.com', loadBalancerClass: undefined },
  ];
  for (const [index, spec] of types.entries()) {
    await bed.put(
      `s${index}`,
      service(`s${index}`, { spec: { clusterIP: '10.96.0.1', ...spec } }),
      slice(`s${index}`, ['10.0.0.1']),
    );
  }
  await bed.put(
    'off',
    service('off', { address: '10.1.10.1', annotations: { 'fairlead.io/expose': 'false' } }),
    slice('off', ['10.0.0.2']),
  );
  const before = bed.state();
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('Nothing to do');
  expect(bed.state()).toEqual(before);
  expect(bed.writes()).toEqual([]);
});

it('F-38 AC-07 plan changes nothing on the device and in the cluster, whatever there is to do', async () => {
  const bed = await makeBed();
  await many(bed, 3);
  await bed.apply();
  await bed.remove('s0');
  await one(bed, 7);
  const before = bed.state();
  bed.emulator.log.clear();
  for (const args of [
    [],
    ['--show', 'rest'],
    ['--show', 'tmsh'],
    ['-o', 'json'],
    ['-o', 'markdown'],
    ['--allow-deletes', '--adopt', 'all'],
  ]) {
    const { out, code } = await bed.cli('plan', ...args);
    expect([code, out.includes('s7')]).toEqual([0, true]);
  }
  expect(bed.state()).toEqual(before);
  expect(bed.writes()).toEqual([]);
});
