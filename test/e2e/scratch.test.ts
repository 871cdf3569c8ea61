import { expect, it } from 'vitest';
import { makeBed, PASSWORD } from '../support/e2e.ts';
import { answerOf, resolverOf } from '../support/dns.ts';
import { service, slice, ingress, INGRESS_CLASS } from '../support/e2e-manifests.ts';
const MADE = '{ name: bigip1, addresses: [127.0.0.1], product: generic-host }';
async function dnsBed(given: any = {}) {
  const { target = `{ datacenters: [{ name: hq, server: ${MADE} }] }`, source = '{}' } = given;
  const users = [{ name: 'admin', password: PASSWORD }];
  return await makeBed({ bigip: `    dns: ${target}`, source: `    dns: ${source}`, emulator: { users, modules: ['gtm'], dns: { port: 0, timeScale: 0.01 }, ...given.emulator }, ...given.bed });
}
const ext = 'external-dns.alpha.kubernetes.io/';
const a = async (bed: any, host: string) => await answerOf((await resolverOf(bed.emulator)).resolve4(host));
const ws = (bed: any) => bed.writes().filter((w: string) => w.includes('/gtm/'));

const short = (out: string) => out.split('\n').filter((l) => /error|warn|refused|Applied|device \(|Plan:/.test(l)).join('\n');
it('ingress+service+suffix, ttl conflict, cname and a', async () => {
  const bed = await dnsBed({ source: '{ suffix: "apps.example.com" }' });
  await bed.put('c', INGRESS_CLASS);
  await bed.put('svc', service('shop', { address: '10.1.10.1', annotations: { 'fairlead.io/dns-ttl': '10' }, created: '2026-01-01T00:00:00Z' }), slice('shop', ['10.0.0.1']));
  await bed.put('cart', service('cart', { spec: { type: 'ClusterIP', loadBalancerClass: undefined }}), slice('cart', ['10.0.0.2']));
  await bed.put('ing', ingress('web', { 'shop.apps.example.com/cart': 'cart' }));
  await bed.put('cn', service('cn', { address: '10.1.10.3', annotations: { 'fairlead.io/hostname': 'shop.apps.example.com', 'fairlead.io/dns-target': 'else.example.net', 'fairlead.io/dns-ttl': '20' }, created: '2026-02-01T00:00:00Z' }));
  const r = await bed.cli('apply', '--yes');
  console.log(short(r.out), r.err);
  for (let i = 0; i < 4; i++) console.log(await a(bed, 'shop.apps.example.com'));
  console.log(JSON.stringify(await bed.rest('GET', '/mgmt/tm/gtm/wideip/a/~k~shop.apps.example.com')));
  bed.emulator.log.clear();
  await bed.cli('apply', '--yes');
  console.log('again', bed.writes());
  // move CNAME away
  await bed.remove('cn');
  console.log(short((await bed.cli('apply', '--yes')).out));
  for (let i = 0; i < 3; i++) console.log(await a(bed, 'shop.apps.example.com'));
  bed.emulator.log.clear();
  await bed.cli('apply', '--yes');
  console.log('again', bed.writes());
});
it('foreign server same name, other datacenter; foreign dc', async () => {
  const bed = await dnsBed({ target: `{ datacenters: [{ name: hq, server: { name: bigip1, addresses: [10.9.9.9] } }] }` });
  await bed.rest('POST', '/mgmt/tm/gtm/datacenter', { name: 'east' });
  await bed.rest('POST', '/mgmt/tm/gtm/server', { name: 'bigip1', datacenter: '/Common/east', product: 'generic-host', addresses: [{ name: '192.0.2.1', deviceName: 'bigip1' }] });
  await bed.put('svc', service('shop', { address: '10.1.10.1', annotations: { 'fairlead.io/hostname': 'a.example.com' } }));
  console.log((await bed.cli('check')).out);
  const r = await bed.cli('apply', '--yes');
  console.log(short(r.out), r.err, await a(bed, 'a.example.com'));
});
it('foreign wideip with our name: adopt', async () => {
  const bed = await dnsBed({ bed: { more: 'safety: { adopt: all }' } });
  await bed.put('x', service('x', { address: '10.1.10.9' }));
  await bed.apply();
  const post = (w: string, b: object) => bed.rest('POST', `/mgmt/tm/gtm/${w}`, b);
  await post('datacenter', { name: 'west' });
  await post('server', { name: 'w1', datacenter: '/Common/west', product: 'generic-host', addresses: [{ name: '192.0.2.1', deviceName: 'w1' }] });
  await post('server/~Common~w1/virtual-servers', { name: 'theirs', destination: '192.0.2.7:80' });
  await post('pool/a', { name: 'theirs', partition: 'k', members: ['w1:theirs'] });
  await post('wideip/a', { name: 'a.example.com', partition: 'k', pools: [{ name: 'theirs', partition: 'k' }], aliases: ['al.example.com'], persistence: 'enabled', failureRcode: 'servfail' });
  await bed.put('svc', service('shop', { address: '10.1.10.1', annotations: { 'fairlead.io/hostname': 'a.example.com' } }));
  const p = await bed.cli('plan');
  console.log(p.out);
  await bed.apply();
  console.log(JSON.stringify(await bed.rest('GET', '/mgmt/tm/gtm/wideip/a/~k~a.example.com')));
  bed.emulator.log.clear();
  await bed.apply();
  console.log('again', bed.writes());
});
it('alias of others is our host', async () => {
  const bed = await dnsBed();
  await bed.put('x', service('x', { address: '10.1.10.9' }));
  await bed.apply();
  const post = (w: string, b: object) => bed.rest('POST', `/mgmt/tm/gtm/${w}`, b);
  await post('wideip/a', { name: 'z.example.com', aliases: ['a.example.com'] });
  await bed.put('svc', service('shop', { address: '10.1.10.1', annotations: { 'fairlead.io/hostname': 'a.example.com,b.example.com' } }));
  const p = await bed.cli('apply', '--yes');
  console.log(p.out);
});
it('two instances', async () => {
  const one = await dnsBed({ bed: { instance: 'east', partition: 'k' } });
  await one.put('svc', service('shop', { address: '10.1.10.1', annotations: { 'fairlead.io/hostname': 'a.example.com' } }));
  await one.apply();
  for (const partition of ['k', 'w']) {
    const two = await makeBed({ bigip: `    dns: { datacenters: [{ name: hq, server: ${MADE} }] }`, source: `    dns: {}`, on: one.emulator, instance: 'west', partition });
    await two.put('svc', service('shop', { address: '10.1.10.2', annotations: { 'fairlead.io/hostname': 'a.example.com,only.example.com' } }));
    const r = await two.cli('apply', '--yes');
    console.log(partition, r.code, r.out, r.err);
  }
});
