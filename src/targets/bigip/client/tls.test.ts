import { afterEach, expect, test } from 'vitest';
import type { ScriptedBigip } from '../../../../test/support/scripted-bigip.ts';
import type { TlsOptions } from './options.ts';
import { signal, testTarget } from '../../../../test/support/bigip-target.ts';
import {
  EXPIRED_CERTIFICATE,
  GOOD_CERTIFICATE,
  OTHER_NAME_CERTIFICATE,
  SERVER_KEY,
  TEST_CA,
} from '../../../../test/support/certificates.ts';
import { startScriptedBigip } from '../../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
afterEach(() => device.close());

async function read(cert: string, tls: TlsOptions): Promise<string> {
  device = await startScriptedBigip({ tls: { key: SERVER_KEY, cert } });
  const { target } = testTarget([device.url], { tls });
  const result = await target.readSome({ refs: ['pool:/k/a'], signal }).then(
    () => 'ok',
    (reason: unknown) => String(reason),
  );
  await target.close();
  return result;
}

test('AC-01 a certificate of the given CA is accepted', async () => {
  expect(await read(GOOD_CERTIFICATE, { ca: TEST_CA })).toBe('ok');
});

test('AC-01 without the CA the certificate is refused at once, no password is sent, and tls.caFile is named', async () => {
  expect(await read(GOOD_CERTIFICATE, {})).toMatch(/not signed by a trusted CA .*give the CA.*tls\.caFile$/);
  expect(device.requests).toEqual([]);
});

test('AC-01 an expired certificate is refused by name', async () => {
  expect(await read(EXPIRED_CERTIFICATE, { ca: TEST_CA })).toMatch(
    /its certificate is expired .*renew it on the device/,
  );
  expect(device.requests).toEqual([]);
});

test('AC-01 a certificate for another name is refused, unless that name is given', async () => {
  expect(await read(OTHER_NAME_CERTIFICATE, { ca: TEST_CA })).toMatch(/for another name .*set tls\.serverName/);
  await device.close();
  expect(await read(OTHER_NAME_CERTIFICATE, { ca: TEST_CA, serverName: 'bigip.example.com' })).toBe('ok');
});

test('AC-01 verification is off only by the option that says so', async () => {
  expect(await read(EXPIRED_CERTIFICATE, { insecureSkipVerify: true })).toBe('ok');
});

test('a port that does not speak TLS is named as such', async () => {
  device = await startScriptedBigip();
  const { target } = testTarget([device.url.replace('http:', 'https:')]);
  await expect(target.readSome({ refs: ['pool:/k/a'], signal })).rejects.toThrow(/no TLS connection .*speaks https/);
  await target.close();
});

test('a password never goes over a network in clear text, and never stands in an address', async () => {
  device = await startScriptedBigip();
  expect(() => testTarget(['http://bigip.example.com'])).toThrow(/clear text, expected https/);
  expect(() => testTarget(['https://admin:pw-in-url@bigip.example.com'])).toThrow(/expected them in their own options/);
  expect(() => testTarget(['admin:pw-in-url@bigip'])).toThrow(/is no URL/);
  expect(() => testTarget([])).toThrow(/no address is given/);
});
