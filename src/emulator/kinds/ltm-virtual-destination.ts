import { grammarError, mcpError } from '../errors/device-error.ts';
import { invalidValue } from '../errors/mcp.ts';
import { fromCanonical, isV6 } from '../names/address.ts';
import { folderOf, identityOf, splitFullPath } from '../names/full-path.ts';
import { formatEndpoint, parseEndpoint, type Endpoint } from '../names/service.ts';
import type { Session } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { printStored, readWildcard } from './fields/addresses.ts';
import type { Draft } from './kind.ts';
import { hostMask, refuseTakenAddress, storedAddress, virtualAddressKind } from './ltm-virtual-address.ts';

/** A virtual server's destination as it is stored: the virtual address that it uses, and the port. */
export interface Destination {
  readonly virtualAddress: string;
  readonly port: number;
}

/** The stored destination of a virtual server. */
export function destinationOf(values: Readonly<Record<string, unknown>>): Destination | undefined {
  const value = values['destination'];
  return typeof value === 'object' && value !== null ? (value as Destination) : undefined;
}

/** Splits `/P/f/addr%rd:port` into folder, host and port. A bare `any:any` and `*:80` are wildcards. */
function readDestination(
  text: string,
  draft: Draft,
): { folder: string; partition: string; endpoint: Endpoint; subPath?: string } {
  const own = draft.identity;
  const plain = text.startsWith('/') ? splitFullPath(text) : identityOf(own.partition ?? 'Common', undefined, text);
  const endpoint = parseEndpoint(plain.name.replace(/^\*:/v, '0.0.0.0:'));
  if (endpoint === undefined) {
    throw invalidValue('destination', text);
  }
  const { partition = 'Common', subPath } = plain;
  return { folder: folderOf(plain), partition, endpoint, ...(subPath === undefined ? {} : { subPath }) };
}

/** The host of a stored address: wildcards are `0.0.0.0` and `any6`, `%rd` is left out when it is the given one. */
function hostOf(stored: string, routeDomain: number): string {
  const wildcard = readWildcard(stored);
  if (wildcard === undefined) {
    return printStored(stored, routeDomain);
  }
  const word = wildcard.word === 'any' ? '0.0.0.0' : 'any6';
  return wildcard.routeDomain === routeDomain ? word : `${word}%${wildcard.routeDomain}`;
}

/** Finds or makes the virtual address for a destination text, and gives what is to be stored. */
export function attachDestination(text: string, draft: Draft, session: Session): Destination {
  const { partition, subPath, endpoint } = readDestination(text, draft);
  const named = session.store.get(virtualAddressKind, identityOf(partition, subPath, endpoint.host).fullPath);
  if (named !== undefined) {
    return { virtualAddress: named.fullPath, port: endpoint.port };
  }
  const routeDomain = session.routeDomainOf(partition);
  const stored = storedAddress(endpoint.host, routeDomain);
  if (stored === undefined) {
    throw mcpError(`01020036:3: The requested Virtual Address (/${partition}/${endpoint.host}) was not found.`, 404);
  }
  const known = session.store.first('virtual-address', stored);
  if (known !== undefined && (known.partition === partition || known.partition === 'Common')) {
    return { virtualAddress: known.fullPath, port: endpoint.port };
  }
  const identity = identityOf(partition, undefined, hostOf(stored, routeDomain));
  session.requireFolder(folderOf(identity));
  refuseTakenAddress(stored, identity.fullPath, session);
  const mask = typeof draft.values['mask'] === 'string' ? draft.values['mask'] : hostMask(stored);
  return {
    virtualAddress: session.createAlong(virtualAddressKind, identity, { address: stored, mask }).fullPath,
    port: endpoint.port,
  };
}

/** The address of a destination as it is stored in its virtual address. */
export function addressOf(destination: Destination, device: Pick<Device, 'store'>): string {
  const found = device.store.get(virtualAddressKind, destination.virtualAddress);
  return (found === undefined ? undefined : textOf(found, 'address')) ?? 'any';
}

/** Prints a destination: by address, or by the name of a virtual address that is not named by its address. */
export function printDestination(value: unknown, routeDomain: number, device: Device): string {
  const { virtualAddress, port } = value as Destination;
  const { name, fullPath } = splitFullPath(virtualAddress);
  const stored = addressOf({ virtualAddress, port }, device);
  const isNamed = storedAddress(name, 0) === undefined;
  const host = isNamed ? name : hostOf(stored, routeDomain);
  const dotted = host.includes(':') || (!isNamed && host.startsWith('any6'));
  const folder = fullPath.slice(0, fullPath.length - name.length);
  return `${folder}${host}${dotted ? '.' : ':'}${port}`;
}

/** A destination by the full path of its virtual address, wherever that is and whatever its name. */
export function writtenDestination({ virtualAddress, port }: Destination): string {
  const { name, fullPath } = splitFullPath(virtualAddress);
  return `${fullPath.slice(0, fullPath.length - name.length)}${formatEndpoint(name, port)}`;
}

/** Whether a stored address or wildcard is IPv6. */
export function isV6Stored(stored: string): boolean {
  const wildcard = readWildcard(stored);
  return wildcard === undefined ? isV6(fromCanonical(stored).ip) : wildcard.word === 'any6';
}

/** The default `source` for an address, and a check that a given one is of the same family. */
export function sourceFor(stored: string, given: unknown, fullPath: string): string {
  const v6 = isV6Stored(stored);
  if (typeof given !== 'string') {
    return v6 ? '::/0' : '0.0.0.0/0';
  }
  const plain = given.replace(/%\d+/v, '');
  if (!/^[\da-fA-F.:]+(?:\/\d{1,3})?$/v.test(plain)) {
    throw grammarError(`invalid property value "source":"${given}"`);
  }
  if (plain.includes(':') !== v6) {
    throw mcpError(
      `01070734:3: Configuration error: Virtual Server (${fullPath}) source address family does not match its destination`,
    );
  }
  return plain.includes('/') ? plain : `${plain}/${v6 ? 128 : 32}`;
}

/** Deletes a virtual address that was made along, when nothing uses it any more. */
export function releaseAddress(path: string, session: Session): void {
  const found: ConfigObject | undefined = session.store.get(virtualAddressKind, path);
  if (found === undefined || (textOf(found, 'autoDelete') ?? 'true') !== 'true') {
    return;
  }
  if (session.store.first('ref:ltm/virtual-address', path) === undefined) {
    session.drop(found);
  }
}
