import type { Node } from '../../../ir/node.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { VirtualAddress } from '../../../ir/virtual-address.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { nameOf } from '../../../ir/ref.ts';
import { decodeDescription } from './text.ts';
import { addressOf, pathIn, textOf } from './values.ts';

/** The traffic group of the root folder: what a virtual address has unless somebody says otherwise (facts 8.6). */
const DEFAULT_TRAFFIC_GROUP = '/Common/traffic-group-1';

/** Reads `ltm node`. A node by name (FQDN) has the wildcard of its family as its address. */
export function decodeNode(path: FullPath, body: Json, context: DecodeContext): Node {
  return { kind: 'node', path, ...decodeDescription(body), address: ownAddress(path, body, context) };
}

/** Reads `ltm virtual-address`. An inherited traffic group, or the root folder's, is none of its own. */
export function decodeVirtualAddress(path: FullPath, body: Json, context: DecodeContext): VirtualAddress {
  const arp = textOf(body, 'arp');
  const icmpEcho = textOf(body, 'icmpEcho');
  const routeAdvertisement = textOf(body, 'routeAdvertisement');
  const group = body['inheritedTrafficGroup'] === 'true' ? undefined : pathIn(body, 'trafficGroup', context);
  return {
    kind: 'virtual-address',
    path,
    ...decodeDescription(body),
    address: ownAddress(path, body, context),
    ...(arp === undefined ? {} : { arp: arp === 'disabled' ? 'disabled' : 'enabled' }),
    ...(icmpEcho === undefined ? {} : { icmpEcho }),
    ...(routeAdvertisement === undefined ? {} : { routeAdvertisement }),
    ...(group === undefined || group === DEFAULT_TRAFFIC_GROUP ? {} : { trafficGroup: group }),
  };
}

function ownAddress(path: FullPath, body: Json, context: DecodeContext): Node['address'] {
  const text = textOf(body, 'address') ?? nameOf(path);
  return addressOf(text, context) ?? addressOf(nameOf(path), context) ?? { ip: '0.0.0.0' };
}
