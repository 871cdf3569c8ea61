import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import type { BigipObject, Kind } from '../../src/ir/objects.ts';
import type { FdbRecord } from '../../src/ir/fdb.ts';
import type { Pool } from '../../src/ir/pool.ts';
import type { VirtualServer } from '../../src/ir/virtual.ts';
import type { Ref } from '../../src/ir/ref.ts';
import type { Change, PlanUnit } from '../../src/plan/plan.ts';
import type { Actual } from '../../src/plan/snapshot.ts';
import type { Target, UnitReport } from '../../src/targets/target.ts';
import { canonical } from '../../src/ir/canonical.ts';
import { refOf } from '../../src/ir/ref.ts';
import { tunnelOf } from './net-samples.ts';
import { lentPool } from './sample.ts';
import { samples } from './target-samples.ts';
import { MARK, ORIGIN, create, refOfObject, remove, unit, update } from './target-units.ts';

/** A target to be tested, and what the suite must be able to do behind its back. One per test. */
export interface TargetHarness {
  readonly target: Target;
  /** A partition of the suite's own; not there yet, or there and empty. */
  readonly partition: string;
  /** A VLAN that is there, outside the partition. */
  readonly vlan: string;
  /** A route domain that is there and that no partition has as its default; not 0. */
  readonly routeDomain: number;
  /** What somebody else does: puts an object on the device, metadata of others included. */
  plant(actual: Actual): Promise<void>;
  /** The object's bytes as the device shows them, but for what changes by itself; undefined: not there. */
  raw(ref: Ref): Promise<string | undefined>;
  /** Removes the partition with all that is in it, and lets go of everything. */
  close(): Promise<void>;
}

const signal = new AbortController().signal;

/**
 * The contract that every target holds: the reference in memory, BIG-IP on the emulator, a real device.
 * @param makeHarness a text instead: why this target is skipped.
 */
