import { selfKind } from '../kinds/net/self.ts';
import { networkOf, readStored, toStored } from '../kinds/net/prefix.ts';
import { routeKind } from '../kinds/net/route.ts';
import { printAddress } from '../names/address.ts';
import { encodeSegment } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { linkHost, versioned } from '../view/links.ts';
import { description, type Stats } from './entries.ts';

type Json = Record<string, unknown>;

/** A route that a routing protocol told of. */
export interface LearnedRoute {
  /** `10.244.1.0/26`, in route domain 0. */
  readonly network: string;
  readonly gateway: string;
}

interface Row {
  readonly name: string;
  readonly destination: string;
  readonly type: 'gw' | 'interface' | 'pool' | 'blackhole';
  readonly nextHop: string;
  readonly origin: 'static' | 'connected' | 'dynamic';
}

function shown(stored: string): string {
  const { ip, length, routeDomain } = readStored(stored);
  return `${printAddress(`${ip}%${routeDomain}`, 0)}/${length}`;
}

function staticRow(route: ConfigObject): Row {
  const stored = textOf(route, 'network') ?? '';
  const gateway = textOf(route, 'gw');
  const over = textOf(route, 'tmInterface');
  const pool = textOf(route, 'pool');
  const [type, nextHop] =
    gateway !== undefined
      ? (['gw', printAddress(gateway, 0)] as const)
      : over !== undefined
        ? (['interface', over] as const)
        : pool !== undefined
          ? (['pool', pool] as const)
          : (['blackhole', ''] as const);
  const isDefault = readStored(stored).length === 0;
  const destination = isDefault ? `default${stored.includes(':') ? '-inet6' : ''}` : shown(stored);
  return { name: route.fullPath, destination, type, nextHop, origin: 'static' };
}

function connectedRow(self: ConfigObject): Row {
  const network = shown(toStored(networkOf(readStored(textOf(self, 'address') ?? ''))));
  return {
    name: network,
    destination: network,
    type: 'interface',
    nextHop: textOf(self, 'vlan') ?? '',
    origin: 'connected',
  };
}

function rowsOf(device: Device, learned: readonly LearnedRoute[]): readonly Row[] {
  const own = [...device.store.collection(routeKind).list()].map(staticRow);
  const connected = [...device.store.collection(selfKind).list()].map(connectedRow);
  const dynamic = learned.map(({ network, gateway }): Row => ({
    name: network,
    destination: network,
    type: 'gw',
    nextHop: gateway,
    origin: 'dynamic',
  }));
  return [...own, ...connected, ...dynamic];
}

/**
 * `net/route/stats`: the routing table, not the configured routes alone. Rows as `tmsh show net route` prints them (public
 * threads); what is connected or learned has its network as its name there. That REST names the columns so is K, as is
 * `dynamic` for the origin of what was learned.
 */
export function routeTable(device: Device, learned: readonly LearnedRoute[]): Json {
  const entries: Json = {};
  for (const { name, destination, type, nextHop, origin } of rowsOf(device, learned)) {
    const uri = `${linkHost}net/route/${encodeSegment(name)}/stats`;
    const stats: Stats = {
      destination: description(destination),
      nextHop: description(nextHop),
      origin: description(origin),
      tmName: description(name),
      type: description(type),
    };
    entries[uri] = {
      nestedStats: { kind: 'tm:net:route:routestats', selfLink: versioned(uri, device), entries: stats },
    };
  }
  const uri = `${linkHost}net/route/stats`;
  return { kind: `${routeKind.label}collectionstats`, selfLink: versioned(uri, device), entries };
}
