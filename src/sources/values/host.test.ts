import { describe, expect, it } from 'vitest';
import { dnsTarget, ttl } from './parsers.ts';
import { isInZones, parseHost, parseHosts, wrongHost } from './host.ts';

const LONG = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;

describe('hosts', () => {
  it.each([
    ['shop.example.com', 'shop.example.com'],
    [' Shop.Example.COM. ', 'shop.example.com'],
    ['*.example.com', '*.example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['1.example.com', '1.example.com'],
    [LONG, LONG],
  ])('%j is %j', (text, host) => {
    expect(parseHost(text)).toBe(host);
  });

  it.each([
    '',
    'shop',
    '*',
    'a.*.example.com',
    'sh*p.example.com',
    '-a.example.com',
    'a-.example.com',
    'a..example.com',
    'a_b.example.com',
    'b\u00FCcher.example',
    '10.1.10.50',
    `${'a'.repeat(64)}.example.com`,
    `${LONG}d`,
    'a b.example.com',
    'a.example.com/x',
  ])('%j is none', (text) => {
    expect(parseHost(text)).toBeUndefined();
  });

  it('are in a zone by whole labels', () => {
    expect(isInZones('example.com', ['example.com'])).toBe(true);
    expect(isInZones('*.shop.example.com', ['example.com'])).toBe(true);
    expect(isInZones('badexample.com', ['example.com'])).toBe(false);
    expect(isInZones('anything.example', undefined)).toBe(true);
  });
});

describe('lists of hosts', () => {
  it('hold each once, whatever its case, and may end in a comma', () => {
    expect(parseHosts('b.example.com, a.example.com,,B.example.com.,')).toEqual(['b.example.com', 'a.example.com']);
    for (const text of ['', ' , ', 'a.example.com,b']) expect(parseHosts(text)).toBeUndefined();
  });

  it('say which of them is none, and how it is written in DNS', () => {
    expect(wrongHost('a.example.com,b_c.example.com')).toBe('"b_c.example.com" is no host');
    expect(wrongHost('b\u00FCcher.example,shop')).toBe(
      '"b\u00FCcher.example" is no host (in DNS it is written xn--bcher-kva.example)',
    );
    expect(wrongHost('\u2024\u2024,a.example.com')).toBe('"\u2024\u2024" is no host');
    for (const text of ['a.example.com', 'a_b.example.com', '']) expect(wrongHost(text)).toBeUndefined();
  });
});

describe('times to live', () => {
  it.each([
    ['0', 0],
    ['60', 60],
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5400],
  ])('%s is %i seconds', (text, seconds) => {
    expect(ttl(text)).toBe(seconds);
  });

  it.each(['', 's', '1d', '5 m', '1.5', '2147483648', '600000h'])('%j is none', (text) => {
    expect(ttl(text)).toBeUndefined();
  });
});

describe('targets', () => {
  it('are addresses, one of each family, or names, never both', () => {
    expect(dnsTarget('2001:db8::1,203.0.113.50')).toEqual({
      kind: 'addresses',
      addresses: [{ ip: '203.0.113.50' }, { ip: '2001:db8::1' }],
    });
    expect(dnsTarget('a.example.net, B.example.net')).toEqual({
      kind: 'names',
      names: ['a.example.net', 'b.example.net'],
    });
    for (const text of ['203.0.113.50,203.0.113.51', '203.0.113.50,a.example.net', '203.0.113.50%1', '*.example.net'])
      expect(dnsTarget(text)).toBeUndefined();
  });
});
