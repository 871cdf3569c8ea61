import type { OwnerKey } from '../model.ts';

interface Written {
  readonly text: string;
  readonly since: number;
  readonly times: number;
}

// So often the same is written within so many milliseconds; then somebody else keeps undoing it.
const TIMES = 3;
const WITHIN_MS = 600_000;

/** Notices when another controller keeps undoing what is written: nobody wins such a fight, and the API server loses. */
export class Rivalry {
  readonly #written = new Map<OwnerKey, Written>();

  /** Whether `text` may be written at `now` (milliseconds). False: it was, too often; leave it. */
  mayWrite(key: OwnerKey, text: string, now: number): boolean {
    return (this.#sameAs(key, text, now)?.times ?? 0) < TIMES;
  }

  /** Notes that `text` was written at `now`. */
  wrote(key: OwnerKey, text: string, now: number): void {
    const { since, times } = this.#sameAs(key, text, now) ?? { since: now, times: 0 };
    this.#written.set(key, { text, since, times: times + 1 });
  }

  /** The owner is gone, or no longer ours. */
  forget(key: OwnerKey): void {
    this.#written.delete(key);
  }

  #sameAs(key: OwnerKey, text: string, now: number): Written | undefined {
    const known = this.#written.get(key);
    return known?.text === text && now - known.since < WITHIN_MS ? known : undefined;
  }
}
