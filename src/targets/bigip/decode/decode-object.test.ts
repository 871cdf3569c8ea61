import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../ir/objects.ts';
import type { Json } from '../request.ts';
import { decodeObject } from './decode-object.ts';
import { decodeLoneMember } from './pool-member.ts';
import { isDevicesOwn } from './values.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'P' };

function pool(...items: readonly Json[]): unknown {
  const body = { fullPath: '/P/web', membersReference: { isSubcollection: true, items } };
  const { object } = decodeObject('pool', body, context);
  return object.kind === 'pool' ? object.members : undefined;
}

function member(more: Json): Json {
  return { name: '10.0.0.1:80', partition: 'P', fullPath: '/P/10.0.0.1:80', address: '10.0.0.1', ...more };
}

function virtual(more: Json, inDomain = 0): Json {
  const body = { fullPath: '/P/web', destination: '/P/10.0.0.1:80', ipProtocol: 'tcp', enabled: true, ...more };
  return { ...decodeObject('virtual', body, { ...context, defaultRouteDomain: inDomain }).object };
}

describe('members', () => {
  it.each([
    ['user-enabled', 'unchecked', undefined],
    ['monitor-enabled', 'up', undefined],
    ['monitor-enabled', 'down', undefined],
    ['monitor-enabled', 'checking', undefined],
    ['monitor-enabled', 'fqdn-up', undefined],
    ['user-disabled', 'up', 'disabled'],
    ['user-disabled', 'unchecked', 'disabled'],
    ['user-disabled', 'user-up', 'disabled'],
    ['user-disabled', 'user-down', 'offline'],
    ['user-enabled', 'user-down', 'offline'],
    [undefined, undefined, undefined],
  ])('with session %s and state %s have the admin state %s', (session, state, adminState) => {
    const expected = { address: { ip: '10.0.0.1' }, port: 80, ...(adminState === undefined ? {} : { adminState }) };
    expect(pool(member({ session, state }))).toEqual([expected]);
  });

  it('of IPv6 have a dot before the port', () => {
    expect(pool({ fullPath: '/P/2001:db8::1.80', address: '2001:db8::1' })).toEqual([
      { address: { ip: '2001:db8::1' }, port: 80 },
    ]);
  });

  it('in a route domain keep it, in the default one drop it', () => {
    expect(pool(member({ fullPath: '/P/10.0.0.1%2:80', address: '10.0.0.1%2' }))).toEqual([
      { address: { ip: '10.0.0.1', routeDomain: 2 }, port: 80 },
    ]);
    const body = {
      fullPath: '/P/web',
      membersReference: { items: [member({ fullPath: '/P/10.0.0.1%2:80', address: '10.0.0.1%2' })] },
    };
    expect(decodeObject('pool', body, { ...context, defaultRouteDomain: 2 }).object).toMatchObject({
      members: [{ address: { ip: '10.0.0.1' }, port: 80 }],
    });
  });

  it('on nodes of another name or partition say which', () => {
    expect(pool({ name: 'web1:any', partition: 'Common', address: '10.0.0.1' })).toEqual([
      { address: { ip: '10.0.0.1' }, port: 0, node: '/Common/web1' },
    ]);
    expect(pool({ name: 'web1:80', partition: 'P', subPath: 'app', address: '10.0.0.1' })).toEqual([
      { address: { ip: '10.0.0.1' }, port: 80, node: '/P/app/web1' },
    ]);
    expect(pool(member({ fullPath: '/P/10.0.0.1%0:80' }))).toEqual([
      { address: { ip: '10.0.0.1' }, port: 80, node: '/P/10.0.0.1%0' },
    ]);
  });

  it('that the device made from a name are left out', () => {
    expect(pool(member({ ephemeral: 'true' }), { fullPath: '/P/_auto_10.0.0.2:80', address: '10.0.0.2' })).toEqual(
      undefined,
    );
    expect(isDevicesOwn({ name: '_auto_10.0.0.2' })).toBe(true);
    expect(isDevicesOwn({ name: 'x', ephemeral: 'true' })).toBe(true);
    expect(isDevicesOwn({ name: '_sys_https_redirect' })).toBe(true);
    expect(isDevicesOwn({ name: 'web', ephemeral: 'false' })).toBe(false);
    expect(isDevicesOwn({})).toBe(false);
  });

  it('without an address (11.5.4) take it from the name; without any they are left out', () => {
    expect(pool({ fullPath: '/P/10.0.0.1:80' })).toEqual([{ address: { ip: '10.0.0.1' }, port: 80 }]);
    expect(pool({ fullPath: '/P/web:80' }, {})).toBeUndefined();
  });

  it('may give their numbers as texts', () => {
    expect(pool(member({ ratio: '3', priorityGroup: '0', connectionLimit: 7 }))).toEqual([
      { address: { ip: '10.0.0.1' }, port: 80, ratio: 3, connectionLimit: 7 },
    ]);
  });
});

