import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../ir/objects.ts';
import { refOf } from '../ir/ref.ts';
import { MemorySnapshot } from './memory-snapshot.ts';
import { withoutDefaultDomain } from './route-domain.ts';

const partition = { kind: 'partition', path: '/k', defaultRouteDomain: 2 } as const;
const snapshot = new MemorySnapshot([[refOf('partition', '/k'), { object: partition }]]);
const network = (routeDomain?: number) => ({ address: address('10.244.1.0', routeDomain), length: 24 });
const mac = 'c6:d2:32:6f:8f:44';

function address(ip: string, routeDomain?: number) {
  return routeDomain === undefined ? { ip } : { ip, routeDomain };
}

/** Objects of every kind with an address, all of them in this route domain. */
function objects(domain?: number): readonly BigipObject[] {
  const own = address('10.1.20.1', domain);
  return [
    { kind: 'arp', path: '/k/a', address: own, mac },
    { kind: 'fdb', path: '/k/t', records: [{ mac, endpoint: own }] },
    { kind: 'node', path: '/k/n', address: own },
    { kind: 'pool', path: '/k/p', members: [{ address: own, port: 80 }] },
    { kind: 'route', path: '/k/r', network: network(domain), gateway: own },
    { kind: 'self', path: '/k/s', address: network(domain), vlan: '/k/t' },
    { kind: 'tunnel', path: '/k/t', profile: '/k/x', localAddress: own, remoteAddress: own },
    { kind: 'virtual-address', path: '/k/v', address: own },
  ];
}

describe('the default route domain of a partition', () => {
  it.each(objects(2).map((object, index) => [object.kind, object, index] as const))(
    'is left out of a %s, as the device does',
    (_, object, index) => {
      expect(withoutDefaultDomain(object, snapshot)).toEqual(objects()[index]);
    },
  );

  it.each(objects(7).map((object) => [object.kind, object] as const))(
    'another one stays in a %s, uncopied',
    (_, object) => {
      expect(withoutDefaultDomain(object, snapshot)).toBe(object);
    },
  );

  it('is 0 where the partition is not there, and nothing is made of what is not set', () => {
    const bare: readonly BigipObject[] = [
      { kind: 'fdb', path: '/k/t' },
      { kind: 'route', path: '/k/r', network: network(0) },
      { kind: 'tunnel', path: '/k/t', profile: '/k/x' },
      { kind: 'pool', path: '/k/p' },
      { kind: 'monitor', path: '/k/m', type: 'tcp' },
    ];
    const plain = bare.map((object) => withoutDefaultDomain(object, new MemorySnapshot()));
    expect(plain[1]).toEqual({ kind: 'route', path: '/k/r', network: network() });
    expect([plain[0], plain[2], plain[3], plain[4]]).toEqual([bare[0], bare[2], bare[3], bare[4]]);
  });
});
