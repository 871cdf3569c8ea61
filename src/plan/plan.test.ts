import type { Change } from './plan.ts';
import { describe, expect, it } from 'vitest';
import {
  allRefs,
  contribution,
  desiredOf,
  INSTANCE,
  member,
  options,
  ours,
  pool,
  ref,
  service,
  snapshotOf,
  virtual,
  virtualAddress,
} from '../../test/support/objects.ts';
import { canonical } from '../ir/canonical.ts';
import { buildPlan } from './build-plan.ts';
import { diffBookkeeping, diffObjects } from './diff.ts';
import { MemorySnapshot } from './memory-snapshot.ts';

const web = service('web', '10.1.1.1', ['10.0.0.1', '10.0.0.2']);

function plan(
  desired: ReturnType<typeof desiredOf>,
  snapshot: MemorySnapshot,
  more: Parameters<typeof options>[2] = {},
): ReturnType<typeof buildPlan> {
  return buildPlan(allRefs(desired, snapshot), options(desired, snapshot, more));
}

function ops(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => `${change.op} ${change.ref}`);
}

describe('a plan', () => {
  it('creates a new Service in one unit, in dependency order, with marks', () => {
    const desired = desiredOf(contribution('web', web));
    const { plan: made } = plan(desired, snapshotOf());
    expect(made.units.map(({ id, wave }) => ({ id, wave }))).toEqual([{ id: 'pool:/k/web', wave: 0 }]);
    expect(ops(made.units[0]!.changes)).toEqual([
      'create pool:/k/web',
      'create virtual-address:/k/10.1.1.1',
      'create virtual:/k/web',
    ]);
    const [first] = made.units[0]!.changes;
    expect(first?.op === 'create' && first.after.mark).toEqual({
      instance: INSTANCE,
      origins: ['east:Service/default/web'],
    });
  });

  it('is empty for what is there already', () => {
    const desired = desiredOf(contribution('web', web));
    const { plan: made, diffs } = plan(desired, snapshotOf(...web.map((object) => ours(object))));
    expect(made.units).toEqual([]);
    expect(diffs).toBe(4);
  });

  it('has one change with one field for one changed member', () => {
    const desired = desiredOf(contribution('web', service('web', '10.1.1.1', ['10.0.0.1', '10.0.0.3'])));
    const { plan: made } = plan(desired, snapshotOf(...web.map((object) => ours(object))));
    const [change] = made.units[0]!.changes;
    expect(change?.op === 'update' && change.fields).toEqual([
      { field: 'members', item: '10.0.0.2:8080', from: member('10.0.0.2'), to: undefined },
      { field: 'members', item: '10.0.0.3:8080', from: undefined, to: member('10.0.0.3') },
      { field: 'nodeLedger', from: undefined, to: { unused: ['10.0.0.2'] } },
    ]);
  });

  it('makes the partition first, alone, and only when something goes there', () => {
    const desired = desiredOf(contribution('web', web));
    const { plan: made } = plan(desired, new MemorySnapshot());
    expect(made.units.map(({ id, wave }) => `${wave} ${id}`)).toEqual(['0 partition:/k', '0 pool:/k/web']);
    expect(plan(desiredOf(), new MemorySnapshot()).plan.units).toEqual([]);
  });

  it('deletes what nobody wants in reverse order, nodes last, in one unit', () => {
    const nodes = ['10.0.0.1', '10.0.0.2'].map((ip) => ({ kind: 'node', path: `/k/${ip}`, address: { ip } }) as const);
    const { plan: made } = plan(desiredOf(), snapshotOf(...web.map((object) => ours(object)), ...nodes));
    expect(made.units).toHaveLength(1);
    expect(ops(made.units[0]!.changes)).toEqual([
      'delete virtual:/k/web',
      'delete virtual-address:/k/10.1.1.1',
      'delete pool:/k/web',
      'delete node:/k/10.0.0.1',
      'delete node:/k/10.0.0.2',
    ]);
  });

  it('lets an address of two Services stand alone, before those that need it and after when it goes', () => {
    const shared = [virtual('api', '10.1.1.1'), virtualAddress('10.1.1.1'), pool('api')];
    const desired = desiredOf(contribution('web', web), contribution('api', shared));
    const made = plan(desired, snapshotOf()).plan.units;
    expect(made.map(({ id, wave }) => `${wave} ${id}`)).toEqual([
      '0 virtual-address:/k/10.1.1.1',
      '1 pool:/k/api',
      '1 pool:/k/web',
    ]);
    const there = [ours(virtualAddress('10.1.1.1'), 'web', 'api'), ours(virtual('web', '10.1.1.1')), ours(pool('web'))];
    const gone = plan(desiredOf(), snapshotOf(...there)).plan.units;
    expect(gone.map(({ id, wave }) => `${wave} ${id}`)).toEqual(['0 virtual:/k/web', '1 virtual-address:/k/10.1.1.1']);
  });

  it('deletes a monitor in a later unit than the one that lets go of it', () => {
    const monitor = ours({ kind: 'monitor', path: '/k/m', type: 'tcp' });
    const before = ours(pool('web', [], { monitor: { monitors: ['/k/m'] } }));
    const desired = desiredOf(contribution('web', [pool('web')]));
    const made = plan(desired, snapshotOf(monitor, before)).plan.units;
    expect(made.map(({ wave, changes }) => [wave, ops(changes)].flat())).toEqual([
      [0, 'update pool:/k/web'],
      [1, 'delete monitor:/k/m'],
    ]);
  });

  it('replaces an object whose immutable field differs: delete, then create', () => {
    const before = ours({ kind: 'monitor', path: '/k/m', type: 'tcp' });
    const desired = desiredOf(contribution('web', [{ kind: 'monitor', path: '/k/m', type: 'http' }]));
    const [unit] = plan(desired, snapshotOf(before)).plan.units;
    expect(ops(unit!.changes)).toEqual(['delete monitor:/k/m', 'create monitor:/k/m']);
  });

  it('lets go of a destination before another Service takes it', () => {
    const desired = desiredOf(contribution('a-new', service('a-new', '10.1.1.1', [])));
    const there = snapshotOf(...service('web', '10.1.1.1', []).map((object) => ours(object)));
    const made = plan(desired, there).plan.units;
    expect(made.map(({ wave, changes }) => [wave, ops(changes)].flat())).toEqual([
      [0, 'update virtual-address:/k/10.1.1.1'],
      [0, 'delete virtual:/k/web', 'delete pool:/k/web'],
      [1, 'create pool:/k/a-new', 'create virtual:/k/a-new'],
    ]);
  });

  const move = (...to: readonly (readonly [name: string, from: string, to: string])[]) => {
    const front = (name: string, ip: string) => contribution(name, [virtual(name, ip)]);
    const desired = desiredOf(...to.map(([name, , ip]) => front(name, ip)));
    const there = to.map(([name, ip]) => ours(virtual(name, ip), name));
    return plan(desired, snapshotOf(...there)).plan.units.map(({ wave, changes }) => [wave, ops(changes)].flat());
  };

  it('puts a chain of handovers in order: each takes what the one before let go of', () => {
    const chain = move(['a', '10.1.1.1', '10.1.1.2'], ['b', '10.1.1.2', '10.1.1.3'], ['c', '10.1.1.3', '10.1.1.4']);
    expect(chain).toEqual([
      [0, 'update virtual:/k/c'],
      [1, 'update virtual:/k/b'],
      [2, 'update virtual:/k/a'],
    ]);
  });

  it('makes two Services that swap addresses anew in one unit; who waits for them comes after', () => {
    const circle = move(['a', '10.1.1.1', '10.1.1.2'], ['b', '10.1.1.2', '10.1.1.1'], ['x', '10.1.1.8', '10.1.1.9']);
    expect(circle).toEqual([
      [0, 'delete virtual:/k/a', 'delete virtual:/k/b', 'create virtual:/k/a', 'create virtual:/k/b'],
      [0, 'update virtual:/k/x'],
    ]);
  });

  it('deletes the virtual server of a renamed port before it makes the new one, in one unit', () => {
    const renamed = [virtual('web_new', '10.1.1.1', { pool: '/k/web' }), virtualAddress('10.1.1.1'), pool('web')];
    const desired = desiredOf(contribution('web', renamed));
    const [unit] = plan(desired, snapshotOf(...service('web', '10.1.1.1', []).map((object) => ours(object)))).plan
      .units;
    expect(ops(unit!.changes)).toEqual(['delete virtual:/k/web', 'create virtual:/k/web_new']);
  });

  it('is the same bytes whatever the order of input', () => {
    const one = desiredOf(contribution('web', web), contribution('api', service('api', '10.1.1.2', ['10.0.0.9'])));
    const two = desiredOf(contribution('api', service('api', '10.1.1.2', ['10.0.0.9'])), contribution('web', web));
    const first = plan(one, snapshotOf()).plan;
    const second = buildPlan([...allRefs(two, snapshotOf())].toReversed(), options(two, snapshotOf())).plan;
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(first.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has another fingerprint when the world before differs', () => {
    const desired = desiredOf(contribution('web', [pool('web', ['10.0.0.1'])]));
    const prints = [[], ['10.0.0.2'], ['10.0.0.3']].map(
      (ips) => plan(desired, snapshotOf(ours(pool('web', ips)))).plan.fingerprint,
    );
    expect(new Set(prints).size).toBe(3);
  });
});

describe('what is not ours', () => {
  it('AC-04 is left alone and reported; what needs it waits', () => {
    const desired = desiredOf(contribution('web', web));
    const { plan: made } = plan(desired, snapshotOf(pool('web', ['9.9.9.9'])));
    expect(made.units.flatMap(({ changes }) => ops(changes))).toEqual(['create virtual-address:/k/10.1.1.1']);
    expect(made.withheld.map(({ ref: name, reason }) => `${reason} ${name}`)).toEqual([
      'foreign pool:/k/web',
      'foreign virtual:/k/web',
    ]);
    expect(made.withheld[0]?.diagnostic).toMatchObject({
      code: 'foreign-object',
      origin: 'east:Service/default/web',
      summary: expect.stringContaining('nobody marked it') as unknown,
    });
    expect(made.withheld[1]?.diagnostic.summary).toContain('virtual server /k/web waits: pool /k/web exists');
  });

  it('AC-19 of another instance is never taken over, not even when asked', () => {
    const theirs = canonical({ ...pool('web'), mark: { instance: 'west', origins: ['west:Service/default/web'] } });
    const desired = desiredOf(contribution('web', [pool('web', ['10.0.0.1'])]));
    const { plan: made } = plan(desired, snapshotOf(theirs), { adopt: 'all' });
    expect(made.units).toEqual([]);
    expect(made.withheld[0]?.diagnostic.summary).toContain('instance west owns it');
    expect(plan(desiredOf(), snapshotOf(theirs, pool('hand-made'))).plan).toMatchObject({ units: [], withheld: [] });
  });

  it('is adopted when a person asks for it by name, or for all', () => {
    const desired = desiredOf(contribution('web', web));
    const there = snapshotOf(pool('web', ['9.9.9.9']), ours(virtual('web', '10.1.1.1')));
    for (const adopt of ['all', ['pool:/k/web']] as const) {
      const { plan: made } = plan(desired, there, { adopt });
      const change = made.units.flatMap(({ changes }) => changes).find((one) => one.ref === 'pool:/k/web');
      expect(change).toMatchObject({ op: 'update', adopts: true });
      expect(made.withheld).toEqual([]);
    }
  });

  it('waits with an update that would point at it', () => {
    const desired = desiredOf(contribution('web', [virtual('web', '10.1.1.1'), pool('web')]));
    const before = ours(virtual('web', '10.1.1.1', { connectionLimit: 5 }));
    const { plan: made } = plan(desired, snapshotOf(before, pool('web')));
    expect(made.units).toEqual([]);
    expect(made.withheld).toHaveLength(2);
  });

  it('a foreign virtual address is used as it is, in the partition or in /Common', () => {
    const desired = desiredOf(contribution('web', [virtual('web', '10.1.1.1'), virtualAddress('10.1.1.1')]));
    expect(
      plan(desired, snapshotOf(virtualAddress('10.1.1.1'))).plan.units.flatMap(({ changes }) => ops(changes)),
    ).toEqual(['create virtual:/k/web']);
    const elsewhere = new MemorySnapshot([], [{ kind: 'virtual-address', address: '10.1.1.1', path: '/Common/vip' }]);
    const changes = plan(desired, elsewhere).plan.units.flatMap((unit) => unit.changes);
    expect(ops(changes)).toEqual(['create partition:/k', 'create virtual:/k/web']);
    expect(changes[1]?.op === 'create' && changes[1].after).toMatchObject({ virtualAddress: '/Common/vip' });
  });

  it('our virtual address stays while a foreign virtual server uses it', () => {
    const there = snapshotOf(ours(virtualAddress('10.1.1.1')), virtual('by-hand', '10.1.1.1'));
    const { plan: made } = plan(desiredOf(), there);
    expect(made.units).toEqual([]);
    expect(made.withheld[0]?.diagnostic.code).toBe('foreign-user');
  });
});

describe('the route domain', () => {
  it('is left out where it is the default of the partition, as the device does', () => {
    const at = (routeDomain?: number) => ({ ip: '10.1.1.1', ...(routeDomain === undefined ? {} : { routeDomain }) });
    const objects = (routeDomain?: number) => [
      { ...virtual('web', '10.1.1.1'), destination: { address: at(routeDomain), port: 80 } },
      { ...virtualAddress('10.1.1.1'), address: at(routeDomain) },
      { ...pool('web'), members: [{ address: at(routeDomain), port: 1 }] },
    ];
    const there = snapshotOf(...objects().map((object) => ours(object)));
    expect(plan(desiredOf(contribution('web', objects(0))), there).plan.units).toEqual([]);
    expect(plan(desiredOf(contribution('web', objects(2))), there).plan.units).not.toEqual([]);
    there.set('partition:/k', { object: { kind: 'partition', path: '/k', defaultRouteDomain: 2 } });
    expect(plan(desiredOf(contribution('web', objects(2))), there).plan.units).toEqual([]);
  });
});

describe('what is held', () => {
  it('keeps what needs it from being sent in vain', () => {
    const desired = desiredOf(
      contribution('web', [virtual('web', '10.1.1.9'), virtualAddress('10.1.1.9')]),
      contribution('web', [pool('web')], { cell: 'east:Service/default/web#80' }),
    );
    desired.update(contribution('web', [], { cell: 'east:Service/default/web#80', frozen: true }));
    const { plan: made } = plan(desired, snapshotOf());
    expect(made.units.flatMap(({ changes }) => ops(changes))).toEqual(['create virtual-address:/k/10.1.1.9']);
    expect(made.withheld.map(({ ref: name, reason }) => `${reason} ${name}`)).toEqual([
      'frozen pool:/k/web',
      'frozen virtual:/k/web',
    ]);
  });

  const there = snapshotOf(...web.map((object) => ours(object)));

  it('AC-02 a frozen origin keeps what it has', () => {
    const { plan: made } = plan(desiredOf(contribution('web', [], { frozen: true })), there);
    expect(made.units).toEqual([]);
    expect(new Set(made.withheld.map(({ reason }) => reason))).toEqual(new Set(['frozen']));
  });

  it('a source that is not complete deletes nothing', () => {
    const { plan: made } = plan(desiredOf(), there, { incomplete: new Set(['east']) });
    expect(made.units).toEqual([]);
    expect(made.withheld.map(({ reason }) => reason)).toEqual(['incomplete', 'incomplete', 'incomplete']);
    expect(plan(desiredOf(), there, { incomplete: new Set(['west']) }).plan.units).toHaveLength(1);
  });

  it('a quarantined cell is left as it is, on the device or not', () => {
    const desired = desiredOf(contribution('web', web));
    desired.quarantine('east:Service/default/web', { code: 'x', severity: 'error', summary: 'no' });
    expect(plan(desired, snapshotOf()).plan.units).toEqual([]);
    const { plan: made } = plan(desired, there);
    expect(made.units).toEqual([]);
    expect(made.withheld[0]).toMatchObject({ reason: 'quarantined' });
  });

  it('the mark of a shared object keeps an origin that is held, and so does its description', () => {
    const address = virtualAddress('10.1.1.1');
    const desired = desiredOf(contribution('web', [address]), contribution('api', [address]));
    const before = ours({ ...address, description: 'Service api, Service web', arp: 'disabled' }, 'api', 'web');
    desired.quarantine('east:Service/default/api', { code: 'x', severity: 'error', summary: 'no' });
    const [unit] = plan(desired, snapshotOf(before)).plan.units;
    const [change] = unit!.changes;
    expect(change?.op === 'update' && change.fields.map(({ field }) => field)).toEqual(['arp']);
  });

  it('AC-83 deletes beyond the limit wait for a person', () => {
    const many = Array.from({ length: 12 }, (_, index) => ours(pool(`p${index}`)));
    const limit = { objects: 10, share: 0.3 };
    const { plan: made } = plan(desiredOf(), snapshotOf(...many), { limit });
    expect(made.units).toEqual([]);
    expect(made.withheld).toHaveLength(12);
    expect(made.withheld[0]?.diagnostic.summary).toContain('12 of 12 owned objects (100 %) would go at once');
    expect(plan(desiredOf(), snapshotOf(...many.slice(2)), { limit }).plan.units).toHaveLength(10);
    expect(plan(desiredOf(), snapshotOf(...many), { limit: { objects: 10, share: 1 } }).plan.units).toHaveLength(12);
    expect(plan(desiredOf(), snapshotOf(...many)).plan.units).toHaveLength(12);
  });

  it('the limit holds for objects whose mark names no origin, too', () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      canonical({ ...pool(`p${index}`), mark: { instance: INSTANCE, origins: [] } }),
    );
    const { plan: made } = plan(desiredOf(), snapshotOf(...many), { limit: { objects: 10, share: 0.3 } });
    expect(made.withheld).toHaveLength(12);
    expect(made.withheld[0]?.diagnostic).not.toHaveProperty('origin');
  });

  it('an address that nobody is named for stays while a foreign virtual server uses it', () => {
    const address = canonical({ ...virtualAddress('10.1.1.1'), mark: { instance: INSTANCE, origins: [] } });
    const { plan: made } = plan(desiredOf(), snapshotOf(address, virtual('by-hand', '10.1.1.1')));
    expect(made.withheld[0]?.diagnostic).not.toHaveProperty('origin');
  });

  it('the limit stops deletes only, and not what is made anew', () => {
    const many = Array.from({ length: 12 }, (_, index) => ours(pool(`p${index}`)));
    const monitor = ours({ kind: 'monitor', path: '/k/m', type: 'tcp' });
    const desired = desiredOf(contribution('web', [{ kind: 'monitor', path: '/k/m', type: 'http' }, pool('new')]));
    const { plan: made } = plan(desired, snapshotOf(...many, monitor), { limit: { objects: 10, share: 0.3 } });
    expect(made.units.flatMap(({ changes }) => ops(changes))).toEqual([
      'delete monitor:/k/m',
      'create monitor:/k/m',
      'create pool:/k/new',
    ]);
  });
});

