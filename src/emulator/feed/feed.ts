import type { DataPlane } from '../dataplane/model.ts';
import { internalDataGroupKind } from '../kinds/data-group/internal.ts';
import { nodeKind } from '../kinds/ltm-node.ts';
import { poolKind } from '../kinds/ltm-pool.ts';
import { snatpoolKind } from '../kinds/ltm-snatpool.ts';
import { virtualKind } from '../kinds/ltm-virtual.ts';
import type { Device } from '../session/device.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import { rootOf } from '../store/scope.ts';
import { monitorConfig } from './monitors.ts';
import { nodeConfigOf, poolConfig } from './pools.ts';
import { dataGroupConfig } from './rules.ts';
import { Settings } from './settings.ts';
import { usesTls } from './tls.ts';
import { isStandby, snatPoolConfig, virtualConfig } from './translate.ts';

/** What the data plane has to be told again. */
interface Affected {
  readonly monitors: Set<string>;
  readonly pools: Set<string>;
  readonly nodes: Set<string>;
  readonly dataGroups: Set<string>;
  readonly snatPools: Set<string>;
  readonly virtuals: Set<string>;
}

/** Virtual servers that use an object, directly or through one that defaults from it. */
function usersOf(targetClass: string, path: string, store: Store): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const open = [path];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const by of store.find(`ref:${targetClass}`, at)) {
      if (by.kind.class !== targetClass) {
        found.push(by.scope === '' ? by.fullPath : by.scope);
      } else if (!seen.has(by.fullPath)) {
        seen.add(by.fullPath);
        open.push(by.fullPath);
      }
    }
  }
  return found;
}

function addMonitor(path: string, into: Affected, store: Store): void {
  if (into.monitors.has(path)) {
    return;
  }
  into.monitors.add(path);
  for (const by of store.find('ref:monitor', path)) {
    if (by.kind.class === 'monitor') {
      addMonitor(by.fullPath, into, store);
    }
  }
}

/** Virtual servers behind a policy, a data-group of one, or a file of an SSL profile. */
function behind({ kind, fullPath, scope }: JournalEntry, store: Store): readonly string[] {
  if (kind.path === 'ltm/policy' || kind.path.startsWith('ltm/policy/')) {
    return usersOf('ltm/policy', scope === '' ? fullPath : rootOf(scope), store);
  }
  if (kind.path.startsWith('ltm/policy-strategy')) {
    return usersOf('ltm/policy-strategy', scope === '' ? fullPath : scope, store).flatMap((path) =>
      usersOf('ltm/policy', path, store),
    );
  }
  if (kind.path === 'ltm/rule') {
    const users = usersOf('ltm/rule', fullPath, store);
    // A persistence profile names a rule, too.
    return users.concat(users.flatMap((path) => usersOf('ltm/persistence', path, store)));
  }
  if (kind.path === 'sys/file/ssl-cert' || kind.path === 'sys/file/ssl-key') {
    const profiles = [...store.find(`ref:${kind.path}`, fullPath)];
    return profiles.flatMap((profile) => usersOf('profile', profile.fullPath, store));
  }
  if (kind.class === 'ltm/data-group') {
    const conditions = [...store.find('ref:ltm/data-group', fullPath)].filter((each) => each.scope !== '');
    return conditions.flatMap((condition) => usersOf('ltm/policy', rootOf(condition.scope), store));
  }
  return [];
}

function note(entry: JournalEntry, into: Affected, store: Store): void {
  const { kind, fullPath, scope } = entry;
  if (kind.class === 'monitor') {
    addMonitor(fullPath, into, store);
  } else if (kind.class === 'profile' || kind.class === 'ltm/persistence') {
    usersOf(kind.class, fullPath, store).forEach((each) => into.virtuals.add(each));
  } else if (kind.path === 'ltm/pool') {
    into.pools.add(fullPath);
  } else if (kind.path === 'ltm/pool/members') {
    into.pools.add(scope);
  } else if (kind.path === 'ltm/snatpool') {
    into.snatPools.add(fullPath);
  } else if (kind.path === 'ltm/snat-translation') {
    [...store.find('ref:ltm/snat-translation', fullPath)].forEach((pool) => into.snatPools.add(pool.fullPath));
  } else if (kind.path === 'ltm/default-node-monitor') {
    [...store.collection(nodeKind).list()].forEach((node) => into.nodes.add(node.fullPath));
  } else if (kind.path === 'ltm/node') {
    into.nodes.add(fullPath);
    [...store.find('ref:ltm/node', fullPath)].forEach((member) => into.pools.add(member.scope));
  } else if (kind.path === 'ltm/virtual') {
    into.virtuals.add(fullPath);
  } else if (kind.path.startsWith('ltm/virtual/')) {
    into.virtuals.add(scope);
  } else if (kind.path === 'ltm/virtual-address') {
    [...store.find('ref:ltm/virtual-address', fullPath)].forEach((each) => into.virtuals.add(each.fullPath));
  } else {
    behind(entry, store).forEach((each) => into.virtuals.add(each));
  }
}

