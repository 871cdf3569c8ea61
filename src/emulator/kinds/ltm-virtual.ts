import { mcpError } from '../errors/device-error.ts';
import { splitFullPath } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { readWildcard } from './fields/addresses.ts';
import { flags } from './fields/flags.ts';
import { metadata, texts } from './fields/lists.ts';
import { persist } from './fields/persist.ts';
import { reference, references } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { asText, integer, numberOrWord, readOnly, text, toggle, word } from './fields/scalars.ts';
import { sourceTranslation } from './fields/source-translation.ts';
import { defineKind, type Draft } from './kind.ts';
import { hostMask } from './ltm-virtual-address.ts';
import {
  addressOf,
  attachDestination,
  destinationOf,
  isV6Stored,
  printDestination,
  writtenDestination,
  type Destination,
  releaseAddress,
  sourceFor,
} from './ltm-virtual-destination.ts';
import { virtualPolicyKind, virtualProfileKind } from './ltm-virtual-profiles.ts';
import { checkVirtual } from './ltm-virtual-rules.ts';

/** `ipProtocol` (fact sheet 8.5), default first. */
const protocols = [
  'any', 'ah', 'bna', 'esp', 'etherip', 'gre', 'icmp', 'ipencap', 'ipip', 'ipv6', 'ipv6-icmp', 'ipv6-route', 'isis',
  'mux', 'ospf', 'pim', 'sctp', 'tcp', 'udp', 'udplite',
]; // prettier-ignore

/** Protocols by their number, as some clients send them. */
const protocolNumbers: Readonly<Record<string, string>> = {
  '1': 'icmp', '6': 'tcp', '17': 'udp', '47': 'gre', '50': 'esp', '51': 'ah', '58': 'ipv6-icmp', '89': 'ospf',
  '132': 'sctp', '136': 'udplite',
}; // prettier-ignore

/** Two virtual servers with this key in common are told apart by their VLANs alone. */
function sharingKey(values: Readonly<Record<string, unknown>>): string {
  const destination = destinationOf(values);
  const protocol = typeof values['ipProtocol'] === 'string' ? values['ipProtocol'] : 'any';
  return `${destination?.virtualAddress ?? ''} ${destination?.port ?? 0} ${protocol} ${String(values['source'])}`;
}

function vlansOverlap(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  if (a['vlansDisabled'] !== 'vlansEnabled' || b['vlansDisabled'] !== 'vlansEnabled') {
    return true;
  }
  const mine = new Set(Array.isArray(a['vlans']) ? a['vlans'] : []);
  return Array.isArray(b['vlans']) && b['vlans'].some((vlan) => mine.has(vlan));
}

function refuseSharing(draft: Draft, session: Session): void {
  for (const other of session.store.find('virtual-sharing', sharingKey(draft.values))) {
    if (other.fullPath !== draft.identity.fullPath && vlansOverlap(draft.values, other.values)) {
      throw mcpError(
        `01070333:3: Virtual Server ${draft.identity.fullPath} illegally shares destination address, source address, service port, ip-protocol, and vlan with Virtual Server ${other.fullPath}.`,
      );
    }
  }
}

function prepare(draft: Draft, session: Session): void {
  const { values, before, identity } = draft;
  if (before === undefined) {
    values['vsIndex'] = session.nextSerial();
  }
  const given = values['destination'] ?? before?.values['destination'] ?? '0.0.0.0:0';
  values['destination'] = typeof given === 'string' ? attachDestination(given, draft, session) : given;
  const destination = destinationOf(values);
  const stored = destination === undefined ? 'any' : addressOf(destination, session);
  if (before !== undefined && !draft.given.has('mask') && !keepsMask(before, stored)) {
    values['mask'] = undefined;
  }
  values['mask'] ??= hostMask(stored);
  values['source'] = sourceFor(stored, draft.given.has('source') ? values['source'] : undefined, identity.fullPath);
  if (!draft.given.has('source') && before !== undefined) {
    values['source'] = sourceFor(
      stored,
      sameFamily(before, stored) ? before.values['source'] : undefined,
      identity.fullPath,
    );
  }
  refuseSharing(draft, session);
}

/** A mask stays with another destination of its family; that of a wildcard does not. */
function keepsMask(before: ConfigObject, stored: string): boolean {
  const isWildcard = readWildcard(stored) !== undefined;
  const wasWildcard = String(before.values['mask']).startsWith('any');
  return sameFamily(before, stored) && isWildcard === wasWildcard;
}

