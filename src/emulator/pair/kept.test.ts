import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectPair, EmulatorNetwork, startEmulator, type Emulator, type EmulatorOptions } from '../index.ts';
import { clientOf, manualClock, type Client } from '../test-kit.ts';

const folders: string[] = [];
const running = new Set<Emulator>();

afterEach(async () => {
  await Promise.all([...running].map((each) => each.close()));
  running.clear();
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

interface Box {
  readonly start: () => Promise<Client>;
  readonly stop: (client: Client) => Promise<void>;
}

function box(name: string, options: EmulatorOptions): Box {
  const state = mkdtempSync(path.join(tmpdir(), 'emulator-pair-'));
  folders.push(state);
  return {
    start: async () => {
      const emulator = await startEmulator({ hostname: name, state, heartbeat: { everyMs: 0 }, ...options });
      running.add(emulator);
      return clientOf(emulator);
    },
    stop: async ({ emulator }) => {
      running.delete(emulator);
      await emulator.close();
    },
  };
}

const syncOf = async (client: Client): Promise<string> => {
  const { body } = await client.get('cm/sync-status');
  return body.entries['https://localhost/mgmt/tm/cm/sync-status/0'].nestedStats.entries.status.description;
};
const failoverOf = async (client: Client, name: string): Promise<string> =>
  (await client.get(`cm/device/${name}`)).body.failoverState;

describe.each(['in one process', 'over HTTP'])('a pair %s with state on disk', (way) => {
  it('trusts each other again after a restart, knows what it synchronised, and one is active', async () => {
    const clock = manualClock();
    const network = way === 'in one process' ? { network: new EmulatorNetwork() } : {};
    const one = box('b1.example.com', { clock, managementIp: '10.255.0.1', ...network });
    const two = box('b2.example.com', { clock, managementIp: '10.255.0.2', ...network });
    const first = await one.start();
    let second = await two.start();
    await connectPair(first.emulator, second.emulator, { autoSync: true });
    await first.post('ltm/pool', { name: 'before' });
    await first.emulator.pair.tick();
    expect(await syncOf(second)).toBe('In Sync');

    await two.stop(second);
    clock.advance(10_000);
    await first.emulator.pair.tick();
    expect(await failoverOf(first, 'b2.example.com')).toBe('offline');
    expect(await syncOf(first)).toBe('Disconnected');
    await first.post('ltm/pool', { name: 'meanwhile' });

    second = await two.start();
    await second.emulator.pair.tick();
    await first.emulator.pair.tick();
    await second.emulator.pair.tick();
    expect(await failoverOf(first, 'b2.example.com')).toBe('standby');
    expect(await failoverOf(second, 'b1.example.com')).toBe('active');
    expect([await syncOf(first), await syncOf(second)]).toEqual(['In Sync', 'In Sync']);
    expect((await second.get('ltm/pool')).body.items.map(({ name }: { name: string }) => name)).toEqual([
      'before',
      'meanwhile',
    ]);
    await second.post('ltm/pool', { name: 'after' });
    await second.emulator.pair.tick();
    expect((await first.get('ltm/pool/after')).status).toBe(200);
  });

  it('stays alone when it was taken out of the trust domain', async () => {
    const network = way === 'in one process' ? { network: new EmulatorNetwork() } : {};
    const one = box('b1.example.com', { managementIp: '10.255.0.1', ...network });
    const two = box('b2.example.com', { managementIp: '10.255.0.2', ...network });
    const first = await one.start();
    let second = await two.start();
    await connectPair(first.emulator, second.emulator);
    await first.post('cm/remove-from-trust', { command: 'run', deviceName: 'b2.example.com' });
    await two.stop(second);
    second = await two.start();
    await second.emulator.pair.tick();
    expect(await syncOf(second)).toBe('Standalone');
    expect((await second.get('cm/device')).body.items).toHaveLength(1);
  });
});
