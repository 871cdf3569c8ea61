import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Said } from '../../desired/provenance.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { inTurns } from '../breathe.ts';
import type { KnownAddresses, OriginOutcome, Source, SourceCounters, SourceResult } from '../source.ts';
import type { Assembly } from './assembly.ts';
import type { Feed, FeedHost } from './feed.ts';
import type { ObjectKey } from './model.ts';
import type { RecordKind } from './records.ts';
import type { Settler } from './settle/settler.ts';
import type { RecordChange } from './store.ts';

/** What the source is made of; the feed asks for its host, which is the source. */
export interface SourceParts {
  readonly name: string;
  readonly assembly: Assembly;
  /** Undefined: there is nobody to tell (manifests). */
  readonly settler?: Settler;
}

type WatchOptions = Parameters<NonNullable<Source['watch']>>[0];

/** Services of a cluster as a source. */
export class KubernetesSource implements Source, FeedHost {
  readonly name: string;
  readonly #assembly: Assembly;
  readonly #settler: Settler | undefined;
  readonly #feed: Feed;
  #watch: WatchOptions | undefined;
  #remembered = false;
  #loading = false;
  #wasComplete = false;
  #released = false;
  /** Cells that changed or went while the source was incomplete: named again when it is complete. */
  readonly #unvouched = new Set<CellKey>();
  #told = new Set<string>();
  /** Cells whose overlay changed while nobody watched. */
  readonly #late = new Set<CellKey>();

  constructor(parts: SourceParts, connect: (host: FeedHost) => Feed) {
    this.name = parts.name;
    this.#assembly = parts.assembly;
    this.#settler = parts.settler;
    this.#feed = connect(this);
    this.#assembly.overlay?.listen((buckets) => this.#announceLater(this.#assembly.overlayChanged(buckets)));
  }

  get counters(): SourceCounters {
    return { extractions: this.#assembly.extractions };
  }

  get complete(): boolean {
    return this.#feed.complete;
  }

  async read(options: { readonly signal: AbortSignal; readonly known?: KnownAddresses }): Promise<SourceResult> {
    options.signal.throwIfAborted();
    if (options.known !== undefined && !this.#remembered) {
      this.#assembly.remember(options.known);
      this.#settler?.remember(options.known);
    }
    this.#remembered = true;
    this.#loading = true;
    try {
      await this.#feed.load(options.signal);
    } finally {
      this.#loading = false;
    }
    this.#takeState(await inTurns(this.#assembly.stateChanging(), options.signal));
    const contributions = await this.#assembly.extractAll(options.signal);
    const diagnostics = this.#problems();
    this.#told = new Set(diagnostics.map(({ summary }) => summary));
    return { contributions, complete: this.complete, diagnostics };
  }

  async watch(options: WatchOptions): Promise<void> {
    // One failing stream must not leave the others running.
    const stop = new AbortController();
    const abort = () => stop.abort();
    options.signal.addEventListener('abort', abort, { once: true });
    if (options.signal.aborted) abort();
    this.#watch = options;
    try {
      this.#announceLater(new Set());
      await this.#feed.follow(stop.signal);
    } finally {
      this.#watch = undefined;
      options.signal.removeEventListener('abort', abort);
      abort();
    }
  }

  extract(cells: Iterable<CellKey>): readonly Contribution[] {
    return this.#assembly.extract(cells);
  }

  explain(contribution: Contribution): Said {
    return this.#assembly.explain(contribution);
  }

  async settle(outcomes: readonly OriginOutcome[]): Promise<readonly Diagnostic[]> {
    return (await this.#settler?.settle(outcomes)) ?? [];
  }

  async close(): Promise<void> {
    await this.#settler?.close();
    await this.#feed.close();
  }

  /** From the feed. */
  changed(changes: readonly RecordChange[]): void {
    this.#announce(this.#assembly.changed(changes));
    if (changes.some(({ type }) => type === 'unreadable')) this.#tellProblems();
  }

  /** From the feed. */
  known(kind: RecordKind, namespace?: string): Iterable<ObjectKey> {
    return this.#assembly.store.objectsOf(kind, namespace);
  }

  /** From the feed. */
  stateChanged(): void {
    // While the first lists come in, Services wait, so that age decides who gets an address.
    if (this.#loading) return;
    this.#takeState(this.#assembly.stateChanged());
  }

  #takeState(affected: ReadonlySet<CellKey>): void {
    const cells = new Set(affected);
    const { complete } = this;
    const completed = complete && !this.#wasComplete;
    this.#wasComplete = complete;
    if (complete && !this.#released) {
      this.#released = true;
      for (const cell of this.#assembly.release()) cells.add(cell);
    }
    if (completed) {
      for (const cell of this.#unvouched) cells.add(cell);
      this.#unvouched.clear();
    }
    if (completed) this.#watch?.onChange(cells);
    else this.#announce(cells);
    this.#tellProblems();
  }

  /** What comes from elsewhere may come before anybody watches. */
  #announceLater(cells: ReadonlySet<CellKey>): void {
    for (const cell of cells) this.#late.add(cell);
    if (this.#watch === undefined) return;
    const late = new Set(this.#late);
    this.#late.clear();
    this.#announce(late);
  }

  #announce(cells: ReadonlySet<CellKey>): void {
    if (cells.size === 0 || this.#watch === undefined) return;
    if (!this.complete) for (const cell of cells) this.#unvouched.add(cell);
    this.#watch.onChange(cells);
  }

  #problems(): readonly Diagnostic[] {
    return [...this.#feed.problems, ...this.#assembly.problems];
  }

  #tellProblems(): void {
    const onProblem = this.#watch?.onProblem;
    if (onProblem === undefined) return;
    const problems = this.#problems();
    const news = problems.filter(({ summary }) => !this.#told.has(summary));
    this.#told = new Set(problems.map(({ summary }) => summary));
    for (const problem of news) onProblem(problem);
  }
}
