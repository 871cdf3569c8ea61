import { describe, expect, it } from 'vitest';
import { familyOf, parseAddress, parseEndpoint, printAddress, printEndpoint } from './address.ts';
import { canonical } from './canonical.ts';
import { compareText } from './compare-text.ts';
import { equalValues } from './equal.ts';
import { descriptorOf, descriptors } from './objects.ts';
import { describeOrigin, originKey, parseOrigin } from './origin.ts';
import { kindOf, nameOf, partitionOf, pathOf, refOf } from './ref.ts';

describe('addresses', () => {
  it.each([
    ['10.0.0.1', { ip: '10.0.0.1' }],
    ['10.0.0.1%2', { ip: '10.0.0.1', routeDomain: 2 }],
    ['2001:DB8:0:0::1', { ip: '2001:db8::1' }],
    ['2001:db8::1%0', { ip: '2001:db8::1', routeDomain: 0 }],
  ])('reads %s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  it.each(['', '10.1', '010.0.0.1', '10.0.0.256', 'web', 'fe80::1%eth0', '10.0.0.1%65535', '10.0.0.1%1%2', '1', 'a:b'])(
    'refuses %j rather than guess',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  it.each(['10.0.0.1:80', '10.0.0.1%2:0', '2001:db8::1.80', '2001:db8::1%2.65535'])(
    'prints the endpoint %s as it was read',
    (text) => {
      const endpoint = parseEndpoint(text);
      expect(endpoint && printEndpoint(endpoint)).toBe(text);
    },
  );

  it('reads the port any as 0', () => {
    expect(parseEndpoint('10.0.0.1:any')).toEqual({ address: { ip: '10.0.0.1' }, port: 0 });
  });

  it.each(['10.0.0.1', '10.0.0.1.80', '2001:db8::1:80x', '10.0.0.1:70000', 'web:80', '10.0.0.1:'])(
    'refuses the endpoint %s',
    (text) => {
      expect(parseEndpoint(text)).toBeUndefined();
    },
  );

  it('tells the family', () => {
    expect([familyOf({ ip: '10.0.0.1' }), familyOf({ ip: '::1' })]).toEqual([4, 6]);
    expect(printAddress({ ip: '::1', routeDomain: 3 })).toBe('::1%3');
  });
});

describe('origins', () => {
  it('are keys that can be taken apart again', () => {
    const key = originKey('east', 'Service', 'default/web');
    expect(key).toBe('east:Service/default/web');
    expect(parseOrigin(key)).toEqual({ source: 'east', kind: 'Service', id: 'default/web' });
    expect(describeOrigin(key)).toBe('Service default/web (east)');
  });

  it.each(['', 'web', ':Service/x', 'east:Service'])('take %j for an id without a kind', (text) => {
    expect(parseOrigin(text)).toEqual({ source: '', kind: '', id: text });
    expect(describeOrigin(text)).toBe(text);
  });
});

describe('refs', () => {
  it('name kind and full path', () => {
    const ref = refOf('virtual-address', '/k/app/10.0.0.1');
    expect([kindOf(ref), pathOf(ref)]).toEqual(['virtual-address', '/k/app/10.0.0.1']);
    expect([partitionOf('/k/app/web'), nameOf('/k/app/web')]).toEqual(['k', 'web']);
    expect(partitionOf('odd')).toBe('');
  });
});

describe('equalValues', () => {
  it.each([
    [1, 1, true],
    [1, '1', false],
    [undefined, null, false],
    [null, {}, false],
    [{}, null, false],
    [[1], [1], true],
    [[1], [2], false],
    [[1], [1, 2], false],
    [[1], { 0: 1 }, false],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: { b: [1] } }, { a: { b: [1] } }, true],
    [{ a: 1 }, { a: 2 }, false],
  ])('%j and %j: %j', (a, b, equal) => {
    expect(equalValues(a, b)).toBe(equal);
  });
});

