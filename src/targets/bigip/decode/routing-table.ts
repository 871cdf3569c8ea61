import type { Network } from '../../../ir/network.ts';
import type { Json } from '../request.ts';
import { parseNetwork } from '../../../ir/network.ts';

/** Where the routing table is read: what is configured, connected and learned (`net/route` alone has what is configured). */
export const ROUTING_TABLE = '/mgmt/tm/net/route/stats';

/**
 * Reads the routing table: networks that a gateway leads to, configured or learned, without those that the device is in
 * itself (`connected`). Of each entry the columns of `tmsh show net route` (Name, Destination, Type, NextHop, Origin); under
 * which names REST has them is K, so that a destination is taken from the name of the entry, too, which for what is learned
 * is the network (`…/net/route/10.244.1.0~26/stats`). Route domains come without a number for the default of the partition.
 */
export function decodeRoutingTable(body: Json | undefined, defaultRouteDomain: number): readonly Network[] {
  const entries = Object.entries((body?.['entries'] ?? {}) as Readonly<Record<string, Entry | undefined>>);
  return entries.flatMap(([link, entry]) => {
    const stats = entry?.nestedStats?.entries ?? {};
    if (stats['origin']?.description === 'connected' || stats['type']?.description === 'interface') return [];
    const network = parseNetwork(stats['destination']?.description ?? nameIn(link));
    if (network === undefined) return [];
    const { ip, routeDomain = 0 } = network.address;
    return [{ ...network, address: routeDomain === defaultRouteDomain ? { ip } : { ip, routeDomain } }];
  });
}

interface Entry {
  readonly nestedStats?: { readonly entries?: Readonly<Record<string, { readonly description?: string } | undefined>> };
}

/** `https://localhost/mgmt/tm/net/route/10.244.1.0~26/stats`: a `~` stands for a `/`. */
function nameIn(link: string): string {
  return decodeURIComponent(/\/net\/route\/([^/]+)(?:\/|$)/.exec(link)?.[1] ?? '').replaceAll('~', '/');
}