function sameFamily(before: ConfigObject, stored: string): boolean {
  return String(before.values['source']).includes(':') === isV6Stored(stored);
}

/**
 * What a virtual server without profiles gets: the stock profile of its protocol, so that an HTTP profile can be added
 * afterwards (clients create with `ipProtocol: tcp` and then POST to `profiles`); fastL4 for any protocol.
 */
const DEFAULT_PROFILE: Readonly<Record<string, string>> = { tcp: 'tcp', udp: 'udp', sctp: 'sctp' };

function stored(virtual: ConfigObject, before: ConfigObject | undefined, session: Session): void {
  if (session.store.collection(virtualProfileKind, virtual.fullPath).size === 0) {
    const identity = splitFullPath(`/Common/${DEFAULT_PROFILE[String(virtual.values['ipProtocol'])] ?? 'fastL4'}`);
    const draft = { kind: virtualProfileKind, scope: virtual.fullPath, identity, given: new Set<string>() };
    session.save({ ...draft, values: { context: 'all' }, before: undefined });
  }
  if (before === undefined) {
    return;
  }
  const old = destinationOf(before.values)?.virtualAddress;
  if (old !== undefined && old !== destinationOf(virtual.values)?.virtualAddress) {
    releaseAddress(old, session);
  }
}

/** Virtual servers (fact sheet 8.5). */
export const virtualKind = defineKind({
  path: 'ltm/virtual',
  type: 'Virtual Server',
  strictPutSince: '14.1',
  fields: [
    word('addressStatus', ['yes', 'no']),
    appService(),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    word('cmpEnabled', ['yes', 'no']),
    integer('connectionLimit', 0),
    text('description'),
    {
      name: 'destination',
      parse: (value) => asText(value, 'destination'),
      written: (value) => writtenDestination(value as Destination),
      print: (value, { routeDomain, device }) => printDestination(value, routeDomain, device),
    },
    flags(['enabled', 'disabled'], { default: 'enabled' }),
    toggle('evictionProtected', 'disabled', { since: '13.1' }),
    reference('fallbackPersistence', { target: 'ltm/persistence' }),
    integer('gtmScore', 0),
    word('ipProtocol', protocols, { aliases: protocolNumbers }),
    flags(['ipForward', 'l2Forward', 'reject', 'internal', 'stateless', 'dhcpRelay'], { removable: true }),
    reference('lastHopPool', { target: 'ltm/pool' }),
    text('mask'),
    toggle('mirror'),
    toggle('mobileAppTunnel'),
    toggle('nat64'),
    reference('pool', { target: 'ltm/pool' }),
    numberOrWord('rateLimit', 'disabled', { words: ['disabled'] }),
    integer('rateLimitDstMask', 0, { max: 128 }),
    word('rateLimitMode', [
      'object',
      'object-destination',
      'object-source',
      'object-source-destination',
      'destination',
      'source',
      'source-destination',
    ]),
    integer('rateLimitSrcMask', 0, { max: 128 }),
    toggle('serversslUseSni', 'disabled', { since: '14.1' }),
    word('serviceDownImmediateAction', ['none', 'reset', 'drop']),
    text('source'),
    sourceTranslation(),
    word('sourcePort', ['preserve', 'preserve-strict', 'change']),
    readOnly('synCookieStatus', 'not-activated'),
    toggle('translateAddress', 'enabled'),
    toggle('translatePort', 'enabled'),
    flags(['vlansDisabled', 'vlansEnabled'], { default: 'vlansDisabled' }),
    readOnly('vsIndex', undefined),
    references('rules', { target: 'ltm/rule' }),
    texts('securityLogProfiles', { tail: true }),
    references('vlans', { target: 'net/vlan' }),
    persist(),
    metadata(),
  ],
  subs: [virtualPolicyKind, virtualProfileKind],
  hooks: {
    prepare,
    stored,
    check: checkVirtual,
    removed: (virtual, session) => {
      const path = destinationOf(virtual.values)?.virtualAddress;
      if (path !== undefined) {
        releaseAddress(path, session);
      }
    },
    indexes: (virtual) => {
      const path = destinationOf(virtual.values)?.virtualAddress ?? '';
      return [
        ['ref:ltm/virtual-address', path],
        ['virtual-sharing', sharingKey(virtual.values)],
      ];
    },
  },
});
