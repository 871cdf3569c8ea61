/** Where uploads end up (fact sheet 5.3). */
export const downloads = '/var/config/rest/downloads';

/** An upload that is not complete. */
interface Upload {
  readonly total: number;
  readonly chunks: Map<number, Buffer>;
}

/** How far an upload is. */
export interface UploadProgress {
  /** Sizes of the chunks by their offset. */
  readonly chunks: ReadonlyMap<number, number>;
  readonly total: number;
  readonly remaining: number;
}

/** Where complete files are kept beyond the life of the process. */
export interface FileKeeper {
  /** May refuse it by throwing. */
  put(path: string, content: Buffer): void;
  remove(path: string): void;
}

/** The files that clients uploaded, in memory. */
export class FileStore {
  readonly #files = new Map<string, Buffer>();
  readonly #uploads = new Map<string, Upload>();
  readonly #limit: number;
  readonly #keeper: FileKeeper | undefined;

  /** `limit`: bytes of all files and uploads together. `keeper` gets each file when it is complete. */
  constructor(limit = 256 * 1024 * 1024, keeper?: FileKeeper) {
    this.#limit = limit;
    this.#keeper = keeper;
  }

  /** Puts a file there without keeping it: one that was kept before, or that is there for a moment. */
  restore(path: string, content: Buffer): void {
    this.#files.set(path, content);
  }

  /** Puts a file there that the device made itself; kept like an upload. */
  put(path: string, content: Buffer): void {
    this.#keeper?.put(path, content);
    this.#files.set(path, content);
  }

  /** The content of a complete file; undefined when there is none. */
  read(path: string): Buffer | undefined {
    return this.#files.get(path);
  }

  /** The paths of complete files: the one given, or those in it as a folder. */
  pathsBelow(path: string): readonly string[] {
    const folder = path.endsWith('/') ? path : `${path}/`;
    return [...this.#files.keys()].filter((each) => each === path || each.startsWith(folder)).sort();
  }

  /** Takes a file away; whether it was there. */
  remove(path: string): boolean {
    if (!this.#files.has(path)) {
      return false;
    }
    this.#keeper?.remove(path);
    return this.#files.delete(path);
  }

  /** Calls a file something else; whether it was there. */
  move(from: string, to: string): boolean {
    const content = this.#files.get(from);
    if (content === undefined || to === '') {
      return false;
    }
    this.put(to, content);
    if (from !== to) {
      this.remove(from);
    }
    return true;
  }

  /** Bytes held. */
  get size(): number {
    let sum = 0;
    for (const file of this.#files.values()) {
      sum += file.length;
    }
    for (const { chunks } of this.#uploads.values()) {
      chunks.forEach((chunk) => {
        sum += chunk.length;
      });
    }
    return sum;
  }

  /** Whether so many bytes more fit. */
  hasRoomFor(bytes: number): boolean {
    return this.size + bytes <= this.#limit;
  }

  /**
   * Takes a chunk of a file of `total` bytes; one at offset 0 starts afresh. The file is there when every byte of it
   * came.
   */
  addChunk(
    path: string,
    chunk: { readonly start: number; readonly total: number; readonly content: Buffer },
  ): UploadProgress {
    const { start, total, content } = chunk;
    const known = start === 0 ? undefined : this.#uploads.get(path);
    const upload = known?.total === total ? known : { total, chunks: new Map<number, Buffer>() };
    upload.chunks.set(start, content);
    this.#uploads.set(path, upload);
    const sizes = new Map([...upload.chunks].map(([at, part]) => [at, part.length]));
    const remaining = remainingIn(sizes, total);
    if (remaining === 0) {
      const whole = Buffer.alloc(total);
      upload.chunks.forEach((part, at) => part.copy(whole, at));
      this.put(path, whole);
      this.#uploads.delete(path);
    }
    return { chunks: sizes, total, remaining };
  }
}

/** Bytes that no chunk covers; chunks may overlap when one was sent again. */
function remainingIn(sizes: ReadonlyMap<number, number>, total: number): number {
  let covered = 0;
  let upTo = 0;
  for (const [at, size] of [...sizes].sort(([a], [b]) => a - b)) {
    const from = Math.max(at, upTo);
    covered += Math.max(0, at + size - from);
    upTo = Math.max(upTo, at + size);
  }
  return total - covered;
}
