import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../errors/device-error.ts';
import { allKinds } from '../kinds/all.ts';
import { applyOperation, type Operation } from '../rest/operation.ts';
import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import { dump } from '../store/dump.ts';
import { startTest, testDevice } from '../test-kit.ts';
import { parseQuery } from '../uri/query.ts';
import { renderObject } from '../view/render.ts';

type Write = Pick<Operation, 'method' | 'segments' | 'body'>;

const principal = { name: 'admin', role: 'admin', partitions: undefined };
const query = parseQuery('');

function state(device: Device): string {
  return JSON.stringify([dump(device.store, device.kinds), device.store.generation, device.store.serial]);
}

/** Runs writes as one unit; false when the device refused it. Anything but a device's error is a mistake of ours. */
function attempt(device: Device, writes: readonly Write[]): boolean {
  try {
    const transaction = writes.length > 1;
    runUnit(device, { transaction }, (session) => {
      for (const write of writes) {
        const object = applyOperation({ ...write, query, principal }, session);
        if (object !== undefined) {
          JSON.stringify(renderObject(object, { device, expand: true }));
        }
      }
    });
    return true;
  } catch (error) {
    if (!(error instanceof DeviceError)) {
      throw error;
    }
    return false;
  }
}

const names = fc.constantFrom(
  'a',
  'b',
  'c',
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.1:80',
  '10.0.0.2:http',
  'web:80',
  '/P/a',
  '/P/10.0.0.3:80',
  '',
);
const values = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<unknown>(
      '/Common/a',
      '/Common/b',
      '/P/a',
      'a',
      'none',
      '',
      'enabled',
      'disabled',
      'tcp',
      '/Common/tcp',
      '/Common/http',
      '10.0.0.1',
      '10.0.0.1:80',
      '/Common/10.0.0.2:80',
      'user-down',
      'user-disabled',
      'yes',
      '5',
      5,
      true,
      false,
      null,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.oneof(names, fc.record({ name: names }), fc.constantFrom('/Common/tcp', '/Common/http', '/Common/fastL4')),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      { type: 'automap' },
      { type: 'snat', pool: '/Common/a' },
      { tmName: 'x.example' },
      {},
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const kinds = [
  'ltm/pool',
  'ltm/virtual',
  'ltm/node',
  'ltm/virtual-address',
  'ltm/monitor/tcp',
  'ltm/snatpool',
  'ltm/profile/tcp',
  'sys/folder',
  'net/route-domain',
  'ltm/rule',
  'auth/partition',
];

function bodyFor(path: string): fc.Arbitrary<Record<string, unknown>> {
  const kind = allKinds.find((each) => each.path === path);
  const fields = [...(kind?.byName.keys() ?? []), ...(kind?.subs ?? []).map((sub) => sub.inline ?? '')];
  const wild = { weight: 1, arbitrary: fc.constantFrom('unknown', '__proto__') };
  const key = fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...fields) }, wild);
  const settings = fc.dictionary(key, values, { maxKeys: 3 });
  const identity = fc.record(
    { name: names, partition: fc.constantFrom('Common', 'Common', 'Common', 'Common', 'P', 'P', 'P', 'none') },
    { requiredKeys: ['name'] },
  );
  return fc.tuple(settings, identity).map(([some, who]) => Object.assign(some, who));
}

