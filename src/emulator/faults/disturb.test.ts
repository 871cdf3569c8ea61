import { describe, expect, it } from 'vitest';
import { TokenStore } from '../auth/tokens.ts';
import { manualClock, startTest, testDevice, type Client } from '../test-kit.ts';
import { TransactionStore } from '../transaction/transaction.ts';
import { diceFrom } from './dice.ts';
import { Disturbance } from './disturb.ts';
import { Faults } from './faults.ts';
import { readFaults } from './read-file.ts';
import { isExclusive, operationOf, realDevice, timeOf, type Operation } from './timings.ts';

const login = { username: 'admin', password: 'admin', loginProviderName: 'tmos' };

async function tokenOf(client: Client): Promise<Record<string, string>> {
  const { body } = await client.post('/mgmt/shared/authn/login', login);
  return { Authorization: '', 'X-F5-Auth-Token': String(body.token.token) };
}

describe('a restart', () => {
  it('of everything resets connections, answers 503, then 404 not registered, then works; tokens are gone', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    const token = await tokenOf(client);
    client.emulator.faults.add({ type: 'restart', durationMs: 40_000 });
    await expect(client.get('ltm/pool')).rejects.toThrow('fetch failed');
    clock.advance(15_000);
    const unavailable = await client.get('ltm/pool');
    expect([unavailable.status, unavailable.text]).toEqual([503, expect.stringContaining('restarting...')]);
    clock.advance(20_000);
    const unregistered = await client.get('ltm/pool');
    expect([unregistered.status, unregistered.body.message]).toEqual([
      404,
      'URI path /mgmt/tm/ltm/pool not registered.  Please verify URI is supported and wait for /available suffix to be responsive.',
    ]);
    clock.advance(5000);
    expect((await client.get('ltm/pool')).status).toBe(200);
    expect((await client.send('GET', 'ltm/pool', undefined, token)).status).toBe(401);
    expect(client.emulator.faults.list()).toEqual([]);
  });

  it('of mcpd answers 500, then says that objects are missing which are there', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    await client.post('ltm/pool', { name: 'p' });
    client.emulator.faults.add({ type: 'restart', daemon: 'mcpd', afterMs: 1000 });
    expect((await client.get('ltm/pool/p')).status).toBe(200);
    clock.advance(1000);
    expect((await client.get('ltm/pool')).body).toMatchObject({
      code: 500,
      message: 'The connection to mcpd has been lost, try again.',
      apiError: 32_768_001,
    });
    expect((await client.get('/mgmt/shared/echo')).status).toBe(200);
    clock.advance(20_000);
    expect((await client.get('ltm/pool/p')).body.message).toBe(
      '01020036:3: The requested Pool (/Common/p) was not found.',
    );
    expect((await client.delete('ltm/pool/~Common~p')).status).toBe(404);
    clock.advance(10_000);
    expect((await client.get('ltm/pool/p')).status).toBe(200);
  });
});

