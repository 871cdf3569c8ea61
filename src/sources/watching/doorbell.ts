import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Wakes a loop: by a notification of the file system, or when the time is over. Notifications may be lost; time is not. */
export class Doorbell {
  readonly #watchers = new Map<string, { readonly id: string; readonly watcher: FSWatcher }>();
  #rung = false;
  #wake: (() => void) | undefined;

  /**
   * Listens to these folders and to no others; `directories` tells by id a replaced folder from the old one. Each is
   * watched on its own: recursive watching loses files that were replaced. Rings if a folder is new, because something
   * may have happened in it before.
   */
  listen(root: string, directories: ReadonlyMap<string, string>): void {
    for (const [path, { id }] of this.#watchers) if (directories.get(path) !== id) this.#forget(path);
    for (const [path, id] of directories) {
      if (this.#watchers.has(path)) continue;
      try {
        const watcher = watch(join(root, path), () => this.ring());
        watcher.on('error', () => this.#forget(path));
        this.#watchers.set(path, { id, watcher });
        this.ring();
      } catch {
        // No notifications here: the time alone wakes the loop.
      }
    }
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Returns when it rings, when it rang since the last wait, after `ms`, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.#wake, { once: true });
      }).finally(() => {
        if (this.#wake !== undefined) signal.removeEventListener('abort', this.#wake);
        this.#wake = undefined;
      });
    }
    this.#rung = false;
  }

  close(): void {
    for (const path of this.#watchers.keys()) this.#forget(path);
  }

  #forget(path: string): void {
    this.#watchers.get(path)?.watcher.close();
    this.#watchers.delete(path);
  }
}
