import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Agent, request } from 'undici';
import { emulatorVerb, parseListen } from './emulator.ts';
import type { EmulatorFlags } from './emulator-flags.ts';
import { fakeIo } from './testing/fake-io.ts';

/** A file that is there and holds neither a certificate nor a key. */
const NO_PEM = fileURLToPath(import.meta.url);

let folder: string;
let flags: EmulatorFlags;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-emulator-'));
  const passwordFile = join(folder, 'pw');
  await writeFile(passwordFile, 'correct horse\n');
  flags = {
    listen: '127.0.0.1:0',
    user: 'fairlead',
    passwordFile,
    tmos: '17.1',
    dataplane: false,
    timeScale: 1,
    output: 'json',
  };
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('fairlead emulator', () => {
  it('prints its URL and fingerprint, writes its certificate, answers over TLS, and ends on a signal', async () => {
    const io = fakeIo();
    const caOut = join(folder, 'ca.pem');
    const running = emulatorVerb({ io }, { ...flags, caOut });
    await io.untilOut('}\n');
    const { url, fingerprint256 } = JSON.parse(io.out()) as { url: string; fingerprint256: string };
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const dispatcher = new Agent({ connect: { ca: await readFile(caOut, 'utf8') } });
    const authorization = (password: string): string =>
      `Basic ${Buffer.from(`fairlead:${password}`).toString('base64')}`;
    const get = async (password: string): Promise<number> => {
      const headers = { authorization: authorization(password) };
      const { statusCode, body } = await request(`${url}/mgmt/tm/ltm/pool`, { dispatcher, headers });
      await body.dump();
      return statusCode;
    };
    expect(await get('correct horse')).toBe(200);
    expect(await get('wrong')).toBe(401);
    await dispatcher.close();
    io.signal();
    expect(await running).toBe(0);
    expect(io.out() + io.err()).not.toContain('correct horse');
  });

  it('prints text for people', async () => {
    const io = fakeIo();
    const running = emulatorVerb({ io }, { ...flags, output: 'text' });
    await io.untilOut('SIGTERM or SIGINT ends it.');
    expect(io.out()).toContain('BIG-IP emulator, TMOS 17.1, user fairlead\n  url          https://127.0.0.1:');
    io.signal();
    expect(await running).toBe(0);
  });

  it.each([
    [{ tmos: '1.0' }, '--tmos 1.0: expected one of'],
    [{ listen: 'here' }, '--listen here: expected ADDRESS:PORT'],
    [
      { passwordFile: '/none' },
      '--password-file: file /none cannot be read (ENOENT); expected a file with the password',
    ],
    [{ tlsCert: NO_PEM, tlsKey: NO_PEM }, 'expected a certificate and its key, both PEM (ERR_OSSL_PEM'],
    [{ tlsCert: 'a' }, '--tls-cert and --tls-key belong together'],
    [{ tlsCert: '/none', tlsKey: '/none' }, 'cannot be read (ENOENT)'],
    [
      { listen: '192.0.2.1:1' },
      '--listen 192.0.2.1:1: cannot listen there (EADDRNOTAVAIL); this machine does not have the address',
    ],
  ])('tells what is wrong with %j', async (wrong, message) => {
    const io = fakeIo();
    expect(await emulatorVerb({ io }, { ...flags, output: 'text', ...wrong })).toBe(1);
    expect(io.err()).toContain(message);
  });

  it('listens on IPv4 and IPv6 addresses', () => {
    expect(parseListen('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 });
    expect(parseListen('[::1]:8443')).toEqual({ host: '::1', port: 8443 });
    for (const text of ['8443', ':8443', '::1:8443', 'a:99999', 'a:'])
      expect(() => parseListen(text)).toThrow('ADDRESS:PORT');
  });
});
