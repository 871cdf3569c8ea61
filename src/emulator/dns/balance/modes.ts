import { createHash } from 'node:crypto';
import { memberKind } from '../../kinds/ltm-pool-members.ts';
import { memberAvailability } from '../../stats/availability.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { readWildcard } from '../../kinds/fields/addresses.ts';
import { fromCanonical } from '../../names/address.ts';
import { destinationOf } from '../endpoint.ts';
import { ltmVirtualOf } from '../iquery.ts';
import { connectionsOf } from '../limits.ts';
import { clientNetwork } from '../persistence.ts';
import { globalSetting } from '../settings.ts';
import { targetOf } from '../status.ts';
import type { Resolver } from '../resolver.ts';
import { topologyScore, type Place } from './topology.ts';

/** What a method of a pool gives; undefined: nothing, the next method has its turn. */
export type Selection =
  | { readonly to: 'members'; readonly members: readonly ConfigObject[] }
  | { readonly to: 'address'; readonly address: string }
  | { readonly to: 'dns' }
  | { readonly to: 'nowhere' };

/** What a method chooses from. */
export interface Choice {
  readonly pool: ConfigObject;
  /** Members that may be given, in their order. */
  readonly members: readonly ConfigObject[];
  readonly client: string;
  /** How many at most. */
  readonly most: number;
}

type Chooser = (choice: Choice, resolver: Resolver) => readonly ConfigObject[];

/** The next by shares, then those that follow it in the pool. Members without a share never come. */
function rotate(weightOf: (member: ConfigObject, resolver: Resolver) => number): Chooser {
  return ({ pool, members, most }, resolver) => {
    const offered = members
      .map((member) => ({ key: member.fullPath, weight: weightOf(member, resolver), member }))
      .filter(({ weight }) => weight > 0);
    const first = resolver.rotation.next(`${pool.kind.path} ${pool.fullPath}`, offered);
    const at = first === undefined ? 0 : offered.indexOf(first);
    return [...offered.slice(at), ...offered.slice(0, at)].slice(0, most).map(({ member }) => member);
  };
}

/** The same member for a client as long as the members stay (`staticPersistCidrIpv4` bits of its address count). */
const staticPersistence: Chooser = ({ members, client, most }, { device }) => {
  const v4 = Number(globalSetting(device, 'general', 'staticPersistCidrIpv4') ?? 32);
  const v6 = Number(globalSetting(device, 'general', 'staticPersistCidrIpv6') ?? 128);
  const network = clientNetwork(client, { v4, v6 });
  const ranked = members.map((member) => ({
    member,
    // Rendezvous hashing: a member that goes moves its own clients only.
    rank: createHash('sha1').update(`${network} ${member.fullPath}`).digest('hex'),
  }));
  return ranked
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, most)
    .map(({ member }) => member);
};

/** Where a member is, for topology records. */
export function placeOfMember(member: ConfigObject, { device }: Resolver): Place {
  const target = targetOf(member, device);
  const datacenter = target === undefined ? undefined : textOf(target.server, 'datacenter');
  return {
    pool: member.scope,
    ...(target === undefined ? {} : { address: destinationOf(target.virtual).host.replace(/%\d+$/v, '') }),
    ...(datacenter === undefined ? {} : { datacenter }),
  };
}

/** Those with the best score take turns; without any score the method gives nothing. */
const topology: Chooser = (choice, resolver) => {
  const { device } = resolver;
  const scored = choice.members.map((member) => ({
    member,
    score: topologyScore(choice.client, placeOfMember(member, resolver), { device, records: resolver.topology() }),
  }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const members = best === 0 ? [] : scored.filter(({ score }) => score === best).map(({ member }) => member);
  return rotate(() => 1)({ ...choice, members }, resolver);
};

/** How many members of its pool the virtual server of this box can use; 1 for other virtual servers. */
function capacity(member: ConfigObject, { device }: Resolver): number {
  const target = targetOf(member, device);
  const virtual = target === undefined ? undefined : ltmVirtualOf(target.virtual, device);
  const pool = virtual === undefined ? undefined : textOf(virtual, 'pool');
  if (pool === undefined) {
    return 1;
  }
  const all = [...device.store.collection(memberKind, pool).list()].map((each) => memberAvailability(each, device));
  return all.filter(({ state, enabled }) => state !== 'offline' && enabled === 'enabled').length;
}

/** `gtmScore` of the virtual server of this box. */
function score(member: ConfigObject, { device }: Resolver): number {
  const target = targetOf(member, device);
  const virtual = target === undefined ? undefined : ltmVirtualOf(target.virtual, device);
  return Number(virtual?.values['gtmScore'] ?? 0);
}

/** The members with the most of something take turns. */
function highest(of: (member: ConfigObject, resolver: Resolver) => number): Chooser {
  return (choice, resolver) => {
    const best = Math.max(...choice.members.map((member) => of(member, resolver)));
    const members = choice.members.filter((member) => of(member, resolver) === best);
    return best <= 0 ? [] : rotate(() => 1)({ ...choice, members }, resolver);
  };
}

/** Fewer connections of the virtual server of this box are more; 0 connections are the most. */
function idleness(member: ConfigObject, { device }: Resolver): number {
  const target = targetOf(member, device);
  return 1 / (1 + (target === undefined ? 0 : connectionsOf(target.virtual, device)));
}

const choosers: ReadonlyMap<string, Chooser> = new Map([
  ['round-robin', rotate(() => 1)],
  ['ratio', rotate((member) => Number(member.values['ratio'] ?? 1))],
  ['global-availability', ({ members, most }) => members.slice(0, most)],
  ['static-persistence', staticPersistence],
  ['topology', topology],
  ['least-connections', highest(idleness)],
  ['virtual-server-capacity', highest(capacity)],
  ['virtual-server-score', highest(score)],
]);

function fallbackAddress(pool: ConfigObject): string | undefined {
  const stored = textOf(pool, 'fallbackIp');
  return stored === undefined || readWildcard(stored) !== undefined ? undefined : fromCanonical(stored).ip;
}

/**
 * What a method of a pool gives for a client. Methods that need what nobody measures here (round trip times, hops, rates,
 * CPU) give nothing, as on a device that has no such data: the next method has its turn.
 */
export function select(mode: string, choice: Choice, resolver: Resolver): Selection | undefined {
  switch (mode) {
    case 'return-to-dns':
      return { to: 'dns' };
    case 'drop-packet':
      return { to: 'nowhere' };
    case 'fallback-ip': {
      const address = fallbackAddress(choice.pool);
      return address === undefined ? undefined : { to: 'address', address };
    }
    default: {
      const members = choosers.get(mode)?.(choice, resolver) ?? [];
      return members.length === 0 ? undefined : { to: 'members', members };
    }
  }
}
