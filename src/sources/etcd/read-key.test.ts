import { describe, expect, it } from 'vitest';
import type { EtcdFormat } from './read-key.ts';
import { keyReader } from './read-key.ts';

function read(rest: string, value: string, { format = 'auto', key }: { format?: EtcdFormat; key?: string } = {}) {
  const table = keyReader({ prefix: '/s', format, ...(key === undefined ? {} : { key }) })(rest, value);
  return {
    rows: table?.rows.map(({ values }) => Object.fromEntries(values)),
    broken: table?.broken?.map(({ text }) => text),
    table,
  };
}

describe('what a key says', () => {
  it.each<[string, string, string, EtcdFormat, readonly object[]]>([
    ['an address', 'web/host:web:80', '10.0.0.1:8080', 'auto', [{ service: 'web', member: '10.0.0.1:8080' }]],
    ['an address of IPv6', 'web/1', '[2001:db8::1]:80', 'address', [{ service: 'web', member: '[2001:db8::1]:80' }]],
    [
      'an address of IPv6 that is found to be one',
      'web/1',
      '[2001:db8::1]:80',
      'auto',
      [{ service: 'web', member: '[2001:db8::1]:80' }],
    ],
    ['an address in quotes', 'web/1', '"10.0.0.1:80"\n', 'auto', [{ service: 'web', member: '10.0.0.1:80' }]],
    [
      'a map',
      'x/web',
      '{"member":"10.0.0.1","tags":["a","b"]}',
      'json',
      [{ service: 'web', member: '10.0.0.1', tags: 'a,b' }],
    ],
    ['a map that says its own service', 'x', '{"service":"web"}', 'auto', [{ service: 'web' }]],
    [
      'maps in maps',
      'web',
      'spec:\n  ip: 10.0.0.1\n  ports: [{a: 1}]\n',
      'yaml',
      [{ service: 'web', 'spec.ip': '10.0.0.1' }],
    ],
    [
      'a list',
      'web',
      '[{"member":"a"},{"member":"b"}]',
      'auto',
      [
        { service: 'web', member: 'a' },
        { service: 'web', member: 'b' },
      ],
    ],
    [
      'rows below a map',
      'web',
      '{"port":80,"rows":[{"member":"a"}]}',
      'auto',
      [{ service: 'web', port: 80, member: 'a' }],
    ],
    [
      'skydns, whose lowest priority is first',
      'local/web/1',
      '{"host":"10.0.0.1","port":80,"weight":0,"priority":10,"ttl":30}',
      'skydns',
      [{ service: 'web', member: '10.0.0.1', member_port: 80, priority: 65_525 }],
    ],
  ])('%s', (...[, rest, value, format, rows]) => {
    expect(read(rest, value, { format })).toMatchObject({ rows, broken: [] });
  });

  it('named groups of a pattern are columns, and keys that it does not match are left out', () => {
    const key = '^(?<team>\\w+)/(?<service>\\w+)/';
    expect(read('shop/web/1', '10.0.0.1:80', { key }).rows).toEqual([
      { team: 'shop', service: 'web', member: '10.0.0.1:80' },
    ]);
    expect(read('lock', 'x', { key }).table).toBeUndefined();
  });

  it('what cannot be read is told without its text, and its service is known by its key', () => {
    expect(read('web', '{"token":"hunter2"', { format: 'json' })).toMatchObject({
      rows: [],
      broken: ['holds no JSON'],
    });
    expect(read('web', 'a: [hunter2').broken?.[0]).toMatch(/^holds no JSON or YAML: line 1 cannot be read \(\w+\)$/);
    expect(read('web', '[1, {"member":"10.0.0.1:80"}]')).toMatchObject({
      rows: [{ member: '10.0.0.1:80' }],
      broken: ['is no map, expected one of columns and values'],
    });
    expect(read('web', '7', { format: 'json' }).broken).toEqual(['holds neither a map nor a list of maps']);
    expect(read('web', ' \n').broken).toEqual(['is empty']);
    expect(read('web', Buffer.from([0xff, 0xfe]).toString(), { format: 'address' }).broken).toEqual([
      'holds bytes that are no UTF-8',
    ]);
    expect(read('web', 'null').broken).toEqual(['holds neither a map nor a list of maps']);
    expect(read('web', '{"a"').table?.broken?.[0]?.values).toEqual(new Map([['service', 'web']]));
  });

  it('aliases that unfold to more than anybody means, or lead round in circles, are no rows', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
    ];
    expect(read('web', bomb.join('\n')).broken).toEqual(['holds YAML whose aliases cannot be followed']);
    expect(read('web', '&a {member: 10.0.0.1, self: *a}').rows?.[0]).toMatchObject({
      service: 'web',
      member: '10.0.0.1',
    });
  });
});
