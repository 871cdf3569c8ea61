import { expect, it } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import { INGRESS_CLASS, ingress, service, slice } from '../support/e2e-manifests.ts';
import { node } from '../pod-network/bed.ts';
import { CONFIG_MAP, annotatedNode, macOf } from '../pod-network/flannel.ts';

const VXLAN = '{ localAddress: 10.1.20.60, selfIp: 10.244.20.60/16, tunnelName: fl }';
const OTHER_MAC = '0e:6b:02:5a:14:9d';
/** As every Service of type LoadBalancer has it: a node port, which is none of the device's business here. */
const NODE_PORT = { ports: [{ name: 'http', port: 80, targetPort: 'http', nodePort: 30_080 }] };

/** A bed in a network of flannel whose members are what the config makes of them if it says nothing. */
async function networkBed(podNetwork: string, more = ''): Promise<Bed> {
  const bed = await makeBed({ members: 'auto', source: `    podNetwork: ${podNetwork}\n${more}` });
  await bed.put('flannel', CONFIG_MAP);
  for (const number of [1, 2]) await bed.put(`node${number}`, annotatedNode({ number }));
  return bed;
}

const vxlanBed = (): Promise<Bed> => networkBed(`{ cni: flannel, mode: vxlan, flannel: { vxlan: ${VXLAN} } }`);

/** One whose device is at 10.1.20.60 in the network of the nodes, to which it has a prefix of its own. */
async function routedBed(more = ''): Promise<Bed> {
  const bed = await networkBed('{ cni: flannel, mode: routes, deviceAddresses: [10.1.20.60] }', more);
  await bed.rest('POST', '/mgmt/tm/net/vlan', { name: 'internal', partition: 'Common' });
  const self = { name: 'internal', partition: 'Common', address: '10.1.20.60/16', vlan: '/Common/internal' };
  await bed.rest('POST', '/mgmt/tm/net/self', self);
  for (const number of [1, 2]) await bed.put(`node${number}`, routed(number, `10.1.20.10${number}`));
  return bed;
}

/** A Node at this address with its subnet, and perhaps more. */
function routed(number: number, address: string, ...more: readonly string[]): object {
  return node(number, {
    podCIDRs: [`10.244.${number}.0/24`, ...more],
    addresses: [{ type: 'InternalIP', address }],
  });
}

/** Paths and fields of all objects of a collection. */
function valuesOf(bed: Bed, collection: string, ...fields: readonly string[]): readonly (readonly string[])[] {
  const objects = bed.emulator.dump()[collection] ?? [];
  return objects.map(({ fullPath, values }) =>
    [fullPath].concat(fields.map((field) => String(values[field]).replace('%0', ''))),
  );
}

type Values = ReturnType<typeof valuesOf>;
const records = (bed: Bed): Values => valuesOf(bed, 'net/fdb/tunnel/records', 'endpoint');
const entries = (bed: Bed): Values => valuesOf(bed, 'net/arp', 'ipAddress', 'macAddress');
const routes = (bed: Bed): Values => valuesOf(bed, 'net/route', 'network', 'gw');

/** Applies all, after which nothing is left to do. */
async function applyAll(bed: Bed): Promise<void> {
  await bed.apply('--allow-deletes');
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
}

it('F-14 in a VXLAN members are pods, with or without a node port, each with its ARP entry; a ClusterIP Service is served', async () => {
  const bed = await vxlanBed();
  await bed.put('web', service('web', { address: '10.1.10.1', spec: NODE_PORT }), slice('web', ['10.244.1.5']));
  const clusterIp = { type: 'ClusterIP', loadBalancerClass: undefined };
  await bed.put('api', service('api', { address: '10.1.10.2', spec: clusterIp }), slice('api', ['10.244.2.6']));
  await applyAll(bed);
  expect(valuesOf(bed, 'ltm/pool/members')).toEqual([['/k/10.244.2.6:8080'], ['/k/10.244.1.5:8080']]);
  expect(entries(bed)).toEqual([
    ['/k/lab_10.244.1.5', '10.244.1.5', macOf(1)],
    ['/k/lab_10.244.2.6', '10.244.2.6', macOf(2)],
  ]);
  expect(records(bed)).toEqual([
    [macOf(1), '10.1.20.101'],
    [macOf(2), '10.1.20.102'],
  ]);
});

