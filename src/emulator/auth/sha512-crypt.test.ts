import { describe, expect, it } from 'vitest';
import { saltFor, sha512Crypt } from './sha512-crypt.ts';

describe('sha512Crypt', () => {
  it('gives what openssl passwd -6 gives', () => {
    expect(sha512Crypt('secret', 'PiA0g2.L')).toBe(
      '$6$PiA0g2.L$H02sJ8PRsVPoph.7fdwTx7M93kc5k34.5DRMjr77w5EgZJYdHEiOny5chsiszwY/09JDLyfvuf/JNGWwrolA4.',
    );
    const long = 'longer pässword that is more than sixty-four bytes long, to be sure of it all 1234';
    expect(sha512Crypt(long, 'ab')).toBe(
      '$6$ab$F4ZYMicM8D/WNly2wKpOQ4AgW1kioOUVU9MNqkqTdSU72j2LFbCwtSx6cceGRq3i6jDG8AnQ/hoevhaDreOoR0',
    );
  });

  it('salts by user and password', () => {
    expect(saltFor('a', 'x')).toMatch(/^[.\/0-9A-Za-z]{8}$/v);
    expect(saltFor('a', 'x')).not.toBe(saltFor('b', 'x'));
    expect(saltFor('a', 'x')).toBe(saltFor('a', 'x'));
  });
});