describe('monitor rules', () => {
  it.each([
    ['/Common/http ', { monitors: ['/Common/http'] }],
    ['/Common/https and /Common/http ', { monitors: ['/Common/http', '/Common/https'] }],
    ['min 1 of { /Common/b /Common/a }', { minimum: 1, monitors: ['/Common/a', '/Common/b'] }],
    ['min 2 of /Common/b /Common/a', { minimum: 2, monitors: ['/Common/a', '/Common/b'] }],
    ['http', { monitors: ['/Common/http'] }],
    ['/Common/none ', undefined],
    ['none', undefined],
    ['default', undefined],
    ['', undefined],
  ])('%j are read', (monitor, expected) => {
    expect(decodeObject('pool', { fullPath: '/P/web', monitor }, context).object).toEqual({
      kind: 'pool',
      path: '/P/web',
      ...(expected === undefined ? {} : { monitor: expected }),
    });
  });
});

describe('virtual servers', () => {
  it.each([
    ['/P/10.0.0.1:80', '/P/10.0.0.1', { ip: '10.0.0.1' }, 80],
    ['/P/10.0.0.1%2:any', '/P/10.0.0.1%2', { ip: '10.0.0.1', routeDomain: 2 }, 0],
    ['/Common/2001:db8::6%2.80', '/Common/2001:db8::6%2', { ip: '2001:db8::6', routeDomain: 2 }, 80],
    ['/Common/0.0.0.0:0', '/Common/0.0.0.0', { ip: '0.0.0.0' }, 0],
    ['/Common/any6.0', '/Common/any6', { ip: '::' }, 0],
    ['any', '/Common/0.0.0.0', { ip: '0.0.0.0' }, 0],
    ['any:any', '/Common/0.0.0.0', { ip: '0.0.0.0' }, 0],
    ['10.0.0.1:443', '/Common/10.0.0.1', { ip: '10.0.0.1' }, 443],
    ['/P/app/gone_va:443', '/P/app/gone_va', { ip: '0.0.0.0' }, 443],
  ])('at %s are on %s', (destination, virtualAddress, ...[address, port]) => {
    expect(virtual({ destination })).toMatchObject({ virtualAddress, destination: { address, port } });
  });

  it('on a virtual address with a name take the address from it', () => {
    const virtualAddresses = new Map([['/P/app/my_va', { ip: '10.9.9.9' }]]);
    const body = { fullPath: '/P/web', destination: '/P/app/my_va:443' };
    expect(decodeObject('virtual', body, { ...context, virtualAddresses }).object).toMatchObject({
      destination: { address: { ip: '10.9.9.9' }, port: 443 },
    });
  });

  it.each([
    ['0.0.0.0/0', undefined],
    ['::/0', undefined],
    ['0.0.0.0%2/0', undefined],
    ['any', undefined],
    [undefined, undefined],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.0%2/8', '10.0.0.0%2/8'],
    ['10.0.0.0%7/8', '10.0.0.0/8'],
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['/Common/list', '/Common/list'],
  ])('with the source %s serve %s', (source, expected) => {
    expect(virtual({ source }, 7)['source']).toBe(expected);
  });

  it('leave the route domain of their clients out where it is their own', () => {
    const inTwo = (source: string): unknown => virtual({ destination: '/P/10.0.0.1%2:80', source })['source'];
    expect(['10.0.0.0%2/8', '10.0.0.0/8', '10.0.0.0%3/8', '0.0.0.0%2/0'].map(inTwo)).toEqual([
      '10.0.0.0/8',
      '10.0.0.0/8',
      '10.0.0.0%3/8',
      undefined,
    ]);
  });

  it('drop the default route domain in the destination and in the name of its address', () => {
    expect(virtual({ destination: '/P/10.0.0.1%7:80' }, 7)).toMatchObject({
      destination: { address: { ip: '10.0.0.1' } },
      virtualAddress: '/P/10.0.0.1',
    });
  });

  it('read twins, lists and references in every spelling', () => {
    expect(virtual({ enabled: undefined, disabled: true })).toMatchObject({ enabled: false });
    expect(virtual({ vlansEnabled: true, vlans: ['/Common/b', '/Common/a'] })).toMatchObject({
      vlans: { mode: 'only', vlans: ['/Common/a', '/Common/b'] },
    });
    expect(virtual({ vlansDisabled: true, vlans: [{ name: 'a', partition: 'Common' }] })).toMatchObject({
      vlans: { mode: 'except', vlans: ['/Common/a'] },
    });
    expect(virtual({ vlansDisabled: true })).not.toHaveProperty('vlans');
    expect(virtual({ rules: 'none', pool: 'none', persist: 'none', fallbackPersistence: '' })).toEqual(virtual({}));
    const persist = [
      { name: 'a', partition: 'Common' },
      { name: 'cookie', partition: 'Common', tmDefault: 'yes' },
    ];
    expect(virtual({ persist, fallbackPersistence: '/Common/source_addr' })).toMatchObject({
      persistence: '/Common/cookie',
      fallbackPersistence: '/Common/source_addr',
    });
    expect(virtual({ persist: [{ name: '/Common/x' }] })).toMatchObject({ persistence: '/Common/x' });
  });

  it('read address translation, also of types that are not written', () => {
    const translated = (value: unknown): unknown =>
      virtual({ sourceAddressTranslation: value })['sourceAddressTranslation'];
    expect(translated({ type: 'automap', pool: '/Common/left_over' })).toEqual({ type: 'automap' });
    expect(translated({ type: 'snat', pool: '/Common/s' })).toEqual({ type: 'snat', pool: '/Common/s' });
    expect(translated({ type: 'lsn', pool: '/Common/l' })).toEqual({ type: 'lsn', pool: '/Common/l' });
    expect(translated({ type: 'none' })).toBeUndefined();
    expect(translated(undefined)).toBeUndefined();
  });

  it('give every profile a context', () => {
    const profilesReference = { items: [{ name: 'http', partition: 'Common' }, { name: 'tcp' }, {}] };
    expect(virtual({ profilesReference })['profiles']).toEqual([
      { path: '/Common/http', context: 'all' },
      { path: '/Common/tcp', context: 'all' },
    ]);
  });
});

