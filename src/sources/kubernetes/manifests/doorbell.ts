import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

/** Wakes a loop: by a notification of the file system, or when the time is over. Notifications may be lost; time is not. */
export class Doorbell {
  #watcher: FSWatcher | undefined;
  #watched: string | undefined;
  #rung = false;
  #wake: (() => void) | undefined;

  /** Listens to a folder; does nothing if it listens to this one already. `id` tells a replaced folder from the old one. */
  listen(folder: string, id: string | undefined): void {
    if (this.#watched === id) return;
    this.close();
    if (id === undefined) return;
    try {
      const watcher = watch(folder, { recursive: true }, () => this.ring());
      watcher.on('error', () => this.close());
      this.#watcher = watcher;
      this.#watched = id;
    } catch {
      // No notifications here: the time alone wakes the loop.
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
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#watched = undefined;
  }
}
