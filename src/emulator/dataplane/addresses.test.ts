import { describe, expect, it } from 'vitest';
import { inNetwork, isLoopback, maskedAddress, parseBits, plainAddress, printDestination } from './addresses.ts';

describe('addresses', () => {
  it('are read as bits, IPv4-mapped ones as IPv4', () => {
    expect(parseBits('10.0.0.1')).toEqual({ family: 4, value: 0x0a000001n });
    expect(parseBits('::ffff:10.0.0.1')).toEqual({ family: 4, value: 0x0a000001n });
    expect(parseBits('2001:db8::1:0')).toEqual({ family: 6, value: 0x20010db8000000000000000000010000n });
    expect(parseBits('64:ff9b::10.0.0.1')?.value).toBe(0x64ff9b00000000000000000a000001n);
    expect(parseBits('::')?.value).toBe(0n);
    expect(parseBits('fe80::1%eth0')?.family).toBe(6);
    expect(parseBits('1:2:3:4:5:6:7:8')?.value).toBe(0x00010002000300040005000600070008n);
    expect(parseBits('web')).toBeUndefined();
  });

  it('are found in their networks only', () => {
    expect(inNetwork('10.1.2.3', '10.1.0.0/16')).toBe(true);
    expect(inNetwork('10.2.2.3', '10.1.0.0/16')).toBe(false);
    expect(inNetwork('10.1.2.3', '10.1.2.3')).toBe(true);
    expect(inNetwork('10.1.2.4', '10.1.2.3/32')).toBe(false);
    expect(inNetwork('10.1.2.3', '10.1.0.0%4/16')).toBe(true);
    expect(inNetwork('2001:db8::5', '2001:db8::/64')).toBe(true);
    expect(inNetwork('2001:db9::5', '2001:db8::/64')).toBe(false);
    expect(inNetwork('10.1.2.3', '2001:db8::/64')).toBe(false);
    expect(inNetwork('10.1.2.3', '::/0')).toBe(true);
    expect(inNetwork('10.1.2.3', '')).toBe(true);
  });

  it('are cut by masks for comparison', () => {
    expect(maskedAddress('10.1.2.3', '255.255.255.0')).toBe(maskedAddress('10.1.2.99', '255.255.255.0'));
    expect(maskedAddress('10.1.2.3', '255.255.255.0')).not.toBe(maskedAddress('10.1.3.3', '255.255.255.0'));
    expect(maskedAddress('2001:db8::1', 'ffff:ffff::')).toBe(maskedAddress('2001:db8:1::1', 'ffff:ffff::'));
    expect(maskedAddress('10.1.2.3', '255.255.0.0')).toBe('10.1.0.0');
    expect(maskedAddress('2001:db8:1::1', 'ffff:ffff::')).toBe('2001:db8:0:0:0:0:0:0');
    expect(maskedAddress('10.1.2.3', 'none')).toBe('10.1.2.3');
    expect(maskedAddress('10.1.2.3', 'ffff::')).toBe('10.1.2.3');
  });

  it('are printed as TMOS does', () => {
    expect(printDestination('10.0.0.1', 80)).toBe('10.0.0.1:80');
    expect(printDestination('2001:db8::1', 80)).toBe('2001:db8::1.80');
    expect(plainAddress('::ffff:127.0.0.1')).toBe('127.0.0.1');
    expect(plainAddress('2001:DB8::1')).toBe('2001:db8::1');
    expect(['127.9.9.9', '::1', '10.0.0.1', '::'].map(isLoopback)).toEqual([true, true, false, false]);
  });
});
