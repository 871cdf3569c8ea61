import { describe, expect, it } from 'vitest';
import { addressRange, deviceUrl, fullPath, identifier } from './scalars.ts';

describe('address ranges', () => {
  it.each([
    '10.1.10.0/24',
    '2001:db8::/120',
    '10.1.11.5-10.1.11.9',
    '10.1.1.1',
    '2001:db8::1-2001:db8::f',
    '10.0.0.1-10.0.0.1',
  ])('%s is one', (text) => {
    expect(addressRange.safeParse(text).success).toBe(true);
  });

  it.each([
    '10.1.10.0/33',
    '10.1/16',
    '10.1.11.9-10.1.11.5',
    '10.1.1.1-2001:db8::1',
    '10.1.1.1-',
    'a',
    '',
    '1.1.1.1-1.1.1.2-1.1.1.3',
  ])('%j is none', (text) => {
    expect(addressRange.safeParse(text).success).toBe(false);
  });
});

describe('device URLs', () => {
  it.each(['https://10.1.1.245', 'https://bigip.example.com:8443/', 'https://[2001:db8::1]', 'http://127.0.0.1:8080'])(
    '%s is accepted',
    (text) => {
      expect(deviceUrl.safeParse(text).success).toBe(true);
    },
  );

  it.each([
    '10.1.1.245',
    'http://10.1.1.245',
    'https://u:p@10.1.1.245',
    'https://10.1.1.245/mgmt',
    'ftp://10.1.1.1',
    'https://a/?b',
  ])('%s is refused', (text) => {
    expect(deviceUrl.safeParse(text).success).toBe(false);
  });
});

it('identifiers are lower case and hold no colon', () => {
  expect(identifier.safeParse('east-1').success).toBe(true);
  for (const text of ['East', 'a:b', '-a', 'a-', '', 'a'.repeat(64)])
    expect(identifier.safeParse(text).success).toBe(false);
});

it('full paths have a partition and a name', () => {
  expect(fullPath.safeParse('/Common/tcp').success).toBe(true);
  expect(fullPath.safeParse('/Common/folder/tcp-lan').success).toBe(true);
  for (const text of ['tcp', '/tcp', '/Common/', '/Common/a b', 'Common/tcp'])
    expect(fullPath.safeParse(text).success).toBe(false);
});
