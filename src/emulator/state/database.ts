import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StateError } from './state-error.ts';

/** The layout of the tables; a later one is refused. */
const format = 1;
/** Marks the file as state of an emulator: `FLem`. */
const applicationId = 0x46_4c_65_6d;

/** Codes of SQLite (sqlite.org/rescode.html). */
const busy = 5;
const readOnly = 8;
const corrupt = 11;
const cannotOpen = 14;
const noDatabase = 26;

const reasons: Readonly<Record<number, string>> = {
  [busy]: 'another emulator uses it: stop that one, or choose another folder',
  [readOnly]: 'this user may not write it; change its owner or its mode',
  [corrupt]: 'state.db is damaged: restore it from a copy, or start with an empty folder',
  [cannotOpen]: 'state.db cannot be opened; change its owner or its mode',
  [noDatabase]: 'state.db is no state of an emulator: choose another folder',
};

const fileReasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read and write it; change its owner or its mode',
  EROFS: 'it is on a file system that is read-only',
  ENOTDIR: 'found a file where a folder was expected',
  ENOENT: 'it cannot be made there',
  EISDIR: 'found a folder at state.db, expected a file',
  ENOSPC: 'no space is left on its file system',
};

/** Makes a folder and those above it. Node's own `recursive` never ends where a file system makes no folders (`/proc`). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) {
      throw new StateError('found a file, expected a folder');
    }
    return;
  }
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** Puts an error of the file system or of SQLite into words. */
function explain(error: unknown): unknown {
  const { code, errcode } = error as { readonly code?: string; readonly errcode?: number };
  const reason = code === 'ERR_SQLITE_ERROR' ? reasons[(errcode ?? 0) & 0xff] : fileReasons[code ?? ''];
  if (reason === undefined) {
    return error instanceof StateError
      ? error
      : new StateError(`it cannot be used (${error instanceof Error ? error.message : String(error)})`, {
          cause: error,
        });
  }
  return new StateError(`${reason} (${code === 'ERR_SQLITE_ERROR' ? `SQLite ${errcode}` : code})`, { cause: error });
}

const tables = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  -- A stock object that was deleted stays as a row without content.
  CREATE TABLE IF NOT EXISTS objects (place TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, content BLOB NOT NULL);
`;

function numberOf(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}

function prepare(database: DatabaseSync): void {
  // The lock is taken at the first access and held until the process ends, however it ends.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  const found = numberOf(database, 'user_version');
  if (found > format) {
    throw new StateError(`it was written by a later version (format ${found}, known up to ${format})`);
  }
  if (found !== 0 && numberOf(database, 'application_id') !== applicationId) {
    throw new StateError('state.db is no state of an emulator: choose another folder');
  }
  // Each commit is on the disk when it returns; what a crash left behind is completed or dropped when it is opened.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216');
  // Keys that were deleted or replaced are overwritten.
  database.exec('PRAGMA secure_delete = ON');
  database.exec(`BEGIN EXCLUSIVE; ${tables} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${format}`);
  database.exec('COMMIT');
  const damage = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (damage !== 'ok') {
    throw new StateError(
      `state.db is damaged: restore it from a copy, or start with an empty folder (${String(damage)})`,
    );
  }
}

/**
 * Opens the database of a state folder, made when it is not there; only its owner can read it. One process at a time
 * has it. Throws a {@link StateError}.
 */
export function openDatabase(folder: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makeFolder(resolve(folder));
    const file = join(folder, 'state.db');
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    database = new DatabaseSync(file);
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw explain(error);
  }
}
