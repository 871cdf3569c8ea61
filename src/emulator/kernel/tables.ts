import { arpKind, ndpKind } from '../kinds/net/arp.ts';
import { fdbTunnelKind, fdbTunnelRecordKind } from '../kinds/net/fdb.ts';
import { readStored } from '../kinds/net/prefix.ts';
import { routeKind } from '../kinds/net/route.ts';
import { tunnelProfileClass } from '../kinds/net/tunnel-profile.ts';
import { fromCanonical, isV6, parseAddress } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';
import { networkWith, otherDomain, type Network } from './addresses.ts';
import { bridge, ip } from './command.ts';
import { keyOf, unable, type KernelObject, type Link } from './links.ts';

/** Where a route leads. */
interface Way {
  readonly args: readonly string[];
  /** Of what it stands on. */
  readonly signature: string;
}

function wayOf(route: ConfigObject, links: ReadonlyMap<string, Link>, networks: readonly Network[]): Way | string {
  const gateway = textOf(route, 'gw');
  const over = textOf(route, 'tmInterface');
  if (gateway?.includes('%') === true) {
    const { ip: via } = fromCanonical(gateway);
    const network = networkWith(via, networks);
    return network === undefined
      ? `No self IP that is applied has the gateway ${via} in its network.`
      : { args: ['via', via, 'dev', network.dev], signature: network.signature };
  }
  if (over !== undefined) {
    const link = links.get(over);
    return link === undefined
      ? `The VLAN or tunnel ${over} is not applied.`
      : { args: ['dev', link.dev], signature: link.signature };
  }
  return route.values['blackhole'] === 'blackhole'
    ? { args: [], signature: 'blackhole' }
    : 'Routes over a pool of gateways are not applied.';
}

function routeObject(
  route: ConfigObject,
  links: ReadonlyMap<string, Link>,
  networks: readonly Network[],
): KernelObject {
  const key = keyOf(route);
  const { ip: first, length, routeDomain } = readStored(textOf(route, 'network') ?? '');
  if (routeDomain !== 0) {
    return otherDomain(key, routeDomain);
  }
  const way = wayOf(route, links, networks);
  if (typeof way === 'string') {
    return unable(key, way);
  }
  const family = isV6(first) ? '-6' : '-4';
  const type = way.args.length === 0 ? ['blackhole'] : [];
  const mtu = Number(route.values['mtu'] ?? 0);
  const target = [...type, `${first}/${length}`, ...way.args];
  return {
    key,
    signature: `${target.join(' ')} ${mtu} by ${way.signature}`,
    add: [ip(family, 'route', 'add', ...target, ...(mtu === 0 ? [] : ['mtu', String(mtu)]))],
    remove: [ip(family, 'route', 'del', ...target)],
  };
}

/** Static routes. */
export function routeObjects(
  device: Device,
  links: ReadonlyMap<string, Link>,
  networks: readonly Network[],
): readonly KernelObject[] {
  return [...device.store.collection(routeKind).list()].map((route) => routeObject(route, links, networks));
}

function neighbourObject(entry: ConfigObject, networks: readonly Network[]): KernelObject {
  const key = keyOf(entry);
  const { ip: address, routeDomain } = fromCanonical(textOf(entry, 'ipAddress') ?? '');
  if (routeDomain !== 0) {
    return otherDomain(key, routeDomain);
  }
  const network = networkWith(address, networks);
  if (network === undefined) {
    return unable(key, `No self IP that is applied has ${address} in its network.`);
  }
  const mac = textOf(entry, 'macAddress') ?? '';
  return {
    key,
    signature: `${address} ${mac} by ${network.signature}`,
    add: [ip('neigh', 'replace', address, 'lladdr', mac, 'dev', network.dev, 'nud', 'permanent')],
    remove: [ip('neigh', 'del', address, 'dev', network.dev)],
  };
}

/** Static ARP and NDP entries. */
export function neighbourObjects(device: Device, networks: readonly Network[]): readonly KernelObject[] {
  return [arpKind, ndpKind].flatMap((kind) =>
    [...device.store.collection(kind).list()].map((entry) => neighbourObject(entry, networks)),
  );
}

const everyone = '00:00:00:00:00:00';

function floods(tunnel: string, device: Device): boolean {
  const found = device.store.lookup('net/vlan', tunnel);
  const profile = device.store.lookup(tunnelProfileClass, found === undefined ? '' : (textOf(found, 'profile') ?? ''));
  return profile !== undefined && effectiveValues(profile, device.store)['floodingType'] === 'multipoint';
}

function entryObject(key: string, link: Link, to: { readonly mac: string; readonly endpoint: string }): KernelObject {
  const entry = [to.mac, 'dev', link.dev, 'dst', to.endpoint];
  return {
    key,
    signature: `${entry.join(' ')} on ${link.signature}`,
    add: [bridge('fdb', 'append', ...entry)],
    remove: [bridge('fdb', 'del', ...entry)],
  };
}

/** The records of the tables of tunnels; with multipoint flooding every endpoint gets what has no record. */
export function fdbObjects(device: Device, links: ReadonlyMap<string, Link>): readonly KernelObject[] {
  const objects: KernelObject[] = [];
  for (const table of device.store.collection(fdbTunnelKind).list()) {
    const link = links.get(table.fullPath);
    const endpoints = new Set<string>();
    for (const record of device.store.collection(fdbTunnelRecordKind, table.fullPath).list()) {
      const endpoint = parseAddress(textOf(record, 'endpoint') ?? '', 0);
      if (link === undefined) {
        objects.push(unable(keyOf(record), `The tunnel ${table.fullPath} is not applied.`));
      } else if (endpoint === undefined || endpoint.routeDomain !== 0) {
        objects.push(otherDomain(keyOf(record), endpoint?.routeDomain ?? 0));
      } else {
        endpoints.add(endpoint.ip);
        objects.push(entryObject(keyOf(record), link, { mac: record.name, endpoint: endpoint.ip }));
      }
    }
    if (link !== undefined && floods(table.fullPath, device)) {
      objects.push(
        ...[...endpoints].map((endpoint) =>
          entryObject(`${keyOf(table)} flooding to ${endpoint}`, link, { mac: everyone, endpoint }),
        ),
      );
    }
  }
  return objects;
}
