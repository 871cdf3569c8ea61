import { canonicalAddress, parseAddress } from '../names/address.ts';
import { configurationError } from '../errors/mcp.ts';
import { address } from './fields/addresses.ts';
import { flags } from './fields/flags.ts';
import { reference } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { integer, numberOrWord, readOnly, text, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

function timeout(name: string): ReturnType<typeof numberOrWord> {
  return numberOrWord(name, 'indefinite', { words: ['indefinite'] });
}

/** SNAT translations: addresses that SNAT pools use (fact sheet 8.10). */
export const snatTranslationKind = defineKind({
  path: 'ltm/snat-translation',
  type: 'Snat Translation',
  fields: [
    address('address', { createOnly: true }),
    appService(),
    word('arp', ['enabled', 'disabled']),
    integer('connectionLimit', 0),
    text('description'),
    flags(['enabled', 'disabled'], { default: 'enabled' }),
    word('inheritedTrafficGroup', ['true', 'false']),
    timeout('ipIdleTimeout'),
    timeout('tcpIdleTimeout'),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: '/Common/traffic-group-1' }),
    timeout('udpIdleTimeout'),
    readOnly('unit', 1),
  ],
  hooks: {
    prepare: ({ before, values, identity }, session) => {
      if (before === undefined && values['address'] === undefined) {
        const named = parseAddress(identity.name, session.routeDomainOf(identity.partition));
        if (named === undefined) {
          throw configurationError(`snat translation (${identity.fullPath}) must have an address`);
        }
        values['address'] = canonicalAddress(named);
      }
    },
  },
});
