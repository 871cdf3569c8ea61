import { grammarError, mcpError } from '../errors/device-error.ts';
import { configurationError, notFound } from '../errors/mcp.ts';
import { qualify, splitFullPath } from '../names/full-path.ts';
import { admit, expel, requireUnknown } from '../pair/admit.ts';
import { membersOf, trustGroup } from '../pair/members.ts';
import type { Device } from '../session/device.ts';
import { runUnit, type Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { atLeast } from '../version/version.ts';
import { commandIn } from './commands.ts';
import type { SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;

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

function requireGroup(name: string, device: Device): string {
  const path = qualify(name, '/Common');
  if (name === '' || device.store.lookup('cm/device-group', path) === undefined) {
    throw configurationError(`Device group (${name}) not found in device group sync`);
  }
  return path;
}

/** The words of `config-sync`: `to-group <group>`, `from-group <group>`. */
function syncWords(given: string): { readonly pull: boolean; readonly group: string } {
  const words = given.trim().split(/\s+/v);
  const at = words.findIndex((word) => word === 'to-group' || word === 'from-group');
  if (words[0] !== 'config-sync' || at < 0) {
    throw grammarError(`"${words[0] ?? ''}" unexpected argument`);
  }
  return { pull: words[at] === 'from-group', group: words[at + 1] ?? '' };
}

function wasPushed(group: string, { pair }: Device): boolean {
  return pair !== undefined && ['in-sync', 'pending', 'conflict'].includes(pair.comparison(group).state);
}

/**
 * `POST /cm`: `config-sync to-group <group>` (fact sheet 5.1). What cannot be taken over shows in `sync-status`, as the
 * device works in the background.
 */
export const cmResource: SystemResource = {
  path: 'cm',
  run: async (body, device) => {
    const command = commandIn(body, ['run']);
    const given = typeof body['utilCmdArgs'] === 'string' ? body['utilCmdArgs'] : '';
    const words = syncWords(given);
    const group = requireGroup(words.group, device);
    if (words.pull && atLeast(device.version, '12.0') && !wasPushed(group, device)) {
      throw configurationError(`Pull from device group (${group}) is not allowed until a push has been done first`);
    }
    await (words.pull ? device.pair?.pull(group) : device.pair?.push(group));
    return { kind: 'tm:cm:runstate', command, utilCmdArgs: given };
  },
};

/** The words of `options`, a list of objects: `[{"to-group": "g"}]`. */
function optionWords(options: unknown): readonly string[] {
  const all = Array.isArray(options) ? options : [];
  return all
    .filter((each) => typeof each === 'object' && each !== null)
    .flatMap((each: object) => Object.entries(each).flatMap(([name, value]) => [name, String(value)]));
}

/** `POST /cm/config-sync` with `options`, as the command is called where it stands by itself (fact sheet 5.2). */
export const configSyncResource: SystemResource = {
  path: 'cm/config-sync',
  run: async (body, device, request) => {
    const words = ['config-sync', ...optionWords(body['options'])].join(' ');
    await cmResource.run?.({ command: body['command'], utilCmdArgs: words }, device, request);
    return { kind: 'tm:cm:config-sync:runstate', ...body };
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

/**
 * `POST /cm/add-to-trust`: the peer becomes a device of the trust group. One at an address of which nothing is known is
 * not asked: it stays disconnected.
 */
export const addToTrustResource: SystemResource = {
  path: 'cm/add-to-trust',
  run: async (body, device) => {
    commandIn(body, ['run']);
    const address = required(body, 'device', 'device');
    const deviceName = required(body, 'deviceName', 'device-name');
    const username = required(body, 'username', 'username');
    const password = required(body, 'password', 'password');
    requireUnknown(deviceName, device);
    const invitation = { address, deviceName: qualify(deviceName, '/Common'), username, password };
    const facts = await device.pair?.invite(invitation);
    const { full, build } = device.version;
    admit(facts ?? { name: deviceName, managementIp: address, version: full, build }, device);
    return { kind: 'tm:cm:add-to-trust:runstate', ...repeated(body) };
  },
};

/** `POST /cm/remove-from-trust`: the device leaves all groups and is forgotten. */
export const removeFromTrustResource: SystemResource = {
  path: 'cm/remove-from-trust',
  run: async (body, device) => {
    commandIn(body, ['run']);
    const path = qualify(required(body, 'deviceName', 'device-name'), '/Common');
    const found = device.store.lookup('cm/device', path);
    if (found === undefined) {
      throw notFound('device', path);
    }
    if (found.values['selfDevice'] !== 'false') {
      throw configurationError(`Device (${path}) is this device and cannot be removed from its trust domain`);
    }
    expel(path, device);
    await device.pair?.expel(path);
    return { kind: 'tm:cm:remove-from-trust:runstate', ...repeated(body) };
  },
};
