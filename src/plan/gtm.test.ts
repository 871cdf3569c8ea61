import { describe, expect, it } from 'vitest';
import type { Module } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { PlanResult } from './build-plan.ts';
import type { HeldElsewhere } from './memory-snapshot.ts';
import { DesiredState } from '../desired/desired-state.ts';
import { canonical } from '../ir/canonical.ts';
import { refOf } from '../ir/ref.ts';
import { buildPlan } from './build-plan.ts';
import { MemorySnapshot } from './memory-snapshot.ts';

const WEB = 'east:Service/default/web';
const SHOP = 'east:Service/shop/web';
const refOfObject = ({ kind, path }: BigipObject) => refOf(kind, path);
const marked = (object: BigipObject, ...origins: readonly string[]): BigipObject =>
  canonical({ ...object, mark: { instance: 'test', origins } });

const server: BigipObject = {
  kind: 'gtm-server',
  path: '/Common/bigip1',
  datacenter: '/Common/hq',
  addresses: [{ address: '192.0.2.1' }],
};
const virtual = (name: string): BigipObject => ({
  kind: 'gtm-virtual-server',
  path: `/Common/bigip1:${name}`,
  destination: { address: { ip: '10.1.10.50' }, port: 80 },
});
const pool = (name: string, origin: string): BigipObject => ({
  kind: 'gtm-pool-a',
  path: '/kubernetes/web.example.com_hq',
  members: [{ name: `/Common/bigip1:${name}`, origin }],
});
const wideip: BigipObject = {
  kind: 'wideip-a',
  path: '/kubernetes/web.example.com',
  pools: [{ path: '/kubernetes/web.example.com_hq', order: 0 }],
};

/** What one Service with a host gives. */
function give(desired: DesiredState, origin: string, name: string): void {
  const objects = [virtual(name), pool(name, origin), wideip];
  desired.update({
    cell: `${origin}#@dns`,
    origin,
    since: origin === WEB ? '2026-01-01T00:00:00Z' : '2026-01-02T00:00:00Z',
    objects,
    joins: [pool(name, origin), wideip].map(refOfObject),
    diagnostics: [],
  });
}

interface Device {
  readonly lacking?: string;
  readonly elsewhere?: readonly HeldElsewhere[];
}

function plan(
  desired: DesiredState,
  there: readonly BigipObject[],
  { lacking, elsewhere = [] }: Device = {},
): PlanResult {
  const missing = new Map<Module, string>(lacking === undefined ? [] : [['gtm', lacking]]);
  const actuals = there.map((object) => [refOfObject(object), { object: canonical(object) }] as const);
  const snapshot = new MemorySnapshot(actuals, elsewhere, missing);
  const refs = new Set([...desired.refs(), ...snapshot.refs()]);
  return buildPlan(refs, { instance: 'test', partition: 'kubernetes', desired, snapshot, incomplete: new Set() });
}