const segment = fc.constantFrom(
  'a',
  'a',
  'b',
  '~Common~a',
  '~P~a',
  '~Common~10.0.0.1',
  '~P~10.0.0.3',
  '~Common~10.0.0.1:80',
);
const write: fc.Arbitrary<Write> = fc.constantFrom(...kinds).chain((path) => {
  const collection = path.split('/');
  const body = bodyFor(path);
  const members = fc.record(
    { name: names, address: fc.constantFrom('10.0.0.1', '10.0.0.9') },
    { requiredKeys: ['name'] },
  );
  return fc.oneof(
    { weight: 4, arbitrary: body.map((each) => ({ method: 'POST', segments: collection, body: each })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(segment, body, fc.constantFrom('PATCH', 'PUT'))
        .map(([at, { name: _name, ...rest }, method]) => ({ method, segments: [...collection, at], body: rest })),
    },
    { weight: 1, arbitrary: segment.map((at) => ({ method: 'DELETE', segments: [...collection, at], body: {} })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(segment, members)
        .map(([at, each]) => ({ method: 'POST', segments: ['ltm', 'pool', at, 'members'], body: each })),
    },
  );
});

/** What there is before random writes begin. */
const seed: readonly Write[] = [
  { method: 'POST', segments: ['auth', 'partition'], body: { name: 'P' } },
  { method: 'POST', segments: ['ltm', 'pool'], body: { name: 'a', members: ['10.0.0.1:80'], monitor: '/Common/tcp' } },
  { method: 'POST', segments: ['ltm', 'snatpool'], body: { name: 'a', members: ['10.9.0.1'] } },
  { method: 'POST', segments: ['ltm', 'rule'], body: { name: 'a', apiAnonymous: 'when CLIENT_ACCEPTED { }' } },
  { method: 'POST', segments: ['ltm', 'profile', 'tcp'], body: { name: 'a' } },
  { method: 'POST', segments: ['ltm', 'monitor', 'tcp'], body: { name: 'a' } },
  {
    method: 'POST',
    segments: ['ltm', 'virtual'],
    body: { name: 'a', destination: '10.1.1.1:80', pool: 'a', ipProtocol: 'tcp', profiles: ['a'] },
  },
];

function seeded(): Device {
  const device = testDevice();
  for (const each of seed) {
    expect(attempt(device, [each])).toBe(true);
  }
  return device;
}

// Hundreds of boxes with all their stock objects: seconds of computing, of which a busy machine may make a minute.
describe('random writes', { timeout: 120_000 }, () => {
  it('are carried out or refused with an error of the device, and a refused one changes nothing', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 25 }), (writes) => {
        const device = seeded();
        const replay = seeded();
        let before = state(device);
        for (const each of writes) {
          const applied = attempt(device, [each]);
          const again = applied && attempt(replay, [each]);
          const after = state(device);
          expect([again, applied || after === before]).toEqual([applied, true]);
          before = after;
        }
        expect(state(replay)).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  it('as a transaction are all or nothing', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 8 }),
        fc.array(write, { minLength: 2, maxLength: 5 }),
        (first, batch) => {
          const device = seeded();
          first.forEach((each) => attempt(device, [each]));
          const before = state(device);
          expect(attempt(device, batch) || state(device) === before).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never leave a reference that points at nothing', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 25 }), (writes) => {
        const device = seeded();
        writes.forEach((each) => attempt(device, [each]));
        const { store } = device;
        const pools = dump(store, device.kinds)['ltm/pool'] ?? [];
        const members = dump(store, device.kinds)['ltm/pool/members'] ?? [];
        const virtuals = dump(store, device.kinds)['ltm/virtual'] ?? [];
        for (const member of members) {
          expect(pools.some((pool) => pool.fullPath === member.parent)).toBe(true);
          const host = member.fullPath.replace(/:\d+$/v, '');
          expect(store.lookup('ltm/node', host)?.values['address']).toBe(member.values['address']);
        }
        for (const virtual of virtuals) {
          const { virtualAddress } = virtual.values['destination'] as { virtualAddress: string };
          expect(store.lookup('ltm/virtual-address', virtualAddress)).toBeDefined();
          const { pool } = virtual.values;
          expect(typeof pool === 'string' && store.lookup('ltm/pool', pool) === undefined).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('random bytes as a body', () => {
  it('never end the server and never half-apply', async () => {
    const client = await startTest();
    const before = JSON.stringify(client.emulator.dump());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"name":"x","__proto__":{}}', '{"name":{}}', '[]', 'null')),
        async (body) => {
          const reply = await client.post('ltm/pool', body);
          expect(reply.status).toBeGreaterThanOrEqual(400);
          expect(reply.status).toBeLessThan(500);
        },
      ),
      { numRuns: 100 },
    );
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });

  it('beyond the limit is refused', async () => {
    const client = await startTest({ bodyLimit: 1000 });
    expect((await client.post('ltm/pool', { name: 'p', description: 'x'.repeat(2000) })).status).toBe(413);
    expect((await client.get('ltm/pool')).status).toBe(200);
  });
});
