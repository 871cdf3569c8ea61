import { describe, expect, it } from 'vitest';
import type { Json } from '../request.ts';
import { decodeObject } from './decode-object.ts';
import { UnreadableAnswer } from './values.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };
const named = (body: Json): Json => ({ name: 'x', partition: 'k', fullPath: '/k/x', ...body });

describe('routes as devices print them', () => {
  const route = (body: Json) => decodeObject('route', named(body), context).object;

  it.each([
    ['10.244.1.0/24', { address: { ip: '10.244.1.0' }, length: 24 }],
    ['10.244.1.0%3/24', { address: { ip: '10.244.1.0', routeDomain: 3 }, length: 24 }],
    ['10.244.1.7', { address: { ip: '10.244.1.7' }, length: 32 }],
    ['2001:db8::7', { address: { ip: '2001:db8::7' }, length: 128 }],
    ['default', { address: { ip: '0.0.0.0' }, length: 0 }],
    ['default-inet6%1', { address: { ip: '::', routeDomain: 1 }, length: 0 }],
  ])('%s is a network', (network, expected) => {
    expect(route({ network, gw: '10.1.20.1' })).toMatchObject({ network: expected, gateway: { ip: '10.1.20.1' } });
  });

  it('one that does not tell its network is to the network of its name', () => {
    const body = { name: '10.9.0.1', partition: 'k', fullPath: '/k/10.9.0.1' };
    const expected = { ip: '10.9.0.1' };
    expect(decodeObject('route', body, context).object).toMatchObject({ network: { address: expected, length: 32 } });
    expect(decodeObject('self', body, context).object).toMatchObject({ address: { address: expected, length: 32 } });
  });

  it('one to an interface or nowhere has no gateway', () => {
    expect(route({ network: '10.0.0.0/8', tmInterface: '/k/tun' })).not.toHaveProperty('gateway');
    expect(route({ network: '10.0.0.0/8', gw: 'none' })).not.toHaveProperty('gateway');
  });

  it.each(['10.0.0.0/x', 'nowhere/8'])('%s is no network, and is told with what was expected', (network) => {
    expect(() => route({ network })).toThrow(UnreadableAnswer);
    expect(() => route({ network })).toThrow(/network is ".*", expected an address/);
  });
});

describe('tunnels, self IPs and their tables', () => {
  it.each([
    ['any', 'any6'],
    ['0.0.0.0', '::'],
  ])('%s and %s are no address of a tunnel', (localAddress, remoteAddress) => {
    const { object } = decodeObject('tunnel', named({ localAddress, remoteAddress }), context);
    expect(object).toEqual({ kind: 'tunnel', path: '/k/x' });
  });

  it('a tunnel with all of it', () => {
    const body = named({ profile: '/Common/vxlan', key: 5, localAddress: '10.1.1.1', remoteAddress: '10.1.1.2' });
    expect(decodeObject('tunnel', body, context).object).toMatchObject({
      key: 5,
      profile: '/Common/vxlan',
      localAddress: { ip: '10.1.1.1' },
      remoteAddress: { ip: '10.1.1.2' },
    });
  });

  it.each([
    [{ allowService: 'all' }, ['all']],
    [{ allowService: ['tcp:443', 'udp:53'] }, ['tcp:443', 'udp:53']],
  ])('services of a self IP: %j', (services, expected) => {
    const body = named({ address: '10.2.0.1/16', vlan: '/k/t', trafficGroup: '/Common/tg', ...services });
    const { object } = decodeObject('self', body, context);
    expect(object).toMatchObject({ allowService: expected, trafficGroup: '/Common/tg' });
  });

  it('none are none, and an inherited traffic group is not its own', () => {
    const body = { address: '10.2.0.1/16', trafficGroup: '/Common/tg', inheritedTrafficGroup: 'true' };
    for (const services of [{}, { allowService: 'none' }]) {
      const { object } = decodeObject('self', named({ ...body, ...services }), context);
      expect(object).not.toHaveProperty('allowService');
      expect(object).not.toHaveProperty('trafficGroup');
    }
  });

  it('records are read from the list or the sub-collection; what is no record is left out', () => {
    const good = { name: 'C6:D2:32:6F:8F:44', endpoint: '10.1.20.101' };
    const odd = [{ name: 'no-mac', endpoint: '10.1.20.1' }, { name: 'c6:d2:32:6f:8f:45' }, {}];
    const expected = [{ mac: 'c6:d2:32:6f:8f:44', endpoint: { ip: '10.1.20.101' } }];
    const inline = decodeObject('fdb', named({ records: [good, ...odd] }), context);
    const below = decodeObject('fdb', named({ recordsReference: { items: [good] } }), context);
    expect([inline.object, below.object]).toMatchObject([{ records: expected }, { records: expected }]);
  });

  it('an ARP entry is named by its address where it does not say it', () => {
    const entry = (body: Json) =>
      decodeObject('arp', { ...named(body), name: '10.1.1.9', fullPath: '/k/10.1.1.9' }, context);
    expect(entry({ macAddress: 'C6:D2:32:6F:8F:44' }).object).toMatchObject({
      address: { ip: '10.1.1.9' },
      mac: 'c6:d2:32:6f:8f:44',
    });
    expect(entry({}).object).not.toHaveProperty('mac');
    expect(() => decodeObject('arp', named({ ipAddress: 'x' }), context)).toThrow(
      /ipAddress is "x", expected an address/,
    );
  });

  it('a VXLAN profile without settings has none', () => {
    expect(decodeObject('vxlan-profile', named({}), context).object).toEqual({ kind: 'vxlan-profile', path: '/k/x' });
  });
});
