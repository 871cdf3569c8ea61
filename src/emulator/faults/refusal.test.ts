import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from '../dataplane/test-kit.ts';
import { startTest, type Client } from '../test-kit.ts';
import { readFaults } from './read-file.ts';

/** Whether a connection is accepted, or how it fails. */
async function knock({ emulator }: Client): Promise<string> {
  const { hostname, port } = new URL(emulator.url);
  const socket = connect(Number(port), hostname);
  try {
    return await new Promise((resolve) => {
      socket.on('connect', () => resolve('accepted'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    });
  } finally {
    socket.destroy();
  }
}

describe('a fault of refused connections', () => {
  it('closes the listening socket, answers who asked for it, and ends when it is removed', async () => {
    const client = await startTest();
    const id = client.emulator.faults.add({ type: 'refused' });
    expect(await knock(client)).toBe('ECONNREFUSED');
    await expect(client.get('ltm/pool')).rejects.toThrow('fetch failed');
    client.emulator.faults.remove(id);
    await until('it listens', async () => (await knock(client)) === 'accepted');
    expect((await client.get('ltm/pool')).status).toBe(200);
  });

  it('is set over HTTP for a time, and over by itself', async () => {
    const client = await startTest();
    const { status } = await client.post('/emulator/faults', { type: 'refused', durationMs: 300 });
    expect(status).toBe(200);
    expect(await knock(client)).toBe('ECONNREFUSED');
    await until('it listens', async () => (await knock(client)) === 'accepted');
    expect(client.emulator.faults.list()).toEqual([]);
  });

  it('begins later if it says so', async () => {
    const client = await startTest({ faults: readFaults('- { type: refused, afterMs: 30, durationMs: 60000 }') });
    await until('nobody listens', async () => (await knock(client)) === 'ECONNREFUSED');
    expect(client.emulator.faults.list()).toHaveLength(1);
  });

  it('over HTTP or from a file must end by itself, and is for no request', async () => {
    const client = await startTest();
    const { body } = await client.post('/emulator/faults', { type: 'refused' });
    expect(body.message).toContain('durationMs: found nothing, expected a number');
    expect(() => readFaults('- { type: refused, durationMs: 1, path: a }')).toThrow('faults[0]: path');
    expect(await knock(client)).toBe('accepted');
  });
});
