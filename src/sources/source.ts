import type { CellKey, Contribution } from '../desired/contribution.ts';
import type { Said } from '../desired/provenance.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Address } from '../ir/address.ts';
import type { OriginKey } from '../ir/origin.ts';

/** What a source says. */
export interface SourceResult {
  /** One per cell. A cell of this source that is missing here, in a complete result, is gone. */
  readonly contributions: readonly Contribution[];
  /** False if anything could not be read. Then nothing of this source is deleted. */
  readonly complete: boolean;
  /** Problems of the source itself, not of one cell. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What became of an origin on the device; the source tells its owner (status, Events). */
export interface OriginOutcome {
  readonly origin: OriginKey;
  /** `applied`: everything of it is on the device, confirmed. `refused`: see the diagnostics. */
  readonly state: 'applied' | 'refused' | 'gone';
  /** Refused in part: nothing of it is held, and the rest is on the device. */
  readonly partly?: true;
  readonly diagnostics: readonly Diagnostic[];
}

/** Counts of work, free of clocks: one pod change costs the same whatever the number of Services. */
export interface SourceCounters {
  /** Cells extracted since the start. */
  readonly extractions: number;
}

/**
 * Addresses that the device already has for origins, as its marks say: at the first read, address allocation
 * honours them, so that a restart needs no store of its own.
 */
export type KnownAddresses = ReadonlyMap<OriginKey, readonly Address[]>;

/** Where configuration comes from. */
export interface Source {
  readonly name: string;
  /** Who wins where sources contradict each other: the highest. Left out: 0. */
  readonly precedence?: number;
  readonly counters: SourceCounters;
  /** Reads all of it. Rejects only if `signal` aborts; a failure is a result with `complete: false`. */
  read(options: { readonly signal: AbortSignal; readonly known?: KnownAddresses }): Promise<SourceResult>;
  /**
   * Follows changes after a `read`, until `signal` aborts. `onChange` names the cells whose inputs changed,
   * cells that are gone among them; without cells it says that `complete` changed.
   */
  watch?(options: {
    readonly signal: AbortSignal;
    readonly onChange: (cells: Iterable<CellKey>) => void;
    readonly onProblem?: (diagnostic: Diagnostic) => void;
  }): Promise<void>;
  /** What these cells contribute now, from memory. A cell that is gone gives nothing (no contribution). */
  extract?(cells: Iterable<CellKey>): readonly Contribution[];
  /** Where the fields of what it contributes are said, for `get`. Left out: by the origins as a whole. */
  explain?(contribution: Contribution): Said;
  /** False while the source cannot vouch that what it lacks is gone (a watch is broken, a list failed). */
  readonly complete?: boolean | undefined;
  /** Tells the owners of origins. Called after the device confirmed or refused; failures are reported, not thrown. */
  settle?(outcomes: readonly OriginOutcome[]): Promise<readonly Diagnostic[]>;
  /** Lets go of connections and files. */
  close?(): Promise<void>;
}
