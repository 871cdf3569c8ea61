import { grammarError, mcpError } from '../errors/device-error.ts';
import { configurationError, notFound } from '../errors/mcp.ts';
import { deviceGroupDeviceKind } from '../kinds/cm/device-group-devices.ts';
import { identityOf, qualify, splitFullPath } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import { runUnit, type Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { atLeast } from '../version/version.ts';
import { commandIn } from './commands.ts';
import type { SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;

const trustGroup = '/Common/device_trust_group';

function required(body: Json, name: string, shown: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') {
    throw grammarError(`"${shown}" must be specified`);
  }
  return value;
}

/** What a command repeats of its body: no password. */
function repeated(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'password'));
}

function membersOf(group: string, device: Device): readonly ConfigObject[] {
  return [...device.store.collection(deviceGroupDeviceKind, group).list()];
}

function requireGroup(name: string, device: Device): string {
  const path = qualify(name, '/Common');
  if (name === '' || device.store.lookup('cm/device-group', path) === undefined) {
    throw configurationError(`Device group (${name}) not found in device group sync`);
  }
  return path;
}

/**
 * `POST /cm`: `config-sync to-group <group>` (fact sheet 5.1). There is no peer: a push to a group that is there has
 * nobody to reach and succeeds; a pull has nothing to pull from.
 */
export const cmResource: SystemResource = {
  path: 'cm',
  run: (body, device) => {
    const command = commandIn(body, ['run']);
    const given = typeof body['utilCmdArgs'] === 'string' ? body['utilCmdArgs'] : '';
    const words = given.trim().split(/\s+/v);
    const at = words.findIndex((word) => word === 'to-group' || word === 'from-group');
    if (words[0] !== 'config-sync' || at < 0) {
      throw grammarError(`"${words[0] ?? ''}" unexpected argument`);
    }
    const group = requireGroup(words[at + 1] ?? '', device);
    if (words[at] === 'from-group' && atLeast(device.version, '12.0')) {
      throw configurationError(`Pull from device group (${group}) is not allowed until a push has been done first`);
    }
    return { kind: 'tm:cm:runstate', command, utilCmdArgs: given };
  },
};

function rename(old: ConfigObject, path: string, session: Session): void {
  const identity = splitFullPath(path);
  if (session.store.get(old.kind, identity.fullPath) !== undefined) {
    throw configurationError(`Device (${identity.fullPath}) already exists`);
  }
  session.save({
    kind: old.kind,
    scope: '',
    identity,
    values: { ...old.values },
    given: new Set(),
    before: undefined,
  });
  for (const item of session.store.find('device-group-member', old.fullPath)) {
    session.drop(item);
    const moved = { kind: item.kind, scope: item.scope, identity, values: { ...item.values } };
    session.save({ ...moved, given: new Set(), before: undefined });
  }
  for (const group of session.store.find('ref:cm/device', old.fullPath)) {
    const order: unknown = group.values['haOrder'];
    if (Array.isArray(order)) {
      session.change(group, { haOrder: order.map((each) => (each === old.fullPath ? path : String(each))) });
    }
  }
  session.drop(old);
}

/** `POST /cm/device`: `mv` renames. With others in the trust group it is done, and answered with `01071581` all the same. */
export const deviceResource: SystemResource = {
  path: 'cm/device',
  run: (body, device) => {
    const command = commandIn(body, ['mv']);
    const name = qualify(required(body, 'name', 'name'), '/Common');
    const target = qualify(required(body, 'target', 'target'), '/Common');
    const found = device.store.lookup('cm/device', name);
    if (found === undefined) {
      throw notFound('device', name);
    }
    const isTrusted = membersOf(trustGroup, device).length > 1;
    runUnit(device, { transaction: false }, (session) => rename(found, target, session));
    if (isTrusted) {
      throw mcpError('01071581:3: The self device can not be moved if it is part of a trust group.');
    }
    return { kind: 'tm:cm:device:mvstate', command, name: body['name'], target: body['target'] };
  },
};

/** `POST /cm/add-to-trust`: the peer becomes a device of the trust group. It is not asked: there is none. */
export const addToTrustResource: SystemResource = {
  path: 'cm/add-to-trust',
  run: (body, device) => {
    commandIn(body, ['run']);
    const address = required(body, 'device', 'device');
    const deviceName = required(body, 'deviceName', 'device-name');
    required(body, 'username', 'username');
    required(body, 'password', 'password');
    const kind = device.kinds.byPath.get('cm/device');
    const identity = identityOf('Common', undefined, deviceName.replace(/^\/Common\//v, ''));
    if (kind === undefined || device.store.get(kind, identity.fullPath) !== undefined) {
      throw configurationError(`Device (${deviceName}) is already in the trust domain`);
    }
    runUnit(device, { transaction: false }, (session) => {
      const { full, build } = device.version;
      const own = { hostname: identity.name, managementIp: address, version: full, build };
      session.createAlong(kind, identity, { ...own, selfDevice: 'false', failoverState: 'standby' });
      const item = { kind: deviceGroupDeviceKind, scope: trustGroup, identity, values: {} };
      session.save({ ...item, given: new Set(), before: undefined });
    });
    return { kind: 'tm:cm:add-to-trust:runstate', ...repeated(body) };
  },
};

/** `POST /cm/remove-from-trust`: the device leaves all groups and is forgotten. */
export const removeFromTrustResource: SystemResource = {
  path: 'cm/remove-from-trust',
  run: (body, device) => {
    commandIn(body, ['run']);
    const path = qualify(required(body, 'deviceName', 'device-name'), '/Common');
    const found = device.store.lookup('cm/device', path);
    if (found === undefined) {
      throw notFound('device', path);
    }
    if (found.values['selfDevice'] !== 'false') {
      throw configurationError(`Device (${path}) is this device and cannot be removed from its trust domain`);
    }
    runUnit(device, { transaction: false }, (session) => {
      [...session.store.find('device-group-member', path)].forEach((item) => session.drop(item));
      session.drop(found);
    });
    return { kind: 'tm:cm:remove-from-trust:runstate', ...repeated(body) };
  },
};
