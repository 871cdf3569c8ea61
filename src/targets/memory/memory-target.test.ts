import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import type { Pool } from '../../ir/pool.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { UnitReport } from '../target.ts';
import type { MemoryTarget } from './index.ts';
import { canonical } from '../../ir/canonical.ts';
import { refOf } from '../../ir/ref.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { planNodeRemoval } from '../../plan/node-removal.ts';
import { create, refOfObject, remove, unit, update } from '../../../test/contract/target-units.ts';
import {
  INSTANCE,
  PARTITION,
  allRefs,
  contribution,
  desiredOf,
  options,
  pool,
  service,
  virtual,
  virtualAddress,
} from '../../../test/support/objects.ts';
import { createMemoryTarget } from './index.ts';

const signal = new AbortController().signal;

async function apply(target: MemoryTarget, ...units: readonly PlanUnit[]): Promise<readonly UnitReport[]> {
  return target.apply({ units, snapshot: await target.read({ signal }), signal });
}

async function refusal(target: MemoryTarget, given: PlanUnit): Promise<string | undefined> {
  const [report] = await apply(target, given);
  return report?.blame?.message;
}

describe('a device in memory', () => {
  it('makes a virtual address with its virtual server, and takes it along with the last one', async () => {
    const target = createMemoryTarget();
    const [a, b] = [
      virtual('a', '192.0.2.1', { destination: { address: { ip: '192.0.2.1' }, port: 81 } }),
      virtual('b', '192.0.2.1'),
    ];
    const address = refOf('virtual-address', '/k/192.0.2.1');
    await apply(target, unit(create(pool('a')), create(pool('b')), create(a)), unit(create(b)));
    expect(target.device.get(address)?.object).toEqual(virtualAddress('192.0.2.1'));
    await apply(target, unit(remove(a)));
    expect(target.device.get(address)).toBeDefined();
    const [report] = await apply(target, unit(remove(b)));
    expect(report?.actual.get(address)).toBeUndefined();
    expect(report?.actual.has(address)).toBe(true);
    expect(target.device.get(address)).toBeUndefined();
  });

  it('keeps a virtual address that was made, or taken over, on its own', async () => {
    const target = createMemoryTarget();
    const [web, address] = [virtual('web', '192.0.2.1'), virtualAddress('192.0.2.1')];
    await apply(target, unit(create(pool('web')), create(web)));
    await apply(target, unit(update(address, { ...address, description: 'ours' })));
    await apply(target, unit(remove(web)));
    expect(target.device.get(refOfObject(address))?.object.description).toBe('ours');
  });

  it('refuses what points at nothing, in the words of a device', async () => {
    const target = createMemoryTarget();
    expect(await refusal(target, unit(create(pool('web', [], { monitor: { monitors: ['/k/gone'] } }))))).toBe(
      '01020036:3: The requested Monitor (/k/gone) was not found.',
    );
    const elsewhere = pool('web', [], { members: [{ address: { ip: '10.0.0.1' }, port: 80, node: '/other/n' }] });
    expect(await refusal(target, unit(create(elsewhere)))).toBe(
      '01020036:3: The requested Node (/other/n) was not found.',
    );
    const named = virtual('web', '192.0.2.1', { virtualAddress: '/k/named' });
    expect(await refusal(target, unit(create(pool('web')), create(named)))).toBe(
      '01020036:3: The requested Virtual Address (/k/named) was not found.',
    );
    expect(target.device.get('pool:/k/web')).toBeUndefined();
    const stock = pool('web', [], { monitor: { monitors: ['/Common/http'] } });
    expect((await apply(target, unit(create(stock))))[0]?.state).toBe('done');
  });

  it('refuses to delete what is used; a monitor also in the unit that detaches it', async () => {
    const target = createMemoryTarget();
    const monitor: BigipObject = { kind: 'monitor', path: '/k/m', type: 'http' };
    const probed = pool('web', ['10.0.0.1'], { monitor: { monitors: ['/k/m'] } });
    await apply(target, unit(create(monitor), create(probed)));
    const inUse = '01070083:3: Monitor /k/m is in use.';
    expect(await refusal(target, unit(remove(monitor)))).toBe(inUse);
    expect(await refusal(target, unit(update(probed, pool('web', ['10.0.0.1'])), remove(monitor)))).toBe(inUse);
    const node: BigipObject = { kind: 'node', path: '/k/10.0.0.1', address: { ip: '10.0.0.1' } };
    expect(await refusal(target, unit(remove(node)))).toBe(
      "01070110:3: Node address '/k/10.0.0.1' is referenced by a member of pool '/k/web'.",
    );
    const reports = await apply(target, unit(update(probed, pool('web'))), {
      ...unit(remove(monitor), remove(node)),
      wave: 2,
    });
    expect(reports.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('holds an address once, whatever the partition', async () => {
    const target = createMemoryTarget({
      elsewhere: [
        { kind: 'node', path: '/Common/n', address: '10.0.0.1' },
        { kind: 'virtual-address', path: '/Common/v', address: '192.0.2.1' },
      ],
    });
    expect(await refusal(target, unit(create(pool('web', ['10.0.0.1']))))).toMatch(/^0107003b:.*10\.0\.0\.1/);
    expect(await refusal(target, unit(create(virtualAddress('192.0.2.1'))))).toMatch(/^0107176c:.*192\.0\.2\.1/);
    await apply(target, unit(create(virtualAddress('192.0.2.2'))));
    const twin: BigipObject = { kind: 'virtual-address', path: '/k/twin', address: { ip: '192.0.2.2' } };
    expect(await refusal(target, unit(create(twin)))).toMatch(/^0107176c/);
    const [report] = await apply(target, unit(remove(virtualAddress('192.0.2.2')), create(twin)));
    expect(report?.state).toBe('done');
  });

  it('refuses what it is told to refuse, and nothing else', async () => {
    const target = createMemoryTarget({
      refuse: ({ ref }) => (ref === 'pool:/k/bad' ? '01070734:3: Configuration error: no' : undefined),
    });
    const reports = await apply(target, unit(create(pool('bad')), create(pool('good'))), unit(create(pool('other'))));
    expect(reports.map(({ state }) => state)).toEqual(['refused', 'done']);
    expect(reports[0]?.blame).toMatchObject({
      ref: 'pool:/k/bad',
      status: 400,
      message: '01070734:3: Configuration error: no',
    });
    expect(target.device.get('pool:/k/good')).toBeUndefined();
    target.device.refuse = undefined;
    expect((await apply(target, unit(create(pool('bad')))))[0]?.state).toBe('done');
  });

  it('passes on what is no refusal', async () => {
    const target = createMemoryTarget({
      refuse: () => {
        throw new TypeError('a mistake');
      },
    });
    await expect(apply(target, unit(create(pool('web'))))).rejects.toThrow('a mistake');
  });

  it('shows its own partition only, and the addresses of others', async () => {
    const actuals: BigipObject[] = [
      pool('web'),
      { kind: 'pool', path: '/Common/x' },
      { kind: 'node', path: '/Common/n', address: { ip: '10.0.0.1' } },
    ];
    const target = createMemoryTarget({ partition: PARTITION, actuals: actuals.map((object) => ({ object })) });
    const snapshot = await target.read({ signal });
    expect([...snapshot.refs()]).toEqual(['pool:/k/web']);
    expect(snapshot.elsewhere('node', '10.0.0.1')).toBe('/Common/n');
  });

  it('counts how often it was saved', async () => {
    const target = createMemoryTarget({ name: 'reference' });
    await target.save({ signal });
    await target.save({ signal });
    expect([target.name, target.saves]).toEqual(['reference', 2]);
  });

  it('prints nothing for nothing', () => {
    const target = createMemoryTarget();
    expect(target.render([], 'text', target.device.snapshot())).toBe('');
  });

  it('gives copies: later changes do not reach them', async () => {
    const target = createMemoryTarget({ actuals: [{ object: pool('web') }] });
    const before = await target.read({ signal });
    await apply(target, unit(remove(pool('web'))));
    expect(before.get('pool:/k/web')).toBeDefined();
    expect(target.device.get('pool:/k/web')).toBeUndefined();
  });
});

/** Services by name, each with the last bytes of its pods. */
const world = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  fc.record({
    vip: fc.integer({ min: 1, max: 5 }),
    pods: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }),
    ramp: fc.constantFrom(10, 20),
  }),
  { maxKeys: 5, noNullPrototype: true },
);
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function objectsOf(name: string, { vip, pods, ramp }: World[string]): readonly BigipObject[] {
  // The port is the service's own, so that no two share a destination.
  const port = 80 + name.charCodeAt(0);
  const made = service(
    name,
    `192.0.2.${vip}`,
    pods.map((pod) => `10.0.0.${pod}`),
  );
  return made.map((object) => {
    if (object.kind === 'pool') return canonical<Pool>(Object.assign({}, object, { slowRampTime: ramp }));
    if (object.kind !== 'virtual') return object;
    return Object.assign({}, object, { destination: { address: object.destination.address, port } });
  });
}

