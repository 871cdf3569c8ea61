import type { Kind } from '../../ir/objects.ts';
import type { PoolMember } from '../../ir/pool.ts';
import type { FullPath } from '../../ir/ref.ts';
import { printAddress } from '../../ir/address.ts';
import { partsOfGtmVirtualServer } from '../../ir/gtm-virtual-server.ts';
import { poolOfLoneMember } from '../../ir/pool-member.ts';
import { nameOf, partitionOf } from '../../ir/ref.ts';
import { splitPort } from './decode/values.ts';

/** The part of an object that its place on the device depends on. Monitors live in one collection per type. */
export interface Place {
  readonly kind: Kind;
  readonly path: FullPath;
  readonly type?: string;
  /** The node that a lone member stands on, if its name does not tell. */
  readonly node?: FullPath;
}

/** Where a kind lives below `/mgmt/tm/`, which is also its tmsh name with blanks for slashes. */
const COMPONENTS: Readonly<Record<Kind, string>> = {
  partition: 'auth/partition',
  'ssl-cert': 'sys/file/ssl-cert',
  'ssl-key': 'sys/file/ssl-key',
  'client-ssl': 'ltm/profile/client-ssl',
  'server-ssl': 'ltm/profile/server-ssl',
  'http-profile': 'ltm/profile/http',
  'tcp-profile': 'ltm/profile/tcp',
  'persistence-cookie': 'ltm/persistence/cookie',
  'persistence-source-addr': 'ltm/persistence/source-addr',
  monitor: 'ltm/monitor',
  node: 'ltm/node',
  pool: 'ltm/pool',
  'pool-member': 'ltm/pool',
  policy: 'ltm/policy',
  irule: 'ltm/rule',
  'virtual-address': 'ltm/virtual-address',
  virtual: 'ltm/virtual',
  'gtm-datacenter': 'gtm/datacenter',
  'gtm-server': 'gtm/server',
  'gtm-virtual-server': 'gtm/server',
  'gtm-pool-a': 'gtm/pool/a',
  'gtm-pool-aaaa': 'gtm/pool/aaaa',
  'gtm-pool-cname': 'gtm/pool/cname',
  'wideip-a': 'gtm/wideip/a',
  'wideip-aaaa': 'gtm/wideip/aaaa',
  'vxlan-profile': 'net/tunnels/vxlan',
  tunnel: 'net/tunnels/tunnel',
  self: 'net/self',
  fdb: 'net/fdb/tunnel',
  route: 'net/route',
  arp: 'net/arp',
  ndp: 'net/ndp',
};

/**
 * `/P/folder/name` -> `~P~folder~name`, other than unreserved characters percent-encoded: the `%` of a route domain
 * is `%25` in a path (facts 2.1).
 */
export function encodePath(path: FullPath): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%3A', ':'))
    .join('~');
}

/** The collection of a kind: `/mgmt/tm/ltm/pool`. Monitors: of one type. */
export function collectionPath(kind: Kind, type?: string): string {
  const base = `/mgmt/tm/${COMPONENTS[kind]}`;
  return type === undefined ? base : `${base}/${type}`;
}

/** Where an object is created: its collection, or the sub-collection of the object that it belongs to. */
export function homePath({ kind, path, type }: Place): string {
  if (kind === 'pool-member') return `${objectPath({ kind: 'pool', path: poolOfLoneMember(path) })}/members`;
  if (kind !== 'gtm-virtual-server') return collectionPath(kind, type);
  return `${collectionPath(kind)}/${encodePath(partsOfGtmVirtualServer(path).server)}/virtual-servers`;
}

/** The URI path of an application service (iApp): `/Common/web.app/web`. */
export function servicePath(path: FullPath): string {
  return `/mgmt/tm/sys/application/service/${encodePath(path)}`;
}

/** The URI path of an object. Partitions are addressed by their bare name (facts 2.1). */
export function objectPath(place: Place): string {
  const { kind, path, type } = place;
  if (kind === 'gtm-virtual-server') return `${homePath(place)}/${encodePath(partsOfGtmVirtualServer(path).name)}`;
  if (kind === 'pool-member') return `${homePath(place)}/${encodePath(loneMemberName(place))}`;
  const name = kind === 'partition' ? encodeURIComponent(nameOf(path)) : encodePath(path);
  return `${collectionPath(kind, type)}/${name}`;
}

/** Full path of the node that a member stands on: its own, or the one of that address in the pool's partition. */
export function nodePathOf(pool: FullPath, member: PoolMember): FullPath {
  return member.node ?? `/${partitionOf(pool)}/${printAddress(member.address)}`;
}

/**
 * Full path of a member: its node's path and the port, with a dot before the port if the node's name is an IPv6
 * address (facts 8.3). `/Common/web1:80`, `/P/10.0.0.1%2:80`, `/P/2001:db8::1.80`.
 */
export function memberPathOf(pool: FullPath, member: PoolMember): FullPath {
  return withPort(nodePathOf(pool, member), member.port);
}

/** A full path with a port, as in destinations and member names: a dot before it if the name is an IPv6 address. */
export function withPort(path: FullPath, port: number): string {
  return `${path}${nameOf(path).includes(':') ? '.' : ':'}${port}`;
}

/** The URI path of one member below its pool. */
export function memberUri(pool: FullPath, member: PoolMember): string {
  return `${objectPath({ kind: 'pool', path: pool })}/members/${encodePath(memberPathOf(pool, member))}`;
}

/** The full path of a lone member on the device: its node's, and the port. */
function loneMemberName({ path, node }: Place): FullPath {
  const name = nameOf(path);
  return node === undefined ? `/${partitionOf(path)}/${name}` : withPort(node, splitPort(name)?.port ?? 0);
}

/** What names an object in the body that creates it. */
export function identityIn(place: Place): { readonly [part: string]: string } {
  const { kind, path } = place;
  if (kind === 'pool-member') return identityOf(loneMemberName(place));
  return kind === 'gtm-virtual-server' ? { name: partsOfGtmVirtualServer(path).name } : identityOf(path);
}

/** A full path in the parts that a body names it by: `subPath` only below a folder. */
export function identityOf(path: FullPath): { readonly [part: string]: string } {
  const [, partition = '', ...rest] = path.split('/');
  const name = rest.pop();
  if (name === undefined) return { name: partition };
  return rest.length === 0 ? { name, partition } : { name, partition, subPath: rest.join('/') };
}