describe('texts and marks', () => {
  it.each([
    ['a \\"b\\" \\{c\\} \\? \\\\', 'a "b" {c} ? \\'],
    ['&lt;b&gt; &amp;lt; &quot;x&quot; &#63; &#99999999; &nbsp;', '<b> &lt; "x" ? &#99999999; &nbsp;'],
    ['&#1114112;', '&#1114112;'],
    ['none', undefined],
    ['', undefined],
  ])('the description %j is read as %j', (description, expected) => {
    const { object } = decodeObject('node', { fullPath: '/P/n', address: '10.0.0.1', description }, context);
    expect(object.description).toBe(expected);
  });

  it('marks stand in metadata, over several entries where one is not enough', () => {
    const metadata = [
      { name: 'fairlead-origins', value: 'a:B/c a:B/d%20e', persist: 'true' },
      { name: 'fairlead-origins-2', value: 'a:B/f %zz' },
      { name: 'fairlead-instance', value: 'east' },
      { name: 'fairlead-foreign-nodes', value: '10.0.0.1%252' },
      { name: 'fairlead-originsx', value: 'other' },
      { name: 'bare' },
      { name: 'number', value: 7 },
    ];
    expect(decodeObject('pool', { fullPath: '/P/web', metadata }, context)).toEqual({
      object: {
        kind: 'pool',
        path: '/P/web',
        mark: { instance: 'east', origins: ['%zz', 'a:B/c', 'a:B/d e', 'a:B/f'] },
        nodeLedger: { foreign: ['10.0.0.1%2'] },
      },
      otherMetadata: [{ name: 'fairlead-originsx', value: 'other' }, { name: 'bare' }, { name: 'number', value: '7' }],
    });
  });

  it.each([
    ['-- fairlead:east a:B/c', undefined, { instance: 'east', origins: ['a:B/c'] }],
    ['for web -- fairlead:east', 'for web', { instance: 'east', origins: [] }],
    ['odd-- fairlead:east', 'odd-- fairlead:east', undefined],
    ['empty -- fairlead:', 'empty -- fairlead:', undefined],
    ['none', undefined, undefined],
  ])('the description %j of a monitor is taken apart', (text, description, mark) => {
    const body = { fullPath: '/P/m', kind: 'tm:ltm:monitor:tcp:tcpstate', description: text };
    expect(decodeObject('monitor', body, context).object).toEqual({
      kind: 'monitor',
      path: '/P/m',
      type: 'tcp',
      ...(description === undefined ? {} : { description }),
      ...(mark === undefined ? {} : { mark }),
    });
  });
});

