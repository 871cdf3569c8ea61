import { describe, expect, it } from 'vitest';
import { manualClock, startTest, type Client } from '../test-kit.ts';

async function begin(client: Client): Promise<{ id: string; header: Record<string, string> }> {
  const { body } = await client.post('transaction', {});
  return { id: String(body.transId), header: { 'X-F5-REST-Coordination-Id': String(body.transId) } };
}

describe('transactions', () => {
  it('are opened with the body that a device gives', async () => {
    const client = await startTest({ tmos: '12.1', clock: manualClock(1_526_674_837_169) });
    const { body } = await client.post('transaction', {});
    expect(body).toEqual({
      transId: 1_526_674_837_169_000,
      state: 'STARTED',
      timeoutSeconds: 120,
      asyncExecution: false,
      validateOnly: false,
      executionTimeout: 300,
      executionTime: 0,
      failureReason: '',
      kind: 'tm:transactionstate',
      selfLink: 'https://localhost/mgmt/tm/transaction/1526674837169000?ver=12.1.2',
    });
  });

  it('queue without effect, answer with the command, and commit in any order of creation', async () => {
    const client = await startTest();
    const { id, header } = await begin(client);
    const virtual = { name: 'v', destination: '10.1.1.1:80', pool: '/Common/p' };
    const queued = await client.send('POST', 'ltm/virtual', virtual, header);
    expect(queued.body).toMatchObject({
      method: 'POST',
      uri: 'https://localhost/mgmt/tm/ltm/virtual',
      body: virtual,
      evalOrder: 1,
      commandId: 1,
    });
    await client.send('POST', 'ltm/pool/~Common~p/members', { name: '10.0.0.1:80' }, header);
    await client.send('POST', 'ltm/pool', { name: 'p' }, header);
    expect((await client.send('GET', 'ltm/pool', undefined, header)).body.items).toBeUndefined();
    const done = await client.patch(`transaction/${id}`, { state: 'VALIDATING' });
    expect(done.body).toMatchObject({ state: 'COMPLETED', transId: Number(id) });
    expect((await client.get('ltm/pool/~Common~p/members')).body.items).toHaveLength(1);
  });

  it('apply nothing when one command fails, and leave the store byte for byte as it was', async () => {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'p', members: ['10.0.0.1:80'] });
    const before = JSON.stringify(client.emulator.dump());
    const failed = await client.transact(
      ['POST', 'ltm/pool', { name: 'q', members: ['10.0.0.2:80', '10.0.0.3:80'] }],
      ['PATCH', 'ltm/pool/~Common~p', { members: [], description: 'x' }],
      ['POST', 'ltm/virtual', { name: 'v', destination: '10.1.1.1:80', pool: '/Common/none-such' }],
    );
    expect(failed.status).toBe(400);
    expect(failed.body).toEqual({
      code: 400,
      message: 'transaction failed:01020036:3: The requested Pool (/Common/none-such) was not found.',
      errorStack: [],
      apiError: 2,
    });
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });

  it('delete a node after its member, but not a monitor after it was detached', async () => {
    const client = await startTest();
    await client.post('ltm/monitor/tcp', { name: 'm' });
    await client.post('ltm/pool', { name: 'p', monitor: '/Common/m', members: ['10.0.0.1:80'] });
    const nodes = await client.transact(
      ['DELETE', 'ltm/pool/~Common~p/members/~Common~10.0.0.1:80'],
      ['DELETE', 'ltm/node/~Common~10.0.0.1'],
    );
    expect(nodes.body.state).toBe('COMPLETED');
    const monitor = await client.transact(
      ['PATCH', 'ltm/pool/~Common~p', { monitor: '' }],
      ['DELETE', 'ltm/monitor/tcp/~Common~m'],
    );
    expect(monitor.status).toBe(400);
    expect(monitor.body.message).toBe('transaction failed:01070083:3: Monitor /Common/m is in use.');
    const otherOrder = await client.transact(
      ['DELETE', 'ltm/monitor/tcp/~Common~m'],
      ['PATCH', 'ltm/pool/~Common~p', { monitor: '' }],
    );
    expect(otherOrder.body.message).toBe('transaction failed:01070083:3: Monitor /Common/m is in use.');
    await client.patch('ltm/pool/~Common~p', { monitor: '' });
    expect((await client.delete('ltm/monitor/tcp/~Common~m')).status).toBe(200);
  });

  it('answer 400 for every refusal, whatever the request alone would have got', async () => {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'p' });
    const cases = [
      [['POST', 'ltm/pool', { name: 'p' }], 'transaction failed:01020066:3: The requested Pool (/Common/p) already'],
      [['PATCH', 'ltm/pool/none', { description: 'x' }], 'transaction failed:01020036:3: The requested Pool'],
      [
        ['DELETE', 'ltm/pool/p/members/~Common~10.0.0.1:80'],
        'transaction failed:Object not found - /Common/10.0.0.1:80',
      ],
    ] as const;
    for (const [command, message] of cases) {
      const failed = await client.transact(command);
      expect(failed.status).toBe(400);
      expect(failed.body).toMatchObject({ code: 400, message: expect.stringContaining(message), apiError: 2 });
    }
  });

  it('with asyncExecution answer VALIDATING, and tell the outcome later', async () => {
    const client = await startTest();
    const outcomeOf = async (body: unknown): Promise<{ state: string; failureReason: string }> => {
      const { transId } = (await client.post('transaction', { asyncExecution: true })).body;
      await client.send('POST', 'ltm/pool', body, { 'X-F5-REST-Coordination-Id': String(transId) });
      const answered = await client.patch(`transaction/${transId}`, { state: 'VALIDATING' });
      expect(answered.body.state).toBe('VALIDATING');
      return (await client.get(`transaction/${transId}`)).body;
    };
    expect(await outcomeOf({ name: 'p' })).toMatchObject({ state: 'COMPLETED', failureReason: '' });
    expect(await outcomeOf({ name: 'p' })).toMatchObject({
      state: 'FAILED',
      failureReason: expect.stringContaining('01020066'),
    });
    const { transId } = (await client.post('transaction', { asyncExecution: true })).body;
    expect((await client.patch(`transaction/${transId}`, { state: 'VALIDATING' })).status).toBe(404);
  });

  it('cannot put objects into a partition that they make', async () => {
    const client = await startTest();
    const failed = await client.transact(
      ['POST', 'auth/partition', { name: 'P' }],
      ['POST', 'ltm/pool', { name: 'p', partition: 'P' }],
    );
    expect(failed.body.message).toBe('transaction failed:The requested folder (/P) was not found.');
    expect((await client.transact(['POST', 'auth/partition', { name: 'P' }])).body.state).toBe('COMPLETED');
    const folder = await client.transact(
      ['POST', 'sys/folder', { name: 'f', partition: 'P' }],
      ['POST', 'ltm/pool', { name: 'p', partition: 'P', subPath: 'f' }],
    );
    expect(folder.body.state).toBe('COMPLETED');
    expect((await client.get('ltm/pool/~P~f~p')).body.subPath).toBe('f');
  });

  it('refuse two virtual servers that swap their destinations', async () => {
    const client = await startTest();
    await client.post('ltm/virtual', { name: 'a', destination: '10.1.1.1:80' });
    await client.post('ltm/virtual', { name: 'b', destination: '10.1.1.2:80' });
    const failed = await client.transact(
      ['PATCH', 'ltm/virtual/~Common~a', { destination: '/Common/10.1.1.2:80' }],
      ['PATCH', 'ltm/virtual/~Common~b', { destination: '/Common/10.1.1.1:80' }],
    );
    expect(failed.body.message).toContain('transaction failed:01070333:3: Virtual Server /Common/a illegally shares');
  });

  it('can be looked at, reordered and shortened before the commit', async () => {
    const client = await startTest();
    const { id, header } = await begin(client);
    for (const name of ['a', 'b', 'c']) {
      await client.send('POST', 'ltm/pool', { name }, header);
    }
    expect((await client.patch(`transaction/${id}/commands/3`, { evalOrder: 1 })).body.evalOrder).toBe(1);
    expect((await client.delete(`transaction/${id}/commands/1`)).status).toBe(200);
    const { items } = (await client.get(`transaction/${id}/commands`)).body;
    expect(
      items.map((each: { body: { name: string }; evalOrder: number }) => [each.body.name, each.evalOrder]),
    ).toEqual([
      ['c', 1],
      ['b', 2],
    ]);
    const wrong = await client.get(`transaction/${id}/commands/3/members`);
    expect(wrong.body).toMatchObject({ code: 400, message: 'Found invalid command id 3/members/', apiError: 1 });
  });

  it('are gone without a word after 120 seconds, and on DELETE', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    const first = await begin(client);
    clock.advance(121_000);
    const late = await client.send('POST', 'ltm/pool', { name: 'p' }, first.header);
    expect(late.body).toMatchObject({ code: 404, message: 'Missing transaction ID for this call.' });
    expect((await client.patch(`transaction/${first.id}`, { state: 'VALIDATING' })).status).toBe(404);
    const second = await begin(client);
    expect((await client.delete(`transaction/${second.id}`)).status).toBe(200);
    expect((await client.get('transaction')).body.items).toEqual([]);
  });

  it('keep the rules of the header: not on themselves, not on commands, not without commands', async () => {
    const client = await startTest();
    const { id, header } = await begin(client);
    const own = await client.send('PATCH', `transaction/${id}`, { state: 'VALIDATING' }, header);
    expect(own.status).toBe(400);
    expect(own.body.message).toMatch(/^Transaction \d+ operation .* is not allowed to be added to transaction\.$/v);
    expect((await client.send('POST', 'util/bash', { command: 'run' }, header)).status).toBe(400);
    const empty = await client.patch(`transaction/${id}`, { state: 'VALIDATING' });
    expect(empty.body).toMatchObject({
      code: 404,
      message: 'there is no command to commit in the transaction.',
      apiError: 1,
    });
  });

  it('only check with validateOnly', async () => {
    const client = await startTest();
    const { id, header } = await begin(client);
    await client.send('POST', 'ltm/pool', { name: 'p' }, header);
    const before = JSON.stringify(client.emulator.dump());
    expect((await client.patch(`transaction/${id}`, { state: 'VALIDATING', validateOnly: true })).body.state).toBe(
      'COMPLETED',
    );
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });
});
