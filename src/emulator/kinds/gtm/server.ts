import { configurationError, notFound } from '../../errors/mcp.ts';
import type { Device } from '../../session/device.ts';
import type { Session } from '../../session/session.ts';
import { atLeast } from '../../version/version.ts';
import type { Field } from '../field.ts';
import { metadata } from '../fields/lists.ts';
import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { text, word } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import type { ConfigObject } from '../../store/object.ts';
import { enabledFlags, gtmMonitorRule, machineLimits, trafficLimits } from './fields.ts';
import { addressesOf, readAddresses, serverDeviceKind, type ServerAddress } from './server-devices.ts';
import { serverVirtualKind } from './server-virtuals.ts';

const products = [
  'bigip',
  'single-bigip',
  'redundant-bigip',
  'generic-host',
  'generic-load-balancer',
  'alteon-ace-director',
  'cisco-css',
  'cisco-local-director-v2',
  'cisco-local-director-v3',
  'cisco-server-load-balancer',
  'extreme',
  'foundry-server-iron',
  'netapp',
  'radware-wsd',
  'sun',
  'windows-2000',
  'windows-nt-4.0',
] as const;

/** All addresses of a server, with the device that each is of. */
function allAddresses(server: ConfigObject, device: Device): readonly Record<string, unknown>[] {
  const devices = [...device.store.collection(serverDeviceKind, server.fullPath).list()];
  return devices.flatMap((each) =>
    addressesOf(each).map(({ name, translation }) => ({ name, deviceName: each.name, translation })),
  );
}

/** `addresses`: a view of the devices' addresses; given, it makes the devices. */
function addressView(): Field {
  return {
    name: 'addresses',
    tail: true,
    default: [],
    parse: (value) => readAddresses(value),
    print: (_value, { device }, server) => allAddresses(server, device),
  };
}

function byDevice(addresses: readonly ServerAddress[], server: string): ReadonlyMap<string, readonly ServerAddress[]> {
  const devices = new Map<string, ServerAddress[]>();
  for (const { deviceName = server, name, translation } of addresses) {
    devices.set(deviceName, [...(devices.get(deviceName) ?? []), { name, translation }]);
  }
  return devices;
}

/** Makes the devices that a list of addresses means, and drops the others. */
function placeDevices(draft: Draft, addresses: readonly ServerAddress[], session: Session): void {
  const scope = draft.identity.fullPath;
  const wanted = byDevice(addresses, draft.identity.name);
  for (const device of session.store.collection(serverDeviceKind, scope).list()) {
    if (!wanted.has(device.fullPath)) {
      session.drop(device);
    }
  }
  for (const [name, list] of wanted) {
    const before = session.store.get(serverDeviceKind, name, scope);
    const values = { ...before?.values, addresses: list };
    const identity = { name, fullPath: name };
    session.save({ kind: serverDeviceKind, scope, identity, values, given: new Set(), before });
  }
}

function prepare(draft: Draft, session: Session): void {
  const { values, before, given, identity } = draft;
  if (values['datacenter'] === undefined) {
    throw configurationError(`Server (${identity.fullPath}) must have a datacenter`);
  }
  if (before === undefined) {
    const isOld = !atLeast(session.device.version, '13.0');
    values['product'] ??= isOld ? 'single-bigip' : undefined;
    const { product = 'bigip', monitor } = values;
    if (typeof product === 'string' && product.endsWith('bigip') && monitor === undefined) {
      values['monitor'] = '/Common/bigip ';
    }
  }
  if (given.has('addresses')) {
    placeDevices(draft, values['addresses'] as readonly ServerAddress[], session);
  }
  delete values['addresses'];
}

function check(server: ConfigObject, session: Session): void {
  if (allAddresses(server, session.device).length === 0) {
    throw configurationError(`Server (${server.fullPath}) must have at least one IP address`);
  }
}

/** Pool members on its virtual servers are checked again. */
function removed(server: ConfigObject, session: Session): void {
  [...session.store.find('gtm-member-of', server.fullPath)].forEach((member) => session.touch(member));
}

/**
 * GTM servers (fact sheet 8.13): `addresses` and `devices` are two ways to say the same. The texts for what is missing
 * have no recording (K).
 */
export const serverKind = defineKind({
  path: 'gtm/server',
  type: 'server',
  fields: [
    appService(),
    reference('datacenter', {
      target: 'gtm/datacenter',
      missing: (_owner, target) => notFound('datacenter', target),
    }),
    text('description'),
    enabledFlags(),
    word('exposeRouteDomains', ['no', 'yes']),
    word('iqAllowPath', ['yes', 'no']),
    word('iqAllowServiceCheck', ['yes', 'no']),
    word('iqAllowSnmp', ['yes', 'no']),
    ...machineLimits(),
    ...trafficLimits(),
    word('linkDiscovery', ['disabled', 'enabled', 'enabled-no-delete']),
    gtmMonitorRule(false),
    word('proberFallback', ['inherit', 'any-available', 'inside-datacenter', 'none', 'outside-datacenter', 'pool'], {
      since: '13.0',
    }),
    text('proberPool'),
    word('proberPreference', ['inherit', 'inside-datacenter', 'outside-datacenter', 'pool'], { since: '13.0' }),
    word('product', products),
    word('virtualServerDiscovery', ['disabled', 'enabled', 'enabled-no-delete']),
    addressView(),
    metadata(),
  ],
  subs: [serverDeviceKind, serverVirtualKind],
  hooks: { prepare, check, removed },
});
