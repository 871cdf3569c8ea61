import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clientOf, manualClock, type Client } from '../test-kit.ts';
import { EmulatorNetwork, startEmulator } from '../index.ts';

const ips = ['10.255.0.1', '10.255.0.2'] as const;

/** What happens to the pair; writes on a side that are refused (a name is taken) change nothing. */
const step = fc.oneof(
  fc.record({ op: fc.constant('create' as const), side: fc.nat(1), name: fc.constantFrom('a', 'b', 'c', 'd') }),
  fc.record({ op: fc.constant('change' as const), side: fc.nat(1), name: fc.constantFrom('a', 'b', 'c', 'd') }),
  fc.record({ op: fc.constant('delete' as const), side: fc.nat(1), name: fc.constantFrom('a', 'b', 'c', 'd') }),
  fc.record({ op: fc.constantFrom('push' as const, 'pull' as const, 'standby' as const), side: fc.nat(1) }),
  fc.record({ op: fc.constantFrom('cut' as const, 'heal' as const, 'later' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const sync = (client: Client, way: string): Promise<unknown> =>
  client.post('cm', { command: 'run', utilCmdArgs: `config-sync ${way} pair` });

/** The pools and their members, without numbers that each box has for itself. */
function configurationOf({ emulator }: Client): string {
  const dump = emulator.dump();
  const shown = ['auth/partition', 'ltm/node', 'ltm/pool', 'ltm/pool/members'].map((kind) =>
    (dump[kind] ?? []).map(({ fullPath, parent, values }) => ({ fullPath, parent, values })),
  );
  return JSON.stringify(shown);
}

async function carryOut(step: Step, pair: readonly [Client, Client], surroundings: Surroundings): Promise<void> {
  const client = 'side' in step ? pair[step.side === 0 ? 0 : 1] : pair[0];
  const path = 'name' in step ? `ltm/pool/${step.name}` : '';
  switch (step.op) {
    case 'create':
      await client.post('ltm/pool', { name: path.slice('ltm/pool/'.length), members: ['10.0.0.1:80'] });
      break;
    case 'change':
      await client.patch(path, { description: String(surroundings.clock.now()), members: [] });
      break;
    case 'delete':
      await client.delete(path);
      break;
    case 'push':
      await sync(client, 'to-group');
      break;
    case 'pull':
      await sync(client, 'from-group');
      break;
    case 'standby':
      await client.post('sys/failover', { command: 'run', standby: true });
      break;
    case 'cut':
      surroundings.network.cut(...ips);
      break;
    case 'heal':
      surroundings.network.heal();
      break;
    case 'later':
      surroundings.clock.advance(4000);
  }
}

interface Surroundings {
  readonly network: EmulatorNetwork;
  readonly clock: ReturnType<typeof manualClock>;
}

const tick = async (pair: readonly Client[]): Promise<void> => {
  for (const { emulator } of [...pair, ...pair]) {
    await emulator.pair.tick();
  }
};

it('a pair has one active unit and one configuration at the end, whatever happened', async () => {
  const run = fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 15 }), async (autoSync, steps) => {
    const surroundings = { network: new EmulatorNetwork(), clock: manualClock() };
    const start = async (at: 0 | 1): Promise<Client> =>
      clientOf(
        await startEmulator({
          ...surroundings,
          hostname: `b${at}.example.com`,
          managementIp: ips[at],
          heartbeat: { everyMs: 0 },
        }),
      );
    const pair = [await start(0), await start(1)] as const;
    const [first, second] = pair;
    try {
      // Through the network, so that it can be cut.
      const trusted = { command: 'run', device: ips[1], deviceName: 'b1.example.com' };
      await first.post('cm/add-to-trust', { ...trusted, username: 'admin', password: 'admin' });
      const devices = ['b0.example.com', 'b1.example.com'];
      const group = { name: 'pair', type: 'sync-failover', devices, autoSync: autoSync ? 'enabled' : 'disabled' };
      expect((await first.post('cm/device-group', group)).status).toBe(200);
      await sync(first, 'to-group');
      for (const each of steps) {
        await carryOut(each, pair, surroundings);
        await tick(pair);
      }
      surroundings.network.heal();
      await tick(pair);
      const active = pair.filter(({ emulator }) => emulator.pair.isActive('/Common/traffic-group-1'));
      expect(active).toHaveLength(1);
      const before = configurationOf(second);
      await sync(second, 'to-group');
      expect([configurationOf(first), configurationOf(second)]).toEqual([before, before]);
      expect(second.emulator.pair.comparison('/Common/pair').state).toBe('in-sync');
      expect(first.emulator.pair.comparison('/Common/pair').state).toBe('in-sync');
    } finally {
      await Promise.all(pair.map(({ emulator }) => emulator.close()));
    }
  });
  await fc.assert(run, { numRuns: 30 });
}, 120_000);
