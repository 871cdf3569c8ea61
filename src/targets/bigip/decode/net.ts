import type { Address } from '../../../ir/address.ts';
import type { FdbRecord, TunnelFdb } from '../../../ir/fdb.ts';
import type { Neighbour } from '../../../ir/neighbour.ts';
import type { Network } from '../../../ir/network.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Route } from '../../../ir/route.ts';
import type { SelfIp } from '../../../ir/self.ts';
import type { Tunnel } from '../../../ir/tunnel.ts';
import type { VxlanProfile } from '../../../ir/vxlan-profile.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { nameOf } from '../../../ir/ref.ts';
import { parseMac } from '../../../ir/mac.ts';
import { hostNetwork } from '../../../ir/network.ts';
import { decodeMarkedDescription } from './metadata.ts';
import { UnreadableAnswer, addressOf, itemsOf, listOf, numberOf, pathIn, textOf } from './values.ts';

/** Reads `net route`. One without a gateway is somebody else's: to a pool, an interface, or nowhere. */
export function decodeRoute(path: FullPath, body: Json, context: DecodeContext): Route {
  const gateway = addressIn(body, 'gw', context);
  return {
    kind: 'route',
    path,
    ...decodeMarkedDescription(body),
    network: networkIn(path, textOf(body, 'network') ?? nameOf(path), context),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

/** Reads `net tunnels vxlan`. */
export function decodeVxlanProfile(path: FullPath, body: Json): VxlanProfile {
  const floodingType = textOf(body, 'floodingType');
  const port = numberOf(body, 'port');
  return {
    kind: 'vxlan-profile',
    path,
    ...decodeMarkedDescription(body),
    ...(floodingType === undefined ? {} : { floodingType }),
    ...(port === undefined ? {} : { port }),
  };
}

/** Reads `net tunnels tunnel`. The wildcard address is none (`any6`, before 12.0 `any`; facts 8.12). */
export function decodeTunnel(path: FullPath, body: Json, context: DecodeContext): Tunnel {
  const key = numberOf(body, 'key');
  const local = addressIn(body, 'localAddress', context);
  const remote = addressIn(body, 'remoteAddress', context);
  return {
    kind: 'tunnel',
    path,
    ...decodeMarkedDescription(body),
    profile: pathIn(body, 'profile', context) ?? '',
    ...(key === undefined ? {} : { key }),
    ...(local === undefined || isAny(local) ? {} : { localAddress: local }),
    ...(remote === undefined || isAny(remote) ? {} : { remoteAddress: remote }),
  };
}

/** Reads `net self`. */
export function decodeSelf(path: FullPath, body: Json, context: DecodeContext): SelfIp {
  const group = body['inheritedTrafficGroup'] === 'true' ? undefined : pathIn(body, 'trafficGroup', context);
  return {
    kind: 'self',
    path,
    ...decodeMarkedDescription(body),
    address: networkIn(path, textOf(body, 'address') ?? nameOf(path), context),
    vlan: pathIn(body, 'vlan', context) ?? '',
    allowService: servicesOf(body),
    ...(group === undefined ? {} : { trafficGroup: group }),
  };
}

/** `"all"`, a list, or nothing at all for none (facts 8.12). */
function servicesOf(body: Json): readonly string[] {
  const word = textOf(body, 'allowService');
  if (word !== undefined) return word === 'none' ? [] : [word];
  return listOf(body, 'allowService').map(({ name }) => String(name));
}

/** Reads `net fdb tunnel`, with its records, in the list itself or in the sub-collection. */
export function decodeFdb(path: FullPath, body: Json, context: DecodeContext): TunnelFdb {
  const items = [...listOf(body, 'records'), ...itemsOf(body, 'recordsReference')];
  const records = items.flatMap((item): FdbRecord[] => {
    const mac = parseMac(textOf(item, 'name') ?? '');
    const endpoint = addressIn(item, 'endpoint', context);
    return mac === undefined || endpoint === undefined ? [] : [{ mac, endpoint }];
  });
  return { kind: 'fdb', path, records };
}

/** Reads `net arp` and `net ndp`. */
export function decodeNeighbour(kind: Neighbour['kind']) {
  return (path: FullPath, body: Json, context: DecodeContext): Neighbour => {
    const text = textOf(body, 'ipAddress') ?? nameOf(path);
    const address = addressOf(text, context);
    if (address === undefined) throw unreadable(path, 'ipAddress', text);
    const given = textOf(body, 'macAddress') ?? '';
    return { kind, path, ...decodeMarkedDescription(body), address, mac: parseMac(given) ?? given };
  };
}

function addressIn(body: Json, property: string, context: DecodeContext): Address | undefined {
  const text = textOf(body, property);
  return text === undefined || text === 'none' ? undefined : addressOf(text, context);
}

function isAny({ ip }: Address): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

/** A network as devices print it: `10.0.0.0%1/24`, `default`, `default-inet6%1`; without a length it is one address. */
function networkIn(path: FullPath, text: string, context: DecodeContext): Network {
  const [host = '', bits] = text.replace(/^default(-inet6)?(%\d+)?$/, wildcard).split('/');
  const address = addressOf(host, context);
  if (address === undefined || (bits !== undefined && !/^\d{1,3}$/.test(bits))) throw unreadable(path, 'network', text);
  return bits === undefined ? hostNetwork(address) : { address, length: Number(bits) };
}

function wildcard(_: string, six: string | undefined, domain = ''): string {
  return `${six === undefined ? '0.0.0.0' : '::'}${domain}/0`;
}

function unreadable(path: FullPath, property: string, found: string): UnreadableAnswer {
  return new UnreadableAnswer(`${path}: ${property} is ${JSON.stringify(found)}, expected an address`);
}