const changesOf = ({ plan: { units } }: PlanResult): readonly string[] =>
  units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`));

describe('plans for DNS', () => {
  it('one Service is one unit, its objects in the order of their needs', () => {
    const desired = new DesiredState();
    give(desired, WEB, 'default_web');
    const result = plan(desired, [{ kind: 'partition', path: '/kubernetes' }, server]);
    expect(result.plan.units).toHaveLength(1);
    expect(changesOf(result)).toEqual([
      'create gtm-virtual-server:/Common/bigip1:default_web',
      'create gtm-pool-a:/kubernetes/web.example.com_hq',
      'create wideip-a:/kubernetes/web.example.com',
    ]);
  });

  it('Services that share a host share pool and wide IP; who comes later adds its member, who goes takes it along', () => {
    const desired = new DesiredState();
    give(desired, WEB, 'default_web');
    give(desired, SHOP, 'shop_web');
    const before = [server, virtual('default_web'), pool('default_web', WEB), wideip].map((one) => marked(one, WEB));
    const joined = plan(desired, before);
    // The mark of the wide IP names both from now on.
    expect(changesOf(joined)).toEqual([
      'create gtm-virtual-server:/Common/bigip1:shop_web',
      'update wideip-a:/kubernetes/web.example.com',
      'update gtm-pool-a:/kubernetes/web.example.com_hq',
    ]);
    const after = joined.plan.units.flatMap(({ changes }) =>
      changes.flatMap((one) => (one.op === 'delete' ? [] : [one.after])),
    );
    desired.remove(`${SHOP}#@dns`);
    const gone = plan(desired, [...before.slice(0, 2), ...after]);
    expect(changesOf(gone)).toEqual([
      'update gtm-pool-a:/kubernetes/web.example.com_hq',
      'update wideip-a:/kubernetes/web.example.com',
      'delete gtm-virtual-server:/Common/bigip1:shop_web',
    ]);
  });

  it('a server that somebody else made is used as it is, and one of ours stays when nobody wants it', () => {
    const desired = new DesiredState();
    const config = { cell: 'config:Server/bigip1', origin: 'config:Server/bigip1', since: '', diagnostics: [] };
    desired.update({ ...config, objects: [server] });
    const theirs: BigipObject = { ...server, addresses: [{ address: '192.0.2.9' }] };
    expect(plan(desired, [theirs])).toMatchObject({ plan: { units: [], withheld: [] } });
    give(desired, WEB, 'default_web');
    expect(plan(desired, [theirs]).plan.withheld).toEqual([]);
    const ours = marked(server, 'config:Server/bigip1');
    expect(plan(new DesiredState(), [ours])).toMatchObject({ plan: { units: [], withheld: [] } });
  });

  it('a Service that moves takes its DNS along in one unit, and only then', () => {
    const ltm = (ip: string, port = 80): BigipObject => ({
      kind: 'virtual',
      path: '/kubernetes/default_web_http',
      destination: { address: { ip }, port },
      virtualAddress: `/kubernetes/${ip}`,
      ipProtocol: 'tcp',
      profiles: [{ path: '/Common/tcp', context: 'all' }],
    });
    const leads = (ip: string): BigipObject =>
      ({ ...virtual('default_web'), destination: { address: { ip }, port: 80 } }) as BigipObject;
    const address = (ip: string): BigipObject => ({
      kind: 'virtual-address',
      path: `/kubernetes/${ip}`,
      address: { ip },
    });
    const unitsOf = (...wanted: readonly BigipObject[]): readonly number[] => {
      const desired = new DesiredState();
      desired.update({ cell: WEB, origin: WEB, since: '', objects: wanted, diagnostics: [] });
      const there = [ltm('10.1.10.50'), address('10.1.10.50'), leads('10.1.10.50')].map((one) => marked(one, WEB));
      const partition: BigipObject = { kind: 'partition', path: '/kubernetes' };
      return plan(desired, [partition, server, ...there]).plan.units.map(({ changes }) => changes.length);
    };
    expect(unitsOf(ltm('10.1.10.51'), address('10.1.10.51'), leads('10.1.10.51'))).toEqual([4]);
    // To another place than the virtual server: two things that have nothing to do with each other.
    expect(unitsOf(ltm('10.1.10.50', 81), address('10.1.10.50'), leads('10.1.10.52'))).toEqual([1, 1]);
  });

  it('a host that another partition answers is left to it, and told', () => {
    const desired = new DesiredState();
    give(desired, WEB, 'default_web');
    const elsewhere = [{ kind: 'wideip-a', address: 'web.example.com', path: '/Common/web.example.com' }] as const;
    const { plan: made } = plan(desired, [{ kind: 'partition', path: '/kubernetes' }, server], { elsewhere });
    expect(made.withheld).toMatchObject([
      {
        ref: 'wideip-a:/kubernetes/web.example.com',
        reason: 'foreign',
        diagnostic: {
          origin: WEB,
          summary:
            'wide IP (A) /kubernetes/web.example.com cannot be made: /Common/web.example.com has its name, in another partition; it is left as it is',
        },
      },
    ]);
  });

  it('AC-19 a host that another instance answers is left to it; what to do instead is not another partition', () => {
    const desired = new DesiredState();
    give(desired, WEB, 'default_web');
    const theirs = canonical<BigipObject>({ ...wideip, mark: { instance: 'west', origins: [SHOP] } });
    const { plan: made } = plan(desired, [{ kind: 'partition', path: '/kubernetes' }, server, theirs]);
    const told = made.withheld.map(({ diagnostic }) => [diagnostic.summary, diagnostic.detail]);
    expect(told).toEqual([
      [
        'wide IP (A) /kubernetes/web.example.com exists on the device and is not ours (instance west owns it); it is left as it is',
        'One instance owns a name, whatever the partition. To have it answered from several clusters, make them sources of that instance (docs/decisions/wide-ips.md); or take another name here.',
      ],
    ]);
  });

  it('a device without the module gets everything but DNS, and every origin is told why', () => {
    const desired = new DesiredState();
    give(desired, WEB, 'default_web');
    const ltm: BigipObject = { kind: 'pool', path: '/kubernetes/default_web_http' };
    desired.update({ cell: `${WEB}#http`, origin: WEB, since: '', objects: [ltm], diagnostics: [] });
    const result = plan(desired, [{ kind: 'partition', path: '/kubernetes' }], {
      lacking: 'the module DNS (gtm) is not provisioned',
    });
    expect(changesOf(result)).toEqual(['create pool:/kubernetes/default_web_http']);
    expect(
      result.plan.withheld.map(({ reason, diagnostic }) => [reason, diagnostic.severity, diagnostic.origin]),
    ).toEqual(Array.from({ length: 3 }, () => ['unsupported', 'warning', WEB]));
    expect(result.plan.withheld[2]?.diagnostic.summary).toBe(
      'wide IP (A) /kubernetes/web.example.com is not made: the module DNS (gtm) is not provisioned',
    );
  });
});
