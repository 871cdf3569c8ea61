import { describe, expect, it } from 'vitest';
import {
  addresses,
  fullPath,
  integer,
  monitorRule,
  monitorText,
  profileUses,
  snat,
  vlanChoice,
  wrongAddress,
} from './parsers.ts';

describe('annotation parsers', () => {
  it.each([
    ['0.0.0.0', '"0.0.0.0" is none that a client can connect to'],
    ['10.1.1.1, ::ffff:10.0.0.1', '"::ffff:10.0.0.1" is none that a client can connect to'],
    ['10.1.1.1,10.1.1.2', 'more than one is IPv4'],
    ['2001:db8::1,10.1.1.1,2001:db8::2', 'more than one is IPv6'],
    ['10.1.1', undefined],
    ['10.1.1.1', undefined],
  ])('of the addresses %j, %s', (text, wrong) => {
    expect(wrongAddress(text)).toBe(wrong);
  });

  it('addresses: at most one of each family, IPv4 first', () => {
    expect(addresses('2001:DB8::1, 10.0.0.1%2')).toEqual([{ ip: '10.0.0.1', routeDomain: 2 }, { ip: '2001:db8::1' }]);
    expect(['10.0.0.1,10.0.0.2', '10.0.0.1,', '10.0.0.1/24', 'web', '010.0.0.1'].map(addresses)).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('addresses: none that catches the traffic of others, or that nobody can connect to', () => {
    const bad = ['0.0.0.0', '::', '0.0.0.0%2', '255.255.255.255', '224.0.0.1', 'ff02::1', '::ffff:10.0.0.1'];
    expect(bad.map(addresses)).toEqual(bad.map(() => undefined));
    expect(addresses('127.0.0.1')).toEqual([{ ip: '127.0.0.1' }]);
  });

  it('texts of monitors: quotes, braces and line ends are data, other control characters are refused', () => {
    expect(monitorText('a"{}\\\t\r\nb')).toBe('a"{}\\\t\\r\\nb');
    expect(['a\0', '\u001b[2J', '\u007f', '\u0085'].map(monitorText)).toEqual(Array(4).fill(undefined));
  });

  it('full paths need a partition and a name', () => {
    expect([' /Common/tcp ', '/Common/app/tcp'].map(fullPath)).toEqual(['/Common/tcp', '/Common/app/tcp']);
    expect(['tcp', '/Common', '/Common/', '/Common/a b', '/Common//a', '/Common/a;b"'].map(fullPath)).toEqual(
      Array(6).fill(undefined),
    );
  });

  it('profiles: sorted, each once, with the side that they work on', () => {
    expect(profileUses('/Common/tcp:serverside,/Common/http')).toEqual([
      { path: '/Common/http', context: 'all' },
      { path: '/Common/tcp', context: 'serverside' },
    ]);
    expect(
      ['/Common/tcp:clientside,/Common/tcp:serverside', '/Common/tcp:client', 'tcp'].map((text) => profileUses(text)),
    ).toEqual([undefined, [{ path: '/Common/tcp:client', context: 'all' }], undefined]);
  });

  it('monitors: none, all of, at least some of', () => {
    expect(monitorRule('none')).toBe('none');
    expect(monitorRule('/Common/b and /Common/a')).toEqual({ monitors: ['/Common/a', '/Common/b'] });
    expect(monitorRule('min 1 of /Common/b and /Common/a')).toEqual({
      minimum: 1,
      monitors: ['/Common/a', '/Common/b'],
    });
    const bad = [
      'http',
      'min 0 of /Common/a',
      'min 2 of /Common/a',
      '/Common/a /Common/b',
      '/Common/a and',
      'min 1 of',
    ];
    expect(bad.map(monitorRule)).toEqual(bad.map(() => undefined));
  });

  it('whole numbers, within bounds', () => {
    expect([' 7 ', '0', '10'].map(integer(0, 10))).toEqual([7, 0, 10]);
    expect(['-1', '11', '1.5', '1e1', '', '0x1'].map(integer(0, 10))).toEqual(Array(6).fill(undefined));
  });

  it('SNAT and VLANs', () => {
    expect(['automap', 'none', '/Common/p', 'p'].map(snat)).toEqual([
      { type: 'automap' },
      { type: 'none' },
      { type: 'snat', pool: '/Common/p' },
      undefined,
    ]);
    expect(['/Common/b,/Common/a', 'except /Common/a', 'except', 'but /Common/a'].map(vlanChoice)).toEqual([
      { mode: 'only', vlans: ['/Common/a', '/Common/b'] },
      { mode: 'except', vlans: ['/Common/a'] },
      undefined,
      undefined,
    ]);
  });

  it('line ends that YAML has read become the escapes of the device again', () => {
    expect(monitorText('GET /\r\n\r\n')).toBe(String.raw`GET /\r\n\r\n`);
    expect(monitorText(String.raw`GET /\r\n`)).toBe(String.raw`GET /\r\n`);
  });
});