/** Data-groups that a change is about: themselves, or those of a file. */
function dataGroupsOf({ kind, fullPath }: JournalEntry, store: Store): readonly string[] {
  if (kind.class === 'ltm/data-group') {
    return [fullPath];
  }
  const isFile = kind.path === 'sys/file/data-group';
  return isFile ? [...store.find('ref:sys/file/data-group', fullPath)].map((group) => group.fullPath) : [];
}

function inherits(entry: JournalEntry): boolean {
  return entry.kind.class === 'profile' || entry.kind.class === 'ltm/persistence';
}

/** A file or profile that monitors may speak TLS by. */
function concernsTls({ kind }: JournalEntry): boolean {
  return ['sys/file/ssl-cert', 'sys/file/ssl-key', 'ltm/profile/server-ssl'].includes(kind.path);
}

/** A member that was there before: whoever writes it resumes it, if a monitor waits for that (K). */
function isRewritten({ kind, before }: JournalEntry): boolean {
  return kind.path === 'ltm/pool/members' && before !== undefined;
}

/** Keeps the data plane on what the store says. */
export class Feed {
  readonly #device: Device;
  readonly #plane: DataPlane;
  readonly #settings: Settings;
  readonly #onPool: (path: string) => void;

  /** `onPool` hears of pools that changed, once the data plane has. */
  constructor(device: Device, plane: DataPlane, onPool: (path: string) => void = () => undefined) {
    this.#onPool = onPool;
    this.#device = device;
    this.#plane = plane;
    this.#settings = new Settings(device);
  }

  /** Tells it the monitors and data-groups of an empty box. */
  stock(): void {
    for (const kind of this.#device.kinds.byClass.get('monitor') ?? []) {
      for (const monitor of this.#device.store.collection(kind).list()) {
        this.#plane.setMonitor(monitor.fullPath, monitorConfig(monitor, this.#device));
      }
    }
    for (const group of this.#device.store.collection(internalDataGroupKind).list()) {
      this.#dataGroup(group.fullPath);
    }
  }

  /** Tells it what a commit changed: monitors, then pools, then virtual servers. */
  changed(changes: readonly JournalEntry[]): void {
    const { store } = this.#device;
    const affected: Affected = {
      monitors: new Set(),
      pools: new Set(),
      nodes: new Set(),
      dataGroups: new Set(),
      snatPools: new Set(),
      virtuals: new Set(),
    };
    for (const entry of changes) {
      note(entry, affected, store);
      dataGroupsOf(entry, store).forEach((path) => affected.dataGroups.add(path));
    }
    if (changes.some(inherits)) {
      this.#settings.forget();
    }
    changes.filter(concernsTls).forEach(({ fullPath }) => this.#addMonitorsWith(fullPath, affected));
    affected.monitors.forEach((path) => this.#monitor(path));
    affected.nodes.forEach((path) => this.#node(path));
    affected.pools.forEach((path) => this.#pool(path));
    affected.snatPools.forEach((path) => this.#snatPool(path));
    changes.filter(isRewritten).forEach(({ scope, fullPath }) => this.#plane.resume(scope, fullPath));
    affected.dataGroups.forEach((path) => this.#dataGroup(path));
    affected.virtuals.forEach((path) => this.#virtual(path));
  }

  /** The device is active for other traffic groups than before: virtual servers listen, or no longer. */
  failedOver(): void {
    for (const virtual of this.#device.store.collection(virtualKind).list()) {
      this.#virtual(virtual.fullPath);
    }
  }

  #dataGroup(path: string): void {
    const group = this.#device.store.lookup('ltm/data-group', path);
    this.#plane.setDataGroup(path, group === undefined ? undefined : dataGroupConfig(group, this.#device));
  }

  #snatPool(path: string): void {
    const pool = this.#device.store.get(snatpoolKind, path);
    this.#plane.setSnatPool(path, pool === undefined ? undefined : snatPoolConfig(pool, this.#device));
  }

  #addMonitorsWith(path: string, into: Affected): void {
    for (const kind of this.#device.kinds.byClass.get('monitor') ?? []) {
      for (const monitor of this.#device.store.collection(kind).list()) {
        if (usesTls(monitor.values, path)) {
          addMonitor(monitor.fullPath, into, this.#device.store);
        }
      }
    }
  }

  #monitor(path: string): void {
    const monitor = this.#device.store.lookup('monitor', path);
    this.#plane.setMonitor(path, monitor === undefined ? undefined : monitorConfig(monitor, this.#device));
  }

  #node(path: string): void {
    const node = this.#device.store.get(nodeKind, path);
    this.#plane.setNode(path, node === undefined ? undefined : nodeConfigOf(node, this.#device));
  }

  #pool(path: string): void {
    const pool = this.#device.store.get(poolKind, path);
    this.#plane.setPool(path, pool === undefined ? undefined : poolConfig(pool, this.#device));
    this.#onPool(path);
  }

  #virtual(path: string): void {
    const virtual = this.#device.store.get(virtualKind, path);
    if (virtual === undefined) {
      this.#plane.setVirtual(path, undefined);
      return;
    }
    const config = virtualConfig(virtual, this.#device, this.#settings);
    this.#plane.setVirtual(path, isStandby(virtual, this.#device) ? { ...config, standby: true } : config);
  }
}