describe('odds and ends', () => {
  it('a body without a name is refused', () => {
    for (const kind of ['pool', 'partition'] satisfies Kind[]) {
      expect(() => decodeObject(kind, {}, context)).toThrow(`${kind}: the answer has neither fullPath nor name`);
    }
  });

  it('objects in sub-folders keep their own full path', () => {
    const body = { name: 'web', partition: 'P', subPath: 'app.app' };
    expect(decodeObject('pool', body, context).object.path).toBe('/P/app.app/web');
  });

  it('a partition may be named with a slash', () => {
    expect(decodeObject('partition', { fullPath: '/P', defaultRouteDomain: '3' }, context).object).toEqual({
      kind: 'partition',
      path: '/P',
      defaultRouteDomain: 3,
    });
  });

  it('an inherited traffic group is none', () => {
    const body = { fullPath: '/P/10.0.0.1', address: '10.0.0.1', trafficGroup: '/Common/x', arp: 'disabled' };
    expect(decodeObject('virtual-address', body, context).object).toMatchObject({ trafficGroup: '/Common/x' });
    const inherited = { ...body, inheritedTrafficGroup: 'true' };
    expect(decodeObject('virtual-address', inherited, context).object).not.toHaveProperty('trafficGroup');
  });

  it('addresses that nobody can read fall back to the name, then to the wildcard', () => {
    const addressOf = (body: Json): unknown => ({ ...decodeObject('node', body, context).object })['address' as never];
    expect(addressOf({ fullPath: '/P/10.0.0.1', address: 'x' })).toEqual({ ip: '10.0.0.1' });
    expect(addressOf({ fullPath: '/P/10.0.0.1' })).toEqual({ ip: '10.0.0.1' });
    expect(addressOf({ fullPath: '/P/x' })).toEqual({ ip: '0.0.0.0' });
  });
});

