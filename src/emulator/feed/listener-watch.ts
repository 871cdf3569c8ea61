import type { Listener } from '../dataplane/model.ts';

/** What listens. */
interface Listening {
  /** Resolves when it follows the configuration set so far. */
  settled(): Promise<void>;
  listeners(): readonly Listener[];
}

/** Tells when virtual servers listen elsewhere than before. */
export class ListenerWatch {
  readonly #plane: Listening;
  readonly #tell: (listeners: readonly Listener[]) => void;
  #shown = '[]';
  #looking = false;
  #changed = false;

  constructor(plane: Listening, tell: (listeners: readonly Listener[]) => void) {
    this.#plane = plane;
    this.#tell = tell;
  }

  /** The configuration has changed: looks once the listeners have followed, once for many changes. */
  changed(): void {
    this.#changed = true;
    if (!this.#looking) {
      this.#looking = true;
      void this.#look();
    }
  }

  async #look(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      await this.#plane.settled();
    }
    this.#looking = false;
    const listeners = this.#plane.listeners();
    const text = JSON.stringify(listeners);
    if (text !== this.#shown) {
      this.#shown = text;
      this.#tell(listeners);
    }
  }
}
