import { describe, expect, it } from 'vitest';
import { startTest, type Client, type TestReply } from '../test-kit.ts';

function words({ status, body }: TestReply): string {
  return `${status} ${body?.message ?? ''}`;
}

async function names(client: Client, path: string): Promise<readonly string[]> {
  return ((await client.get(path)).body.items ?? []).map(({ fullPath }: { fullPath: string }) => fullPath);
}

async function withPartitions(): Promise<Client> {
  const client = await startTest();
  await client.post('auth/partition', { name: 'P' });
  await client.post('auth/partition', { name: 'Q' });
  return client;
}

describe('?ver=', () => {
  it('pins the answer to an older version, as far as that one is known', async () => {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'p', monitor: 'http' });
    const ready = await client.get('ltm/monitor/http/http?ver=13.1.0.8');
    expect(ready.body.selfLink).toBe('https://localhost/mgmt/tm/ltm/monitor/http/~Common~http?ver=13.1.0.8');
    const group = 'cm/traffic-group/traffic-group-1';
    expect((await client.get(group)).body).toHaveProperty('failoverMethod');
    expect((await client.get(`${group}?ver=12.1.0`)).body).not.toHaveProperty('failoverMethod');
    expect((await client.get(`${group}?ver=11.6.0`)).body).not.toHaveProperty('failoverMethod');
    const list = await client.get('ltm/pool?ver=14.1.2&$select=name,selfLink');
    expect(list.body.selfLink).toContain('ver=14.1.2');
    expect(list.body.items[0].selfLink).toContain('ver=14.1.2');
    expect((await client.patch('ltm/pool/p?ver=15.1.0', { description: 'x' })).body.selfLink).toContain('ver=15.1.0');
    expect((await client.get('ltm/pool/p?ver=17.1.0')).body.selfLink).toContain('ver=17.1.0');
  });

  it.each(['17.1.1', '18.0.0', 'new', '17', ''])('refuses %j', async (version) => {
    const client = await startTest();
    for (const reply of [
      await client.get(`ltm/pool?ver=${version}`),
      await client.post(`ltm/pool?ver=${version}`, { name: 'p' }),
    ]) {
      expect(words(reply)).toBe(`400 The version (${version}) of the request is not supported; the device runs 17.1.0`);
    }
    expect(await names(client, 'ltm/pool')).toEqual([]);
  });
});

describe('DELETE of a collection', () => {
  async function pools(): Promise<Client> {
    const client = await withPartitions();
    for (const name of ['my1', 'my2', 'other', '/P/my3']) {
      await client.post('ltm/pool', { name });
    }
    return client;
  }

  it('takes those that a pattern names, in Common unless it is recursive', async () => {
    const client = await pools();
    expect((await client.delete('ltm/pool?options=my*')).status).toBe(200);
    expect(await names(client, 'ltm/pool')).toEqual(['/Common/other', '/P/my3']);
    expect((await client.delete('ltm/pool?options=recursive%20my?')).status).toBe(200);
    expect(await names(client, 'ltm/pool')).toEqual(['/Common/other']);
    expect((await client.delete('ltm/pool?options=none*')).status).toBe(200);
  });

  it('names nothing without one, and is all or nothing', async () => {
    const client = await pools();
    expect(words(await client.delete('ltm/pool'))).toBe('400 one or more properties must be specified');
    expect((await client.delete('ltm/pool?options=recursive')).status).toBe(400);
    await client.post('ltm/virtual', { name: 'v', destination: '10.0.0.1:80', pool: 'my2' });
    expect((await client.delete('ltm/pool?options=my*')).status).toBe(400);
    expect(await names(client, 'ltm/pool')).toHaveLength(4);
  });
});

