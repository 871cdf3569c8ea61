import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieName, cookieNames, decodeCookie, encodeCookie } from './cookie-value.ts';

describe('the persistence cookie', () => {
  // The examples of F5 article K6917.
  it.each([
    ['10.1.1.100', 0, 8080, '1677787402.36895.0000'],
    ['10.1.1.100', 0, 80, '1677787402.20480.0000'],
    ['2001:112::30', 0, 80, 'vi20010112000000000000000000000030.20480'],
    ['192.0.2.1', 5, 80, 'rd5o00000000000000000000ffffc0000201o80'],
    ['2001:112::33', 3, 80, 'rd3o20010112000000000000000000000033o80'],
  ])('of %s in route domain %d, port %d, is as the device writes it', (...[address, routeDomain, port, cookie]) => {
    expect(encodeCookie({ address, routeDomain, port })).toBe(cookie);
    const decoded = decodeCookie(cookie);
    expect(decoded !== undefined && cookieNames(decoded, { address, routeDomain, port })).toBe(true);
    expect(decoded !== undefined && cookieNames(decoded, { address, routeDomain, port: port + 1 })).toBe(false);
    expect(decoded !== undefined && cookieNames(decoded, { address, routeDomain: 9, port })).toBe(false);
  });

  it('names the member that it was made for, whatever that is', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    const routeDomain = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 65_534 }));
    fc.assert(
      fc.property(fc.record({ address, routeDomain, port: fc.integer({ min: 0, max: 65_535 }) }), (member) => {
        const decoded = decodeCookie(encodeCookie(member) ?? '');
        expect(decoded !== undefined && cookieNames(decoded, member)).toBe(true);
      }),
    );
  });

  it('is not read from other texts', () => {
    expect(['', 'abc', '1.2', '1.2.0001', 'vi12.80', 'rdo1o2', '!x'].map(decodeCookie)).toEqual(
      Array(7).fill(undefined),
    );
    expect(encodeCookie({ address: 'web', routeDomain: 0, port: 80 })).toBeUndefined();
  });

  it('is named after the pool', () => {
    expect(cookieName('/Common/web')).toBe('BIGipServerweb');
    expect(cookieName('/shop/app/web')).toBe('BIGipServer~shop~app~web');
  });
});