describe('the state of members that a person set', () => {
  const there = snapshotOf(
    ours(canonical({ ...pool('web'), members: [member('10.0.0.1', 8080, { adminState: 'offline' })] })),
  );
  const desired = desiredOf(contribution('web', [pool('web', ['10.0.0.1', '10.0.0.2'])]));

  it('is kept if asked', () => {
    const [unit] = plan(desired, there, { keepMemberState: true }).plan.units;
    const [change] = unit!.changes;
    expect(change?.op === 'update' && change.fields.map(({ item }) => item)).toEqual(['10.0.0.2:8080']);
  });

  it('is set back otherwise', () => {
    const [unit] = plan(desired, there).plan.units;
    const [change] = unit!.changes;
    expect(change?.op === 'update' && change.fields.map(({ item }) => item)).toEqual([
      '10.0.0.1:8080',
      '10.0.0.2:8080',
    ]);
  });

  it('a pool without members stays without', () => {
    const empty = desiredOf(contribution('web', [pool('web')]));
    const [unit] = plan(empty, there, { keepMemberState: true }).plan.units;
    expect(unit?.changes[0]?.op).toBe('update');
  });
});

describe('diff', () => {
  it('finds nothing between an object and itself, and no bookkeeping by itself', () => {
    const one = pool('web', ['10.0.0.1']);
    const other = canonical({ ...one, nodeLedger: { unused: ['10.0.0.9'] } });
    expect(diffObjects(one, one)).toEqual([]);
    expect(diffObjects(one, other)).toEqual([]);
    expect(diffBookkeeping(one, other)).toEqual([
      { field: 'nodeLedger', from: undefined, to: { unused: ['10.0.0.9'] } },
    ]);
  });

  it('the mark in a description names as many origins as it has room for', () => {
    const profile = { kind: 'tcp-profile', path: '/k/tcp', idleTimeout: 60 } as const;
    const names = Array.from({ length: 1500 }, (_, index) => `ingress-${String(index).padStart(4, '0')}`);
    const { plan: made } = plan(desiredOf(...names.map((name) => contribution(name, [profile]))), snapshotOf());
    const [change] = made.units.flatMap(({ changes }) => changes);
    const mark = change?.op === 'create' ? change.after.mark : undefined;
    expect(mark?.origins).toHaveLength(200);
    expect(change?.origins).toHaveLength(1500);
  });

  it('conflicts are told in order', () => {
    const desired = desiredOf(
      contribution('a', [pool('web')]),
      contribution('b', [pool('web', ['10.0.0.1'])]),
      contribution('c', [pool('web', ['10.0.0.2'])]),
    );
    const there = snapshotOf(ours(pool('web'), 'a'));
    const { conflicts, plan: made } = plan(desired, there);
    expect(made.units).toEqual([]);
    expect(conflicts.map(({ origin }) => origin)).toEqual([
      'east:Service/default/a',
      'east:Service/default/a',
      'east:Service/default/b',
      'east:Service/default/c',
    ]);
    expect(ref(pool('web'))).toBe('pool:/k/web');
  });
});
