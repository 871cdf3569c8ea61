import { mkdtemp, rm, stat, truncate, writeFile, readFile, readdir, copyFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmulator, type EmulatorOptions } from '../index.ts';
import { State } from './state.ts';
import { clientOf, manualClock, startTest, type Client, type TestReply } from '../test-kit.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'fairlead-state-')), 'state');
});

afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true });
});

const start = (options: EmulatorOptions = {}): Promise<Client> => startTest({ state: folder, ...options });

/** Ends an emulator and starts it again with the same state. */
async function restart(client: Client, options: EmulatorOptions = {}): Promise<Client> {
  await client.emulator.close();
  return await start(options);
}

function upload(client: Client, name: string, [range, body]: [string, string]): Promise<TestReply> {
  return client.send('POST', `/mgmt/shared/file-transfer/uploads/${name}`, body, {
    'Content-Range': range,
    'Content-Type': 'application/octet-stream',
  });
}

async function ok(...replies: readonly Promise<TestReply>[]): Promise<void> {
  for (const reply of replies) {
    const { status, text } = await reply;
    expect([status, text]).toEqual([200, text]);
  }
}

describe('state on disk', () => {
  it('brings back every object, with generations, counters and what was deleted, and answers the same', async () => {
    const client = await start({ modules: ['gtm'] });
    await ok(client.post('auth/partition', { name: 'P' }));
    await ok(client.post('ltm/pool', { name: 'p', partition: 'P', members: [{ name: '10.0.0.1:80' }] }));
    await ok(
      client.post('ltm/virtual', { name: 'v', partition: 'P', destination: '10.9.9.9:80', pool: '/P/p', rules: [] }),
    );
    await ok(
      client.post('ltm/policy', {
        name: 'y',
        subPath: 'Drafts',
        strategy: '/Common/first-match',
        rules: [{ name: 'r', conditions: [{ name: '0', httpHost: true, host: true, request: true, values: ['a'] }] }],
      }),
    );
    await ok(client.post('gtm/wideip/a', { name: 'www.example.com' }));
    await ok(client.patch('ltm/monitor/http/~Common~http', { description: 'changed' }));
    await ok(client.delete('ltm/profile/tcp/~Common~tcp-lan-optimized'));
    await ok(client.post('ltm/node', { name: 'gone', address: '10.0.0.9' }), client.delete('ltm/node/gone'));
    const before = client.emulator.dump();
    const read = (await client.get('ltm/virtual/~P~v?expandSubcollections=true')).text;
    const again = await restart(client, { modules: ['gtm'] });
    expect(again.emulator.dump()).toEqual(before);
    expect((await again.get('ltm/virtual/~P~v?expandSubcollections=true')).text).toBe(read);
    const { body } = await again.post('ltm/virtual', { name: 'w', destination: '10.9.9.8:80' });
    expect([body.vsIndex, body.generation]).toEqual([2, expect.any(Number)]);
    expect(body.generation).toBeGreaterThan(before['ltm/virtual']?.[0]?.generation ?? 0);
  });

  it('keeps nothing of a refused request, or a refused transaction', async () => {
    const client = await start();
    await ok(client.post('ltm/pool', { name: 'p' }));
    const before = client.emulator.dump();
    expect(
      (await client.post('ltm/virtual', { name: 'v', destination: '10.0.0.1:80', pool: 'none-such' })).status,
    ).toBe(404);
    const failed = await client.transact(['POST', 'ltm/pool', { name: 'q' }], ['POST', 'ltm/pool', { name: 'p' }]);
    expect(failed.status).toBe(400);
    expect((await restart(client)).emulator.dump()).toEqual(before);
  });

  it('tells the data plane what it brought back', async () => {
    const { createDataPlane } = await import('../dataplane/index.ts');
    const dataPlane = (): ReturnType<typeof createDataPlane> => createDataPlane({ map: 'always', probe: false });
    const client = await start({ dataPlane });
    await ok(client.post('ltm/virtual', { name: 'v', destination: '10.9.9.9:80', ipProtocol: 'tcp' }));
    const again = await restart(client, { dataPlane });
    await again.emulator.dataPlane?.settled();
    expect(again.emulator.listeners()).toMatchObject([{ virtual: '/Common/v', address: '127.0.0.1' }]);
  });

  it('keeps complete uploads and what was made of them, and no incomplete ones', async () => {
    const client = await start();
    await ok(upload(client, 'part.txt', ['0-2/9', 'abc']), upload(client, 'whole.txt', ['0-4/5', 'a:=b,']));
    const again = await restart(client);
    const make = (name: string): Promise<TestReply> =>
      again.post('sys/file/data-group', {
        name,
        sourcePath: `file:/var/config/rest/downloads/${name}.txt`,
        type: 'string',
      });
    await ok(make('whole'));
    expect((await make('part')).status).toBe(400);
  });

  it('forgets what is taken away, and knows what is called something else', async () => {
    const unix = (client: Client, program: string, utilCmdArgs: string): Promise<TestReply> =>
      client.post(`/mgmt/tm/util/unix-${program}`, { command: 'run', utilCmdArgs });
    const folder = '/var/config/rest/downloads';
    const client = await start();
    for (const name of ['gone', 'old']) await upload(client, name, ['0-4/5', 'a:=b,']);
    await ok(unix(client, 'rm', `${folder}/gone`), unix(client, 'mv', `${folder}/old ${folder}/new`));
    const again = await restart(client);
    expect((await unix(again, 'ls', folder)).body.commandResult).toBe('new\n');
  });

  it('keeps users and changed passwords as hashes, and no tokens', async () => {
    const client = await start();
    await ok(
      client.post('auth/user', {
        name: 'kim',
        password: 'sesame-open',
        'partition-access': [{ name: 'all-partitions', role: 'guest' }],
      }),
    );
    const login = { username: 'kim', password: 'sesame-open', loginProviderName: 'tmos' };
    const { body } = await client.post('/mgmt/shared/authn/login', login);
    const again = await restart(client);
    await ok(again.post('/mgmt/shared/authn/login', login));
    const token = { Authorization: '', 'X-F5-Auth-Token': String(body.token.token) };
    expect((await again.send('GET', 'ltm/pool', undefined, token)).status).toBe(401);
    await again.emulator.close();
    const written = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'latin1')));
    expect(written.join('')).toContain('$6$');
    expect(written.join('')).not.toContain('sesame-open');
    expect(written.join('')).not.toContain(String(body.token.token));
  });

  it('takes a password that is given anew, else the one that a client set last', async () => {
    const basic = (password: string): Record<string, string> => ({
      Authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
    });
    const status = async (client: Client, password: string): Promise<number> =>
      (await client.send('GET', 'ltm/pool', undefined, basic(password))).status;
    const client = await start();
    await ok(client.patch('auth/user/admin', { password: 'by-client' }));
    const second = await restart(client);
    expect([await status(second, 'by-client'), await status(second, 'admin')]).toEqual([200, 401]);
    const third = await restart(second, { users: [{ name: 'admin', password: 'given-anew' }] });
    expect([await status(third, 'given-anew'), await status(third, 'by-client')]).toEqual([200, 401]);
    const fourth = await restart(third, { users: [{ name: 'admin', password: 'given-anew' }] });
    expect(await status(fourth, 'given-anew')).toBe(200);
  });

  it('starts with the running configuration, and still goes back to the saved one when asked', async () => {
    const client = await start();
    await ok(client.post('ltm/pool', { name: 'saved' }));
    await ok(client.post('sys/config', { command: 'save' }));
    await ok(client.post('ltm/pool', { name: 'running' }));
    const pools = ({ emulator }: Client): readonly string[] =>
      (emulator.dump()['ltm/pool'] ?? []).map(({ fullPath }) => fullPath);
    const again = await restart(client);
    expect(pools(again)).toEqual(['/Common/running', '/Common/saved']);
    await ok(again.post('sys/config', { command: 'load' }));
    expect(pools(again)).toEqual(['/Common/saved']);
    expect(pools(await restart(again))).toEqual(['/Common/saved']);
  });

  it('keeps the self-signed certificate, until it ends or is for another name', async () => {
    const [clock, day] = [manualClock(), 86_400_000];
    const tls = async (options: EmulatorOptions): Promise<string | undefined> => {
      const emulator = await startEmulator({ state: folder, tls: 'self-signed', clock, ...options });
      await emulator.close();
      return emulator.certificate;
    };
    const first = await tls({});
    expect(await tls({})).toBe(first);
    clock.advance(364 * day - 1);
    expect(await tls({})).toBe(first);
    clock.advance(2);
    const second = await tls({});
    expect(second).not.toBe(first);
    expect(await tls({ hostname: 'other.example.com' })).not.toBe(second);
  });

  it('can be read by its owner alone', async () => {
    const client = await start();
    await ok(client.post('ltm/pool', { name: 'p' }));
    const files = await readdir(folder);
    expect(files).toContain('state.db-wal');
    for (const file of files) {
      expect([file, ((await stat(join(folder, file))).mode & 0o777).toString(8)]).toEqual([file, '600']);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('drops a torn tail, wherever it is torn: the writes before it are there, whole', async () => {
    const client = await start();
    for (let count = 0; count < 12; count += 1) {
      const pair = await client.transact(
        ['POST', 'ltm/pool', { name: `a${count}` }],
        ['POST', 'ltm/pool', { name: `b${count}` }],
      );
      expect(pair.status).toBe(200);
    }
    // As it would be found after a crash: the emulator still runs.
    const copy = join(folder, '../torn');
    const wal = 'state.db-wal';
    const { size } = await stat(join(folder, wal));
    const seen = new Set<number>();
    for (const share of [1, 0.97, 0.83, 0.61, 0.4, 0.22]) {
      await mkdir(copy, { recursive: true });
      await copyFile(join(folder, 'state.db'), join(copy, 'state.db'));
      await copyFile(join(folder, wal), join(copy, wal));
      await truncate(join(copy, wal), Math.floor(size * share));
      const torn = await startEmulator({ state: copy });
      const names = (torn.dump()['ltm/pool'] ?? []).map(({ fullPath }) => fullPath);
      expect(names).toEqual(
        ['a', 'b']
          .flatMap((name) => Array.from({ length: names.length / 2 }, (_, at) => `/Common/${name}${at}`))
          .sort(),
      );
      seen.add(names.length);
      await torn.close();
      await rm(copy, { recursive: true });
    }
    expect([...seen]).toContain(24);
    expect(seen.size).toBeGreaterThan(2);
  });

  it('undoes a write that cannot be kept, and says so', async () => {
    const client = await start();
    await ok(client.post('ltm/pool', { name: 'p' }));
    const full = vi.spyOn(State.prototype, 'commit').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    try {
      const reply = await client.post('ltm/pool', { name: 'q' });
      expect([reply.status, reply.body.message]).toEqual([500, expect.stringContaining('disk is full')]);
      expect((await client.transact(['POST', 'ltm/pool', { name: 'q' }])).status).not.toBe(200);
    } finally {
      full.mockRestore();
    }
    expect((await client.get('ltm/pool/~Common~q')).status).toBe(404);
    await ok(client.post('ltm/pool', { name: 'q' }));
  });
});

describe('a folder that cannot be used', () => {
  const failure = async (options: EmulatorOptions): Promise<string> => {
    const emulator = await startEmulator(options).catch((error: unknown) => error);
    if (!(emulator instanceof Error)) {
      await clientOf(emulator as Client['emulator']).emulator.close();
      return 'started';
    }
    return `${emulator.name}: ${emulator.message}`;
  };

  it('is told in words: in use, of another release, no folder, no state, damaged, of a later version', async () => {
    const client = await start();
    await ok(client.post('ltm/pool', { name: 'p' }));
    expect(await failure({ state: folder })).toMatch(/^StateError: another emulator uses it: stop that one/);
    await client.emulator.close();
    expect(await failure({ state: folder, tmos: '12.1' })).toBe(
      'StateError: it holds the state of TMOS 17.1, not 12.1: choose that release, or another folder',
    );
    const file = join(folder, 'state.db');
    expect(await failure({ state: join(file, 'below') })).toContain('found a file, expected a folder');
    expect(await failure({ state: file })).toContain('found a file, expected a folder');
    const whole = await readFile(file);
    await writeFile(file, 'no database, but some text');
    expect(await failure({ state: folder })).toContain('state.db is no state of an emulator');
    await writeFile(file, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 7)]));
    expect(await failure({ state: folder })).toContain('is damaged');
    await writeFile(file, whole);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await failure({ state: folder })).toContain('it was written by a later version (format 99, known up to 1)');
  });

  it.runIf(process.platform === 'linux')('may be where no folder can be made (/proc is on Linux alone)', async () => {
    expect(await failure({ state: '/proc/none/below' })).toContain('it cannot be made there');
  });

  it('is released when the emulator cannot listen', async () => {
    const client = await startTest();
    const port = Number(new URL(client.emulator.url).port);
    await expect(startEmulator({ state: folder, port })).rejects.toThrow('EADDRINUSE');
    await ok((await start()).get('ltm/pool'));
  });
});
