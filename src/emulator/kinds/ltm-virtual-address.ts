import { mcpError } from '../errors/device-error.ts';
import { inUse } from '../errors/mcp.ts';
import { canonicalAddress, fromCanonical, isV6, parseAddress } from '../names/address.ts';
import { identityOf, type Identity } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import { textOf } from '../store/object.ts';
import { atLeast } from '../version/version.ts';
import { folderIdentity } from '../verbs/identify.ts';
import { address, readWildcard, wildcardOf } from './fields/addresses.ts';
import { metadata } from './fields/lists.ts';
import { reference } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { integer, readOnly, text, toggle, word } from './fields/scalars.ts';
import { defineKind, type Draft } from './kind.ts';

/** The mask of a host address, or of a wildcard. */
export function hostMask(stored: string): string {
  const wildcard = readWildcard(stored);
  if (wildcard !== undefined) {
    return wildcard.word;
  }
  return isV6(fromCanonical(stored).ip) ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
}

/** Reads an address or wildcard into its stored form. */
export function storedAddress(host: string, routeDomain: number): string | undefined {
  const wildcard = wildcardOf(host, routeDomain);
  if (wildcard !== undefined) {
    return wildcard;
  }
  const parsed = parseAddress(host, routeDomain);
  return parsed === undefined ? undefined : canonicalAddress(parsed);
}

/** Refuses an address that another virtual address has (`0107176c`). */
export function refuseTakenAddress(stored: string, fullPath: string, session: Session): void {
  const other = session.store.first('virtual-address', stored);
  if (other !== undefined && other.fullPath !== fullPath) {
    const shown = stored.endsWith('%0') ? stored.slice(0, -2) : stored;
    throw mcpError(`0107176c:3: Invalid Virtual Address, the IP address ${shown} already exists.`);
  }
}

function identifyAddress(body: Readonly<Record<string, unknown>>): Identity {
  const { name, address: given, partition } = body;
  if (name === undefined && typeof given === 'string') {
    return identityOf(typeof partition === 'string' ? partition : 'Common', undefined, given);
  }
  return folderIdentity(body);
}

function prepare(draft: Draft, session: Session): void {
  const { values, identity } = draft;
  if (draft.before === undefined) {
    const routeDomain = session.routeDomainOf(identity.partition);
    const stored = values['address'] ?? storedAddress(identity.name.split('/')[0] ?? '', routeDomain);
    if (typeof stored !== 'string') {
      throw mcpError(`01070734:3: Configuration error: virtual address (${identity.fullPath}) must have an address`);
    }
    refuseTakenAddress(stored, identity.fullPath, session);
    values['address'] = stored;
  }
  const { address: own } = values;
  values['mask'] ??= hostMask(typeof own === 'string' ? own : 'any');
  const local = values['trafficGroup'] === '/Common/traffic-group-local-only';
  values['floating'] = local ? 'disabled' : undefined;
  values['unit'] = local ? 0 : undefined;
}

const advertisement = word('routeAdvertisement', ['disabled', 'enabled', 'selective', 'always', 'any', 'all']);

/** Virtual addresses: what virtual servers listen on (fact sheet 8.6). An address exists once per box and route domain. */
export const virtualAddressKind = defineKind({
  path: 'ltm/virtual-address',
  type: 'Virtual Address',
  fields: [
    address('address', { createOnly: true }),
    appService(),
    word('arp', ['enabled', 'disabled']),
    word('autoDelete', ['true', 'false']),
    integer('connectionLimit', 0),
    text('description'),
    word('enabled', ['yes', 'no']),
    readOnly('floating', 'enabled'),
    word('icmpEcho', ['enabled', 'disabled', 'selective', 'always', 'any', 'all']),
    word('inheritedTrafficGroup', ['false', 'true']),
    text('mask'),
    {
      ...advertisement,
      print: (value, { version }) => (value === 'enabled' && atLeast(version, '13.1') ? 'selective' : value),
    },
    word('serverScope', ['any', 'all', 'none']),
    toggle('spanning'),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: '/Common/traffic-group-1' }),
    readOnly('unit', 1),
    metadata(),
  ],
  hooks: {
    identify: identifyAddress,
    prepare,
    inUse: (object, by) =>
      inUse({ type: 'Virtual Address', path: object.fullPath }, { type: by.kind.type, path: by.fullPath }),
    indexes: (object) => {
      const stored = textOf(object, 'address');
      return stored === undefined ? [] : [['virtual-address', stored]];
    },
  },
});