it('F-16 F-17 CIS #817 a MAC address that changes is one field of an ARP entry; entries go with their Service, and with their Ingress', async () => {
  const bed = await vxlanBed();
  const back = { spec: { type: 'ClusterIP', loadBalancerClass: undefined } };
  await bed.put('class', INGRESS_CLASS);
  await bed.put('back', service('back', back), slice('back', ['10.244.2.7']));
  await bed.put('ingress', ingress('shop', { 'a.example.com/': 'back' }));
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.244.1.5', '10.244.2.6']));
  await applyAll(bed);
  expect(entries(bed)).toHaveLength(3);
  bed.emulator.log.clear();
  await bed.put('node2', annotatedNode({ number: 2, mac: OTHER_MAC }));
  await applyAll(bed);
  expect(bed.writes().filter((write) => write.includes('/net/arp/'))).toEqual([
    'PATCH /mgmt/tm/net/arp/~k~lab_10.244.2.6',
    'PATCH /mgmt/tm/net/arp/~k~lab_10.244.2.7',
  ]);
  expect(entries(bed)).toEqual([
    ['/k/lab_10.244.1.5', '10.244.1.5', macOf(1)],
    ['/k/lab_10.244.2.6', '10.244.2.6', OTHER_MAC],
    ['/k/lab_10.244.2.7', '10.244.2.7', OTHER_MAC],
  ]);
  await bed.remove('ingress');
  await applyAll(bed);
  expect(entries(bed)).toHaveLength(2);
  await bed.remove('web');
  await applyAll(bed);
  expect(entries(bed)).toEqual([]);
});

it('F-41 an ARP entry of somebody else is told and stays, byte for byte', async () => {
  const bed = await vxlanBed();
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  const theirs = { name: 'lab_10.244.1.5', partition: 'k', ipAddress: '10.244.1.5', macAddress: '02:00:00:00:00:99' };
  await bed.rest('POST', '/mgmt/tm/net/arp', theirs);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.244.1.5']));
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('ARP entry /k/lab_10.244.1.5 exists on the device and is not ours');
  expect(entries(bed)).toEqual([['/k/lab_10.244.1.5', '10.244.1.5', '02:00:00:00:00:99']]);
});

it('F-01 F-07 F-19 routes follow the nodes: a second subnet is a second route, a node that is gone takes its own along', async () => {
  const bed = await routedBed();
  await bed.put('node2', routed(2, '10.1.20.102', '10.244.77.0/24'));
  await applyAll(bed);
  expect(routes(bed)).toEqual([
    ['/k/lab_node1_10.244.1.0-24', '10.244.1.0/24', '10.1.20.101'],
    ['/k/lab_node2_10.244.2.0-24', '10.244.2.0/24', '10.1.20.102'],
    ['/k/lab_node2_10.244.77.0-24', '10.244.77.0/24', '10.1.20.102'],
  ]);
  await bed.remove('node2');
  await applyAll(bed);
  expect(routes(bed)).toEqual([['/k/lab_node1_10.244.1.0-24', '10.244.1.0/24', '10.1.20.101']]);
});

it('F-20 a Node that stands for the device itself has no route, whatever the prefixes of subnet and self IP', async () => {
  const bed = await routedBed();
  await bed.put('node3', routed(3, '10.1.20.60'));
  await applyAll(bed);
  expect(routes(bed).map(([, network]) => network)).toEqual(['10.244.1.0/24', '10.244.2.0/24']);
});

it('CIS #3424 where only namespaces with a label are served, all nodes have their routes, before and after the label comes', async () => {
  const bed = await routedBed('    namespaces: { labels: team=shop }');
  const namespace = (labels: object): object => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels },
  });
  await bed.put('namespace', namespace({}));
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.244.1.5']));
  await applyAll(bed);
  expect([routes(bed).length, valuesOf(bed, 'ltm/pool/members').length]).toEqual([2, 0]);
  await bed.put('namespace', namespace({ team: 'shop' }));
  await applyAll(bed);
  expect([routes(bed).length, valuesOf(bed, 'ltm/pool/members').length]).toEqual([2, 1]);
});
