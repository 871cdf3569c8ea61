import { describe, expect, it } from 'vitest';
import { parseMac } from './mac.ts';
import {
  holdsAddress,
  holdsNetwork,
  hostNetwork,
  parseInterface,
  parseNetwork,
  printNetwork,
  subnetsOf,
} from './network.ts';

function network(text: string): NonNullable<ReturnType<typeof parseNetwork>> {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe('networks', () => {
  it('are read with a length and a route domain, and their host bits cleared', () => {
    for (const [text, printed] of [
      ['10.244.1.5/24', '10.244.1.0/24'],
      ['10.244.93.200/26', '10.244.93.192/26'],
      ['10.244.1.0%2/24', '10.244.1.0%2/24'],
      ['10.4.1.2/14', '10.4.0.0/14'],
      ['2001:DB8:0:1::5/64', '2001:db8:0:1::/64'],
      ['0.0.0.0/0', '0.0.0.0/0'],
    ] as const)
      expect(printNetwork(network(text))).toBe(printed);
    expect(printNetwork(parseInterface('10.244.20.60/16')!)).toBe('10.244.20.60/16');
    expect(printNetwork(hostNetwork({ ip: '2001:db8::1' }))).toBe('2001:db8::1/128');
  });

  it('are refused without a length, with one that is too long, or with anything else', () => {
    for (const text of [
      '10.244.1.0',
      '10.244.1.0/33',
      '10.244.1/24',
      '::/129',
      '10.0.0.0/8/8',
      '',
      'web/24',
      '1.2.3.4/-1',
    ])
      expect([text, parseNetwork(text)]).toEqual([text, undefined]);
  });

  it('hold addresses and smaller networks of their own family and route domain', () => {
    expect(holdsAddress(network('10.244.1.0/24'), { ip: '10.244.1.255' })).toBe(true);
    expect(holdsAddress(network('10.244.1.0/24'), { ip: '10.244.2.0' })).toBe(false);
    expect(holdsAddress(network('10.244.1.0/24'), { ip: '10.244.1.1', routeDomain: 1 })).toBe(false);
    expect(holdsAddress(network('0.0.0.0/0'), { ip: '2001:db8::1' })).toBe(false);
    expect(holdsNetwork(network('10.244.0.0/16'), network('10.244.9.0/24'))).toBe(true);
    expect(holdsNetwork(network('10.244.9.0/24'), network('10.244.0.0/16'))).toBe(false);
  });
});

describe('networks made of smaller ones', () => {
  it('are taken apart in order, with their route domain', () => {
    const parts = (text: string, length: number): readonly string[] =>
      subnetsOf(network(text), length).map((part) => printNetwork(part));
    expect(parts('10.244.254.0/23', 24)).toEqual(['10.244.254.0/24', '10.244.255.0/24']);
    expect(parts('10.1.2.0%3/24', 24)).toEqual(['10.1.2.0%3/24']);
    expect(parts('fd00:0:0:fffc::/62', 64)).toEqual(
      ['fffc', 'fffd', 'fffe', 'ffff'].map((last) => `fd00:0:0:${last}::/64`),
    );
    expect(parts('10.0.0.0/8', 24)).toHaveLength(65_536);
  });
});

describe('MAC addresses', () => {
  it('are read in the forms that people write, and refused if no single station has them', () => {
    expect(parseMac('C6:D2:32:6F:8F:44')).toBe('c6:d2:32:6f:8f:44');
    expect(parseMac('c6-d2-32-6f-8f-4')).toBe('c6:d2:32:6f:8f:04');
    for (const text of ['', 'c6:d2:32:6f:8f', 'c6:d2:32:6f:8f:zz', '01:00:5e:00:00:01', '00:00:00:00:00:00'])
      expect([text, parseMac(text)]).toEqual([text, undefined]);
  });
});
