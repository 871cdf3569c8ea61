import type { Endpoint } from '../../../../ir/address.ts';
import type { AnyGtmPool, GtmPoolMember, RecordType } from '../../../../ir/gtm-pool.ts';
import type { GtmVirtualServer } from '../../../../ir/gtm-virtual-server.ts';
import type { BigipObject } from '../../../../ir/objects.ts';
import type { OriginKey } from '../../../../ir/origin.ts';
import type { FullPath, Ref } from '../../../../ir/ref.ts';
import type { AddressType, AnyWideIp } from '../../../../ir/wideip.ts';
import type { Named } from '../names.ts';
import type { ExtractOptions } from '../options.ts';
import type { DnsOptions, DnsPlace } from './options.ts';
import { familyOf } from '../../../../ir/address.ts';
import { refOf } from '../../../../ir/ref.ts';
import { cnamePoolPath, gtmPoolPath, gtmVirtualName, wideIpPath } from './names.ts';

/** One address that a host is answered with. */
export interface DnsEndpoint {
  /** What clients get. */
  readonly destination: Endpoint;
  /** The virtual server's own, where clients get another. */
  readonly translation?: Endpoint;
  /** Tells it from that of the first family. */
  readonly suffix?: string | undefined;
}

/** What one origin wants to be answered. */
export interface Publication {
  /** What a person wrote: virtual servers are named by it. */
  readonly record: Named;
  readonly origin: OriginKey;
  readonly description: string;
  readonly hosts: readonly string[];
  /** At most one of each family. */
  readonly endpoints: readonly DnsEndpoint[];
  /** Canonical names to answer with, in place of addresses. */
  readonly targets: readonly string[];
  readonly ttl?: number | undefined;
}

/** Objects, and which of them are given together with other origins. */
export interface DnsObjects {
  readonly objects: readonly BigipObject[];
  readonly joins: readonly Ref[];
}

interface Work {
  readonly publication: Publication;
  readonly options: ExtractOptions;
  readonly dns: DnsOptions;
}

/**
 * The objects that answer hosts: per data center a virtual server for each endpoint and a pool for each host and family,
 * and a wide IP for each host and family. Pools and wide IPs are shared with everybody who wants the same host.
 */
export function dnsObjects(publication: Publication, options: ExtractOptions, dns: DnsOptions): DnsObjects {
  const work = { publication, options, dns };
  const virtuals = new Map<FullPath, GtmVirtualServer>();
  const shared: (AnyGtmPool | AnyWideIp)[] = [];
  for (const host of new Set(publication.hosts)) {
    if (publication.targets.length > 0) shared.push(...byName(work, host));
    for (const endpoint of publication.targets.length > 0 ? [] : publication.endpoints) {
      const answers = dns.places.map((place) => answerFrom(work, { host, endpoint, place }));
      for (const { virtual } of answers) virtuals.set(virtual.path, virtual);
      shared.push(...answers.map(({ pool }) => pool), byAddress(work, host, answers));
    }
  }
  return {
    objects: [...virtuals.values(), ...shared],
    joins: shared.map(({ kind, path }) => refOf(kind, path)),
  };
}

interface Answer {
  readonly virtual: GtmVirtualServer;
  readonly pool: AnyGtmPool;
  readonly place: DnsPlace;
}

function answerFrom(
  { publication, options, dns }: Work,
  { host, endpoint, place }: { readonly host: string; readonly endpoint: DnsEndpoint; readonly place: DnsPlace },
): Answer {
  const { destination, translation, suffix } = endpoint;
  const { description, origin } = publication;
  const parts = { options, host, port: (translation ?? destination).port, suffix };
  const virtual: GtmVirtualServer = {
    kind: 'gtm-virtual-server',
    path: `${place.server}:${gtmVirtualName(publication.record, parts)}`,
    description,
    destination,
    ...(translation === undefined ? {} : { translation }),
    ...(dns.monitor === undefined ? {} : { monitor: dns.monitor }),
  };
  const pool = poolOf({ publication, options, dns }, typeOf(destination), {
    path: gtmPoolPath(place, parts),
    members: [{ name: virtual.path, origin }],
  });
  return { virtual, pool, place };
}

function typeOf({ address }: Endpoint): AddressType {
  return familyOf(address) === 6 ? 'aaaa' : 'a';
}

function poolOf(
  { publication, dns }: Work,
  type: RecordType,
  own: { readonly path: FullPath; readonly members: readonly GtmPoolMember[] },
): AnyGtmPool {
  const { description, ttl } = publication;
  return {
    kind: `gtm-pool-${type}`,
    ...own,
    description,
    ...(dns.memberMode === undefined ? {} : { loadBalancingMode: dns.memberMode }),
    ...(ttl === undefined ? {} : { ttl }),
  };
}

function byAddress(work: Work, host: string, answers: readonly Answer[]): AnyWideIp {
  const [first] = answers;
  const type = first === undefined ? 'a' : typeOf(first.virtual.destination);
  const pools = answers.map(({ pool: { path }, place: { order } }) => ({ path, order }));
  return wideIpOf(work, type, { host, pools });
}

/** Canonical names: one pool, whatever the data center, that answers queries for both families. */
function byName(work: Work, host: string): readonly (AnyGtmPool | AnyWideIp)[] {
  const { publication, options } = work;
  const path = cnamePoolPath(host, options);
  const pool = poolOf(work, 'cname', { path, members: publication.targets.map((name) => ({ name })) });
  const cnamePools = [{ path, order: AFTER_ALL }];
  return [pool, ...(['a', 'aaaa'] as const).map((type) => wideIpOf(work, type, { host, cnamePools }))];
}

/** Where the pool of canonical names stands, should somebody else give the host addresses. */
const AFTER_ALL = 1000;

function wideIpOf(
  { publication, options, dns }: Work,
  type: AddressType,
  { host, ...pools }: { readonly host: string } & Pick<AnyWideIp, 'pools' | 'cnamePools'>,
): AnyWideIp {
  return {
    kind: `wideip-${type}`,
    path: wideIpPath(host, options),
    description: publication.description,
    ...(dns.poolMode === undefined ? {} : { poolLbMode: dns.poolMode }),
    ...pools,
  };
}
