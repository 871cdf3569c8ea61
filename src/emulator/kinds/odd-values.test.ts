import { describe, expect, it } from 'vitest';
import { DeviceError } from '../errors/device-error.ts';
import type { Device } from '../session/device.ts';
import { runUnit, type Session } from '../session/session.ts';
import { dump } from '../store/dump.ts';
import { testDevice } from '../test-kit.ts';
import type { ConfigObject } from '../store/object.ts';
import { createObject, modifyObject } from '../verbs/write.ts';
import { renderObject } from '../view/render.ts';
import { allKinds } from './all.ts';
import type { Kind } from './kind.ts';

const odd: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  true,
  false,
  '',
  'none',
  'x',
  '/',
  '10.0.0.1',
  '10.0.0.1%70000/24',
  '::/0',
  'default%x',
  [],
  [null],
  [1],
  [[]],
  [{}],
  [{ name: 1 }],
  [{ name: 'x', role: {} }],
  ['a', 'a'],
  {},
  { name: 'x' },
  { items: [{ name: 'x' }] },
  { constructor: 1, __proto__: 2 },
];

/** One object of each kind that a new box has none of. */
const seeds: readonly (readonly [string, Record<string, unknown>])[] = [
  ['net/vlan', { name: 'v', interfaces: ['1.1'] }],
  ['net/trunk', { name: 't' }],
  ['net/self', { name: 's', address: '10.0.0.1/24', vlan: 'v' }],
  ['net/route', { name: 'r', network: '10.1.0.0/16', gw: '10.0.0.9' }],
  ['net/arp', { name: 'a', ipAddress: '10.0.0.9', macAddress: '00:00:00:00:00:01' }],
  ['net/ndp', { name: 'n', ipAddress: '2001:db8::1', macAddress: '00:00:00:00:00:01' }],
  ['net/tunnels/tunnel', { name: 'tunnel', profile: 'vxlan' }],
  ['net/address-list', { name: 'l', addresses: ['10.0.0.1'] }],
  ['net/port-list', { name: 'l', ports: ['80'] }],
  ['gtm/datacenter', { name: 'dc' }],
  ['gtm/server', { name: 's', datacenter: 'dc', addresses: ['10.0.0.5'] }],
  ['gtm/pool/a', { name: 'p' }],
  ['gtm/pool/srv', { name: 'p', members: ['h.example.com'] }],
  ['gtm/wideip/a', { name: 'www.example.com', pools: ['p'] }],
  ['gtm/region', { name: 'r' }],
  ['gtm/topology', { name: 'ldns: country DE server: datacenter dc' }],
  ['gtm/listener', { name: 'l', address: '10.0.0.53' }],
  ['cm/device-group', { name: 'dg', devices: ['box'] }],
];

function seeded(): Device {
  const device = testDevice({ modules: ['gtm'], users: [{ name: 'admin', password: 'admin' }] });
  runUnit(device, { transaction: false }, (session) => {
    for (const [path, body] of seeds) {
      const kind = device.kinds.byPath.get(path);
      if (kind === undefined) {
        throw new Error(`no kind ${path}`);
      }
      createObject(kind, body, { session, scope: '' });
    }
  });
  return device;
}

/** What is no error of the device, when a create or a change of the last object of the kind is tried and undone. */
function crashesOf(device: Device, kind: Kind, body: Record<string, unknown>): readonly string[] {
  const existing = [...device.store.collection(kind).list()].at(-1);
  const works: ((session: Session) => ConfigObject)[] = [(session) => createObject(kind, body, { session, scope: '' })];
  if (existing !== undefined) {
    works.push(
      (session) => modifyObject(existing, body, { session, replace: false }),
      (session) => modifyObject(existing, body, { session, replace: true }),
    );
  }
  return works.flatMap((work) => {
    try {
      runUnit(device, { transaction: false, dryRun: true }, (session) => {
        renderObject(work(session), { device, expand: true });
      });
      return [];
    } catch (error) {
      return error instanceof DeviceError ? [] : [error instanceof Error ? (error.stack ?? error.message) : 'thrown'];
    }
  });
}

function propertiesOf(kind: Kind): readonly string[] {
  const inline = kind.subs.flatMap((sub) => (sub.inline === undefined ? [] : [sub.inline]));
  return ['name', 'partition', ...kind.byName.keys(), ...inline];
}

describe('values of the wrong kind', () => {
  const device = seeded();
  const before = JSON.stringify(dump(device.store, device.kinds));
  const kinds = allKinds.filter(({ path }) => /^(?:net|gtm|cm|auth|security)\//v.test(path));

  it.each(kinds.map((kind) => [kind.path, kind] as const))(
    '%s refuses them in words and keeps nothing',
    (_path, kind) => {
      const crashes: string[] = [];
      for (const property of propertiesOf(kind)) {
        for (const value of odd) {
          const found = crashesOf(device, kind, { name: 'odd.example.com', [property]: value });
          crashes.push(...found.map((error) => `${property} ${JSON.stringify(value)}: ${error}`));
        }
      }
      expect(crashes).toEqual([]);
      expect(JSON.stringify(dump(device.store, device.kinds))).toBe(before);
    },
  );
});
