import { describe, expect, it } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { until } from '../dataplane/test-kit.ts';
import { connectPair } from '../index.ts';
import { startTest, type Client } from '../test-kit.ts';

const dataPlane = (): ReturnType<typeof createDataPlane> => createDataPlane({ listen: false });

async function startPair(): Promise<readonly [Client, Client]> {
  const options = { heartbeat: { everyMs: 0 }, dataPlane };
  const first = await startTest({ ...options, hostname: 'b1.example.com' });
  const second = await startTest({ ...options, hostname: 'b2.example.com' });
  await connectPair(first.emulator, second.emulator, {});
  return [first, second];
}

const stateOf = ({ emulator }: Client): string => emulator.pair.failoverState('/Common/b1.example.com');

const watched = { minUpMembers: 2, minUpMembersChecking: 'enabled', members: ['10.0.0.1:80', '10.0.0.2:80'] };

describe('minUpMembers', () => {
  it('makes the device standby when too few members are up, once', async () => {
    const [first] = await startPair();
    await first.post('ltm/pool', { name: 'p', ...watched });
    expect(stateOf(first)).toBe('active');
    await first.patch('ltm/pool/~Common~p/members/~Common~10.0.0.1:80', { state: 'user-down' });
    await until('it is standby', () => stateOf(first) === 'standby');
    expect(first.emulator.faults.list()).toEqual([]);
  });

  it('does nothing without checking', async () => {
    const [first, second] = await startPair();
    await first.post('ltm/pool', { name: 'p', ...watched, minUpMembersChecking: 'disabled' });
    await first.patch('ltm/pool/~Common~p/members/~Common~10.0.0.1:80', { state: 'user-down' });
    await second.emulator.pair.tick();
    expect(stateOf(first)).toBe('active');
  });

  it('restarts the daemons, too, when the action says so', async () => {
    const client = await startTest({ dataPlane });
    await client.post('ltm/pool', { name: 'p', ...watched, minUpMembersAction: 'restart-all' });
    await client.patch('ltm/pool/~Common~p/members/~Common~10.0.0.1:80', { state: 'user-down' });
    expect(client.emulator.faults.list()).toMatchObject([{ fault: { type: 'restart', daemon: 'all' } }]);
  });
});