describe('credentials', () => {
  it('are refused now and then, the same times for the same seed', async () => {
    const client = await startTest();
    const run = async (seed: number): Promise<readonly number[]> => {
      const id = client.emulator.faults.add({ type: 'unauthorized', probability: 0.5, seed });
      const statuses: number[] = [];
      for (let count = 0; count < 20; count += 1) {
        statuses.push((await client.get('ltm/pool')).status);
      }
      expect(client.emulator.faults.list()[0]?.used).toBe(statuses.filter((status) => status === 401).length);
      client.emulator.faults.remove(id);
      return statuses;
    };
    const first = await run(7);
    expect(new Set(first)).toEqual(new Set([200, 401]));
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it('end some seconds after the login, and there are so many only', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    client.emulator.faults.add({ type: 'token-lifetime', seconds: 30 });
    client.emulator.faults.add({ type: 'token-limit', limit: 2 });
    const token = await tokenOf(client);
    expect((await client.send('GET', 'ltm/pool', undefined, token)).status).toBe(200);
    clock.advance(30_000);
    const late = await client.send('GET', 'ltm/pool', undefined, token);
    expect([late.status, late.body.message]).toEqual([401, 'X-F5-Auth-Token has expired.']);
    expect((await client.post('/mgmt/shared/authn/login', login)).status).toBe(200);
    const full = await client.post('/mgmt/shared/authn/login', login);
    expect([full.status, full.body.message]).toEqual([
      400,
      'Bad Request: user admin has reached maximum active login tokens',
    ]);
    expect((await client.post('/mgmt/shared/authn/login', 'nonsense')).status).toBe(400);
  });
});

describe('load', () => {
  it('ends large lists in the page of Jetty, and at last in a restart', async () => {
    const client = await startTest({ clock: manualClock() });
    for (const name of ['a', 'b', 'c']) {
      await client.post('ltm/pool', { name });
    }
    client.emulator.faults.add({ type: 'memory', items: 2, failures: 2 });
    expect((await client.get('ltm/pool?$top=2')).status).toBe(200);
    const large = await client.get('ltm/pool');
    expect([large.status, large.text]).toEqual([
      500,
      expect.stringContaining('<title>Error 500 AsyncContext timeout</title>'),
    ]);
    expect((await client.get('ltm/pool/stats')).status).toBe(500);
    expect((await client.get('ltm/pool/a')).status).toBe(503);
  });

  it('of a task answers 503 to everything of tm', async () => {
    const client = await startTest();
    client.emulator.faults.add({ type: 'busy-task', count: 1 });
    expect((await client.get('/mgmt/shared/echo')).status).toBe(200);
    expect((await client.get('ltm/pool')).body).toEqual({
      code: 503,
      message: 'There is an active asynchronous task executing.',
      errorStack: [],
      apiError: 32_964_609,
    });
    expect((await client.get('ltm/pool')).status).toBe(200);
  });

  it.each([
    [undefined, 400, 'remoteSender:127.0.0.1, method:POST'],
    ['async-context', 500, 'AsyncContext timeout'],
  ] as const)('lets operations expire (%s), and carries them out all the same', async (shape, status, words) => {
    const client = await startTest();
    const shaped = shape === undefined ? {} : { shape };
    client.emulator.faults.add({ type: 'latency', ms: 20, timeoutMs: 1, method: 'POST', count: 1, ...shaped });
    const reply = await client.post('ltm/pool', { name: 'p' });
    expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(words)]);
    await expect.poll(async () => (await client.get('ltm/pool/p')).status, { timeout: 20_000 }).toBe(200);
  });

  it('lets commits expire in the form of later releases', async () => {
    const client = await startTest();
    client.emulator.faults.add({ type: 'slow-transaction', shape: 'async-context', count: 1 });
    const reply = await client.transact(['POST', 'ltm/pool', { name: 'p' }]);
    expect([reply.status, reply.text]).toEqual([500, expect.stringContaining('AsyncContext timeout')]);
    expect((await client.get('ltm/pool/p')).status).toBe(200);
  });
});

describe('errors of mcpd', () => {
  it('hit objects by kind, name and verb, in transactions too', async () => {
    const client = await startTest();
    const fault = { type: 'mcp-error', message: '01070734:3: Configuration error: no' } as const;
    client.emulator.faults.add({ ...fault, kind: 'ltm/pool/members', name: '/Common/10.0.0.*', verb: 'create' });
    client.emulator.faults.add({ ...fault, kind: 'ltm/pool', name: '/Common/kept', verb: 'delete', code: 500 });
    expect((await client.post('ltm/pool', { name: 'kept' })).status).toBe(200);
    expect((await client.post('ltm/pool/kept/members', { name: '10.0.1.1:80' })).status).toBe(200);
    expect((await client.post('ltm/pool/kept/members', { name: '10.0.0.1:80' })).status).toBe(400);
    expect((await client.post('ltm/node', { name: '10.0.0.9', address: '10.0.0.9' })).status).toBe(200);
    expect((await client.delete('ltm/pool/kept')).status).toBe(500);
    const failed = await client.transact(
      ['POST', 'ltm/pool', { name: 'q' }],
      ['POST', 'ltm/pool/q/members', { name: '10.0.0.2:80' }],
    );
    expect(failed.body.message).toBe(`transaction failed:${fault.message}`);
    expect((await client.get('ltm/pool/q')).status).toBe(404);
    expect(client.emulator.faults.list().map(({ used }) => used)).toEqual([2, 1]);
  });
});

