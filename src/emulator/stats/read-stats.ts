import { memberKind } from '../kinds/ltm-pool-members.ts';
import { poolKind } from '../kinds/ltm-pool.ts';
import { encodeSegment } from '../names/full-path.ts';
import { readPage, type ReadContext } from '../rest/page.ts';
import { locate, requireOwner } from '../rest/read.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Target } from '../uri/target.ts';
import { atLeast } from '../version/version.ts';
import { linkHost, objectUri, versioned } from '../view/links.ts';
import { collectionUri } from '../view/render.ts';
import { builders } from './builders.ts';
import type { Stats } from './entries.ts';
import { gtmStatsName } from './gtm-stats.ts';
import { ruleStats } from './rule-stats.ts';
import type { StatsSource } from './stats-source.ts';
import { trafficGroupStats } from './traffic-group-stats.ts';

type Json = Record<string, unknown>;

function statsOf(object: ConfigObject, context: ReadContext, source: StatsSource): Stats {
  return builders.get(object.kind.path)?.(object, context.device, source) ?? {};
}

/** Statistics with their link; with `$select` those that are named, as public clients read them of traffic groups (K). */
function entry(object: ConfigObject, uri: string, content: { context: ReadContext; stats: Stats }): Json {
  const { context, stats } = content;
  const { device, query } = context;
  const selfLink = versioned(uri, device);
  const wanted = query.select;
  const entries =
    wanted === undefined ? stats : Object.fromEntries(Object.entries(stats).filter(([name]) => wanted.includes(name)));
  return { nestedStats: { kind: `${object.kind.label}stats`, selfLink, entries } };
}

function nested(object: ConfigObject, uri: string, options: { context: ReadContext; source: StatsSource }): Json {
  const { context, source } = options;
  return entry(object, uri, { context, stats: statsOf(object, context, source) });
}

/** The entries of an object: one, but of an iRule one an event, of a traffic group one a device. */
function entriesOf(object: ConfigObject, key: string, options: { context: ReadContext; source: StatsSource }): Json {
  const { context, source } = options;
  const uri = objectUri(object, context.device);
  const typed = gtmStatsName(object);
  if (typed !== undefined) {
    const own = `${uri}/${encodeSegment(typed)}/stats`;
    return { [own]: nested(object, own, options) };
  }
  if (object.kind.path === 'cm/traffic-group') {
    const devices = [...trafficGroupStats(object, context.device)].map(([device, stats]) => {
      const own = `${uri}/${encodeSegment(`${object.fullPath}:${device}`)}/stats`;
      return [own, entry(object, own, { context, stats })] as const;
    });
    return Object.fromEntries(devices);
  }
  if (object.kind.path !== 'ltm/rule') {
    return { [key]: nested(object, `${uri}/stats`, options) };
  }
  const events = [...ruleStats(object, source)].map(([event, stats]) => {
    const own = `${uri}:${event}/stats`;
    return [own, entry(object, own, { context, stats })] as const;
  });
  return Object.fromEntries(events);
}

/** Up to 13.x the key of an instance's entry holds its name twice (fact sheet 9). */
function instanceKey(object: ConfigObject, context: ReadContext): string {
  const uri = objectUri(object, context.device);
  return atLeast(context.device.version, '14.1') ? `${uri}/stats` : `${uri}/${encodeSegment(object.fullPath)}/stats`;
}

function objectStats(object: ConfigObject, context: ReadContext, source: StatsSource): Json {
  const uri = `${objectUri(object, context.device)}/stats`;
  return {
    kind: `${object.kind.label}stats`,
    selfLink: versioned(uri, context.device),
    entries: entriesOf(object, instanceKey(object, context), { context, source }),
  };
}

function collectionStats(
  target: Extract<Target, { type: 'collection' }>,
  context: ReadContext,
  source: StatsSource,
): Json {
  const { kind, scope } = target;
  requireOwner(kind, scope, context);
  const uri = `${collectionUri(kind, scope, context.device)}/stats`;
  const { items, fields } = readPage({ kind, scope }, uri, context);
  const entries: Json = {};
  for (const object of items) {
    const key = `${objectUri(object, context.device)}/stats`;
    Object.assign(entries, entriesOf(object, key, { context, source }));
  }
  return {
    kind: `${kind.label}collectionstats`,
    selfLink: versioned(uri, context.device),
    ...fields,
    ...(items.length === 0 ? {} : { entries }),
  };
}

function poolWithMembers(pool: ConfigObject, context: ReadContext, source: StatsSource): Json {
  const { device } = context;
  const base = `${linkHost}ltm/pool/members/${encodeSegment(pool.fullPath)}`;
  const entries: Json = {};
  for (const member of device.store.collection(memberKind, pool.fullPath).list()) {
    const key = `${base}/members/${encodeSegment(member.fullPath)}/stats`;
    entries[key] = nested(member, key, { context, source });
  }
  const own = statsOf(pool, context, source);
  return { nestedStats: { entries: { ...own, [`${base}/members/stats`]: { nestedStats: { entries } } } } };
}

/** `/ltm/pool/members/stats`: every pool with its members. */
function allMembersStats(context: ReadContext, source: StatsSource): Json {
  const { device } = context;
  const uri = `${linkHost}ltm/pool/members/stats`;
  const { items, fields } = readPage({ kind: poolKind, scope: '' }, uri, context);
  const entries: Json = {};
  for (const pool of items) {
    entries[`${linkHost}ltm/pool/members/${encodeSegment(pool.fullPath)}/stats`] = poolWithMembers(
      pool,
      context,
      source,
    );
  }
  return {
    kind: `${memberKind.label}collectionstats`,
    selfLink: versioned(uri, device),
    ...fields,
    ...(items.length === 0 ? {} : { entries }),
  };
}

/** GET of `/stats` (fact sheet 9). */
export function readStats(target: Target, context: ReadContext, source: StatsSource): Json {
  switch (target.type) {
    case 'all-members-stats':
      return allMembersStats(context, source);
    case 'collection':
      return collectionStats(target, context, source);
    case 'object':
      return objectStats(locate(target, context), context, source);
    default:
      return {};
  }
}
