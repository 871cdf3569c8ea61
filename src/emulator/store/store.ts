import type { Kind } from '../kinds/kind.ts';
import { Collection } from './collection.ts';
import { IndexTable } from './index-table.ts';
import type { ConfigObject } from './object.ts';
import { indexKeysOf } from './index-keys.ts';

/** What changed: the object at a place, as it was. */
export interface JournalEntry {
  readonly kind: Kind;
  readonly scope: string;
  readonly fullPath: string;
  readonly before: ConfigObject | undefined;
}

const empty = new Collection();

/** All objects, with the indexes over them and the journal that undoes a unit of work. */
export class Store {
  readonly #roots = new Map<string, Collection>();
  readonly #subs = new Map<string, Map<string, Collection>>();
  readonly #indexes = new Map<string, IndexTable>();
  #journal: JournalEntry[] | undefined;
  /** The box-wide counter behind `generation`. */
  generation = 1;
  /** The counter behind `vsIndex`. */
  serial = 0;

  /** The objects of a kind; of a sub-collection those of one parent. */
  collection(kind: Kind, scope = ''): Collection {
    const found = scope === '' ? this.#roots.get(kind.path) : this.#subs.get(kind.path)?.get(scope);
    return found ?? empty;
  }

  /** Every parent's collection of a sub-collection kind. */
  scopes(kind: Kind): ReadonlyMap<string, Collection> {
    return this.#subs.get(kind.path) ?? new Map<string, Collection>();
  }

  get(kind: Kind, fullPath: string, scope = ''): ConfigObject | undefined {
    return this.collection(kind, scope).get(fullPath);
  }

  /** Objects with a key in an index: `class:<class>` by full path, `ref:<class>` by target, and those of the kinds. */
  find(index: string, key: string): Iterable<ConfigObject> {
    return this.#indexes.get(index)?.find(key) ?? [];
  }

  /** The first object with a key in an index. */
  first(index: string, key: string): ConfigObject | undefined {
    for (const object of this.find(index, key)) {
      return object;
    }
    return undefined;
  }

  /** The object of a class (a collection path, `profile`, `monitor`) at a full path. */
  lookup(targetClass: string, fullPath: string): ConfigObject | undefined {
    return this.first(`class:${targetClass}`, fullPath);
  }

  /** Starts to record changes for undo. */
  begin(): void {
    this.#journal = [];
  }

  /** What was recorded so far. */
  get recorded(): readonly JournalEntry[] {
    return this.#journal ?? [];
  }

  /** Puts everything back as it was when `recorded` had so many entries, and goes on recording. */
  backTo(count: number): void {
    for (const entry of this.#journal?.splice(count).toReversed() ?? []) {
      this.#undo(entry);
    }
  }

  /** Ends recording and gives what was recorded. */
  commit(): readonly JournalEntry[] {
    const entries = this.#journal ?? [];
    this.#journal = undefined;
    return entries;
  }

  /** Puts everything back as it was at `begin`. */
  rollback(): void {
    const entries = this.commit();
    for (const entry of entries.toReversed()) {
      this.#undo(entry);
    }
  }

  #undo({ kind, scope, fullPath, before }: JournalEntry): void {
    const now = this.get(kind, fullPath, scope);
    if (before !== undefined) {
      this.#set(before);
    } else if (now !== undefined) {
      this.#drop(now);
    }
  }

  put(object: ConfigObject): void {
    const before = this.get(object.kind, object.fullPath, object.scope);
    this.#journal?.push({ kind: object.kind, scope: object.scope, fullPath: object.fullPath, before });
    this.#set(object);
  }

  remove(object: ConfigObject): void {
    this.#journal?.push({ kind: object.kind, scope: object.scope, fullPath: object.fullPath, before: object });
    this.#drop(object);
  }

  #set(object: ConfigObject): void {
    const collection = this.#collectionFor(object);
    const before = collection.get(object.fullPath);
    if (before !== undefined) {
      this.#unindex(before);
    }
    collection.put(object);
    for (const [index, key] of indexKeysOf(object)) {
      let table = this.#indexes.get(index);
      if (table === undefined) {
        table = new IndexTable();
        this.#indexes.set(index, table);
      }
      table.add(key, object);
    }
  }

  #drop(object: ConfigObject): void {
    this.#collectionFor(object).remove(object);
    this.#unindex(object);
    const parents = this.#subs.get(object.kind.path);
    if (object.scope !== '' && parents?.get(object.scope)?.size === 0) {
      parents.delete(object.scope);
    }
  }

  #unindex(object: ConfigObject): void {
    for (const [index, key] of indexKeysOf(object)) {
      this.#indexes.get(index)?.remove(key, object);
    }
  }

  #collectionFor(object: ConfigObject): Collection {
    const { kind, scope } = object;
    let group = this.#roots;
    let key = kind.path;
    if (scope !== '') {
      group = this.#subs.get(kind.path) ?? new Map<string, Collection>();
      this.#subs.set(kind.path, group);
      key = scope;
    }
    let collection = group.get(key);
    if (collection === undefined) {
      collection = new Collection();
      group.set(key, collection);
    }
    return collection;
  }
}