describe('the times of a real device', () => {
  it.each<[string, string, Operation]>([
    ['GET', '/mgmt/tm/ltm/pool', 'list'],
    ['GET', '/mgmt/tm/ltm/pool/~P~p', 'read'],
    ['GET', '/mgmt/tm/ltm/pool?expandSubcollections=true', 'expand'],
    ['GET', '/mgmt/tm/ltm/pool/stats', 'stats'],
    ['PATCH', '/mgmt/tm/ltm/pool/~P~p', 'write'],
    ['PATCH', '/mgmt/tm/transaction/1', 'commit'],
    ['POST', '/mgmt/tm/transaction', 'read'],
    ['POST', '/mgmt/tm/sys/config', 'save'],
    ['POST', '/mgmt/tm/util/bash', 'command'],
    ['POST', '/mgmt/shared/authn/login', 'login'],
  ])('%s %s counts as %s', (method, uri, operation) => {
    const [path = '', query = ''] = uri.split('?');
    expect(operationOf({ method, path, query }, false)).toBe(operation);
  });

  it('are spread around the medians that people quote, and the same for the same seed', () => {
    const sample = (operation: Operation, objects: number, seed = 1): readonly number[] => {
      const dice = diceFrom(seed);
      return Array.from({ length: 1001 }, () => timeOf(operation, objects, dice)).sort((a, b) => a - b);
    };
    const median = (operation: Operation, objects: number): number => sample(operation, objects)[500] ?? 0;
    for (const [operation, { median: quoted, each }] of Object.entries(realDevice)) {
      const found = median(operation as Operation, 10);
      expect(found / (quoted + 10 * each)).toBeGreaterThan(0.9);
      expect(found / (quoted + 10 * each)).toBeLessThan(1.1);
    }
    expect(sample('write', 0, 2)).toEqual(sample('write', 0, 2));
    expect(sample('write', 0, 2)).not.toEqual(sample('write', 0, 3));
    // 130 virtual servers with all that is below them: 2 to 3 s; a commit of 120 lines: 1.75 s.
    expect(median('expand', 130)).toBeGreaterThan(2000);
    expect(median('commit', 120)).toBeLessThan(2500);
    expect(isExclusive('write')).toBe(true);
    expect(operationOf({ method: 'POST', path: '/mgmt/tm/ltm/pool', query: '' }, true)).toBe('read');
  });

  it('hold every request up', async () => {
    const client = await startTest();
    client.emulator.faults.add({ type: 'latency', profile: 'real-device', seed: 3, scale: 0.01 });
    const names = ['a', 'b', 'c', 'd'];
    const made = await Promise.all(names.map((name) => client.post('ltm/pool', { name })));
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await client.get('ltm/pool')).body.items).toHaveLength(4);
    expect(client.emulator.faults.list()).toMatchObject([{ used: 5 }]);
  });

  it('let mcpd do one write after the other, whatever each takes', async () => {
    const device = testDevice();
    const faults = new Faults(device.clock, () => undefined);
    const tokens = new TokenStore(device.clock);
    const transactions = new TransactionStore(device.clock);
    const disturbance = new Disturbance({ faults, device, tokens, transactions });
    faults.add({ type: 'latency', profile: 'real-device', seed: 5, scale: 0.02 });
    const done = async (method: string): Promise<readonly number[]> => {
      const order: number[] = [];
      const request = { method, path: '/mgmt/tm/ltm/pool/~P~p', query: '', headers: {}, body: '', address: '' };
      const numbers = [0, 1, 2, 3, 4, 5];
      await Promise.all(
        numbers.map(async (index) => {
          await disturbance.answer(request, () => Promise.resolve({ reply: { status: 200 }, user: undefined }));
          order.push(index);
        }),
      );
      return order;
    };
    expect(await done('PATCH')).toEqual([0, 1, 2, 3, 4, 5]);
    faults.clear();
    faults.add({ type: 'latency', profile: 'real-device', seed: 5, path: 'pool' });
    expect(await done('GET')).not.toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('a file of faults', () => {
  it('is a list in YAML or JSON, at the top or under faults', async () => {
    const faults = readFaults(
      'faults:\n- type: latency\n  profile: real-device\n  scale: 0\n- {type: unavailable, count: 1}\n',
    );
    expect(readFaults(JSON.stringify(faults))).toEqual(faults);
    const client = await startTest({ faults });
    expect((await client.get('ltm/pool')).status).toBe(503);
    expect((await client.get('ltm/pool')).status).toBe(200);
  });

  it.each([
    ['- type: cut', 'faults[0]: when: found nothing, expected before or after'],
    ['- {type: unavailable}\n- 7', 'faults[1]: found 7, expected a fault'],
    ['type: cut', 'found {"type":"cut"}, expected a list of faults, or one under "faults"'],
    ['', 'found null, expected a list of faults, or one under "faults"'],
    ['- {type: cut', 'Flow map'],
  ])('that is wrong is explained: %s', (text, words) => {
    expect(() => readFaults(text)).toThrow(words);
  });
});
