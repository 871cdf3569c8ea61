import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { pause } from '../../watching/backoff.ts';
import type { ChangeContext } from '../changes.ts';
import type { Feed, FeedHost } from '../feed.ts';
import type { ManifestOptions } from '../options.ts';
import type { RecordChange } from '../store.ts';
import { Doorbell } from '../../watching/doorbell.ts';
import { codeOf, stampOf } from '../../watching/stamp.ts';
import { fileProblem, readContent } from './files.ts';
import type { FileContent } from './files.ts';
import { Holdings } from './holdings.ts';
import { scanFolder } from './scan.ts';
import type { Scan } from './scan.ts';

const MAX_BYTES = 64 * 1024 * 1024;
// A file that never stops changing is read all the same after so many looks.
const MAX_LOOKS = 50;

/** The way in from a folder of manifests. */
export class ManifestFeed implements Feed {
  readonly #options: ManifestOptions;
  readonly #context: ChangeContext;
  readonly #host: FeedHost;
  readonly #holdings: Holdings;
  readonly #stamps = new Map<string, string>();
  readonly #bell = new Doorbell();
  #folderProblems: readonly Diagnostic[] = [];
  #turn: Promise<void> = Promise.resolve();
  #loaded = false;
  #missing = '';
  #directories: Scan['directories'] = new Map();

  constructor(options: { readonly from: ManifestOptions; readonly context: ChangeContext; readonly host: FeedHost }) {
    this.#options = options.from;
    this.#context = options.context;
    this.#host = options.host;
    this.#holdings = new Holdings(options.context.source);
  }

  get complete(): boolean {
    return this.#loaded && this.#folderProblems.length === 0 && !this.#holdings.broken;
  }

  get doubt(): boolean {
    return this.#holdings.doubt;
  }

  get problems(): readonly Diagnostic[] {
    return [...this.#folderProblems, ...this.#holdings.problems];
  }

  ready(): boolean {
    return this.#loaded;
  }

  async load(signal: AbortSignal): Promise<void> {
    await this.#refresh(signal);
    signal.throwIfAborted();
  }

  async follow(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const started = performance.now();
        await this.#refresh(signal);
        // Looking through a large folder must not become all that is done.
        const pollMs = Math.max(this.#options.pollMs ?? 5000, 20 * (performance.now() - started));
        this.#bell.listen(this.#options.folder, this.#directories);
        await this.#bell.wait(pollMs, signal);
      }
    } finally {
      this.#bell.close();
    }
  }

  async close(): Promise<void> {
    this.#bell.close();
    await Promise.resolve();
  }

  // One at a time: a read may come while the folder is followed.
  #refresh(signal: AbortSignal): Promise<void> {
    this.#turn = this.#turn.then(() => this.#refreshNow(signal));
    return this.#turn;
  }

  async #refreshNow(signal: AbortSignal): Promise<void> {
    let scan = await this.#settledScan(signal);
    let restless = await this.#takeAll(scan, signal);
    for (let look = 1; look < MAX_LOOKS && restless.length > 0 && !signal.aborted; look += 1) {
      scan = await this.#settledScan(signal);
      restless = await this.#takeAll(scan, signal);
    }
    if (signal.aborted) return;
    for (const path of restless)
      this.#tell(this.#holdings.fail(path, this.#problem(path, 'it does not stop changing')));
    this.#directories = scan.directories;
    this.#folderProblems = this.#judge(scan);
    // Without a clean look at the folder, a file that was not seen is not known to be gone.
    if (this.#folderProblems.length === 0) this.#forgetAllBut(scan);
    this.#loaded = true;
    this.#host.stateChanged();
  }

  /** Reads the files that changed; gives those that changed again meanwhile. */
  async #takeAll(scan: Scan, signal: AbortSignal): Promise<readonly string[]> {
    const restless: string[] = [];
    for (const [path, stamp] of scan.files) {
      if (signal.aborted) break;
      if (this.#stamps.get(path) === stamp.id) continue;
      if (!(await this.#take(path, stamp.id))) restless.push(path);
    }
    return restless;
  }

  #forgetAllBut(scan: Scan): void {
    for (const path of this.#stamps.keys()) {
      if (scan.files.has(path)) continue;
      this.#stamps.delete(path);
      this.#tell(this.#holdings.remove(path));
    }
  }

  // Editors write in steps: a changed file is read when it has been left alone for a while.
  async #settledScan(signal: AbortSignal): Promise<Scan> {
    const quietMs = this.#options.quietMs ?? 100;
    let scan = await scanFolder(this.#options.folder);
    for (let look = 1; look < MAX_LOOKS && this.#isFresh(scan, quietMs) && !signal.aborted; look += 1) {
      await pause(quietMs, signal);
      scan = await scanFolder(this.#options.folder);
    }
    return scan;
  }

  #isFresh(scan: Scan, quietMs: number): boolean {
    const now = Date.now();
    const changed = [...scan.files].filter(([path, stamp]) => this.#stamps.get(path) !== stamp.id);
    const vanished = [...this.#stamps.keys()].filter((path) => !scan.files.has(path));
    if (changed.some(([, stamp]) => Math.abs(now - stamp.mtimeMs) < quietMs)) return true;
    // A replaced file may be away for a moment: look again before it counts as gone.
    const missing = vanished.join('\n');
    const again = missing !== '' && missing !== this.#missing;
    this.#missing = missing;
    return again;
  }

  #judge(scan: Scan): Diagnostic[] {
    const { folder } = this.#options;
    const failed = scan.failed.map(({ path, code }) => this.#problem(join(folder, path), `cannot be read (${code})`));
    if (failed.length > 0) return failed;
    const emptied = scan.files.size === 0 && this.#stamps.size > 0;
    return emptied ? [this.#problem(folder, 'the folder held manifests and is empty now')] : [];
  }

  async #take(path: string, stamp: string): Promise<boolean> {
    const file = join(this.#options.folder, path);
    let changes: readonly RecordChange[];
    try {
      const bytes = await readFile(file);
      // If it changed again while it was read, what was read may be half of it.
      if (stampOf(await stat(file, { bigint: true })).id !== stamp) return false;
      const isLarge = bytes.length > MAX_BYTES;
      changes = isLarge
        ? this.#holdings.fail(path, this.#problem(path, `it is larger than ${MAX_BYTES} bytes`))
        : this.#holdings.put(path, await this.#parse(path, bytes));
    } catch (error) {
      changes = this.#holdings.fail(path, this.#problem(path, `cannot be read (${codeOf(error)})`));
    }
    this.#tell(changes);
    this.#stamps.set(path, stamp);
    return true;
  }

  #problem(file: string, message: string): Diagnostic {
    return fileProblem(this.#context.source, { file, message });
  }

  async #parse(path: string, bytes: Buffer): Promise<FileContent> {
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      const broken = this.#problem(path, 'it is not UTF-8');
      return { objects: new Map(), twice: [], documents: new Map(), broken };
    }
    const before = this.#holdings.documentsOf(path);
    return readContent({ name: path, text, ...(before === undefined ? {} : { before }) }, this.#context);
  }

  #tell(changes: readonly RecordChange[]): void {
    if (changes.length > 0) this.#host.changed(changes);
  }
}
