import type { Listener } from '../dataplane/model.ts';
import { memberKind } from '../kinds/ltm-pool-members.ts';
import { poolKind } from '../kinds/ltm-pool.ts';
import { virtualKind } from '../kinds/ltm-virtual.ts';
import type { Device } from '../session/device.ts';
import { memberAvailability, poolAvailability, virtualAvailability, type Availability } from '../stats/availability.ts';
import type { StatsSource } from '../stats/stats-source.ts';
import type { ConfigObject } from '../store/object.ts';
import { renderObject } from '../view/render.ts';

/** Current and total connections. */
export interface Connections {
  readonly curConns: number;
  readonly totConns: number;
}

/** A virtual server as the page shows it. */
export interface VirtualRow {
  readonly name: string;
  readonly description: string;
  readonly status: Availability;
  readonly destination: string;
  readonly protocol: string;
  /** Where it listens for real; undefined without a data plane. */
  readonly listener: Listener | undefined;
  readonly pool: string;
  readonly connections: Connections;
}

export interface MemberRow {
  readonly name: string;
  readonly address: string;
  readonly status: Availability;
  readonly monitor: string;
  readonly connections: Connections;
}

export interface PoolRow {
  readonly name: string;
  readonly description: string;
  readonly status: Availability;
  readonly monitor: string;
  readonly mode: string;
  readonly connections: Connections;
  readonly members: readonly MemberRow[];
}

export interface WideIpRow {
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly mode: string;
  readonly pools: string;
}

/** Some rows, and how many there are. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** Rows that fit what was searched for. */
  readonly total: number;
}

/** Where the page reads. */
export interface Sources {
  readonly device: Device;
  readonly stats: StatsSource;
  readonly listeners: () => readonly Listener[];
}

function text(rendered: Readonly<Record<string, unknown>>, name: string): string {
  const value = rendered[name];
  return typeof value === 'string' ? value : '';
}

/** The first `limit` objects that hold what is searched for in what `words` gives, and how many there are. */
function pick(
  objects: Iterable<ConfigObject>,
  { limit, fits }: { readonly limit: number; readonly fits: (object: ConfigObject) => boolean },
): Rows<ConfigObject> {
  const rows: ConfigObject[] = [];
  let total = 0;
  for (const object of objects) {
    if (fits(object)) {
      total += 1;
      if (rows.length < limit) {
        rows.push(object);
      }
    }
  }
  return { rows, total };
}

/** Whether what was set of an object, or its name, holds a text. */
function holds(object: ConfigObject, search: string): boolean {
  return search === '' || `${object.fullPath} ${JSON.stringify(object.values)}`.toLowerCase().includes(search);
}

function map<A, B>({ rows, total }: Rows<A>, make: (row: A) => B): Rows<B> {
  return { rows: rows.map(make), total };
}

/** What a reader asked for: a text in lower case, and how many rows of each table at most. */
export interface Asked {
  readonly search: string;
  readonly limit: number;
}

/** Virtual servers, by partition and name. */
export function virtualRows({ device, stats, listeners }: Sources, { search, limit }: Asked): Rows<VirtualRow> {
  const listening = new Map(listeners().map((each) => [each.virtual, each]));
  const found = pick(device.store.collection(virtualKind).list(), { limit, fits: (each) => holds(each, search) });
  return map(found, (virtual) => {
    const rendered = renderObject(virtual, { device });
    return {
      name: virtual.fullPath,
      description: text(rendered, 'description'),
      status: virtualAvailability(virtual, device),
      destination: text(rendered, 'destination').replace(/^.*\//v, ''),
      protocol: text(rendered, 'ipProtocol'),
      listener: listening.get(virtual.fullPath),
      pool: text(rendered, 'pool'),
      connections: stats.virtual(virtual.fullPath),
    };
  });
}

function memberRow(member: ConfigObject, { device, stats }: Sources): MemberRow {
  const rendered = renderObject(member, { device });
  return {
    name: member.fullPath,
    address: text(rendered, 'address'),
    status: memberAvailability(member, device),
    monitor: text(rendered, 'monitor').trim(),
    connections: stats.member(member.scope, member.fullPath),
  };
}

/** Pools with their members; of each pool at most `limit` members. */
export function poolRows(sources: Sources, { search, limit }: Asked): Rows<PoolRow> {
  const { device, stats } = sources;
  const membersOf = (pool: ConfigObject): readonly ConfigObject[] => [
    ...device.store.collection(memberKind, pool.fullPath).list(),
  ];
  const fits = (pool: ConfigObject): boolean =>
    holds(pool, search) || membersOf(pool).some((member) => holds(member, search));
  return map(pick(device.store.collection(poolKind).list(), { limit, fits }), (pool) => {
    const rendered = renderObject(pool, { device });
    return {
      name: pool.fullPath,
      description: text(rendered, 'description'),
      status: poolAvailability(pool, device),
      monitor: text(rendered, 'monitor').trim(),
      mode: text(rendered, 'loadBalancingMode'),
      connections: stats.pool(pool.fullPath),
      members: membersOf(pool)
        .slice(0, limit)
        .map((member) => memberRow(member, sources)),
    };
  });
}

/** How many members there are, and how many of them are available or offline. */
export function memberCounts({ device }: Sources): {
  readonly total: number;
  readonly up: number;
  readonly down: number;
} {
  const counts = { total: 0, up: 0, down: 0 };
  for (const collection of device.store.scopes(memberKind).values()) {
    for (const member of collection.list()) {
      const { state } = memberAvailability(member, device);
      counts.total += 1;
      counts.up += state === 'available' ? 1 : 0;
      counts.down += state === 'offline' ? 1 : 0;
    }
  }
  return counts;
}

function poolNames(value: unknown): string {
  const items = Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
  return items.map((item) => text(item, 'name')).join(', ');
}

/** Wide IPs of every record type; undefined when GTM is not provisioned. */
export function wideIpRows({ device }: Sources, { search, limit }: Asked): Rows<WideIpRow> | undefined {
  const level = device.store.lookup('sys/provision', 'gtm')?.values['level'];
  if (level === undefined || level === 'none') {
    return undefined;
  }
  const kinds = device.kinds.all.filter(({ path }) => path.startsWith('gtm/wideip/'));
  const all = kinds.flatMap((kind) => Array.from(device.store.collection(kind).list()));
  return map(pick(all, { limit, fits: (each) => holds(each, search) }), (wideip) => {
    const rendered = renderObject(wideip, { device });
    return {
      name: wideip.fullPath,
      type: wideip.kind.path.slice('gtm/wideip/'.length).toUpperCase(),
      enabled: rendered['disabled'] !== true,
      mode: text(rendered, 'poolLbMode'),
      pools: poolNames(rendered['pools']),
    };
  });
}
