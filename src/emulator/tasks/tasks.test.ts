import { describe, expect, it } from 'vitest';
import { clientOf, startTest } from '../test-kit.ts';

describe('task endpoints', () => {
  it('make a task that runs when it is validated, and tell its state and result', async () => {
    const client = await startTest();
    const made = await client.post('task/sys/config', { command: 'save' });
    expect(made.body).toMatchObject({ _taskState: 'STARTED', command: 'save' });
    const path = `task/sys/config/${made.body._taskId}`;
    expect(made.body.selfLink).toBe(`https://localhost/mgmt/tm/${path}`);
    expect((await client.get(`${path}/result`)).status).toBe(400);
    expect((await client.put(path, { _taskState: 'DONE' })).status).toBe(400);
    const started = await client.put(path, { _taskState: 'VALIDATING' });
    expect([started.status, started.body]).toEqual([
      202,
      { code: 202, message: 'Task will execute asynchronously.', errorStack: [] },
    ]);
    expect((await client.get(path)).body._taskState).toBe('COMPLETED');
    expect((await client.get(`${path}/result`)).body).toMatchObject({
      kind: 'tm:sys:config:savestate',
      command: 'save',
    });
    expect((await client.put(path, { _taskState: 'VALIDATING' })).status).toBe(400);
    expect((await client.get('task/sys/config')).body.items).toHaveLength(1);
    expect((await client.delete(path)).status).toBe(200);
    expect((await client.get(path)).body).toMatchObject({
      code: 404,
      message: `Task not found - ID: ${made.body._taskId} user: admin`,
      apiError: 1,
    });
  });

  it('fail with the error that the command has', async () => {
    const client = await startTest();
    const run = async (path: string, body: unknown): Promise<{ state: unknown; result: Record<string, unknown> }> => {
      const { _taskId: id } = (await client.post(`task/${path}`, body)).body;
      await client.put(`task/${path}/${id}`, { _taskState: 'VALIDATING' });
      const { _taskState: state } = (await client.get(`task/${path}/${id}`)).body;
      return { state, result: (await client.get(`task/${path}/${id}/result`)).body };
    };
    expect(await run('sys/config', { command: 'load', options: [{ merge: true, file: '/nope' }] })).toMatchObject({
      state: 'FAILED',
      result: { code: 400, message: '/nope: No such file or directory' },
    });
    expect(await run('util/bash', { command: 'run', utilCmdArgs: '-c "tmsh create ltm pool p"' })).toMatchObject({
      state: 'COMPLETED',
    });
    expect((await client.get('ltm/pool/p')).status).toBe(200);
    expect(await run('cm/config-sync', { command: 'run', options: [{ 'to-group': 'nope' }] })).toMatchObject({
      state: 'FAILED',
      result: { message: expect.stringContaining('nope') as unknown },
    });
    expect((await client.post('task/ltm/pool', { command: 'run' })).status).toBe(404);
    expect((await client.post('task/sys/config', {})).status).toBe(400);
  });

  it('are their user’s, whose role holds when they run', async () => {
    const users = [
      { name: 'admin', password: 'admin' },
      { name: 'guest', password: 'guest', role: 'guest' },
    ];
    const client = await startTest({ users });
    const guest = { Authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
    const other = clientOf(client.emulator);
    const { _taskId: id } = (await other.send('POST', 'task/sys/config', { command: 'save' }, guest)).body;
    await other.send('PUT', `task/sys/config/${id}`, { _taskState: 'VALIDATING' }, guest);
    expect((await client.get(`task/sys/config/${id}`)).body._taskState).toBe('FAILED');
    const { _taskId: own } = (await client.post('task/sys/config', { command: 'save' })).body;
    expect((await other.send('GET', `task/sys/config/${own}`, undefined, guest)).status).toBe(404);
  });
});
