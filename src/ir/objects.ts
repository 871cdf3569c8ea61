import type { TcpProfile } from './tcp-profile.ts';
import { tcpProfileDescriptor } from './tcp-profile.ts';
import type { IRule } from './irule.ts';
import type { HttpProfile } from './http-profile.ts';
import type { CookiePersistence, SourceAddrPersistence } from './persistence.ts';
import type { SslCert, SslKey } from './ssl-file.ts';
import type { ClientSsl, ServerSsl } from './ssl-profile.ts';
import { iruleDescriptor } from './irule.ts';
import { httpProfileDescriptor } from './http-profile.ts';
import { cookiePersistenceDescriptor, sourceAddrPersistenceDescriptor } from './persistence.ts';
import { sslCertDescriptor, sslKeyDescriptor } from './ssl-file.ts';
import { clientSslDescriptor, serverSslDescriptor } from './ssl-profile.ts';
import type { Descriptor } from './descriptor.ts';
import type { GtmDatacenter } from './gtm-datacenter.ts';
import type { AnyGtmPool } from './gtm-pool.ts';
import type { GtmServer } from './gtm-server.ts';
import type { GtmVirtualServer } from './gtm-virtual-server.ts';
import type { TunnelFdb } from './fdb.ts';
import type { Monitor } from './monitor.ts';
import type { Arp, Ndp } from './neighbour.ts';
import type { Node } from './node.ts';
import type { Partition } from './partition.ts';
import type { Policy } from './policy.ts';
import type { Pool } from './pool.ts';
import type { LoneMember } from './pool-member.ts';
import type { Ref } from './ref.ts';
import type { Route } from './route.ts';
import type { SelfIp } from './self.ts';
import type { Tunnel } from './tunnel.ts';
import type { VirtualAddress } from './virtual-address.ts';
import type { VirtualServer } from './virtual.ts';
import type { AnyWideIp } from './wideip.ts';
import { gtmDatacenterDescriptor } from './gtm-datacenter.ts';
import { gtmPoolDescriptor } from './gtm-pool.ts';
import { gtmServerDescriptor } from './gtm-server.ts';
import { gtmVirtualServerDescriptor } from './gtm-virtual-server.ts';
import type { VxlanProfile } from './vxlan-profile.ts';
import { fdbDescriptor } from './fdb.ts';
import { monitorDescriptor } from './monitor.ts';
import { neighbourDescriptor } from './neighbour.ts';
import { nodeDescriptor } from './node.ts';
import { partitionDescriptor } from './partition.ts';
import { policyDescriptor } from './policy.ts';
import { poolDescriptor } from './pool.ts';
import { loneMemberDescriptor } from './pool-member.ts';
import { kindOf, pathOf, refOf } from './ref.ts';
import { routeDescriptor } from './route.ts';
import { selfDescriptor } from './self.ts';
import { tunnelDescriptor } from './tunnel.ts';
import { virtualAddressDescriptor } from './virtual-address.ts';
import { virtualDescriptor } from './virtual.ts';
import { vxlanProfileDescriptor } from './vxlan-profile.ts';
import { wideIpDescriptor } from './wideip.ts';

/** Any object of a BIG-IP configuration that Fairlead knows. Frozen by type; made once, never changed. */
export type BigipObject =
  | ClientSsl
  | CookiePersistence
  | HttpProfile
  | TcpProfile
  | IRule
  | ServerSsl
  | SourceAddrPersistence
  | SslCert
  | SslKey
  | AnyGtmPool
  | AnyWideIp
  | GtmDatacenter
  | GtmServer
  | GtmVirtualServer
  | Monitor
  | Node
  | LoneMember
  | Partition
  | Policy
  | Pool
  | VirtualAddress
  | VirtualServer
  | VxlanProfile
  | Tunnel
  | SelfIp
  | TunnelFdb
  | Route
  | Arp
  | Ndp;

/** The kinds, by name. */
export type Kind = BigipObject['kind'];

/** The object type of a kind. */
export type ObjectOf<K extends Kind> = Extract<BigipObject, { readonly kind: K }>;

/** One descriptor per kind: a new kind does not compile until it has one. */
export const descriptors: { readonly [K in Kind]: Descriptor<ObjectOf<K>> } = {
  partition: partitionDescriptor,
  'ssl-cert': sslCertDescriptor,
  'ssl-key': sslKeyDescriptor,
  'client-ssl': clientSslDescriptor,
  'server-ssl': serverSslDescriptor,
  'http-profile': httpProfileDescriptor,
  'tcp-profile': tcpProfileDescriptor,
  'persistence-cookie': cookiePersistenceDescriptor,
  'persistence-source-addr': sourceAddrPersistenceDescriptor,
  monitor: monitorDescriptor,
  node: nodeDescriptor,
  pool: poolDescriptor,
  'pool-member': loneMemberDescriptor,
  policy: policyDescriptor,
  irule: iruleDescriptor,
  'virtual-address': virtualAddressDescriptor,
  virtual: virtualDescriptor,
  'gtm-datacenter': gtmDatacenterDescriptor,
  'gtm-server': gtmServerDescriptor,
  'gtm-virtual-server': gtmVirtualServerDescriptor,
  'gtm-pool-a': gtmPoolDescriptor('a'),
  'gtm-pool-aaaa': gtmPoolDescriptor('aaaa'),
  'gtm-pool-cname': gtmPoolDescriptor('cname'),
  'wideip-a': wideIpDescriptor('a'),
  'wideip-aaaa': wideIpDescriptor('aaaa'),
  'vxlan-profile': vxlanProfileDescriptor,
  tunnel: tunnelDescriptor,
  self: selfDescriptor,
  fdb: fdbDescriptor,
  route: routeDescriptor,
  arp: neighbourDescriptor('arp'),
  ndp: neighbourDescriptor('ndp'),
};

/** An object, and what is there only as long as it is. */
export function goingWith(ref: Ref): readonly Ref[] {
  const kind = kindOf(ref);
  const along = Object.values(descriptors).filter(({ comesWith }) => comesWith === kind);
  return [ref, ...along.map((descriptor) => refOf(descriptor.kind, pathOf(ref)))];
}

/** What an item is written below, as a member is below its pool; undefined for all that stands alone. */
export function holderOf(ref: Ref): Ref | undefined {
  return descriptorOf(kindOf(ref)).within?.(pathOf(ref));
}

/** The descriptor of a kind, seen as one for any object: what generic code works with. */
export function descriptorOf(kind: Kind): Descriptor {
  return descriptors[kind] as unknown as Descriptor;
}
