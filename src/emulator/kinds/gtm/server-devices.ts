import { alreadyExists, invalidValue } from '../../errors/mcp.ts';
import { isIP } from 'node:net';
import type { ConfigObject } from '../../store/object.ts';
import type { Session } from '../../session/session.ts';
import type { Field } from '../field.ts';
import { givenItems } from '../fields/items.ts';
import { asText, text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** An address of a device of a server. */
export interface ServerAddress {
  readonly name: string;
  readonly deviceName?: string;
  readonly translation: string;
}

/** The addresses of a body; `deviceName` is kept when there is one. */
export function readAddresses(value: unknown): readonly ServerAddress[] {
  return givenItems(value, 'addresses').map(({ name, more }) => {
    const translation = more['translation'] === undefined ? 'none' : asText(more['translation'], 'translation');
    if (isIP(name) === 0 || (translation !== 'none' && isIP(translation) === 0)) {
      throw invalidValue('addresses', isIP(name) === 0 ? name : translation);
    }
    const device = more['deviceName'];
    return typeof device === 'string' ? { name, deviceName: device, translation } : { name, translation };
  });
}

/** The addresses that a device has. */
export function addressesOf(device: ConfigObject): readonly ServerAddress[] {
  const stored = device.values['addresses'];
  return Array.isArray(stored) ? (stored as ServerAddress[]) : [];
}

function addressList(): Field {
  return {
    name: 'addresses',
    tail: true,
    parse: (value) => {
      const read = readAddresses(value).map(({ name, translation }) => ({ name, translation }));
      return read.length === 0 ? undefined : read;
    },
  };
}

/** An address belongs to one device of the configuration (the words are K). */
function check(device: ConfigObject, session: Session): void {
  for (const { name } of addressesOf(device)) {
    for (const other of session.store.find('gtm-server-address', name)) {
      if (other !== device && (other.scope !== device.scope || other.fullPath !== device.fullPath)) {
        throw alreadyExists('GTM IP', name, 'Common');
      }
    }
  }
}

/** The devices of a server, with their addresses (fact sheet 8.13). */
export const serverDeviceKind = defineKind({
  path: 'gtm/server/devices',
  type: 'server device',
  naming: 'flat',
  inline: 'devices',
  fields: [text('description'), addressList()],
  hooks: {
    check,
    indexes: (device) => addressesOf(device).map(({ name }) => ['gtm-server-address', name]),
  },
});
