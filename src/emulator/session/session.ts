import { folderMissing } from '../errors/mcp.ts';
import type { ParseContext } from '../kinds/field.ts';
import type { Principal } from '../auth/users.ts';
import type { Draft, Kind } from '../kinds/kind.ts';
import { folderOf, qualify, type Identity } from '../names/full-path.ts';
import { targetsOf } from '../store/index-keys.ts';
import type { ConfigObject } from '../store/object.ts';
import { parentPlace, rootOf } from '../store/scope.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import { checkKeys } from './deferred-checks.ts';
import type { Device } from './device.ts';
import { sameJson } from './equal.ts';

/** What a unit of work touched, in the order of the first touch. */
export interface Touched {
  readonly kind: Kind;
  readonly scope: string;
  readonly fullPath: string;
}

/** An application service whose template runs. */
export interface RunningApplication {
  /** Its full path. */
  readonly service: string;
  /** What the run made or changed: kind and full path of each, by {@link placeOf}. */
  readonly made: Set<string>;
  /** 1, and one more within a template that makes another service. */
  readonly depth: number;
}

/** An object, or what an item is below, as a run of a template remembers it. */
export function placeOf(object: Touched, kinds: Device['kinds']): string {
  let { kind } = object;
  for (let above = kinds.parents.get(kind.path); above !== undefined;) {
    kind = above;
    above = kinds.parents.get(kind.path);
  }
  return `${kind.path} ${object.scope === '' ? object.fullPath : rootOf(object.scope)}`;
}

/** One unit of work on the configuration: a request, or a whole transaction. */
export class Session {
  readonly device: Device;
  readonly store: Store;
  /** Whether this is the commit of a transaction, in which a new partition is not yet usable (fact sheet 6.3). */
  readonly inTransaction: boolean;
  /** Monitors that an object let go of in this unit: they still count as in use (`01070083`). */
  readonly detachedMonitors = new Set<string>();
  /**
   * Whether this loads a configuration file: what it says was right when it was saved, so that files that are not on the
   * box are kept as they are described, and published policies are open.
   */
  loading = false;
  /** Who asked for this unit; undefined: whoever started the emulator. */
  principal: Principal | undefined;
  /** The application service whose template runs in this unit. */
  application: RunningApplication | undefined;
  /** What the final checks look at, or looked at when one of them refused the unit. */
  checked: Touched | undefined;
  readonly #newPartitions = new Set<string>();
  readonly #touched = new Map<string, Touched>();

  constructor(device: Device, inTransaction: boolean) {
    this.device = device;
    this.store = device.store;
    this.inTransaction = inTransaction;
  }

  /** The default route domain of a partition. */
  routeDomainOf(partition: string | undefined): number {
    return defaultRouteDomain(this.device, partition);
  }

  /** What fields need to know to read a body of an object. */
  parseContext(identity: Identity): ParseContext {
    const folder = folderOf(identity);
    return {
      version: this.device.version,
      folder,
      routeDomain: this.routeDomainOf(identity.partition),
      current: () => undefined,
      resolve: (targetClass, name) => this.resolve(targetClass, name, folder),
    };
  }

  /** Makes a name absolute, looking in a folder and then in `/Common`. */
  resolve(targetClass: string, name: string, folder: string): string {
    const near = qualify(name, folder);
    if (near === name || this.store.lookup(targetClass, near) !== undefined) {
      return near;
    }
    const common = qualify(name, '/Common');
    return this.store.lookup(targetClass, common) === undefined ? near : common;
  }

  /** Whether a folder is there and usable in this unit. */
  hasFolder(folder: string): boolean {
    const partition = folder.split('/', 2)[1] ?? '';
    return this.store.lookup('sys/folder', folder) !== undefined && !this.#newPartitions.has(partition);
  }

  /** Refuses a folder that is not there. */
  requireFolder(folder: string): void {
    if (!this.hasFolder(folder)) {
      throw folderMissing(folder);
    }
  }

  /** Notes a partition made in this unit: within a transaction nothing can be put into it. */
  partitionCreated(name: string): void {
    if (this.inTransaction) {
      this.#newPartitions.add(name);
    }
  }

