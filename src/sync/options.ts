import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ref } from '../ir/ref.ts';
import type { Plan } from '../plan/plan.ts';
import type { DeleteLimit } from '../plan/safety.ts';
import type { Scope } from '../plan/scope.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { OriginOutcome, Source } from '../sources/source.ts';
import type { Target, UnitReport } from '../targets/target.ts';

/** What one synchronisation of sources with one device is made of. */
export interface SyncOptions {
  /** The id in the marks: two instances with different ids never touch each other's objects. */
  readonly instance: string;
  /** The partition that is written to. */
  readonly partition: string;
  readonly sources: readonly Source[];
  readonly target: Target;
  /** What may be written; left out: everything. */
  readonly scope?: Scope;
  /** False: the device is never told to save its configuration. */
  readonly save?: boolean;
  readonly threshold: DeleteLimit;
  /** Deletes above the threshold are confirmed by a person for this run. */
  readonly allowDeletes?: boolean;
  /** Take over unowned objects that are wanted by the same name: `all`, or these. Default none. */
  readonly adopt?: 'all' | readonly Ref[];
  /** Keep a member's session and state as a person set it on the device. */
  readonly keepMemberState?: boolean;
}

/** A plan with all that belongs to it. */
export interface Planned {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
  /** Problems of sources, cells and ownership, sorted. */
  readonly diagnostics: readonly Diagnostic[];
  /** Objects that are wanted and in scope, for "N objects in sync". */
  readonly desired: number;
  /** Objects that are wanted and out of scope. */
  readonly outOfScope: number;
  /** False if a source could not be read whole. */
  readonly complete: boolean;
  /** The names of the sources that could not, sorted: what is known of them may be old. */
  readonly stale: readonly string[];
}

/** What an apply did. */
export interface Applied {
  readonly reports: readonly UnitReport[];
  readonly outcomes: readonly OriginOutcome[];
  readonly diagnostics: readonly Diagnostic[];
  readonly requests: number;
  readonly writes: number;
}

/** What the continuous run tells the outside, for logs, `--output json` and tests. */
export type SyncEvent =
  | { readonly type: 'started'; readonly objects: number; readonly complete: boolean }
  | {
      readonly type: 'cycle';
      readonly reason: 'start' | 'change' | 'drift';
      readonly planned: Plan;
      readonly applied?: Applied;
      readonly ownMs: number;
      readonly counters: WorkCounters;
    }
  | { readonly type: 'problem'; readonly diagnostic: Diagnostic }
  | { readonly type: 'unavailable'; readonly message: string; readonly retryInMs: number };

/** Work done, free of clocks: the same for one pod change at 100 and at 10,000 Services. */
export interface WorkCounters {
  /** Cells extracted. */
  readonly extractions: number;
  /** Refs whose contributions were merged. */
  readonly merges: number;
  /** Refs compared with the snapshot. */
  readonly diffs: number;
  /** Requests sent to the device. */
  readonly requests: number;
}
