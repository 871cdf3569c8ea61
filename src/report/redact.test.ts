import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('free text', () => {
  it.each([
    'Authorization: Basic aHVudGVyMg==',
    '{"authorization":"Bearer hunter2-hunter2"}',
    'X-F5-Auth-Token: HUNTER2TOKEN',
    'x-f5-auth-token=hunter2',
    'password=hunter2',
    'password: hunter2, user: a',
    '{"username":"admin","password":"hunter2 \\" hunter2"}',
    "passwd='hunter2'",
    'tmsh modify auth user admin password "hunter2"',
    'passphrase $M$hunter2',
    'token=hunter2&x=1',
    'Cookie: BIGIPAuthCookie=hunter2; x=hunter2',
    'POST https://admin:hunter2@10.1.1.1/mgmt failed',
    'Bearer hunter2hunter2',
    '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----',
    'client_secret=hunter2',
  ])('loses its credential: %s', (text) => {
    expect(redact(text)).toContain('[redacted');
    expect(redact(text).toLowerCase()).not.toContain('hunter2');
    expect(redact(text)).not.toContain('aHVudGVyMg');
  });

  it.each([
    '01070734:3: Configuration error: Invalid Devicegroup Reference.',
    '01020036:3: The requested Pool (/kubernetes/a) was not found.',
    'the token has expired',
    'password file /etc/fairlead/pw cannot be read',
    'Secret a/b, key c',
    'environment variable BIGIP_PASSWORD is not set',
    '`password`: found a plain string, expected a reference to a secret: {env: NAME} or {secret: {namespace, name, key}}',
  ])('without one stays as it is: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('keeps what stands around the credential', () => {
    expect(redact('login: {"username":"admin","password":"x"} refused')).toBe(
      'login: {"username":"admin","password":[redacted]} refused',
    );
  });
});
