import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FileKeeper } from '../files/file-store.ts';
import type { KindRegistry } from '../kinds/registry.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import { openDatabase } from './database.ts';
import { givenHashes, withNewPassword, type Hashes } from './given-users.ts';
import { StateError } from './state-error.ts';

/** What is written of an object; its place is the key. */
type Content = Pick<ConfigObject, 'name' | 'partition' | 'subPath' | 'generation' | 'values'>;

type Place = Pick<JournalEntry, 'kind' | 'scope' | 'fullPath'>;

/** As text, because a scope may hold a NUL. */
function placeKey({ kind, scope, fullPath }: Place): string {
  return JSON.stringify([kind.path, scope, fullPath]);
}

function contentOf({ name, partition, subPath, generation, values }: ConfigObject): string {
  return JSON.stringify({ name, partition, subPath, generation, values } satisfies Record<keyof Content, unknown>);
}

/** Every object of a store. */
function* allObjects(store: Store, kinds: KindRegistry): Generator<ConfigObject> {
  for (const kind of kinds.all) {
    yield* store.collection(kind).list();
    for (const collection of store.scopes(kind).values()) {
      yield* collection.list();
    }
  }
}

/**
 * The state of one device on disk: how its configuration differs from that of an empty box, its counters, and the files
 * that clients uploaded. A unit of work is one transaction of SQLite, which is on the disk before the client is answered.
 * Tokens, open transactions, incomplete uploads, faults and the request log are not kept.
 */
export class State {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #putMeta: StatementSync;
  /** Keeps uploads when they are complete, and forgets those that are taken away. */
  readonly files: FileKeeper;
  /** Places of the objects of an empty box. */
  readonly #stock = new Set<string>();

  /** Opens a folder. Throws a {@link StateError}: it is in use, damaged, not ours, or of another release. */
  constructor(folder: string, tmos: string) {
    this.#database = openDatabase(folder);
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?)');
    this.#delete = this.#database.prepare('DELETE FROM objects WHERE place = ?');
    this.#putMeta = this.#database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    const putFile = this.#database.prepare('INSERT OR REPLACE INTO files VALUES (?, ?)');
    const removeFile = this.#database.prepare('DELETE FROM files WHERE path = ?');
    this.files = {
      put: (path, content) => void putFile.run(path, content),
      remove: (path) => void removeFile.run(path),
    };
    const known = this.#meta('tmos');
    if (known !== undefined && known !== tmos) {
      this.close();
      throw new StateError(`it holds the state of TMOS ${known}, not ${tmos}: choose that release, or another folder`);
    }
    this.#putMeta.run('tmos', tmos);
  }

  /** Puts what is kept into a store that holds the stock objects. Gives what differs from them now. */
  restore(store: Store, kinds: KindRegistry): readonly JournalEntry[] {
    const given = givenHashes(store);
    for (const object of allObjects(store, kinds)) {
      this.#stock.add(placeKey(object));
    }
    const changes: JournalEntry[] = [];
    for (const row of this.#database.prepare('SELECT place, content FROM objects').iterate()) {
      const place = this.#placeOf(String(row['place']), kinds);
      const stock = store.get(place.kind, place.fullPath, place.scope);
      if (row['content'] !== null) {
        const content = JSON.parse(String(row['content'])) as Content;
        store.put({ ...content, ...place });
      } else if (stock !== undefined) {
        store.remove(stock);
      }
      changes.push({ ...place, before: stock });
    }
    store.generation = Math.max(store.generation, Number(this.#meta('generation') ?? 0));
    store.serial = Math.max(store.serial, Number(this.#meta('serial') ?? 0));
    this.#atomically(() => {
      for (const user of withNewPassword(store, given, JSON.parse(this.#meta('given') ?? '{}') as Hashes)) {
        store.put(user);
        this.#put.run(placeKey(user), contentOf(user));
      }
      this.#putMeta.run('given', JSON.stringify(given));
    });
    return changes;
  }

  /** Whether anything was written before. */
  get isNew(): boolean {
    return this.#meta('generation') === undefined;
  }

  /** The files that were kept. */
  *keptFiles(): Generator<readonly [path: string, content: Buffer]> {
    for (const row of this.#database.prepare('SELECT path, content FROM files').iterate()) {
      yield [String(row['path']), Buffer.from(row['content'] as Uint8Array)];
    }
  }

  /** Writes what a unit of work changed: all of it, or nothing and it throws. It is on the disk when this returns. */
  commit(entries: readonly JournalEntry[], store: Store): void {
    if (entries.length === 0) {
      return;
    }
    this.#atomically(() => {
      const places = new Map(entries.map((entry) => [placeKey(entry), entry]));
      for (const [key, { kind, scope, fullPath }] of places) {
        const object = store.get(kind, fullPath, scope);
        if (object !== undefined) {
          this.#put.run(key, contentOf(object));
        } else if (this.#stock.has(key)) {
          this.#put.run(key, null);
        } else {
          this.#delete.run(key);
        }
      }
      this.#putMeta.run('generation', String(store.generation));
      this.#putMeta.run('serial', String(store.serial));
    });
  }

  /** A text that was kept under a name. */
  note(name: string): string | undefined {
    return this.#meta(`note ${name}`);
  }

  /** Keeps a text under a name. */
  putNote(name: string, text: string): void {
    this.#putMeta.run(`note ${name}`, text);
  }

  close(): void {
    if (this.#database.isOpen) {
      this.#database.close();
    }
  }

  #atomically(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.#database.isTransaction) {
        this.#database.exec('ROLLBACK');
      }
      throw error;
    }
  }

  #meta(name: string): string | undefined {
    const value = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'];
    return value === undefined || value === null ? undefined : String(value);
  }

  #placeOf(key: string, kinds: KindRegistry): Place {
    const [path = '', scope = '', fullPath = ''] = JSON.parse(key) as readonly string[];
    const kind = kinds.byPath.get(path);
    if (kind === undefined) {
      throw new StateError(`it holds an object of ${path}, which this version does not have`);
    }
    return { kind, scope, fullPath };
  }
}
