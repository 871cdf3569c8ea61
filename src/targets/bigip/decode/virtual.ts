import type { Endpoint } from '../../../ir/address.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ProfileContext, SourceTranslation, VirtualServer, VlanChoice } from '../../../ir/virtual.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { nameOf } from '../../../ir/ref.ts';
import { decodeDescription } from './text.ts';
import {
  absolute,
  addressOf,
  itemPath,
  itemsOf,
  listOf,
  normalPath,
  numberOf,
  pathIn,
  splitPort,
  textOf,
} from './values.ts';

/** Reads `ltm virtual`, with its profiles and policies if the sub-collections were expanded. */
export function decodeVirtual(path: FullPath, body: Json, context: DecodeContext): VirtualServer {
  const where = decodeDestination(textOf(body, 'destination') ?? 'any', context);
  const source = decodeSource(textOf(body, 'source'), where.destination, context);
  const connectionLimit = numberOf(body, 'connectionLimit');
  const rules = listOf(body, 'rules').flatMap((rule) => itemPath(rule, context) ?? []);
  return {
    kind: 'virtual',
    path,
    ...decodeDescription(body),
    ...where,
    ...(source === undefined ? {} : { source }),
    ipProtocol: (textOf(body, 'ipProtocol') ?? 'any') as VirtualServer['ipProtocol'],
    ...defined('pool', pathIn(body, 'pool', context)),
    profiles: itemsOf(body, 'profilesReference').flatMap((item) => decodeProfile(item, context)),
    ...defined('persistence', decodePersistence(body, context)),
    ...defined('fallbackPersistence', pathIn(body, 'fallbackPersistence', context)),
    sourceAddressTranslation: decodeTranslation(body['sourceAddressTranslation'], context),
    rules,
    policies: itemsOf(body, 'policiesReference').flatMap((item) => decodePolicyUse(item, context)),
    ...defined('vlans', decodeVlans(body, context)),
    ...(connectionLimit === undefined ? {} : { connectionLimit }),
    enabled: body['disabled'] !== true,
  };
}

function defined<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: V });
}

/** The virtual address that a destination names and the port: `/P/app/my_va:443` -> `/P/app/my_va`, 443. */
export function splitDestination(text: string, context: DecodeContext): [FullPath, number] {
  const { path, port } = splitPort(text) ?? { path: text, port: 0 };
  const name = path === '' || path === 'any' ? '0.0.0.0' : path;
  return [normalPath(absolute(name, context), context), port];
}

/** Whether a virtual address is named by an address, so that a destination says it all. */
export function isAddressName(path: FullPath, context: DecodeContext): boolean {
  return addressOf(nameOf(path), context) !== undefined;
}

function decodeDestination(
  text: string,
  context: DecodeContext,
): { readonly destination: Endpoint; readonly virtualAddress: FullPath } {
  const [virtualAddress, port] = splitDestination(text, context);
  // A virtual address that is gone since: the wildcard stands in, until the next read.
  const address = context.virtualAddresses?.get(virtualAddress) ??
    addressOf(nameOf(virtualAddress), context) ?? { ip: '0.0.0.0' };
  return { destination: { address, port }, virtualAddress };
}

/** `0.0.0.0/0` and `::/0` are all clients. The route domain is left out where it is the destination's. */
function decodeSource(text: string | undefined, { address: on }: Endpoint, context: DecodeContext): string | undefined {
  const [ip = '', length] = (text ?? '').split('/');
  const address = addressOf(ip, context);
  if (address === undefined) return text;
  if (length === '0' || ((ip.startsWith('any') || length === undefined) && isWildcard(address.ip))) return undefined;
  const { routeDomain } = address;
  const domain = routeDomain === undefined || routeDomain === on.routeDomain ? '' : `%${routeDomain}`;
  return `${address.ip}${domain}${length === undefined ? '' : `/${length}`}`;
}

function isWildcard(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

function decodeProfile(item: Json, context: DecodeContext): VirtualServer['profiles'] {
  const path = itemPath(item, context);
  if (path === undefined) return [];
  return [{ path, context: (textOf(item, 'context') ?? 'all') as ProfileContext }];
}

/** On 11.6 the sub-collection holds all policies of the system (facts 8.5): those of the device itself are left out. */
function decodePolicyUse(item: Json, context: DecodeContext): readonly FullPath[] {
  const path = itemPath(item, context);
  return path === undefined || nameOf(path).startsWith('_sys_') ? [] : [path];
}

/** The default among the persistence profiles; the device takes one at most today. */
function decodePersistence(body: Json, context: DecodeContext): FullPath | undefined {
  const items = listOf(body, 'persist');
  const item = items.find((candidate) => candidate['tmDefault'] === 'yes') ?? items[0];
  return item === undefined ? undefined : itemPath(item, context);
}

/** Types that Fairlead does not write (`lsn`) are kept as they are named, so that they differ from what is wanted. */
function decodeTranslation(value: unknown, context: DecodeContext): SourceTranslation {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Json;
  const type = textOf(given, 'type') ?? 'none';
  const pool = type === 'automap' || type === 'none' ? undefined : pathIn(given, 'pool', context);
  return (pool === undefined ? { type } : { type, pool }) as SourceTranslation;
}

function decodeVlans(body: Json, context: DecodeContext): VlanChoice | undefined {
  const vlans = listOf(body, 'vlans').flatMap((vlan) => itemPath(vlan, context) ?? []);
  if (body['vlansEnabled'] === true) return { mode: 'only', vlans };
  return vlans.length === 0 ? undefined : { mode: 'except', vlans };
}
