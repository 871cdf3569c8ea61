import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Agent, request } from 'undici';
import { parseListen } from './emulator-listen.ts';
import { emulatorVerb } from './emulator.ts';
import type { EmulatorFlags } from './emulator-flags.ts';
import { createProgram } from './program.ts';
import { fakeIo } from './testing/fake-io.ts';

/** A file that is there and holds neither a certificate nor a key. */
const NO_PEM = fileURLToPath(import.meta.url);

const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));

let folder: string;
let flags: EmulatorFlags;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-emulator-'));
  const passwordFile = join(folder, 'pw');
  await writeFile(passwordFile, 'correct horse\n');
  flags = {
    listen: '127.0.0.1:0',
    hostname: 'bigip1.example.com',
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
    expect(io.out()).toContain('BIG-IP emulator bigip1.example.com, TMOS 17.1\n  url          https://127.0.0.1:');
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
    [{ hostname: 'bigip' }, '--hostname bigip: expected a host name with a domain'],
    [{ state: NO_PEM }, `--state ${NO_PEM}: found a file, expected a folder`],
    [{ conf: '/none' }, '--conf: /none cannot be read (ENOENT)'],
    [{ conf: PACKAGE }, 'found no object, expected a bigip.conf'],
    [{ passwordFile: undefined }, '--password-file is missing'],
    [{ config: '/none.yaml' }, '/none.yaml: there is no such file; write one (docs/emulator.md)'],
    [{ tlsCert: 'a' }, '--tls-cert and --tls-key belong together'],
    [{ tlsCert: '/none', tlsKey: '/none' }, 'cannot be read (ENOENT)'],
    [
      { listen: '192.0.2.1:1' },
      '--listen 192.0.2.1:1: cannot listen there (EADDRNOTAVAIL); this machine does not have the address',
    ],
  ])('tells what is wrong with %j', async (wrong, message) => {
    const io = fakeIo();
    expect(await emulatorVerb({ io }, { ...flags, output: 'text', ...(wrong as Partial<EmulatorFlags>) })).toBe(1);
    expect(io.err()).toContain(message);
  });

  it('names line and object of a bigip.conf that is refused, and tells what it left out of one', async () => {
    const conf = join(folder, 'bigip.conf');
    await writeFile(conf, 'ltm pool /Common/p { }\nltm pool /Common/q {\n    monitor /Common/none-such\n}\n');
    const refused = fakeIo();
    expect(await emulatorVerb({ io: refused }, { ...flags, output: 'text', conf })).toBe(1);
    expect(refused.err()).toContain(`--conf ${conf}: line 2: ltm pool /Common/q: 01020036:3: `);
    await writeFile(conf, 'ltm pool /Common/p { }\nsys nothing-known {\n    a b\n}\n');
    const io = fakeIo();
    const running = emulatorVerb({ io }, { ...flags, conf });
    await io.untilOut('}\n');
    expect(io.err()).toBe(`${conf}:2: sys nothing-known: left out, the emulator does not have it\n`);
    io.signal();
    expect(await running).toBe(0);
  });

  it('keeps its state: what was written is there at the next start, and its bigip.conf is not loaded again', async () => {
    const conf = join(folder, 'start.conf');
    await writeFile(conf, 'ltm pool /Common/from-conf { }\n');
    const kept = { ...flags, conf, state: join(folder, 'state') };
    const poolsAfter = async (method: string, path: string, body?: object): Promise<readonly string[]> => {
      const io = fakeIo();
      const running = emulatorVerb({ io }, kept);
      await io.untilOut('}\n');
      const { url } = JSON.parse(io.out()) as { url: string };
      const send = sender(url);
      expect(await send(method, path, body)).toMatchObject({ status: 200 });
      const { json } = await send('GET', '/mgmt/tm/ltm/pool');
      io.signal();
      expect(await running).toBe(0);
      return ((json as { items?: { name: string }[] }).items ?? []).map(({ name }) => name);
    };
    expect(await poolsAfter('POST', '/mgmt/tm/ltm/pool', { name: 'made' })).toEqual(['from-conf', 'made']);
    expect(await poolsAfter('DELETE', '/mgmt/tm/ltm/pool/from-conf')).toEqual(['made']);
    expect(await poolsAfter('GET', '/mgmt/tm/ltm/pool')).toEqual(['made']);
  });

  it('runs the devices of a config file, and tells where virtual servers listen when that changes', async () => {
    const config = join(folder, 'emulator.yaml');
    const device = (hostname: string, tmos: string): object => ({
      hostname,
      tmos,
      listen: '127.0.0.1:0',
      users: [{ name: 'admin', password: { env: 'PW' } }],
      dataPlane: { timeScale: 0.1 },
      faults: [{ type: 'latency', ms: 1, count: 2 }],
    });
    await writeFile(
      config,
      JSON.stringify({ devices: [device('a.example.com', '17.1'), device('b.example.com', '12.1')] }),
    );
    const io = fakeIo({ env: { PW: 'correct horse' } });
    const running = emulatorVerb({ io }, { ...flags, config });
    await io.untilOut('}\n');
    const { devices } = JSON.parse(io.out()) as { devices: { url: string; tmos: string; users: string[] }[] };
    expect(devices).toMatchObject([
      { hostname: 'a.example.com', tmos: '17.1', users: ['admin'], listeners: [] },
      { hostname: 'b.example.com', tmos: '12.1' },
    ]);
    const send = sender(devices[1]?.url ?? '', 'admin');
    expect(await send('GET', '/emulator/faults')).toMatchObject({
      json: { items: [{ fault: { type: 'latency' }, left: 2 }] },
    });
    await send('POST', '/mgmt/tm/ltm/virtual', { name: 'v', destination: '192.0.2.1:80', ipProtocol: 'tcp' });
    await io.untilOut('"hostname":"b.example.com","listeners":[{"virtual":"/Common/v"');
    const { text } = await send('GET', '/');
    expect(text).toContain('a.example.com');
    expect(text).toContain(devices[0]?.url);
    io.signal();
    expect(await running).toBe(0);
  });

  it('starts with the faults of a file, and says what is wrong with one', async () => {
    const faults = join(folder, 'faults.yaml');
    await writeFile(faults, '- type: busy-task\n  path: /ltm/pool\n');
    const io = fakeIo();
    const running = emulatorVerb({ io }, { ...flags, faults });
    await io.untilOut('}\n');
    const { url } = JSON.parse(io.out()) as { url: string };
    const send = sender(url, 'fairlead');
    expect((await send('GET', '/mgmt/tm/ltm/pool')).text).toContain('There is an active asynchronous task executing.');
    expect((await send('GET', '/mgmt/tm/ltm/node')).text).not.toContain('executing');
    io.signal();
    expect(await running).toBe(0);
    await writeFile(faults, '- type: cut\n');
    const other = fakeIo();
    expect(await emulatorVerb({ io: other }, { ...flags, faults, output: 'text' })).toBe(1);
    expect(other.err()).toContain('faults[0]: when: found nothing, expected before or after');
    const none = fakeIo();
    expect(await emulatorVerb({ io: none }, { ...flags, faults: join(folder, 'none'), output: 'text' })).toBe(1);
    expect(none.err()).toContain('cannot be read (ENOENT)');
  });

  it('tells people of listeners that come and go', async () => {
    const io = fakeIo();
    const running = emulatorVerb({ io }, { ...flags, output: 'text', dataplane: true });
    await io.untilOut('SIGTERM or SIGINT ends it.');
    const send = sender(/https:\S+:\d+/.exec(io.out())?.[0] ?? '');
    await send('POST', '/mgmt/tm/ltm/virtual', { name: 'v', destination: '192.0.2.1:80', ipProtocol: 'tcp' });
    await io.untilOut('+ bigip1.example.com /Common/v  192.0.2.1:80 tcp  listens on 127.0.0.1:');
    await send('DELETE', '/mgmt/tm/ltm/virtual/v');
    await io.untilOut('- bigip1.example.com /Common/v  192.0.2.1:80 tcp  listens on 127.0.0.1:');
    io.signal();
    expect(await running).toBe(0);
  });

  it('refuses flags that a config file says too', async () => {
    const io = fakeIo();
    const run = createProgram({ io, makeLanes: () => Promise.resolve([]) }, (code) => expect(code).toBe(1));
    await run.parseAsync(['emulator', '--config', 'e.yaml', '--tmos', '17.1'], { from: 'user' });
    expect(io.err()).toContain('--tmos and --config do not go together; expected devices[].tmos in e.yaml');
  });

  it('listens on IPv4 and IPv6 addresses', () => {
    expect(parseListen('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 });
    expect(parseListen('[::1]:8443')).toEqual({ host: '::1', port: 8443 });
    for (const text of ['8443', ':8443', '::1:8443', 'a:99999', 'a:']) expect(parseListen(text)).toBeUndefined();
  });
});

/** Sends requests to an emulator, whoever signed its certificate. */
function sender(
  url: string,
  user = 'fairlead',
): (method: string, path: string, body?: object) => Promise<{ status: number; text: string; json: unknown }> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const authorization = `Basic ${Buffer.from(`${user}:correct horse`).toString('base64')}`;
  return async (method, path, body) => {
    const headers = { authorization, 'content-type': 'application/json', connection: 'close' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await request(`${url}${path}`, { method, dispatcher, headers, ...sent });
    const text = await answer.body.text();
    return { status: answer.statusCode, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
}
