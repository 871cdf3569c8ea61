import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Said } from '../../desired/provenance.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Source, SourceCounters, SourceResult } from '../source.ts';
import type { Place, Table } from './row.ts';
import type { TableSourceOptions } from './table-source.ts';
import { EntryBook } from './entry-book.ts';

/** What a feed of entries tells of what it reads. */
export interface EntryHost {
  /** What stands under these keys now; undefined: nothing any more. */
  entriesChanged(changes: ReadonlyMap<string, Table | undefined>): void;
  /** The keys that are held. */
  knownEntries(): Iterable<string>;
  /** `complete` or `problems` of the feed may be different now. */
  stateChanged(): void;
}

/** Where entries come from: a store of keys that tells what changed. Keeps nothing that its host holds. */
export interface EntryFeed {
  /** False while it cannot vouch that what it did not report is gone. */
  readonly complete: boolean;
  /** What is wrong now. */
  readonly problems: readonly Diagnostic[];
  /** Reads all. Rejects only if the signal aborts. */
  load(signal: AbortSignal): Promise<void>;
  /** Follows changes until the signal aborts, then returns. */
  follow(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

type WatchOptions = Parameters<NonNullable<Source['watch']>>[0];

/** Rows under keys as a source: a key that changes costs its own services alone. */
export class EntrySource implements Source, EntryHost {
  readonly name: string;
  readonly #book: EntryBook;
  readonly #feed: EntryFeed;
  #watch: WatchOptions | undefined;
  #wasComplete = false;
  #served = 0;
  /** Cells that changed while the source was incomplete: named again when it is complete. */
  readonly #unvouched = new Set<CellKey>();
  #told = new Set<string>();

  /**
   * @param place what holds the keys, for messages.
   * @param connect makes the feed; its host is the source.
   */
  constructor(options: TableSourceOptions, place: Place, connect: (host: EntryHost) => EntryFeed) {
    this.name = options.source;
    this.#book = new EntryBook({ ...options, label: options.label ?? options.source }, place);
    this.#feed = connect(this);
  }

  /** What is given out of memory counts, too. */
  get counters(): SourceCounters {
    return { extractions: this.#book.extractions + this.#served };
  }

  get complete(): boolean {
    return this.#feed.complete && this.#book.complete;
  }

  async read({ signal }: Parameters<Source['read']>[0]): Promise<SourceResult> {
    signal.throwIfAborted();
    await this.#feed.load(signal);
    signal.throwIfAborted();
    const diagnostics = this.#problems();
    this.#told = new Set(diagnostics.map(({ summary }) => summary));
    this.#wasComplete = this.complete;
    return { contributions: [...this.#book.contributions], complete: this.complete, diagnostics };
  }

  async watch(options: WatchOptions): Promise<void> {
    this.#watch = options;
    try {
      await this.#feed.follow(options.signal);
    } finally {
      this.#watch = undefined;
    }
  }

  extract(cells: Iterable<CellKey>): readonly Contribution[] {
    const found = [...cells].flatMap((cell) => this.#book.contribution(cell) ?? []);
    this.#served += found.length;
    return found;
  }

  explain(contribution: Contribution): Said {
    return this.#book.explain(contribution);
  }

  async close(): Promise<void> {
    await this.#feed.close();
  }

  /** From the feed. */
  entriesChanged(changes: ReadonlyMap<string, Table | undefined>): void {
    const cells = this.#book.change(changes);
    if (!this.complete) for (const cell of cells) this.#unvouched.add(cell);
    if (cells.size > 0) this.#watch?.onChange(cells);
    this.stateChanged();
  }

  /** For the feed. */
  knownEntries(): Iterable<string> {
    return this.#book.keys();
  }

  /** From the feed. */
  stateChanged(): void {
    const { complete } = this;
    if (complete !== this.#wasComplete) {
      this.#wasComplete = complete;
      const cells = complete ? [...this.#unvouched] : [];
      if (complete) this.#unvouched.clear();
      this.#watch?.onChange(cells);
    }
    this.#tellProblems();
  }

  #problems(): readonly Diagnostic[] {
    // Before anything was read, the book has nothing to say.
    const isKnown = this.#feed.complete || this.#book.keys().next().done !== true;
    return [...this.#feed.problems, ...(isKnown ? this.#book.diagnostics : [])];
  }

  #tellProblems(): void {
    if (this.#watch === undefined) return;
    const problems = this.#problems();
    const news = problems.filter(({ summary }) => !this.#told.has(summary));
    this.#told = new Set(problems.map(({ summary }) => summary));
    for (const problem of news) this.#watch.onProblem?.(problem);
  }
}
