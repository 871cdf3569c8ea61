import type { Endpoint } from '../../../ir/address.ts';
import type { GtmDatacenter } from '../../../ir/gtm-datacenter.ts';
import type { GtmPool, GtmPoolMember, RecordType } from '../../../ir/gtm-pool.ts';
import type { GtmServer, GtmServerAddress } from '../../../ir/gtm-server.ts';
import type { GtmVirtualServer } from '../../../ir/gtm-virtual-server.ts';
import type { Kind } from '../../../ir/objects.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { AddressType, WideIp, WideIpPool } from '../../../ir/wideip.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { parseEndpoint } from '../../../ir/address.ts';
import { splitTokens } from '../compile/tokens.ts';
import { decodeMarkedDescription } from './metadata.ts';
import { decodeMonitorRule } from './pool.ts';
import { decodeDescription } from './text.ts';
import { addressOf, itemPath, itemsOf, listOf, numberOf, pathIn, textOf } from './values.ts';

/**
 * The full path of an object of `gtm`. Wildcards in names come back with a backslash before them (facts 8.13). A virtual
 * server of a server does not say in its body whose it is: its link does.
 */
export function gtmPath(kind: Kind, body: Json, context: DecodeContext): FullPath | undefined {
  if (kind !== 'gtm-virtual-server') return itemPath(body, context)?.replaceAll(/\\(?=[*?[\]])/g, '');
  const link = /\/gtm\/server\/([^/?]+)\/virtual-servers\//.exec(textOf(body, 'selfLink') ?? '')?.[1];
  const name = textOf(body, 'name');
  if (link === undefined || name === undefined) return undefined;
  const server = decodeURIComponent(link).replaceAll('~', '/');
  return `${server.startsWith('/') ? server : `/Common/${server}`}:${name}`;
}

/** Reads `gtm datacenter`. */
export function decodeGtmDatacenter(path: FullPath, body: Json): GtmDatacenter {
  return { kind: 'gtm-datacenter', path, ...decodeDescription(body) };
}

/** Reads `gtm server`; its virtual servers are objects of their own. */
export function decodeGtmServer(path: FullPath, body: Json, context: DecodeContext): GtmServer {
  const product = textOf(body, 'product')?.replace(/^(?:single|redundant)-bigip$/, 'bigip');
  return {
    kind: 'gtm-server',
    path,
    ...decodeDescription(body),
    datacenter: pathIn(body, 'datacenter', context) ?? '',
    ...(product === undefined ? {} : { product }),
    addresses: listOf(body, 'addresses').flatMap(decodeServerAddress),
  };
}

function decodeServerAddress(item: Json): readonly GtmServerAddress[] {
  const address = textOf(item, 'name');
  const device = textOf(item, 'deviceName');
  const translation = textOf(item, 'translation');
  if (address === undefined) return [];
  return [
    {
      address,
      ...(device === undefined ? {} : { device }),
      ...(translation === undefined || translation === 'none' ? {} : { translation }),
    },
  ];
}

/**
 * Reads one virtual server of a server. `destination` has no partition, and `translationAddress` says `none`. Others put
 * theirs there, too: one whose destination cannot be read must not stop the rest, so the wildcard stands in.
 */
export function decodeGtmVirtualServer(path: FullPath, body: Json, context: DecodeContext): GtmVirtualServer {
  const text = textOf(body, 'destination') ?? '';
  // Discovered ones were seen with the partition in front.
  const destination = parseEndpoint(text.slice(text.lastIndexOf('/') + 1)) ?? { address: { ip: '0.0.0.0' }, port: 0 };
  const translation = decodeTranslation(body, context);
  const monitor = decodeMonitorRule(textOf(body, 'monitor') ?? '', context);
  return {
    kind: 'gtm-virtual-server',
    path,
    ...decodeMarkedDescription(body),
    destination,
    ...(translation === undefined ? {} : { translation }),
    ...(monitor === undefined ? {} : { monitor }),
  };
}

function decodeTranslation(body: Json, context: DecodeContext): Endpoint | undefined {
  const text = textOf(body, 'translationAddress') ?? 'none';
  const address = text === 'none' ? undefined : addressOf(text, context);
  return address === undefined ? undefined : { address, port: numberOf(body, 'translationPort') ?? 0 };
}

/** Reads `gtm pool <type>`, with its members if the sub-collection was expanded. */
export function decodeGtmPool<T extends RecordType>(type: T) {
  return (path: FullPath, body: Json, context: DecodeContext): GtmPool<T> => {
    const loadBalancingMode = textOf(body, 'loadBalancingMode');
    const ttl = numberOf(body, 'ttl');
    return {
      kind: `gtm-pool-${type}`,
      path,
      ...decodeDescription(body),
      ...(loadBalancingMode === undefined ? {} : { loadBalancingMode }),
      ...(ttl === undefined ? {} : { ttl }),
      members: itemsOf(body, 'membersReference').flatMap((item) => decodeMember(type, item, context)),
    };
  };
}

/** Members on virtual servers are named by server and name; `cname` members are names alone. */
function decodeMember(type: RecordType, item: Json, context: DecodeContext): readonly GtmPoolMember[] {
  const name = type === 'cname' ? textOf(item, 'name') : itemPath(item, context);
  const ratio = numberOf(item, 'ratio');
  const description = textOf(item, 'description');
  if (name === undefined) return [];
  return [
    {
      name,
      ...(ratio === undefined ? {} : { ratio }),
      ...(description === undefined || description === 'none' ? {} : { origin: splitTokens(description).join(' ') }),
    },
  ];
}

/** Reads `gtm wideip <type>`. */
export function decodeWideIp<T extends AddressType>(type: T) {
  return (path: FullPath, body: Json, context: DecodeContext): WideIp<T> => {
    const poolLbMode = textOf(body, 'poolLbMode');
    return {
      kind: `wideip-${type}`,
      path,
      ...decodeDescription(body),
      ...(poolLbMode === undefined ? {} : { poolLbMode }),
      pools: decodePools(body, 'pools', context),
      cnamePools: decodePools(body, 'poolsCname', context),
    };
  };
}

function decodePools(body: Json, property: string, context: DecodeContext): readonly WideIpPool[] {
  return listOf(body, property).flatMap((item, index): readonly WideIpPool[] => {
    const path = itemPath(item, context);
    const ratio = numberOf(item, 'ratio');
    if (path === undefined) return [];
    return [{ path, order: numberOf(item, 'order') ?? index, ...(ratio === undefined ? {} : { ratio }) }];
  });
}
