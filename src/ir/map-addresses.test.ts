import { describe, expect, it } from 'vitest';
import type { Address } from './address.ts';
import type { BigipObject } from './objects.ts';
import { parseInterface, parseNetwork } from './network.ts';
import { descriptorOf, descriptors, goingWith } from './objects.ts';
import { refOf } from './ref.ts';

/** As where a partition lives in another route domain. */
function inDomain(address: Address): Address {
  return { ...address, routeDomain: 7 };
}

function mapped(object: BigipObject): unknown {
  return descriptorOf(object.kind).mapAddresses?.(object, inDomain);
}

const [ip, moved] = [{ ip: '10.1.20.1' }, { ip: '10.1.20.1', routeDomain: 7 }];
const mac = 'c6:d2:32:6f:8f:44';
const arp: BigipObject = { kind: 'arp', path: '/k/a', address: ip, mac };
const node: BigipObject = { kind: 'node', path: '/k/n', description: 'of ours', address: ip };
const self: BigipObject = { kind: 'self', path: '/k/s', address: parseInterface('10.1.20.1/16')!, vlan: '/k/t' };
const route: BigipObject = { kind: 'route', path: '/k/r', network: parseNetwork('10.244.1.0/24')! };
const tunnel: BigipObject = { kind: 'tunnel', path: '/k/t', profile: '/k/vxlan', key: 1 };
const table: BigipObject = { kind: 'fdb', path: '/k/t' };

describe('mapping the addresses of an object', () => {
  it.each([
    [arp, { ...arp, address: moved }],
    [node, { ...node, address: moved }],
    [self, { ...self, address: { address: moved, length: 16 } }],
    [
      { ...route, gateway: ip },
      { ...route, network: { address: { ip: '10.244.1.0', routeDomain: 7 }, length: 24 }, gateway: moved },
    ],
    [
      { ...tunnel, localAddress: ip, remoteAddress: ip },
      { ...tunnel, localAddress: moved, remoteAddress: moved },
    ],
    [
      { ...table, records: [{ mac, endpoint: ip }] },
      { ...table, records: [{ mac, endpoint: moved }] },
    ],
  ] as const satisfies readonly (readonly [BigipObject, unknown])[])(
    'maps every one of $kind and nothing else',
    (object, expected) => {
      expect(mapped(object)).toEqual(expected);
    },
  );

  it('gives no address to an object that left it out', () => {
    expect(mapped(route)).not.toHaveProperty('gateway');
    expect(mapped(tunnel)).toEqual(tunnel);
    expect(mapped(tunnel)).not.toHaveProperty('localAddress');
    expect(mapped(table)).toBe(table);
  });
});

describe('the forwarding table of a tunnel', () => {
  it('goes with its tunnel, as nothing goes with a pool', () => {
    expect(goingWith(refOf('tunnel', '/k/t'))).toEqual([refOf('tunnel', '/k/t'), refOf('fdb', '/k/t')]);
    expect(goingWith(refOf('pool', '/k/t'))).toEqual([refOf('pool', '/k/t')]);
  });

  it('belongs to whom the tunnel belongs to, whoever gave its records', () => {
    const marked = { ...table, mark: { instance: 'i', origins: ['east:Node/n1'] } };
    expect(descriptors.fdb.companion?.(marked)).toBe(refOf('tunnel', '/k/t'));
    expect(descriptors.fdb.originsOf?.(marked)).toEqual([]);
  });
});

it('two static routes to one network exclude each other, wherever they lead', () => {
  const exclusive = descriptors.route.exclusive;
  const other = { ...route, path: '/k/other', gateway: ip };
  expect(exclusive?.(route)).toBe('route 10.244.1.0/24');
  expect(exclusive?.(other)).toBe(exclusive?.(route));
  expect(exclusive?.({ ...route, network: parseNetwork('10.244.2.0/24')! })).not.toBe(exclusive?.(route));
});
