import { describe, expect, it } from 'vitest';
import { manualClock, startTest } from '../test-kit.ts';

describe('faults', () => {
  it('answer 503 with the page of Apache for the next N requests, and for a time', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    client.emulator.faults.add({ type: 'unavailable', count: 2 });
    const first = await client.get('ltm/pool');
    expect(first.status).toBe(503);
    expect(first.text).toContain('Configuration Utility restarting...');
    expect((await client.get('ltm/pool')).status).toBe(503);
    expect((await client.get('ltm/pool')).status).toBe(200);
    client.emulator.faults.add({ type: 'unavailable', durationMs: 5000 });
    expect((await client.get('ltm/pool')).status).toBe(503);
    clock.advance(5000);
    expect((await client.get('ltm/pool')).status).toBe(200);
  });

  it('cut the connection before anything is done, or after it was done', async () => {
    const client = await startTest();
    client.emulator.faults.add({ type: 'cut', when: 'before', method: 'POST', path: '/ltm/pool$', count: 1 });
    await expect(client.post('ltm/pool', { name: 'a' })).rejects.toThrow('fetch failed');
    expect((await client.get('ltm/pool/~Common~a')).status).toBe(404);
    client.emulator.faults.add({ type: 'cut', when: 'after', method: 'POST', path: '/ltm/pool$', count: 1 });
    await expect(client.post('ltm/pool', { name: 'a' })).rejects.toThrow('fetch failed');
    expect((await client.get('ltm/pool/~Common~a')).status).toBe(200);
    expect(client.emulator.log.entries().map((entry) => entry.status)).toEqual([0, 404, 0, 200]);
  });

  it('fail writes of chosen objects with an error of mcpd, in transactions too', async () => {
    const client = await startTest();
    client.emulator.faults.add({
      type: 'mcp-error',
      path: '~Common~bad$',
      message: '01070734:3: Configuration error: no',
    });
    expect((await client.post('ltm/pool', { name: 'good' })).status).toBe(200);
    expect((await client.post('ltm/pool', { name: 'bad' })).body).toMatchObject({
      code: 400,
      apiError: 3,
      message: '01070734:3: Configuration error: no',
    });
    const failed = await client.transact(
      ['POST', 'ltm/pool', { name: 'other' }],
      ['POST', 'ltm/pool', { name: 'bad' }],
    );
    expect(failed.body.message).toBe('transaction failed:01070734:3: Configuration error: no');
    expect((await client.get('ltm/pool/~Common~other')).status).toBe(404);
  });

  it('answer a commit with 400 remoteSender although it is carried out', async () => {
    const client = await startTest();
    client.emulator.faults.add({ type: 'slow-transaction', count: 1 });
    const reply = await client.transact(['POST', 'ltm/pool', { name: 'p' }]);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ message: 'remoteSender:127.0.0.1, method:PATCH ', kind: ':resterrorresponse' });
    expect((await client.get('ltm/pool/~Common~p')).status).toBe(200);
  });

  it('delay by a fixed time and end all tokens', async () => {
    const client = await startTest();
    client.emulator.faults.add({ type: 'latency', ms: 60, path: '/ltm/node', count: 1 });
    const began = performance.now();
    await client.get('ltm/node');
    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
    const login = await client.post('/mgmt/shared/authn/login', {
      username: 'admin',
      password: 'admin',
      loginProviderName: 'tmos',
    });
    client.emulator.faults.expireTokens();
    const headers = { Authorization: '', 'X-F5-Auth-Token': String(login.body.token.token) };
    expect((await client.send('GET', 'ltm/node', undefined, headers)).status).toBe(401);
  });

  it('are set, listed and removed over HTTP, and wrong ones are explained', async () => {
    const client = await startTest();
    const made = await client.post('/emulator/faults', { type: 'unavailable', count: 3 });
    expect((await client.get('/emulator/faults')).body.items).toEqual([
      { id: made.body.id, fault: { type: 'unavailable', count: 3 }, used: 0, left: 3 },
    ]);
    await client.get('ltm/pool');
    expect((await client.get('/emulator/faults')).body.items).toMatchObject([{ used: 1, left: 2 }]);
    expect((await client.delete(`/emulator/faults/${made.body.id}`)).status).toBe(200);
    expect((await client.get('ltm/pool')).status).toBe(200);
    const problem = async (body: object): Promise<unknown> =>
      (await client.post('/emulator/faults', body)).body.message;
    expect(await problem({ type: 'latency' })).toBe(
      'fault: ms: found nothing, expected milliseconds, or a profile instead',
    );
    expect(await problem({ type: 'cut', when: 'after', path: '(' })).toBe(
      'fault: path: found "(", expected a regular expression',
    );
    expect(await problem({ type: 'mcp-error', message: 'x', verb: 'list' })).toBe(
      'fault: verb: found "list", expected create or modify or delete',
    );
    expect(await problem({ type: 'unavailable', ms: 3 })).toMatch(
      /^fault: ms: found 3, expected a field of unavailable: /v,
    );
    expect(await problem({ type: 'rain' })).toMatch(/^fault: type: found "rain", expected one of latency, /v);
    expect(await problem({ type: 'unavailable', count: 0 })).toBe(
      'fault: count: found 0, expected a whole number of 1 or more',
    );
  });
});

describe('the request log', () => {
  it('holds what was asked, by whom, and whether it writes; it can be read and cleared over HTTP', async () => {
    const client = await startTest();
    await client.get('ltm/pool?$top=1');
    await client.transact(['POST', 'ltm/pool', { name: 'p' }]);
    await client.post('sys/config', { command: 'save' });
    const entries = client.emulator.log.entries();
    expect(entries[0]).toMatchObject({
      method: 'GET',
      path: '/mgmt/tm/ltm/pool',
      query: '$top=1',
      status: 200,
      user: 'admin',
      write: false,
    });
    expect(entries[2]).toMatchObject({
      method: 'POST',
      body: { name: 'p' },
      write: true,
      transaction: expect.stringMatching(/^\d{16}$/v),
    });
    expect(entries[3]?.transaction).toBe(entries[2]?.transaction);
    expect(client.emulator.log.writes()).toHaveLength(3);
    expect((await client.get('/emulator/log')).body.items).toHaveLength(5);
    await client.delete('/emulator/log');
    expect(client.emulator.log.total).toBe(0);
  });

  it('keeps the last requests only', async () => {
    const client = await startTest({ logLimit: 3 });
    for (let count = 0; count < 10; count += 1) {
      await client.get(`ltm/pool?n=${count}`);
    }
    expect(client.emulator.log.entries().map((entry) => entry.query)).toEqual(['n=7', 'n=8', 'n=9']);
    expect(client.emulator.log.total).toBe(10);
  });
});
