import { counterNames, type CounterName } from '../dns/counters.ts';
import { isEnabled, StatusView } from '../dns/status.ts';
import { partsOf } from '../kinds/gtm/members.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { statusStats, type Availability } from './availability.ts';
import { description, value, type Stats } from './entries.ts';
import type { StatsSource } from './stats-source.ts';

/** `A` of `gtm/pool/a` and `gtm/wideip/a/...`. */
function typeIn(path: string): string {
  return (path.split('/')[2] ?? '').toUpperCase();
}

/** How statistics tell objects of the same name and another type apart: `/Common/p:A` (recordings of 13.0 and 14.1). */
export function gtmStatsName(object: ConfigObject): string | undefined {
  const isTyped = /^gtm\/(?:pool|wideip)\/[a-z]+$/v.test(object.kind.path);
  return isTyped ? `${object.fullPath}:${typeIn(object.kind.path)}` : undefined;
}

function counts(object: ConfigObject, source: StatsSource, without: readonly CounterName[]): Stats {
  const counted = source.dns(object);
  const names = counterNames.filter((name) => !without.includes(name));
  return Object.fromEntries(names.map((name) => [name, value(counted[name] ?? 0)]));
}

function sorted(stats: Stats): Stats {
  return Object.fromEntries(Object.entries(stats).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of a wide IP (recorded on 14.1). */
export function wideipStats(wideip: ConfigObject, device: Device, source: StatsSource): Stats {
  return sorted({
    ...counts(wideip, source, []),
    ...statusStats(new StatusView(device).wideip(wideip)),
    wipName: description(wideip.fullPath),
    wipType: description(typeIn(wideip.kind.path)),
  });
}

const ofWideips = ['cnameResolutions', 'persisted', 'rcode', 'requests', 'resolutions'] as const;

/** Of a pool (recorded on 13.0 and 14.1). */
export function gtmPoolStats(pool: ConfigObject, device: Device, source: StatsSource): Stats {
  const { returnFromDns, returnToDns, preferred, ...counted } = counts(pool, source, ofWideips);
  return {
    ...counted,
    tmName: description(pool.fullPath),
    poolType: description(typeIn(pool.kind.path)),
    ...defined({ preferred, returnFromDns, returnToDns }),
    ...statusStats(new StatusView(device).pool(pool)),
  };
}

function defined(stats: Readonly<Record<string, Stats[string] | undefined>>): Stats {
  return Object.fromEntries(
    Object.entries(stats).flatMap(([name, stat]) => (stat === undefined ? [] : [[name, stat]])),
  );
}

/** Of a member (recorded on 14.1). */
export function gtmMemberStats(member: ConfigObject, device: Device, source: StatsSource): Stats {
  const pool = device.store.lookup(member.kind.path.replace(/\/members$/v, ''), member.scope);
  const status: Availability =
    pool === undefined
      ? { state: 'unknown', enabled: isEnabled(member) ? 'enabled' : 'disabled', reason: ' ' }
      : new StatusView(device).member(member, pool);
  const { server = '', virtual = member.name } = partsOf(member.name) ?? {};
  return sorted({
    ...counts(member, source, [...ofWideips, 'dropped', 'returnFromDns', 'returnToDns']),
    poolName: description(member.scope),
    poolType: description(typeIn(member.kind.path)),
    serverName: description(member.kind.naming === 'flat' ? '' : server),
    ...statusStats(status),
    vsName: description(virtual),
  });
}
