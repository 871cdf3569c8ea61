import { parseAddress } from '../../names/address.ts';
import { parsePort } from '../../names/service.ts';
import { namedItems, pointers } from '../fields/items.ts';
import { appService } from '../fields/app-service.ts';
import { text } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { parsePrefix } from './prefix.ts';

/** An address, a network, or a range `a-b`, each with an optional `%rd`. */
function readAddress(given: string): string | undefined {
  const [low = '', high, ...rest] = given.split('-');
  if (high !== undefined) {
    const both = parseAddress(low, 0) !== undefined && parseAddress(high, 0) !== undefined;
    return both && rest.length === 0 ? given : undefined;
  }
  return parsePrefix(given, 0) === undefined ? undefined : given;
}

/** A port, a service name, or a range `a-b`; stored as numbers. */
function readPorts(given: string): string | undefined {
  const ports = given.split('-').map(parsePort);
  const [low, high] = ports;
  if (ports.length > 2 || low === undefined || ports.includes(undefined) || (high !== undefined && high < low)) {
    return undefined;
  }
  return ports.join('-');
}

function addressLists(path: string): Kind {
  return defineKind({
    path,
    type: 'address list',
    fields: [
      appService(),
      text('description'),
      pointers('addressLists', { target: path }),
      namedItems('addresses', readAddress),
      namedItems('fqdns', (given) => given),
      namedItems('geo', (given) => given),
    ],
  });
}

function portLists(path: string): Kind {
  return defineKind({
    path,
    type: 'port list',
    fields: [
      appService(),
      text('description'),
      pointers('portLists', { target: path }),
      namedItems('ports', readPorts),
    ],
  });
}

/** Address lists, which traffic matching criteria use (fact sheet 8.12; bodies as those of the firewall's lists). */
export const addressListKind = addressLists('net/address-list');

/** Port lists. */
export const portListKind = portLists('net/port-list');

/** The firewall's address lists: recorded, with the same body. */
export const firewallAddressListKind = addressLists('security/firewall/address-list');

/** The firewall's port lists. */
export const firewallPortListKind = portLists('security/firewall/port-list');
