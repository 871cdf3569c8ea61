import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';
import { selfSigned } from './self-signed.ts';

describe('the self-signed certificate', () => {
  it('names what it was made for and verifies with its own key', () => {
    const now = Date.now();
    const { cert } = selfSigned(['localhost', '127.0.0.1', '2001:db8::1'], now);
    const read = new X509Certificate(cert);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkHost('localhost')).toBe('localhost');
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(read.subjectAltName).toContain('IP Address:2001:DB8:0:0:0:0:0:1');
    expect(Date.parse(read.validFrom)).toBeLessThan(now);
    expect(Date.parse(read.validTo)).toBeGreaterThan(now + 300 * 86_400_000);
  });

  it('is trusted by a client that takes it as CA file, for the listen address', async () => {
    const { emulator } = await startTest({ tls: 'self-signed', host: '127.0.0.5' });
    expect(emulator.url).toMatch(/^https:\/\/127\.0\.0\.5:\d+$/v);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { ca: emulator.certificate, auth: 'admin:admin' };
      const sent = request(`${emulator.url}/mgmt/tm/sys/version`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(status).toBe(200);
    await expect(fetch(`${emulator.url}/mgmt/tm/sys/version`)).rejects.toThrow('fetch failed');
  });
});
