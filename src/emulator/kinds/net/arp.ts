import { alreadyExists, invalidValue } from '../../errors/mcp.ts';
import { grammarError } from '../../errors/device-error.ts';
import { canonicalAddress, fromCanonical, isV6, parseAddress } from '../../names/address.ts';
import { textOf } from '../../store/object.ts';
import { address } from '../fields/addresses.ts';
import { asText, text } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { readMac } from './mac.ts';

/** Static entries for one family. The texts for a missing MAC and for the same address twice have no recording (K). */
function neighbourKind(segment: 'arp' | 'ndp', v6: boolean): Kind {
  const index = `${segment}-address`;
  return defineKind({
    path: `net/${segment}`,
    type: segment,
    noGeneration: true,
    fields: [
      text('description'),
      address('ipAddress', { createOnly: true }),
      {
        name: 'macAddress',
        parse: (value) => {
          const mac = readMac(asText(value, 'mac-address'));
          if (mac === undefined) {
            throw invalidValue('mac-address', value);
          }
          return mac;
        },
      },
    ],
    hooks: {
      prepare: ({ values, identity, before }, session) => {
        if (before === undefined) {
          const named = parseAddress(identity.name, session.routeDomainOf(identity.partition));
          values['ipAddress'] ??= named === undefined ? undefined : canonicalAddress(named);
        }
        const ip = typeof values['ipAddress'] === 'string' ? values['ipAddress'] : '';
        if (!ip.includes('%') || isV6(fromCanonical(ip).ip) !== v6) {
          throw invalidValue('ip-address', ip);
        }
        if (values['macAddress'] === undefined) {
          throw grammarError('"mac-address" must be specified');
        }
      },
      check: (entry, session) => {
        const ip = textOf(entry, 'ipAddress') ?? '';
        for (const other of session.store.find(index, ip)) {
          if (other.fullPath !== entry.fullPath) {
            throw alreadyExists(segment, ip.replace(/%0$/v, ''), other.partition ?? 'Common');
          }
        }
      },
      indexes: (entry) => [[index, textOf(entry, 'ipAddress') ?? '']],
    },
  });
}

/** Static ARP entries (fact sheet 8.12). */
export const arpKind = neighbourKind('arp', false);

/** Static IPv6 neighbour entries (fact sheet 8.12). */
export const ndpKind = neighbourKind('ndp', true);