describe('answers with holes in them', () => {
  it('give what there is', () => {
    expect(virtual({ destination: undefined, ipProtocol: undefined, vlans: [{}], rules: [{}] })).toMatchObject({
      virtualAddress: '/Common/0.0.0.0',
      destination: { port: 0 },
      ipProtocol: 'any',
    });
    const metadata = [{}, { name: 'fairlead-instance', value: 'east' }, { name: 'fairlead-unused-nodes' }];
    expect(decodeObject('pool', { name: 'web', partition: 'P', metadata }, context)).toEqual({
      object: { kind: 'pool', path: '/P/web', mark: { instance: 'east', origins: [] } },
      otherMetadata: [{ name: '' }],
    });
    const unused = [{ name: 'fairlead-unused-nodes', value: '10.0.0.1' }];
    expect(decodeObject('pool', { fullPath: '/P/web', metadata: unused }, context).object).toMatchObject({
      nodeLedger: { unused: ['10.0.0.1'] },
    });
    expect(decodeObject('partition', { name: 'P' }, context).object).toEqual({ kind: 'partition', path: '/P' });
    expect(() => decodeObject('monitor', { fullPath: '/P/m' }, context)).toThrow('monitor /P/m: kind is undefined');
  });

  it('names that only look like addresses of the default route domain stay', () => {
    const names = ['/P/web%7', '/P/10.0.0.1%8', '/P/10.0.0.1%7', '/P/2001:db8::1%7'];
    const inSeven = { ...context, defaultRouteDomain: 7 };
    expect(names.map((fullPath) => decodeObject('node', { fullPath }, inSeven).object.path)).toEqual([
      '/P/web%7',
      '/P/10.0.0.1%8',
      '/P/10.0.0.1',
      '/P/2001:db8::1',
    ]);
  });

  it('wildcards keep their route domain', () => {
    expect(virtual({ destination: '/P/any%3:80' }, 7)).toMatchObject({
      destination: { address: { ip: '0.0.0.0', routeDomain: 3 }, port: 80 },
    });
    expect(virtual({ destination: '/P/any6%7.80' }, 7)).toMatchObject({ destination: { address: { ip: '::' } } });
  });
});

describe('a member as an object of its own', () => {
  const link = (pool: string) => `https://localhost/mgmt/tm/ltm/pool/${pool}/members/~Common~10.0.0.1:80?ver=17.1.0`;
  const item = { fullPath: '/Common/10.0.0.1:80', selfLink: link('~Common~web') };

  it('goes by its pool, which its link tells, and by its address, or its name where that has none', () => {
    const pathOf = (body: Json): string => decodeObject('pool-member', body, context).object.path;
    expect(pathOf(item)).toBe('/Common/web/members/10.0.0.1:80');
    expect(pathOf({ ...item, selfLink: link('web') })).toBe('/Common/web/members/10.0.0.1:80');
    expect(pathOf({ ...item, fullPath: '/Common/www:80', address: 'any' })).toBe('/Common/web/members/www:80');
  });

  it('has the mark that its description ends in; an origin alone is that of a member in a pool of ours', () => {
    const ownership = (text: string) => {
      const body = { ...item, address: '10.0.0.1', description: text };
      const { mark, origin, description } = decodeLoneMember('/Common/web/members/10.0.0.1:80', body, context);
      return { mark, origin, description };
    };
    const mark = { instance: 'east', origins: ['s:Service/web'] };
    expect(ownership('-- fairlead:east s:Service/web')).toEqual({ mark });
    expect(ownership('by hand -- fairlead:east s:Service/web')).toEqual({ mark, description: 'by hand' });
    expect(ownership('by hand')).toEqual({ description: 'by hand' });
    expect(ownership('-- fairlead:s:Service/web')).toEqual({ origin: 's:Service/web' });
  });

  it('is refused if it has no link, no port or no address', () => {
    for (const body of [
      { fullPath: item.fullPath },
      { selfLink: item.selfLink },
      { ...item, fullPath: '/Common/www:80' },
    ])
      expect(() => decodeObject('pool-member', body, context)).toThrow('pool-member: the answer has neither');
    expect(() => decodeLoneMember('/Common/web/members/x:80', {}, { ...context })).toThrow('has no address');
  });
});