export function testTarget(name: string, makeHarness: (() => Promise<TargetHarness>) | string): void {
  if (typeof makeHarness === 'string') process.stderr.write(`target contract: ${name}: skipped, ${makeHarness}\n`);
  describe.skipIf(typeof makeHarness === 'string')(`target contract: ${name}`, () => {
    let harness: TargetHarness;
    const at = (path: string): string => `/${harness.partition}/${path}`;
    const pool = (name: string, more: Partial<Pool> = {}): Pool => ({
      kind: 'pool',
      path: at(name),
      mark: MARK,
      ...more,
    });
    const virtual = (name: string, pool: string, ip = '198.51.100.20'): BigipObject => ({
      kind: 'virtual',
      path: at(name),
      destination: { address: { ip }, port: 80 },
      virtualAddress: at(ip),
      ipProtocol: 'tcp',
      profiles: [{ path: '/Common/tcp', context: 'all' }],
      pool: at(pool),
      mark: MARK,
    });
    const address = (ip = '198.51.100.20'): BigipObject => ({
      kind: 'virtual-address',
      path: at(ip),
      address: { ip },
      mark: MARK,
    });
    const apply = async (...units: readonly PlanUnit[]): Promise<readonly UnitReport[]> => {
      const { target } = harness;
      return target.apply({ units, snapshot: await target.read({ signal }), signal });
    };
    const expectDone = (given: PlanUnit, report: UnitReport | undefined): UnitReport => {
      expect(report).toMatchObject({ unit: given.id, state: 'done', diagnostics: [] });
      return report!;
    };
    /** Applies one unit and expects it to be done; gives its report. */
    const done = async (given: PlanUnit): Promise<UnitReport> => expectDone(given, (await apply(given))[0]);
    /** As `done`, from one unit to the next on what the device reported, as a run does, without reading it all again. */
    const doneInTurn = async (): Promise<(given: PlanUnit) => Promise<UnitReport>> => {
      const { target } = harness;
      const snapshot = await target.read({ signal });
      return async (given) => {
        const report = expectDone(given, (await target.apply({ units: [given], snapshot, signal }))[0]);
        for (const [ref, actual] of report.actual) snapshot.set(ref, actual);
        return report;
      };
    };
    const read = async (ref: Ref): Promise<BigipObject | undefined> =>
      (await harness.target.read({ signal })).get(ref)?.object;
    const readAlone = async (ref: Ref): Promise<BigipObject | undefined> =>
      (await harness.target.readSome({ refs: [ref], signal })).get(ref)?.object;

    /** Modules that a device has not got are not tested on it. */
    const skipUnlessKnown = (context: TestContext, kind: Kind): void => {
      if (!harness.target.capabilities.kinds.includes(kind)) context.skip(`the target does not write ${kind}`);
    };

    beforeEach(async () => {
      if (typeof makeHarness === 'string') throw new Error(makeHarness);
      harness = await makeHarness();
      const partition: BigipObject = { kind: 'partition', path: `/${harness.partition}` };
      if ((await read(refOfObject(partition))) === undefined) await done(unit(create(partition)));
    });
    afterEach(async () => harness?.close());

    for (const {
      title,
      base: { kind, path },
    } of samples({ partition: 'P', vlan: '/Common/vlan' })) {
      it(`creates a ${title}, changes each of its fields and back, and deletes it`, async (context) => {
        skipUnlessKnown(context, kind);
        const sample = samples(harness).find((one) => one.title === title)!;
        const { base, needs = [], variants } = sample;
        const next = await doneInTurn();
        await next(unit(...needs.map((object) => create(object)), create(base)));
        expect(await read(refOfObject(base)), `${kind} ${path} as created`).toEqual(canonical(base));
        for (const [field, variant] of Object.entries(variants)) {
          const changed = { ...base, ...variant } as BigipObject;
          await next(unit(update(base, changed)));
          expect(await readAlone(refOfObject(base)), `with ${field}`).toEqual(canonical(changed));
          await next(unit(update(changed, base)));
          expect(await readAlone(refOfObject(base)), `${field} undone`).toEqual(canonical(base));
        }
        await next(unit(remove(base), ...needs.toReversed().map((object) => remove(object))));
        for (const object of [base, ...needs]) expect(await harness.raw(refOfObject(object))).toBeUndefined();
      });

      it(`creates a ${title} with all fields of each variant at once`, async (context) => {
        skipUnlessKnown(context, kind);
        const sample = samples(harness).find((one) => one.title === title)!;
        const { base, needs = [], variants } = sample;
        const next = await doneInTurn();
        if (needs.length > 0) await next(unit(...needs.map((object) => create(object))));
        for (const [field, variant] of Object.entries(variants)) {
          const object = { ...base, ...variant } as BigipObject;
          const { actual } = await next(unit(create(object)));
          expect(await read(refOfObject(base)), `with ${field}`).toEqual(canonical(object));
          expect(actual.get(refOfObject(base))?.object, `the report with ${field}`).toEqual(canonical(object));
          await next(unit(remove(object)));
        }
      });
    }

    it('fills the forwarding table that a tunnel brings along, all at once and by single records', async () => {
      const needs = tunnelOf(harness.partition);
      await done(unit(...needs.map((object) => create(object))));
      const record = (last: string, host: number): FdbRecord => ({
        mac: `c6:d2:32:6f:8f:${last}`,
        endpoint: { ip: `192.0.2.${host}` },
      });
      const table = (...records: readonly FdbRecord[]): BigipObject => ({
        kind: 'fdb',
        path: at('pods_tunnel'),
        records,
      });
      const two = table(record('01', 101), record('02', 102));
      await done(unit(create(two)));
      const states = [
        two,
        table(record('01', 101), record('02', 102), record('03', 103)),
        table(record('01', 101), record('02', 202), record('03', 103)),
        table(record('01', 101), record('02', 202)),
        table(record('04', 104), record('02', 202)),
        table(),
        two,
      ];
      for (const [index, after] of states.entries()) {
        const before = states[index - 1];
        if (before !== undefined) await done(unit(update(before, after)));
        expect(await read(refOfObject(after)), `state ${index}`).toEqual(canonical(after));
      }
      await done(unit(...needs.toReversed().map((object) => remove(object))));
      for (const object of needs) expect(await harness.raw(refOfObject(object))).toBeUndefined();
    });

    it('changes the partition, and keeps its mark in the description', async () => {
      const before: BigipObject = { kind: 'partition', path: `/${harness.partition}` };
      const after: BigipObject = {
        ...before,
        description: 'for Kubernetes',
        mark: { instance: 'contract', origins: [] },
      };
      await done(unit(update(before, after)));
      expect(await read(refOfObject(before))).toEqual(canonical(after));
      await done(unit(update(after, before)));
      expect(await read(refOfObject(before))).toEqual(canonical(before));
    });

    it('shows the node that a member brought along, marks it, and removes it once it is unused', async () => {
      const ip = '192.0.2.30';
      const node: BigipObject = { kind: 'node', path: at(ip), address: { ip } };
      const marked: BigipObject = { ...node, mark: MARK, description: 'of a pod' };
      const report = await done(unit(create(pool('web', { members: [{ address: { ip }, port: 80 }] }))));
      expect(report.actual.get(refOfObject(node))?.object).toEqual(canonical(node));
      expect(await read(refOfObject(node))).toEqual(canonical(node));
      await done(unit(update(node, marked)));
      expect(await read(refOfObject(node))).toEqual(canonical(marked));
      await done(unit(remove(pool('web', { members: [{ address: { ip }, port: 80 }] })), remove(marked)));
      expect(await harness.raw(refOfObject(node))).toBeUndefined();
    });

    it("makes all of a unit or nothing of it, and names who is to blame in the device's own words", async () => {
      const web = pool('web');
      const lost = virtual('lost', 'nowhere');
      const origin = 'contract:Service/default/lost';
      const [report] = await apply(unit(create(web), create(address()), create(lost, origin)));
      expect(report?.state).toBe('refused');
      expect(report?.blame).toMatchObject({ ref: refOfObject(lost), origins: [origin] });
      expect(report?.blame?.message).toContain(at('nowhere'));
      expect(report?.blame?.status).toBeGreaterThanOrEqual(400);
      expect(report?.actual.size).toBe(0);
      expect(report?.diagnostics[0]).toMatchObject({ severity: 'error', detail: report?.blame?.message });
      expect(await harness.raw(refOfObject(web))).toBeUndefined();
      expect(await harness.raw(refOfObject(address()))).toBeUndefined();
    });

    it('goes on with the other units when one is refused', async () => {
      const good = [pool('a'), pool('b'), pool('c')];
      const bad = unit(create(address()), create(virtual('lost', 'nowhere')));
      const pairs = good.map((one, index) => unit(create(one), create(pool(`${index}_second`))));
      const reports = await apply(pairs[0]!, bad, pairs[1]!, pairs[2]!);
      expect(reports.map(({ unit }) => unit)).toEqual([pairs[0]!.id, bad.id, pairs[1]!.id, pairs[2]!.id]);
      expect(reports.map(({ state }) => state)).toEqual(['done', 'refused', 'done', 'done']);
      for (const one of good) expect(await read(refOfObject(one))).toEqual(canonical(one));
    });

    it('refuses to delete what others use, and says who it is about', async () => {
      const [web, vip] = [pool('web'), virtual('vip', 'web')];
      await done(unit(create(web), create(address()), create(vip)));
      const [report] = await apply(unit(remove(web)));
      expect(report).toMatchObject({ state: 'refused', blame: { ref: refOfObject(web), origins: [ORIGIN] } });
      expect(report?.blame?.message).toContain('in use');
      expect(await read(refOfObject(web))).toEqual(canonical(web));
    });

    it('goes on without an optional delete that the device refuses', async () => {
      const ip = '192.0.2.40';
      const node: BigipObject = { kind: 'node', path: at(ip), address: { ip } };
      const [ours, theirs] = ['ours', 'theirs'].map((name) => pool(name, { members: [{ address: { ip }, port: 80 }] }));
      await done(unit(create(ours!)));
      await harness.plant({ object: canonical(theirs!) });
      const [report] = await apply(unit(remove(ours!), remove(node, true)));
      expect(report?.state).toBe('done');
      expect(await harness.raw(refOfObject(ours!))).toBeUndefined();
      expect(await read(refOfObject(node))).toEqual(canonical(node));
    });

    it('says stale, not refused, when the device is not as the plan assumed; what is gone counts as deleted', async () => {
      const web = pool('web');
      await harness.plant({ object: canonical(web) });
      const gone = pool('gone');
      const reports = await apply(
        unit(create(web)),
        unit(remove(gone)),
        unit(update(pool('never'), pool('never', { slowRampTime: 20 }))),
      );
      expect(reports.map(({ state }) => state)).toEqual(['stale', 'done', 'stale']);
      expect(await read(refOfObject(web))).toEqual(canonical(web));
    });

    it('AC-04 leaves objects of others byte-identical', async () => {
      const foreign: BigipObject = { kind: 'pool', path: at('foreign'), description: 'made by hand', slowRampTime: 42 };
      const other: BigipObject = {
        kind: 'virtual-address',
        path: at('198.51.100.99'),
        address: { ip: '198.51.100.99' },
      };
      for (const object of [foreign, other]) await harness.plant({ object: canonical(object) });
      const refs = [foreign, other].map(refOfObject);
      const before = await Promise.all(refs.map((ref) => harness.raw(ref)));
      expect(before.every((raw) => raw !== undefined)).toBe(true);
      const [web, vip] = [pool('web'), virtual('vip', 'web')];
      await done(unit(create(web), create(address()), create(vip)));
      await done(
        unit(update(web, pool('web', { slowRampTime: 5, members: [{ address: { ip: '192.0.2.50' }, port: 1 }] }))),
      );
      await done(unit(remove(vip), remove(address()), remove(web)));
      expect(await Promise.all(refs.map((ref) => harness.raw(ref)))).toEqual(before);
      expect(await read(refs[0]!)).toEqual(canonical(foreign));
    });

    it('AC-04 keeps metadata of others through every write', async () => {
      const otherMetadata = [
        { name: 'owner', value: 'team a', persist: 'true' },
        { name: 'note', persist: 'false', value: 'do not touch' },
      ];
      const before = pool('web');
      await harness.plant({ object: canonical(before), otherMetadata });
      const after = pool('web', { description: 'x', mark: { instance: 'contract', origins: ['a:B/c', 'a:B/d'] } });
      await done(unit(update(before, after)));
      const snapshot = await harness.target.read({ signal });
      const found = snapshot.get(refOfObject(after));
      expect(found?.object).toEqual(canonical(after));
      expect(found?.otherMetadata?.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
        otherMetadata.toReversed(),
      );
    });

    it('adopts a virtual address that came with its virtual server, so that it stays without it', async () => {
      const [web, vip, { mark: _, ...bare }] = [pool('web'), virtual('vip', 'web'), address()];
      for (const object of [web, vip]) await harness.plant({ object: canonical(object) });
      expect(await read(refOfObject(bare))).toEqual(canonical(bare));
      await done(unit({ ...update(bare, address()), adopts: true } as Change));
      await done(unit(remove(vip)));
      expect(await read(refOfObject(bare))).toEqual(canonical(address()));
    });

    it('tells who holds an address outside the partition, and does not show objects there', async () => {
      const ip = '192.0.2.77';
      const node: BigipObject = { kind: 'node', path: `/Common/${harness.partition}_node`, address: { ip } };
      await harness.plant({ object: canonical(node) });
      const snapshot = await harness.target.read({ signal });
      expect(snapshot.elsewhere('node', ip)).toBe(node.path);
      expect(snapshot.get(refOfObject(node))).toBeUndefined();
      const web = pool('web', { members: [{ address: { ip }, port: 80, node: node.path }] });
      await done(unit(create(web)));
      expect(await read(refOfObject(web))).toEqual(canonical(web));
    });

    it('keeps objects of a route domain apart from those of the default one', async () => {
      const { routeDomain } = harness;
      const vip = `198.51.100.60%${routeDomain}`;
      const inDomain = { ip: '198.51.100.60', routeDomain };
      const web = pool('web', {
        members: [
          { address: { ip: '192.0.2.60' }, port: 80 },
          { address: { ip: '192.0.2.60', routeDomain }, port: 80 },
          { address: { ip: '2001:db8::60', routeDomain }, port: 80 },
        ],
      });
      const there: BigipObject = { kind: 'virtual-address', path: at(vip), address: inDomain, mark: MARK };
      const server: BigipObject = {
        ...(virtual('vip', 'web', '198.51.100.60') as VirtualServer),
        destination: { address: inDomain, port: 80 },
        virtualAddress: at(vip),
        source: '10.0.0.0/8',
      };
      await done(unit(create(web), create(there), create(server)));
      for (const object of [web, there, server]) expect(await read(refOfObject(object))).toEqual(canonical(object));
      const [first, second, third] = web.members ?? [];
      const less = pool('web', { members: [first!, { ...second!, adminState: 'disabled' }, third!] });
      await done(unit(update(web, less)));
      expect(await read(refOfObject(less))).toEqual(canonical(less));
      await done(unit(remove(server), remove(there), remove(less)));
    });

    it("leaves the partition's default route domain out of names and addresses", async () => {
      const partition: BigipObject = { kind: 'partition', path: `/${harness.partition}` };
      await done(unit(update(partition, { ...partition, defaultRouteDomain: harness.routeDomain })));
      const web = pool('web', { members: [{ address: { ip: '192.0.2.70' }, port: 80 }] });
      const more = pool('web', { members: [...(web.members ?? []), { address: { ip: '192.0.2.71' }, port: 80 }] });
      const node: BigipObject = { kind: 'node', path: at('192.0.2.70'), address: { ip: '192.0.2.70' } };
      const vip = virtual('vip', 'web');
      await done(unit(create(web), create(address()), create(vip)));
      const objects = [web, node, address(), vip];
      for (const object of objects) expect(await read(refOfObject(object))).toEqual(canonical(object));
      const found = await harness.target.readSome({ refs: objects.map(refOfObject), signal });
      for (const object of objects) expect(found.get(refOfObject(object))?.object).toEqual(canonical(object));
      await done(unit(update(web, more)));
      await done(unit(update(more, web)));
      expect(await read(refOfObject(web))).toEqual(canonical(web));
      await done(unit(remove(vip), remove(address()), remove(web), remove(node)));
    });

    it('sends exactly one request for one pool of which one member changes, and counts it', async () => {
      const [one, two] = [1, 2].map((last) => ({ address: { ip: `192.0.2.${last}` }, port: 80 }));
      const before = pool('web', { members: [one!] });
      await done(unit(create(before)));
      const steps: Pool[] = [
        pool('web', { members: [one!, two!] }),
        pool('web', { members: [one!, { ...two!, adminState: 'disabled' }] }),
        pool('web', { members: [one!] }),
        pool('web', { members: [one!], slowRampTime: 20 }),
      ];
      const { target } = harness;
      let from: Pool = before;
      for (const to of steps) {
        const snapshot = await target.read({ signal });
        const counters = { ...target.counters };
        const [report] = await target.apply({ units: [unit(update(from, to))], snapshot, signal });
        expect(report?.state).toBe('done');
        expect(target.counters.requests - counters.requests).toBe(1);
        expect(target.counters.writes - counters.writes).toBe(1);
        expect(await read(refOfObject(to))).toEqual(canonical(to));
        from = to;
      }
    });

    it('counts writes by change, and none for reading, printing and applying nothing', async () => {
      const { target } = harness;
      const snapshot = await target.read({ signal });
      const start = { ...target.counters };
      const units = [unit(create(pool('a')), create(pool('b'))), unit(create(pool('c')))];
      await target.apply({ units, snapshot, signal });
      expect(target.counters.writes - start.writes).toBe(3);
      const after = { ...target.counters };
      expect(await target.apply({ units: [], snapshot, signal })).toEqual([]);
      expect(target.counters.requests).toBe(after.requests);
      await target.read({ signal });
      expect(target.counters.requests).toBeGreaterThan(after.requests);
      expect(target.counters.writes).toBe(after.writes);
    });

    it('reports progress and what became of every change', async () => {
      const { target } = harness;
      const seen: [number, number][] = [];
      const units = ['a', 'b', 'c'].map((name) => unit(create(pool(name))));
      const reports = await target.apply({
        units,
        snapshot: await target.read({ signal }),
        signal,
        onProgress: (count, total) => seen.push([count, total]),
      });
      expect(seen.at(-1)).toEqual([3, 3]);
      expect(reports.map(({ actual }) => Array.from(actual.keys()))).toEqual(units.map(({ id }) => [id]));
      const [removed] = await apply(unit(remove(pool('a'))));
      expect([...removed!.actual]).toEqual([[refOf('pool', at('a')), undefined]]);
    });

    it('reads some objects again, and says undefined for those that are not there', async () => {
      const web = pool('web', { members: [{ address: { ip: '192.0.2.1' }, port: 80 }] });
      const monitor: BigipObject = { kind: 'monitor', path: at('probe'), type: 'http', mark: MARK };
      await done(unit(create(monitor), create(web), create(address()), create(virtual('vip', 'web'))));
      const objects = [monitor, web, address(), virtual('vip', 'web')];
      const gone = refOf('pool', at('gone'));
      const found = await harness.target.readSome({ refs: [...objects.map(refOfObject), gone], signal });
      for (const object of objects) expect(found.get(refOfObject(object))?.object).toEqual(canonical(object));
      expect(found.has(gone)).toBe(true);
      expect(found.get(gone)).toBeUndefined();
    });

    it('reads many objects again at once', async () => {
      const pools = Array.from({ length: 25 }, (_, index) => pool(`many_${index}`, { slowRampTime: index }));
      await done(unit(...pools.map((one) => create(one))));
      const found = await harness.target.readSome({ refs: pools.map(refOfObject), signal });
      expect(pools.map((one) => found.get(refOfObject(one))?.object)).toEqual(pools.map(canonical));
    });

    it('AC-07 prints plans in each of its languages without asking the device, and refuses others by naming those', async () => {
      const { target } = harness;
      const snapshot = await target.read({ signal });
      const counters = { ...target.counters };
      const units = [unit(create(pool('web')), create(address()), create(virtual('vip', 'web')))];
      for (const language of target.capabilities.languages) {
        const text = target.render(units, language, snapshot);
        expect(text).toMatch(/web/);
        expect(target.render(units, language, snapshot)).toBe(text);
      }
      expect(() => target.render(units, 'klingon', snapshot)).toThrow(target.capabilities.languages[0]!);
      expect(target.counters).toEqual(counters);
      expect(await read(refOf('pool', at('web')))).toBeUndefined();
    });

    it('saves, and checks itself line by line', async () => {
      const { target, partition } = harness;
      await harness.plant({ object: { kind: 'pool', path: lentPool(partition) } });
      await target.save({ signal });
      const lines = await target.check({ signal });
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    });

    it('stops when it is told to', async () => {
      const aborted = AbortSignal.abort(new Error('enough'));
      const { target } = harness;
      await expect(target.read({ signal: aborted })).rejects.toThrow('enough');
      const snapshot = await target.read({ signal });
      const units = [unit(create(pool('web')))];
      await expect(target.apply({ units, snapshot, signal: aborted })).rejects.toThrow('enough');
      expect(await harness.raw(refOf('pool', at('web')))).toBeUndefined();
    });
  });
}
