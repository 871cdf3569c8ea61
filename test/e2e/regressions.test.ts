import { expect, it } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

const MEMBER = '/mgmt/tm/ltm/pool/~k~shop_web_http/members/~k~10.0.0.1:8080';
const LEAVING = { ready: false, serving: true, terminating: true };

/** A bed with a Service of two pods on the device. */
async function bedWithWeb(): Promise<Bed> {
  const bed = await makeBed();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.apply();
  bed.emulator.log.clear();
  return bed;
}

async function stateOf(bed: Bed): Promise<unknown> {
  const { session, state } = await bed.rest('GET', MEMBER);
  return [session, state];
}

it('AS3 #777 #800 #875 a member goes through disabled, offline by a person, and back, one request each, and nothing else is touched', async () => {
  const bed = await bedWithWeb();
  const leaving = { address: '10.0.0.1', conditions: LEAVING };
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', [leaving, '10.0.0.2']));
  await bed.apply();
  expect(bed.writes().filter((write) => write.includes('/ltm/'))).toEqual([`PATCH ${MEMBER}`]);
  expect((await stateOf(bed)) as string[]).toContain('user-disabled');
  // A person forces it offline meanwhile; when the pod is back, it serves again.
  await bed.rest('PATCH', MEMBER, { session: 'user-disabled', state: 'user-down' });
  expect(await stateOf(bed)).toEqual(['user-disabled', 'user-down']);
  bed.emulator.log.clear();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.apply();
  expect(bed.writes().filter((write) => write.includes('/ltm/'))).toEqual([`PATCH ${MEMBER}`]);
  expect((await stateOf(bed)) as string[]).not.toContain('user-disabled');
  expect((await stateOf(bed)) as string[]).not.toContain('user-down');
});

it('go-bigip PR 47 a member update that carries appService is taken, as that client sends it', async () => {
  const bed = await bedWithWeb();
  const answer = await bed.rest('PATCH', MEMBER, { session: 'user-disabled', state: 'user-up', appService: 'none' });
  expect(answer).toMatchObject({ name: '10.0.0.1:8080', session: 'user-disabled' });
});

it('f5-openstack-agent #584 a member PATCH with another address is refused, and ours never hold one', async () => {
  const bed = await bedWithWeb();
  await expect(bed.rest('PATCH', MEMBER, { address: '10.0.0.9' })).rejects.toThrow(/400.*address/);
  const leaving = { address: '10.0.0.1', conditions: LEAVING };
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', [leaving, '10.0.0.2']));
  bed.emulator.log.clear();
  const { out } = await bed.cli('plan', '--show', 'rest');
  expect(out).toContain(`PATCH ${MEMBER}`);
  expect(out).not.toContain('"address"');
});

it('a pool that cannot be made keeps its virtual server waiting, which is told and no failure; the others go on', async () => {
  const bed = await makeBed();
  const ports = [
    { name: 'http', port: 80 },
    { name: 'admin', port: 81 },
  ];
  const annotations = { 'fairlead.io/members.admin': 'nodeport' };
  await bed.put(
    'web',
    service('web', { address: '10.1.10.1', annotations, spec: { ports } }),
    slice('web', ['10.0.0.1']),
  );
  const { out } = await bed.apply();
  expect(out).toContain('virtual server /k/shop_web_admin waits for pool /k/shop_web_admin: Service shop/web');
  const virtuals = (): readonly string[] => [...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '));
  expect(virtuals()).toEqual(['ltm/virtual  /k/shop_web_http']);
  await bed.put('web', service('web', { address: '10.1.10.1', spec: { ports } }), slice('web', ['10.0.0.1']));
  await bed.apply();
  expect(virtuals()).toHaveLength(2);
});

it('the timeout of session affinity is that of the Service: a profile of its own, which comes, changes and goes with it', async () => {
  const bed = await makeBed();
  const put = async (timeoutSeconds: number | undefined): Promise<unknown> => {
    const sessionAffinityConfig = timeoutSeconds === undefined ? undefined : { clientIP: { timeoutSeconds } };
    const spec = { sessionAffinity: 'ClientIP', sessionAffinityConfig };
    await bed.put('web', service('web', { address: '10.1.10.1', spec }), slice('web', ['10.0.0.1']));
    await bed.apply();
    expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
    return (bed.emulator.dump()['ltm/persistence/source-addr'] ?? [])
      .filter(({ fullPath }) => fullPath.startsWith('/k/'))
      .map(({ fullPath, values }) => [fullPath, values['timeout']]);
  };
  expect(await put(undefined)).toEqual([['/k/shop_web__affinity', '10800']]);
  bed.emulator.log.clear();
  expect(await put(60)).toEqual([['/k/shop_web__affinity', '60']]);
  expect(bed.writes().filter((write) => write.includes('/ltm/'))).toEqual([
    'PATCH /mgmt/tm/ltm/persistence/source-addr/~k~shop_web__affinity',
  ]);
  expect(await put(180)).toEqual([]);
  const virtual = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~k~shop_web_http');
  expect(JSON.stringify(virtual['persist'])).toContain('"source_addr"');
});
