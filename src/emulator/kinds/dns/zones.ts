import { isIP } from 'node:net';
import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { asNames } from '../fields/lists.ts';
import { reference, references } from '../fields/references.ts';
import { asText, integer, text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { defineKind, type Kind } from '../kind.ts';
import { yesNo } from '../net/dns-resolver.ts';

function address(name: string): Field {
  return {
    name,
    parse: (value) => {
      const given = asText(value, name);
      if (isIP(given) === 0) {
        throw invalidValue(name, value);
      }
      return given;
    },
  };
}

const tsigKeyKind = defineKind({
  path: 'ltm/dns/tsig-key',
  type: 'TSIG key',
  fields: [
    word('algorithm', ['hmacmd5', 'hmacsha1', 'hmacsha256', 'hmacsha224', 'hmacsha384', 'hmacsha512']),
    text('description'),
    secret('secret'),
  ],
});

const nameserverKind = defineKind({
  path: 'ltm/dns/nameserver',
  type: 'DNS nameserver',
  fields: [
    { ...address('address'), default: '127.0.0.1' },
    text('description'),
    integer('port', 53, { min: 1, max: 65_535 }),
    reference('routeDomain', { target: 'net/route-domain' }, { default: '/Common/0' }),
    reference('tsigKey', { target: 'ltm/dns/tsig-key' }),
  ],
});

const allowNotify: Field = {
  name: 'dnsExpressAllowNotify',
  parse: (value) => {
    const names = asNames(value, 'dns-express-allow-notify');
    const wrong = names.find((name) => isIP(name) === 0);
    if (wrong !== undefined) {
      throw invalidValue('dns-express-allow-notify', wrong);
    }
    return names.length === 0 ? undefined : names;
  },
};

const zoneKind = defineKind({
  path: 'ltm/dns/zone',
  type: 'DNS zone',
  fields: [
    text('description'),
    allowNotify,
    yesNo('dnsExpressEnabled', 'yes'),
    word('dnsExpressNotifyAction', ['consume', 'bypass', 'repeat']),
    yesNo('dnsExpressNotifyTsigVerify', 'yes'),
    reference('dnsExpressServer', { target: 'ltm/dns/nameserver' }),
    yesNo('responsePolicy', 'no'),
    reference('serverTsigKey', { target: 'ltm/dns/tsig-key' }),
    references('transferClients', { target: 'ltm/dns/nameserver' }),
  ],
});

/** Zones of DNS Express, who they come from and go to, as recorded on 13.1. */
export const dnsZoneKinds: readonly Kind[] = [tsigKeyKind, nameserverKind, zoneKind];
