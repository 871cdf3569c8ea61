import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../test-kit.ts';

const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;

async function open(client: Client): Promise<Socket> {
  const { hostname, port } = new URL(client.emulator.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Reads until the text holds a pattern so many times. */
async function readUntil(socket: Socket, pattern: RegExp, times: number): Promise<string> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if ((text.match(pattern) ?? []).length >= times) {
      return text;
    }
  }
  return text;
}

function get(path: string): string {
  return `GET /mgmt/tm/${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic}\r\n\r\n`;
}

describe('a body', () => {
  it('must be announced as JSON', async () => {
    const client = await startTest();
    const refused = await client.send('POST', 'ltm/pool', { name: 'p' }, { 'Content-Type': 'text/plain' });
    expect(refused.status).toBe(415);
    expect(refused.body).toEqual({
      code: 415,
      message:
        'Found invalid content-type. The content-type must be application/json. The received content-type is text/plain',
      errorStack: [],
      apiError: 1,
    });
    const bytes = await fetch(`${client.emulator.url}/mgmt/tm/ltm/pool`, {
      method: 'POST',
      headers: { Authorization: basic },
      body: Buffer.from('{"name":"p"}'),
    });
    expect(await bytes.text()).toContain('The received content-type is application/octet-stream');
    const json = { 'Content-Type': 'Application/JSON; charset=UTF-8' };
    expect((await client.send('POST', 'ltm/pool', { name: 'p' }, json)).status).toBe(200);
  });

  it('that nests too deep is refused, wherever it does', async () => {
    const client = await startTest();
    const depth = 100_000;
    const bodies = [
      `{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`,
      `{"name":"p","description":${'['.repeat(depth)}${']'.repeat(depth)}}`,
      `{"name":"p","metadata":[{"name":"x","value":${'[{"x":'.repeat(depth)}1${'}]'.repeat(depth)}}]}`,
    ];
    for (const body of bodies) {
      const { status, body: answer } = await client.post('ltm/pool', body);
      expect([status, answer.message]).toEqual([400, 'Found invalid JSON body in the request.']);
    }
    expect((await client.get('ltm/pool')).body.items).toBeUndefined();
  });

  it('of 20 MB is refused, and the connection goes on', async () => {
    const client = await startTest();
    const big = await client.post('ltm/pool', { name: 'p', description: 'x'.repeat(20 * 1024 * 1024) });
    expect(big.status).toBe(413);
    expect((await client.get('ltm/pool')).status).toBe(200);
  });

  it('cannot name an object beyond what a URI or a message holds', async () => {
    const client = await startTest();
    const long = await client.post('ltm/pool', { name: 'n'.repeat(65_536) });
    expect(long.body.message).toContain('01020057:3: The string with more than 65535 characters');
    for (const name of ['a\0b', 'a\uD800']) {
      expect((await client.post('ltm/pool', { name })).body.message).toBe(
        'one or more configuration identifiers must be provided',
      );
    }
  });

  it('of restjavad errors comes in the recorded order', async () => {
    const client = await startTest();
    const { body } = await client.post('ltm/pool', '{bad');
    expect(Object.keys(body)).toEqual(['code', 'message', 'restOperationId', 'errorStack', 'kind']);
    const none = await client.send('GET', 'ltm/pool', undefined, { Authorization: '', 'X-F5-Auth-Token': 'NONE' });
    expect(Object.keys(none.body)).toEqual(['code', 'message', 'referer', 'restOperationId', 'errorStack', 'kind']);
    const login = await client.post('/mgmt/shared/authn/login', { username: 'admin', password: 'x' });
    const keys = ['code', 'message', 'originalRequestBody', 'restOperationId', 'errorStack', 'kind'];
    expect(Object.keys(login.body)).toEqual(keys);
  });
});

describe('a connection', () => {
  it('may send requests without waiting for answers, which come in order', async () => {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'p' });
    const socket = await open(client);
    socket.write(get('ltm/pool/p') + get('ltm/pool/none') + get('ltm/node') + get('nonsense'));
    const text = await readUntil(socket, /HTTP\/1\.1 \d+[^]*?\r\n\r\n\{[^\n]*?\}(?=HTTP|$)/gv, 4);
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/gv)].map((match) => match[1])).toEqual(['200', '404', '200', '404']);
    socket.destroy();
  });

  it('that sends byte by byte, stops half-way or talks nonsense stops nobody else', async () => {
    const client = await startTest();
    const half = await open(client);
    half.write('POST /mgmt/tm/ltm/pool HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name"');
    const wild = await open(client);
    wild.on('error', () => undefined);
    wild.write('\0\x01 nonsense\r\n\r\n');
    expect(await readUntil(wild, /400 Bad Request/gv, 1)).toContain('400 Bad Request');
    const slow = await open(client);
    for (const letter of get('ltm/pool')) {
      slow.write(letter);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await readUntil(slow, /collectionstate/gv, 1)).toContain('200 OK');
    expect((await client.get('ltm/pool')).body.items).toBeUndefined();
    [half, wild, slow].forEach((socket) => socket.destroy());
  });

  it('is one of 300 that are answered at once', async () => {
    const client = await startTest();
    const names = Array.from({ length: 300 }, (_each, at) => `p${at}`);
    const made = await Promise.all(names.map((name) => client.post('ltm/pool', { name, members: ['10.0.0.1:80'] })));
    expect(new Set(made.map((each) => each.status))).toEqual(new Set([200]));
    expect((await client.get('ltm/pool?$select=name')).body.items).toHaveLength(300);
    expect((await client.get('ltm/node')).body.items).toHaveLength(1);
  });
});

describe('roles', () => {
  it('that only look neither save nor run a shell', async () => {
    const client = await startTest({
      users: [
        { name: 'admin', password: 'admin' },
        { name: 'm', password: 'm', role: 'manager' },
        { name: 'g', password: 'g', role: 'guest' },
      ],
    });
    const bash = ['util/bash', { command: 'run', utilCmdArgs: "-c 'tmsh show sys version'" }] as const;
    const save = ['sys/config', { command: 'save' }] as const;
    const statusFor = async (user: string, [path, body]: readonly [string, unknown]): Promise<number> => {
      const Authorization = `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`;
      return (await client.send('POST', path, body, { Authorization })).status;
    };
    expect([await statusFor('admin', bash), await statusFor('m', bash), await statusFor('g', bash)]).toEqual([
      200, 401, 401,
    ]);
    expect([await statusFor('admin', save), await statusFor('m', save), await statusFor('g', save)]).toEqual([
      200, 200, 401,
    ]);
  });
});

describe('/available', () => {
  it('behind a URI tells that something serves it', async () => {
    const client = await startTest();
    for (const path of ['ltm/available', 'ltm/monitor/available', 'sys/available']) {
      expect((await client.get(path)).status).toBe(200);
    }
    expect((await client.get('nonsense/available')).status).toBe(404);
    expect((await client.get('ltm/pool/available')).body.message).toContain('01020036');
  });
});