describe('references across partitions', () => {
  it('reach what is in the same partition or in Common, and nothing else', async () => {
    const client = await withPartitions();
    await client.post('ltm/rule', { name: '/P/rule', apiAnonymous: 'when CLIENT_ACCEPTED { }' });
    await client.post('ltm/rule', { name: '/Common/rule', apiAnonymous: 'when CLIENT_ACCEPTED { }' });
    await client.post('ltm/pool', { name: '/P/pool' });
    const virtual = (name: string, body: object): Promise<TestReply> =>
      client.post('ltm/virtual', { name, destination: '10.0.0.1:80', ...body });
    expect(words(await virtual('/Common/v', { rules: ['/P/rule'] }))).toBe(
      '400 01070726:3: A virtual server may only reference rules in the same partition or the common partition (/Common/v:/P/rule)',
    );
    expect(words(await virtual('/Q/v', { pool: '/P/pool' }))).toBe(
      '400 01070726:3: A virtual server may only reference pools in the same partition or the common partition (/Q/v:/P/pool)',
    );
    expect(words(await virtual('/P/v', { pool: '/P/pool', rules: ['/P/rule', '/Common/rule'] }))).toBe('200 ');
    expect(words(await client.patch('ltm/virtual/~P~v', { rules: ['/Q/none'] }))).toContain('404 ');
    expect(words(await client.post('ltm/profile/http', { name: '/P/http' }))).toBe('200 ');
    const profiles = [{ name: '/P/http' }, { name: '/Common/tcp' }];
    expect(words(await virtual('/Q/w', { destination: '10.0.0.3:80', ipProtocol: 'tcp', profiles }))).toBe(
      '400 01070726:3: A virtual server may only reference profiles in the same partition or the common partition (/Q/w:/P/http)',
    );
    const done = await client.transact(
      ['POST', 'ltm/pool', { name: '/P/late' }],
      ['POST', 'ltm/virtual', { name: '/Q/x', destination: '10.0.0.2:80', pool: '/P/late' }],
    );
    expect(words(done)).toContain('transaction failed:01070726:3:');
    expect((await client.get('ltm/pool/~P~late')).status).toBe(404);
  });
});

describe('errors that repeat something like an HTML tag', () => {
  it('lose their words; what is accepted may hold one', async () => {
    const client = await startTest();
    expect(words(await client.get('ltm/pool/<b>x'))).toBe('400 HTML Tag-like Content in the Request URL/Body');
    expect(words(await client.post('ltm/pool', { name: 'p', monitor: '<script>alert(1)</script>' }))).toBe(
      '400 HTML Tag-like Content in the Request URL/Body',
    );
    expect(words(await client.get('ltm/pool/a<b'))).toContain('404 01020036:3:');
    expect((await client.post('ltm/pool', { name: 'p', description: '<b>bold</b>' })).status).toBe(200);
    const rule = { name: 'r', apiAnonymous: 'when HTTP_REQUEST { HTTP::respond 200 content "<html></html>" }' };
    expect((await client.post('ltm/rule', rule)).status).toBe(200);
  });
});

describe('executionTimeout', () => {
  it('ends a commit that takes longer: nothing of it is carried out', async () => {
    const client = await startTest();
    const slow = { type: 'slow-transaction', answerAfterMs: 0, applyAfterMs: 1001 };
    await client.post('/emulator/faults', slow);
    const { body } = await client.post('transaction', { executionTimeout: 1, timeoutSeconds: 300 });
    const header = { 'X-F5-REST-Coordination-Id': String(body.transId) };
    await client.send('POST', 'ltm/pool', { name: 'p' }, header);
    const committed = await client.patch(`transaction/${body.transId}`, { state: 'VALIDATING' });
    expect(committed.status).toBe(400);
    await expect
      .poll(async () => (await client.get(`transaction/${body.transId}`)).body, { timeout: 5000 })
      .toMatchObject({ state: 'FAILED', failureReason: 'transaction execution exceeded 1 seconds', executionTime: 1 });
    expect((await client.get('ltm/pool/p')).status).toBe(404);
  });
});
