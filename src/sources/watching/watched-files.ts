import { glob, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { Doorbell } from './doorbell.ts';
import { readSettled } from './settled.ts';

/** Why a file, or a pattern of files, gives nothing. */
export interface FileProblem {
  readonly problem: string;
  /** The line or row of it. */
  readonly row?: number;
}

/** Which files are followed, and what becomes of their bytes. */
export interface WatchedFilesOptions<T> {
  /** Files, or patterns of them (`*.csv`). */
  readonly paths: readonly string[];
  /** Makes something of a file's bytes. Called once for each version of it. */
  readonly parse: (bytes: Buffer, file: string) => Promise<T | FileProblem>;
  /** Others that are followed with them. They are read by {@link WatchedFiles.readBeside}. */
  readonly beside?: () => Iterable<string>;
  /** A file is read when it has been left alone for so long; default 100 ms. */
  readonly quietMs?: number | undefined;
  /** Files are looked at this often where no notification comes; default 5 s. */
  readonly pollMs?: number | undefined;
}

/** What all files gave. */
export interface FilesRead<T> {
  readonly files: ReadonlyMap<string, T>;
  /** Files, and patterns that no file matches: a mount may not be there yet. */
  readonly failed: ReadonlyMap<string, FileProblem>;
}

interface FoundFiles {
  readonly files: ReadonlySet<string>;
  readonly failed: Map<string, FileProblem>;
}

interface Version<T> {
  readonly stamp: string;
  readonly parsed: T | FileProblem;
}

const MAX_BYTES = 64 * 1024 * 1024;
const DEFAULTS = { quietMs: 100, pollMs: 5000 };

/** Reads files that others write, and follows them. A file that did not change is not read again. */
export class WatchedFiles<T extends object> {
  readonly #options: WatchedFilesOptions<T>;
  readonly #bell = new Doorbell();
  readonly #known = new Map<string, Version<T>>();
  readonly #beside = new Map<string, Version<{ readonly bytes: Buffer }>>();

  constructor(options: WatchedFilesOptions<T>) {
    this.#options = options;
  }

  /** All files as they are now. Rejects only if the signal aborts. */
  async read(signal: AbortSignal): Promise<FilesRead<T>> {
    const read = new Map<string, T>();
    const { files, failed } = await this.#filesSettled(signal);
    for (const file of files) {
      signal.throwIfAborted();
      const parsed = await readVersion(file, this.#known, {
        ...this.#settling(signal),
        parse: this.#options.parse,
      });
      if ('problem' in parsed) failed.set(file, parsed);
      else read.set(file, parsed);
    }
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file);
    return { files: read, failed };
  }

  /** The bytes of a file that one of the files names. */
  async readBeside(file: string, signal: AbortSignal): Promise<{ readonly bytes: Buffer } | FileProblem> {
    const parse = (bytes: Buffer): Promise<{ readonly bytes: Buffer }> => Promise.resolve({ bytes });
    return await readVersion(file, this.#beside, { ...this.#settling(signal), parse });
  }

  /** Calls back when something may have changed, until the signal aborts. */
  async follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    try {
      while (!signal.aborted) {
        this.#bell.listen('', await this.#folders());
        await this.#bell.wait(this.#options.pollMs ?? DEFAULTS.pollMs, signal);
        if (!signal.aborted) onChange();
      }
    } finally {
      this.#bell.close();
    }
  }

  close(): Promise<void> {
    this.#bell.close();
    return Promise.resolve();
  }

  #settling(signal: AbortSignal): { readonly signal: AbortSignal; readonly quietMs: number } {
    return { signal, quietMs: this.#options.quietMs ?? DEFAULTS.quietMs };
  }

  /** A file that a pattern had and has no longer may be about to be replaced: it is looked for once more. */
  async #filesSettled(signal: AbortSignal): Promise<FoundFiles> {
    const found = await this.#files();
    if ([...this.#known.keys()].every((file) => found.files.has(file))) return found;
    await sleep(this.#options.quietMs ?? DEFAULTS.quietMs, undefined, { signal }).catch(() => undefined);
    return signal.aborted ? found : await this.#files();
  }

  async #files(): Promise<FoundFiles> {
    const files = new Set<string>();
    const failed = new Map<string, FileProblem>();
    for (const pattern of this.#options.paths) {
      const found = isPattern(pattern) ? await filesOf(pattern) : [pattern];
      for (const file of found) files.add(file);
      if (found.length === 0) failed.set(pattern, { problem: 'matches no file' });
    }
    return { files, failed };
  }

  /** The folders of the files, by path, with what tells a replaced one from the old. */
  async #folders(): Promise<ReadonlyMap<string, string>> {
    const { files } = await this.#files();
    const plain = this.#options.paths.filter((path) => !isPattern(path));
    const beside = this.#options.beside?.() ?? [];
    const paths = new Set([...files, ...plain, ...beside].map((file) => dirname(file)));
    const folders = new Map<string, string>();
    for (const path of paths) {
      const info = await stat(path).catch(() => undefined);
      if (info !== undefined) folders.set(path, `${info.dev}:${info.ino}`);
    }
    return folders;
  }
}

async function readVersion<T extends object>(
  file: string,
  known: Map<string, Version<T>>,
  options: {
    readonly signal: AbortSignal;
    readonly quietMs: number;
    readonly parse: WatchedFilesOptions<T>['parse'];
  },
): Promise<T | FileProblem> {
  const { signal, quietMs, parse } = options;
  const read = await readSettled(file, { signal, quietMs, maxBytes: MAX_BYTES, known: known.get(file) });
  if ('problem' in read) return read;
  if ('known' in read) return read.known.parsed;
  const parsed = await parse(read.bytes, file);
  known.set(file, { stamp: read.stamp, parsed });
  return parsed;
}

/** Without folders, and without the lock files (`~$vips.xlsx`) that spreadsheet programs put beside open workbooks. */
async function filesOf(pattern: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const entry of glob(pattern, { withFileTypes: true }))
    if (!entry.isDirectory() && !entry.name.startsWith('~$')) files.push(join(entry.parentPath, entry.name));
  return files.sort();
}

function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}
