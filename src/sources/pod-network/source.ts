import { setImmediate as yieldToEvents } from 'node:timers/promises';

import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Feed, FeedHost } from '../kubernetes/feed.ts';
import type { RecordKind } from '../kubernetes/records.ts';
import type { RecordChange } from '../kubernetes/store.ts';
import type { Source, SourceCounters, SourceResult } from '../source.ts';
import { NetworkAssembly } from './assembly.ts';
import type { NetworkAssemblyOptions } from './assembly.ts';
import type { LeaseHost } from './etcd/feed.ts';
import type { NetworkPeers } from './peers.ts';
import type { Overlay } from '../kubernetes/overlay.ts';

type WatchOptions = Parameters<NonNullable<Source['watch']>>[0];

/** Cells extracted between two turns of the event loop. */
const SLICE = 200;

/** What a source of a pod network is made of; the feed asks for its host, which is the source. */
export interface PodNetworkParts extends Omit<NetworkAssemblyOptions, 'onLater' | 'book' | 'rank'> {
  readonly kinds: ReadonlySet<RecordKind>;
  readonly peers: NetworkPeers;
}

/** The pod network of a cluster as a source: routes, or the objects of an overlay. */
export class PodNetworkSource implements Source, FeedHost, LeaseHost {
  readonly name: string;
  readonly #assembly: NetworkAssembly;
  readonly #kinds: ReadonlySet<RecordKind>;
  readonly #peers: NetworkPeers;
  readonly #feed: Feed;
  #watch: WatchOptions | undefined;
  #loading = false;
  #wasComplete = false;
  /** Cells that have something new to say and could not be announced yet. */
  readonly #pending = new Set<CellKey>();
  /** Cells that changed while the source was incomplete: named again when it is complete. */
  readonly #unvouched = new Set<CellKey>();
  #told = new Set<string>();

  constructor({ kinds, peers, ...parts }: PodNetworkParts, connect: (host: FeedHost & LeaseHost) => Feed) {
    this.name = parts.options.source;
    this.#kinds = kinds;
    this.#peers = peers;
    const rank = peers.join(this.name, (cells) => this.#announce(cells));
    this.#assembly = new NetworkAssembly({
      ...parts,
      book: peers.book,
      rank,
      onLater: (cells) => this.#announce(cells),
    });
    this.#feed = connect(this);
  }

  get counters(): SourceCounters {
    return { extractions: this.#assembly.extractions };
  }

  get complete(): boolean {
    return this.#feed.complete && !this.#feed.doubt && !this.#assembly.doubt;
  }

  async read({ signal }: { readonly signal: AbortSignal }): Promise<SourceResult> {
    signal.throwIfAborted();
    this.#loading = true;
    try {
      await this.#feed.load(signal);
    } finally {
      this.#loading = false;
    }
    this.stateChanged();
    const contributions = await this.#extractAll(signal);
    const diagnostics = this.#problems();
    this.#told = new Set(diagnostics.map(({ summary }) => summary));
    return { contributions, complete: this.complete, diagnostics };
  }

  async watch(options: WatchOptions): Promise<void> {
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    this.#watch = options;
    try {
      this.#announce(new Set());
      await this.#feed.follow(signal);
    } finally {
      this.#watch = undefined;
      stop.abort();
    }
  }

  extract(cells: Iterable<CellKey>): readonly Contribution[] {
    const { found, touched } = this.#assembly.run(cells);
    this.#peers.tell(touched);
    // What was obscure may be clear now.
    if (this.complete !== this.#wasComplete) this.stateChanged();
    return found.map((contribution) => this.#assembly.judge(contribution));
  }

  async close(): Promise<void> {
    this.#assembly.close();
    await this.#feed.close();
  }

  /** From the feed. */
  changed(changes: readonly RecordChange[]): void {
    const wanted = changes.filter((change) =>
      this.#kinds.has(change.type === 'put' ? change.record.kind : change.kind),
    );
    this.#peers.tell(this.#assembly.changed(wanted));
    if (wanted.some(({ type }) => type === 'unreadable')) this.#tellProblems();
  }

  /** From the feed of etcd. */
  leasesChanged(changes: ReadonlyMap<string, string | undefined>): void {
    this.#peers.tell(this.#assembly.leasesChanged(changes));
  }

  /** From the feed of etcd. */
  netConfChanged(text: string | undefined): void {
    this.#peers.tell(this.#assembly.netConfChanged(text));
  }

  /** For the feed of etcd. */
  knownLeases(): Iterable<string> {
    return this.#assembly.facts.leases();
  }

  /** The overlay that the device has joined; undefined: none. */
  get overlay(): Overlay | undefined {
    return this.#assembly.overlay;
  }

  /** From the feed. */
  known(kind: RecordKind, namespace?: string): Iterable<string> {
    return this.#assembly.facts.known(kind, namespace);
  }

  /** From the feed. */
  stateChanged(): void {
    if (this.#loading) return;
    const { complete } = this;
    if (complete) this.#assembly.overlay?.open();
    const completed = complete && !this.#wasComplete;
    this.#wasComplete = complete;
    if (completed) {
      for (const cell of this.#unvouched) this.#pending.add(cell);
      this.#unvouched.clear();
      // Also without cells: what was held back for want of completeness is looked at again.
      if (this.#watch !== undefined) this.#watch.onChange(this.#take());
    }
    this.#tellProblems();
  }

  async #extractAll(signal: AbortSignal): Promise<readonly Contribution[]> {
    const { cells } = this.#assembly;
    const all: Contribution[] = [];
    const touched = new Set<CellKey>();
    for (let at = 0; at < cells.length; at += SLICE) {
      const some = this.#assembly.run(cells.slice(at, at + SLICE));
      all.push(...some.found);
      for (const cell of some.touched) touched.add(cell);
      await yieldToEvents();
      signal.throwIfAborted();
    }
    for (const cell of cells) {
      touched.delete(cell);
      this.#pending.delete(cell);
    }
    this.#peers.tell(touched);
    // Every cell has said what it claims before the first verdict, whatever their order.
    return all.map((contribution) => this.#assembly.judge(contribution));
  }

  #announce(cells: ReadonlySet<CellKey>): void {
    for (const cell of cells) this.#pending.add(cell);
    if (this.#pending.size === 0 || this.#watch === undefined || this.#loading) return;
    if (!this.complete) for (const cell of this.#pending) this.#unvouched.add(cell);
    this.#watch.onChange(this.#take());
  }

  #take(): ReadonlySet<CellKey> {
    const cells = new Set(this.#pending);
    this.#pending.clear();
    return cells;
  }

  #problems(): readonly Diagnostic[] {
    return [...this.#feed.problems, ...this.#assembly.facts.problems];
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
