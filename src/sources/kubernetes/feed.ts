import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ObjectKey, OwnerKey } from './model.ts';
import type { RecordKind } from './records.ts';
import type { RecordChange } from './store.ts';

/** What a feed tells of what it reads. */
export interface FeedHost {
  /** Facts that changed, in order; a feed hands over what arrived together at once. */
  changed(changes: readonly RecordChange[]): void;
  /** The keys of a kind that are held, in one namespace or in all. */
  known(kind: RecordKind, namespace?: string): Iterable<ObjectKey>;
  /** `complete`, `doubt`, `ready` or `problems` of the feed may be different now. */
  stateChanged(): void;
}

/** A way in: an API server or a folder. Keeps nothing that its host holds. */
export interface Feed {
  /** False while it cannot vouch that what it did not report is gone. */
  readonly complete: boolean;
  /** True if objects may exist that could not be read and whose names are unknown. */
  readonly doubt: boolean;
  /** What is wrong now. */
  readonly problems: readonly Diagnostic[];
  /** True once all that bears on an owner was read whole; stays true. */
  ready(owner: OwnerKey): boolean;
  /** Reads all. Rejects only if the signal aborts. */
  load(signal: AbortSignal): Promise<void>;
  /** Follows changes until the signal aborts, then returns. */
  follow(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