/** Plans until there is nothing to do, not even nodes to remove. */
async function converge(target: MemoryTarget, wanted: World): Promise<void> {
  const desired = desiredOf(...Object.entries(wanted).map(([name, one]) => contribution(name, objectsOf(name, one))));
  for (let round = 0; round < 4; round++) {
    const snapshot = await target.read({ signal });
    const { plan } = buildPlan(allRefs(desired, snapshot), options(desired, snapshot));
    const units = plan.units.length > 0 ? plan.units : planNodeRemoval({ snapshot, instance: INSTANCE });
    const reports = await target.apply({ units, snapshot, signal });
    expect(reports.filter(({ state }) => state !== 'done')).toEqual([]);
    if (units.length === 0) return;
  }
  expect.fail('still something to do after four rounds');
}

async function contentOf(target: MemoryTarget): Promise<Readonly<Record<string, BigipObject | undefined>>> {
  const snapshot = await target.read({ signal });
  const refs = [...snapshot.refs()].sort();
  return Object.fromEntries(refs.map((ref) => [ref, snapshot.get(ref)?.object]));
}

describe('plans applied to a device in memory', () => {
  it('bring it from any state to any other, the same as from nothing, and then there is nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(world, world, async (a, b) => {
        const actuals = [{ object: { kind: 'partition', path: `/${PARTITION}` } as const }];
        const target = createMemoryTarget({ actuals });
        await converge(target, a);
        await converge(target, b);
        const fresh = createMemoryTarget({ actuals });
        await converge(fresh, b);
        expect(await contentOf(target)).toEqual(await contentOf(fresh));
      }),
    );
  });
});
