import { describe, expect, it } from 'vitest';
import { connectPair } from '../index.ts';
import { manualClock, startTest, type Client } from '../test-kit.ts';

interface Pair {
  readonly first: Client;
  readonly second: Client;
  readonly tick: () => Promise<void>;
}

const pool = (client: Client, name: string, addresses: readonly string[]): ReturnType<Client['post']> =>
  client.post('ltm/pool', { name, members: addresses.map((address) => ({ name: `${address}:80` })) });

async function startPair(tmos = '17.1'): Promise<Pair> {
  const clock = manualClock();
  const options = { clock, tmos, heartbeat: { everyMs: 0 } };
  const first = await startTest({ hostname: 'b1.example.com', ...options });
  const second = await startTest({ hostname: 'b2.example.com', ...options });
  await connectPair(first.emulator, second.emulator);
  const tick = async (): Promise<void> => {
    clock.advance(1000);
    await first.emulator.pair.tick();
    await second.emulator.pair.tick();
  };
  return { first, second, tick };
}

/** Each box gets an HA group over two members and a trunk of its own, and the traffic group goes by their score. */
async function withScores(pair: Pair, group: object = {}): Promise<void> {
  const { first, second, tick } = pair;
  await pool(first, 'p', ['10.0.0.1', '10.0.0.2']);
  await first.post('cm', { command: 'run', utilCmdArgs: 'config-sync to-group pair' });
  for (const each of [first, second]) {
    await each.post('net/trunk', { name: 'trunk1', interfaces: ['1.1', '1.2'] });
    const pools = [{ name: '/Common/p', weight: 50, minimumThreshold: 1 }];
    const trunks = [{ name: 'trunk1', weight: 20 }];
    const made = await each.post('sys/ha-group', { name: 'ha1', activeBonus: 10, pools, trunks, ...group });
    expect(made.status).toBe(200);
    const set = await each.patch('cm/traffic-group/traffic-group-1', { haGroup: 'ha1', failoverMethod: 'ha-score' });
    expect(set.status).toBe(200);
  }
  await tick();
}

async function active(pair: Pair): Promise<readonly string[]> {
  const states = await Promise.all(
    [pair.first, pair.second].map(async (each) => {
      const { body } = await each.get('cm/device');
      return body.items.find(({ selfDevice }: { selfDevice: string }) => selfDevice === 'true');
    }),
  );
  return states.filter(({ failoverState }) => failoverState === 'active').map(({ hostname }) => hostname);
}

async function offline(client: Client, member: string): Promise<void> {
  const down = { session: 'user-disabled', state: 'user-down' };
  expect((await client.patch(`ltm/pool/p/members/~Common~${member}:80`, down)).status).toBe(200);
}

describe('the score of HA groups', () => {
  it('moves traffic to the peer when a pool fails here, and the peer keeps it by its bonus', async () => {
    const pair = await startPair();
    await withScores(pair);
    expect(await active(pair)).toEqual(['b1.example.com']);
    await offline(pair.first, '10.0.0.1');
    // 25 + 20 + 10 against 50 + 20.
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
    await pair.first.patch('ltm/pool/p/members/~Common~10.0.0.1:80', { session: 'user-enabled', state: 'user-up' });
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
  });

  it('bears a loss that the bonus outweighs', async () => {
    const pair = await startPair();
    await withScores(pair, { activeBonus: 40 });
    await offline(pair.first, '10.0.0.1');
    await pair.tick();
    expect(await active(pair)).toEqual(['b1.example.com']);
    await offline(pair.first, '10.0.0.2');
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
  });

  it('counts nothing of a pool below its threshold, and the links of trunks', async () => {
    const pair = await startPair();
    await withScores(pair, { pools: [{ name: 'p', weight: 50, minimumThreshold: 2 }], activeBonus: 0 });
    await offline(pair.first, '10.0.0.1');
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
    await offline(pair.second, '10.0.0.2');
    await pair.second.patch('net/interface/1.1', { disabled: true });
    expect((await pair.second.get('net/trunk/trunk1')).body).toMatchObject({ cfgMbrCount: 2, workingMbrCount: 1 });
    await pair.tick();
    await pair.tick();
    expect(await active(pair)).toEqual(['b1.example.com']);
  });

  it('decides who takes over what nobody has, and names the next one', async () => {
    const pair = await startPair();
    await withScores(pair);
    await pair.first.post('sys/failover', { command: 'run', offline: true });
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
    await pair.first.post('sys/failover', { command: 'run', online: true });
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
  });

  it('decides nothing for a group that goes by order, or whose HA group is disabled', async () => {
    const pair = await startPair();
    await withScores(pair);
    for (const each of [pair.first, pair.second]) {
      await each.patch('sys/ha-group/ha1', { disabled: true });
    }
    await offline(pair.first, '10.0.0.1');
    await pair.tick();
    expect(await active(pair)).toEqual(['b1.example.com']);
  });

  it('goes before 13.0 by the HA group alone', async () => {
    const pair = await startPair('12.1');
    await pool(pair.first, 'p', ['10.0.0.1']);
    await pair.first.post('cm', { command: 'run', utilCmdArgs: 'config-sync to-group pair' });
    for (const each of [pair.first, pair.second]) {
      await each.post('sys/ha-group', { name: 'ha1', pools: [{ name: 'p', weight: 50 }] });
      expect((await each.patch('cm/traffic-group/traffic-group-1', { haGroup: 'ha1' })).status).toBe(200);
    }
    await offline(pair.first, '10.0.0.1');
    await pair.tick();
    expect(await active(pair)).toEqual(['b2.example.com']);
  });

  it('belongs to its box: the groups are not synchronised, and one in use stays', async () => {
    const pair = await startPair();
    await pair.first.post('sys/ha-group', { name: 'ha1' });
    await pair.first.patch('cm/traffic-group/traffic-group-1', { haGroup: 'ha1', mac: '2:0:0:0:0:A' });
    await pair.first.post('cm', { command: 'run', utilCmdArgs: 'config-sync to-group pair' });
    await pair.tick();
    expect((await pair.second.get('sys/ha-group/ha1')).status).toBe(404);
    const there = await pair.second.get('cm/traffic-group/traffic-group-1');
    expect(there.body).toMatchObject({ mac: '02:00:00:00:00:0a' });
    expect(there.body).not.toHaveProperty('haGroup');
    expect((await pair.first.delete('sys/ha-group/ha1')).status).toBe(400);
    expect((await pair.first.patch('cm/traffic-group/traffic-group-1', { haGroup: 'none2' })).status).toBe(404);
    expect((await pair.first.patch('cm/traffic-group/traffic-group-1', { mac: '2:0' })).status).toBe(400);
  });
});
