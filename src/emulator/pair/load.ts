import type { Kind } from '../kinds/kind.ts';
import type { Device } from '../session/device.ts';
import { identityPart, runUnit, type Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import { selfName } from './members.ts';
import type { SyncedObject, SyncedPlace, SyncLoad } from './messages.ts';
import { groupOf } from './scope.ts';

/** A place as a key. */
export function placeKey({ kind, scope, fullPath }: SyncedPlace): string {
  return JSON.stringify([kind, scope, fullPath]);
}

/** Reads a key of {@link placeKey}. */
export function placeOf(key: string): SyncedPlace {
  const [kind = '', scope = '', fullPath = ''] = JSON.parse(key) as string[];
  return { kind, scope, fullPath };
}

/** What of a device is different on each of them. */
const ownOfDevice = new Set(['selfDevice', 'failoverState']);

/** Whether units have it in common: a tunnel, but not one in a folder that is not synchronised. VLANs belong to their box. */
function isShared(path: string, store: Store, device: Device): boolean {
  const found = store.lookup('net/vlan', path);
  return found?.kind.path === 'net/tunnels/tunnel' && groupOf(found, device) !== undefined;
}

/** The tunnels among the VLANs of a route domain that come along with it. */
function tunnelsIn(vlans: unknown, store: Store, device: Device): readonly string[] {
  return (Array.isArray(vlans) ? vlans.map(String) : []).filter((path) => isShared(path, store, device));
}

/** An object as it is sent. */
export function toSynced(object: ConfigObject, device: Device): SyncedObject {
  const { store } = device;
  const { kind, scope } = object;
  let values = Object.entries(object.values);
  if (kind.path === 'cm/traffic-group') {
    // HA groups belong to their box, and so does which of them a traffic group has.
    values = values.filter(([name]) => name !== 'haGroup');
  } else if (kind.path === 'cm/device') {
    values = values.filter(([name]) => !ownOfDevice.has(name));
  } else if (kind.path === 'net/route-domain') {
    values = values.map(([name, value]) => [name, name === 'vlans' ? tunnelsIn(value, store, device) : value]);
  }
  return { kind: kind.path, scope, ...identityPart(object), values: Object.fromEntries(values) };
}

/** Every object that a device group synchronises. */
export function* objectsOf(group: string, device: Device): Generator<ConfigObject> {
  for (const kind of device.kinds.all) {
    const scopes = device.kinds.parents.has(kind.path) ? [...device.store.scopes(kind).keys()] : [''];
    for (const scope of scopes) {
      const objects = [...device.store.collection(kind, scope).list()];
      yield* objects.filter((object) => groupOf(object, device) === group);
    }
  }
}

function kindOf(place: SyncedPlace, session: Session): Kind {
  const kind = session.device.kinds.byPath.get(place.kind);
  if (kind === undefined) {
    throw new Error(`the kind ${place.kind} is not known here`);
  }
  return kind;
}

/** A route domain has the VLANs and tunnels of its own box, and the tunnels that come along. */
function vlansHere(sent: unknown, before: ConfigObject | undefined, session: Session): readonly string[] | undefined {
  const { store, device } = session;
  const isOwn = (path: string): boolean =>
    store.lookup('net/vlan', path) !== undefined && !isShared(path, store, device);
  const own: unknown = before?.values['vlans'];
  const kept = (Array.isArray(own) ? own.map(String) : []).filter(isOwn);
  const all = [...new Set([...tunnelsIn(sent, store, device), ...kept])];
  return all.length === 0 ? undefined : all;
}

function valuesHere(sent: SyncedObject, before: ConfigObject | undefined, session: Session): Record<string, unknown> {
  if (sent.kind === 'cm/device') {
    return { ...sent.values, selfDevice: 'false' };
  }
  if (sent.kind === 'cm/traffic-group') {
    return { ...sent.values, haGroup: before?.values['haGroup'] };
  }
  if (sent.kind === 'net/route-domain') {
    return { ...sent.values, vlans: vlansHere(sent.values['vlans'], before, session) };
  }
  return { ...sent.values };
}

/** What a box says of itself, it knows better. */
function isSelf({ kind, fullPath }: SyncedPlace, device: Device): boolean {
  return kind === 'cm/device' && fullPath === selfName(device);
}

function put(sent: SyncedObject, session: Session): void {
  const kind = kindOf(sent, session);
  const { scope, fullPath, name, partition, subPath } = sent;
  if (isSelf(sent, session.device)) {
    return;
  }
  const before = session.store.get(kind, fullPath, scope);
  const values = valuesHere(sent, before, session);
  const identity = {
    name,
    fullPath,
    ...(partition === undefined ? {} : { partition }),
    ...(subPath === undefined ? {} : { subPath }),
  };
  session.save({ kind, scope, identity, values, given: new Set(), before });
}

/**
 * Takes over the configuration of a device group, all or nothing: what it refers to has to be there. Gives what changed;
 * throws the first thing that is wrong.
 */
export function applyLoad(load: SyncLoad, device: Device): readonly JournalEntry[] {
  const { changes } = runUnit(device, { transaction: false }, (session) => {
    if (load.since === undefined) {
      const kept = new Set(load.objects.map(placeKey));
      const gone = [...objectsOf(load.group, device)].filter((object) => {
        const place = toSynced(object, device);
        return !kept.has(placeKey(place)) && !isSelf(place, device);
      });
      gone.forEach((object) => session.drop(object));
    }
    for (const place of load.gone) {
      const object = session.store.get(kindOf(place, session), place.fullPath, place.scope);
      if (object !== undefined) {
        session.drop(object);
      }
    }
    const isDomain = ({ kind }: SyncedObject): boolean => kind === 'net/route-domain';
    load.objects.filter((each) => !isDomain(each)).forEach((each) => put(each, session));
    load.objects.filter(isDomain).forEach((each) => put(each, session));
    device.store.serial = Math.max(device.store.serial, load.serial);
  });
  return changes;
}
