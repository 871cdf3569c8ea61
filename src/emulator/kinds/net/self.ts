import { mcpError } from '../../errors/device-error.ts';
import { configurationError, invalidValue } from '../../errors/mcp.ts';
import { printAddress } from '../../names/address.ts';
import { parsePort } from '../../names/service.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { asNames } from '../fields/lists.ts';
import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { asText, readOnly, text, word } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { parsePrefix, readStored, toStored } from './prefix.ts';
import { requireRouteDomain, vlansOf } from './route-domains.ts';

const local = '/Common/traffic-group-local-only';

/** `default`, `tcp:443`, `tcp:https`, `gre:0`; ports are stored as numbers. */
function readService(name: string): string {
  if (name === 'default') {
    return name;
  }
  const [protocol = '', service = '', ...rest] = name.split(':');
  const port = parsePort(service);
  if (!/^[a-z][a-z0-9\-]*$/v.test(protocol) || port === undefined || rest.length > 0) {
    throw invalidValue('allow-service', name);
  }
  return `${protocol}:${port}`;
}

function prepare(draft: Draft, session: Session): void {
  const { values, before, identity } = draft;
  if (before === undefined) {
    const named = parsePrefix(identity.name, session.routeDomainOf(identity.partition));
    values['address'] ??= named === undefined ? undefined : toStored(named);
    if (values['address'] === undefined) {
      throw configurationError(`Self IP (${identity.fullPath}) must have an address`);
    }
  }
  if (values['vlan'] === undefined) {
    throw configurationError(`Self IP (${identity.fullPath}) must have a vlan`);
  }
  const floats = values['trafficGroup'] !== undefined && values['trafficGroup'] !== local;
  values['floating'] = floats ? 'enabled' : undefined;
  values['unit'] = floats ? 1 : undefined;
}

function check(self: ConfigObject, session: Session): void {
  const stored = textOf(self, 'address') ?? '';
  const { ip, routeDomain } = readStored(stored);
  const domain = requireRouteDomain(routeDomain, session);
  const shown = routeDomain === 0 ? ip : `${ip}%${routeDomain}`;
  for (const other of session.store.find('self-address', `${ip}%${routeDomain}`)) {
    if (other.fullPath !== self.fullPath) {
      throw configurationError(`Self IP (${self.fullPath}) has the same address (${shown}) as (${other.fullPath})`);
    }
  }
  const vlan = textOf(self, 'vlan') ?? '';
  if (!vlansOf(domain).includes(vlan)) {
    throw mcpError(
      `01070973:3: The vlan (${vlan}) for the specified self IP (${shown}) must be one of the vlans in the associated route domain (${routeDomain}).`,
    );
  }
}

/** Routes are checked again when a self IP goes: its network may have held a gateway. */
function removed(self: ConfigObject, session: Session): void {
  const routes = session.device.kinds.byPath.get('net/route');
  if (routes !== undefined && textOf(self, 'address') !== undefined) {
    [...session.store.collection(routes).list()].forEach((route) => session.touch(route));
  }
}

/**
 * Self IPs: `ip[%rd]/len` on a VLAN or tunnel of the same route domain (fact sheet 8.12). The words of `01070973` are
 * those that public clients look for; its number and the other texts have no recording (K).
 */
export const selfKind = defineKind({
  path: 'net/self',
  type: 'self IP',
  fields: [
    {
      name: 'address',
      createOnly: true,
      parse: (value, context) => {
        const given = asText(value, 'address');
        const prefix = given.includes('/') ? parsePrefix(given, context.routeDomain) : undefined;
        if (prefix === undefined) {
          throw invalidValue('address', value);
        }
        return toStored(prefix);
      },
      print: (value, { routeDomain }) => {
        const [host = '', length = ''] = String(value).split('/');
        return `${printAddress(host, routeDomain)}/${length}`;
      },
    },
    readOnly('addressSource', 'from-user', { since: '13.0' }),
    appService(),
    text('description'),
    readOnly('floating', 'disabled'),
    text('fwEnforcedPolicy'),
    text('fwStagedPolicy'),
    word('inheritedTrafficGroup', ['false', 'true']),
    text('servicePolicy'),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: local }),
    readOnly('unit', 0),
    reference('vlan', { target: 'net/vlan' }),
    {
      name: 'allowService',
      tail: true,
      parse: (value) => {
        const names = asNames(value, 'allow-service');
        if (names.includes('all')) {
          return 'all';
        }
        return names.length === 0 ? undefined : [...new Set(names.map(readService))];
      },
    },
  ],
  hooks: {
    prepare,
    check,
    removed,
    indexes: (self) => {
      const { ip, routeDomain } = readStored(textOf(self, 'address') ?? '');
      return [
        ['self-address', `${ip}%${routeDomain}`],
        ['self-route-domain', String(routeDomain)],
      ];
    },
  },
});