  /** Stores a draft and gives the object; one that changes nothing keeps its generation. */
  save(draft: Draft): ConfigObject {
    const { kind, scope, identity, before } = draft;
    this.application?.made.add(placeOf({ kind, scope, fullPath: identity.fullPath }, this.device.kinds));
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(draft.values)) {
      if (value !== undefined) {
        values[name] = value;
      }
    }
    if (before !== undefined && sameJson(before.values, values)) {
      this.touch(before);
      return before;
    }
    const generation = kind.noGeneration === true ? 0 : this.nextGeneration();
    const object: ConfigObject = { kind, scope, ...identity, generation, values };
    this.#noteDetached(before, object);
    this.store.put(object);
    this.touch(object);
    return object;
  }

  /** Creates an object that comes along with another one, such as a member's node. */
  createAlong(kind: Kind, identity: Identity, values: Record<string, unknown>): ConfigObject {
    return this.save({ kind, scope: '', identity, values, given: new Set(), before: undefined });
  }

  /** Changes values of an object without a body. */
  change(object: ConfigObject, values: Record<string, unknown>): ConfigObject {
    const { kind, scope } = object;
    const draft = { kind, scope, identity: identityPart(object), given: new Set<string>(), before: object };
    return this.save({ ...draft, values: { ...object.values, ...values } });
  }

  /** Takes an object out. Sub-collections are the caller's. */
  drop(object: ConfigObject): void {
    this.nextGeneration();
    this.store.remove(object);
    this.touch(object);
  }

  nextGeneration(): number {
    this.store.generation += 1;
    return this.store.generation;
  }

  /** A number that no other object has had: `vsIndex`. */
  nextSerial(): number {
    this.store.serial += 1;
    return this.store.serial;
  }

  touch(object: ConfigObject): void {
    const key = `${object.kind.path} ${object.scope} ${object.fullPath}`;
    if (!this.#touched.has(key)) {
      this.#touched.set(key, { kind: object.kind, scope: object.scope, fullPath: object.fullPath });
    }
    this.#touchParent(object);
  }

  /** What an object's items are decides whether it is right: a virtual server and its profiles. */
  #touchParent(item: ConfigObject): void {
    const kind = this.device.kinds.parents.get(item.kind.path);
    const place = parentPlace(item.scope);
    const parent = kind === undefined ? undefined : this.store.get(kind, place.fullPath, place.scope);
    if (parent !== undefined) {
      this.touch(parent);
    }
  }

  /** The checks that mcpd makes when it commits, over everything that was touched: foreign keys, then its own rules. */
  finish(): void {
    const all = [...this.#touched.values()];
    for (const touched of all) {
      this.checked = touched;
      checkKeys(touched, this);
    }
    const isItem = ({ scope }: Touched): boolean => scope !== '';
    const itemsFirst = [...all.filter(isItem), ...all.filter((each) => !isItem(each))];
    for (const touched of itemsFirst) {
      const { kind, fullPath, scope } = touched;
      this.checked = touched;
      const object = this.store.get(kind, fullPath, scope);
      if (object !== undefined) {
        kind.hooks.check?.(object, this);
      }
    }
  }

  #noteDetached(before: ConfigObject | undefined, after: ConfigObject): void {
    if (before === undefined) {
      return;
    }
    for (const field of before.kind.foreignKeys.filter(({ reference }) => reference?.target === 'monitor')) {
      const kept = new Set(targetsOf(field, after.values[field.name]));
      const gone = targetsOf(field, before.values[field.name]).filter((target) => !kept.has(target));
      gone.forEach((target) => this.detachedMonitors.add(target));
    }
  }
}

/** The identity of an object. */
export function identityPart(object: ConfigObject): Identity {
  const { name, partition, subPath, fullPath } = object;
  return {
    name,
    fullPath,
    ...(partition === undefined ? {} : { partition }),
    ...(subPath === undefined ? {} : { subPath }),
  };
}

/** The default route domain of a partition; 0 for one that is not there. */
export function defaultRouteDomain(device: Device, partition: string | undefined): number {
  const value = device.store.lookup('auth/partition', partition ?? 'Common')?.values['defaultRouteDomain'];
  return typeof value === 'number' ? value : 0;
}

/** How a unit of work runs. */
export interface UnitOptions {
  /** The commit of a transaction. */
  readonly transaction: boolean;
  /** Check everything, change nothing. */
  readonly dryRun?: boolean;
}

/** Runs a unit of work: all of it, with its final checks, or nothing. Gives the result and what changed. */
export function runUnit<T>(
  device: Device,
  options: UnitOptions,
  work: (session: Session) => T,
): { readonly result: T; readonly changes: readonly JournalEntry[] } {
  const { store } = device;
  const { generation, serial } = store;
  const session = new Session(device, options.transaction);
  const undo = (): void => {
    store.rollback();
    store.generation = generation;
    store.serial = serial;
  };
  store.begin();
  let result: T;
  try {
    result = work(session);
    session.finish();
    if (options.dryRun !== true) {
      device.keep?.(store.recorded);
    }
  } catch (error) {
    undo();
    throw error;
  }
  if (options.dryRun === true) {
    undo();
    return { result, changes: [] };
  }
  const changes = store.commit();
  device.pair?.committed(changes);
  return { result, changes };
}
