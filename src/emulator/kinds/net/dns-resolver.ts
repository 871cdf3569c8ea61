import type { Field } from '../field.ts';
import { givenItems } from '../fields/items.ts';
import { reference } from '../fields/references.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** Zones that are asked elsewhere: names, each with its nameservers `address:port` (recorded on 13.1). */
export function forwardZones(): Field {
  return {
    name: 'forwardZones',
    tail: true,
    parse: (value) => {
      const zones = givenItems(value, 'forward-zones').map(({ name, more }) => {
        const nameservers = givenItems(more['nameservers'] ?? [], 'nameservers').map((server) => ({
          name: /:\d+$/v.test(server.name) ? server.name : `${server.name}:53`,
        }));
        return nameservers.length === 0 ? { name } : { name, nameservers };
      });
      return zones.length === 0 ? undefined : zones;
    },
  };
}

/** `yes` or `no`. */
export function yesNo(name: string, initial: 'yes' | 'no'): Field {
  return word(name, ['yes', 'no'], { default: initial });
}

/** Resolvers that the device's own parts ask, as recorded on 13.1. */
export const netDnsResolverKind = defineKind({
  path: 'net/dns-resolver',
  type: 'DNS resolver',
  fields: [
    yesNo('answerDefaultZones', 'no'),
    integer('cacheSize', 5_767_168),
    text('description'),
    yesNo('randomizeQueryNameCase', 'yes'),
    reference('routeDomain', { target: 'net/route-domain' }, { default: '/Common/0' }),
    yesNo('useIpv4', 'yes'),
    yesNo('useIpv6', 'yes'),
    yesNo('useTcp', 'yes'),
    yesNo('useUdp', 'yes'),
    forwardZones(),
  ],
});