describe('the canonical form', () => {
  it('is the object itself if it is in that form already, and keeps the parts that are', () => {
    const member = { address: { ip: '10.0.0.1' }, port: 80 };
    const pool = canonical({
      kind: 'pool',
      path: '/k/p',
      monitor: { monitors: ['/a', '/b'] },
      members: [member, { port: 80, address: { ip: '10.0.0.2' } }],
      mark: { instance: 'one', origins: ['a:Service:x/y'] },
    });
    expect(canonical(pool)).toBe(pool);
    expect(pool.members?.[0]).toBe(member);
    expect(canonical({ ...pool, description: '' }).members).toBe(pool.members);
  });

  it('leaves out what is unset, empty or the default', () => {
    expect(
      canonical({ kind: 'pool', path: '/k/p', description: '', loadBalancingMode: 'round-robin', members: [] }),
    ).toEqual({ kind: 'pool', path: '/k/p' });
  });

  it('sorts members by name and leaves out their defaults', () => {
    const made = canonical({
      kind: 'pool',
      path: '/k/p',
      members: [
        { port: 80, address: { ip: '10.0.0.2' }, ratio: 1, adminState: 'enabled' },
        { address: { ip: '10.0.0.1' }, port: 80, ratio: 2 },
      ],
    });
    expect(made.members).toEqual([
      { address: { ip: '10.0.0.1' }, port: 80, ratio: 2 },
      { address: { ip: '10.0.0.2' }, port: 80 },
    ]);
  });

  it('prints the same bytes whatever the order of fields', () => {
    const one = canonical({ kind: 'pool', path: '/k/p', monitor: { monitors: ['/b', '/a'], minimum: 1 } });
    const two = canonical({ path: '/k/p', monitor: { minimum: 1, monitors: ['/a', '/b'] }, kind: 'pool' });
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });

  it('keeps an empty list where it is a value of its own', () => {
    const made = canonical({
      kind: 'virtual',
      path: '/k/v',
      destination: { address: { ip: '10.0.0.1' }, port: 80 },
      virtualAddress: '/k/10.0.0.1',
      ipProtocol: 'tcp',
      profiles: [],
      rules: ['/k/b', '/k/a'],
      sourceAddressTranslation: { type: 'none' },
      enabled: true,
    });
    expect(made.profiles).toEqual([]);
    expect(made.rules).toEqual(['/k/b', '/k/a']);
    expect(made).not.toHaveProperty('sourceAddressTranslation');
    expect(made).not.toHaveProperty('enabled');
  });

  it('drops what is unset inside a record', () => {
    const rule = { minimum: undefined, monitors: ['/k/a'] } as unknown as { monitors: readonly string[] };
    expect(canonical({ kind: 'pool', path: '/k/p', monitor: rule }).monitor).toEqual({ monitors: ['/k/a'] });
    expect(Object.keys(canonical({ kind: 'pool', path: '/k/p', monitor: rule }).monitor ?? {})).toEqual(['monitors']);
  });

  it('drops an empty ledger', () => {
    expect(canonical({ kind: 'pool', path: '/k/p', nodeLedger: { foreign: [], unused: [] } })).toEqual({
      kind: 'pool',
      path: '/k/p',
    });
  });

  it('compares texts by code unit', () => {
    expect(['b', 'B', 'a', 'a'].sort(compareText)).toEqual(['B', 'a', 'a', 'b']);
  });
});

describe('descriptors', () => {
  it.each(Object.keys(descriptors) as (keyof typeof descriptors)[])('%s says what it needs', (kind) => {
    const descriptor = descriptorOf(kind);
    expect(descriptor.kind).toBe(kind);
    expect(
      descriptor.references({ kind, path: '/k/x', rules: [], profiles: [], sections: [] } as never),
    ).toBeInstanceOf(Array);
  });

  it('a virtual server needs its virtual address and pool, a pool its monitors', () => {
    expect(
      descriptorOf('virtual').references({
        kind: 'virtual',
        virtualAddress: '/k/a',
        pool: '/k/p',
        profiles: [],
      } as never),
    ).toEqual(['virtual-address:/k/a', 'pool:/k/p']);
    expect(descriptorOf('pool').references({ kind: 'pool', monitor: { monitors: ['/k/m'] } } as never)).toEqual([
      'monitor:/k/m',
    ]);
  });
});
