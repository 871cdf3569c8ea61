import { setImmediate as yieldToEvents } from 'node:timers/promises';

import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { CellIndex } from '../cells.ts';
import type { KnownAddresses } from '../source.ts';
import { AddressBook, cellsOfService, extractCell, serviceOfCell } from './extract/index.ts';
import type { AddressDecision, ExtractOptions } from './extract/index.ts';
import { frozenContribution, serviceOfUnreadable, unreadableCell } from './frozen.ts';
import type { ObjectKey, ServiceRecord } from './model.ts';
import { keys } from './model.ts';
import { isChosen } from './namespace-choice.ts';
import type { NamespaceChoice } from './options.ts';
import { RecordStore } from './store.ts';
import type { RecordChange } from './store.ts';

const NO_CELLS: readonly CellKey[] = [];
const NODES_NOT_READ = {
  code: 'nodes-not-read',
  summary: 'its members are nodes, but this source does not read Nodes; expected member mode nodeport or auto',
};
// The event loop gets its turn after so many milliseconds of a full pass.
const SLICE_MS = 5;

/** What the assembly asks of the feed. */
export interface FeedState {
  /** See `Feed.ready`. */
  ready(namespace: string): boolean;
  /** See `Feed.doubt`. */
  readonly doubt: boolean;
}

/**
 * Puts together store, address book and extraction: a change goes in, the cells to run again come out. The work of a
 * change follows the change: there is no pass over all Services on this path.
 */
export class Assembly {
  readonly store = new RecordStore();
  readonly #index: CellIndex;
  readonly #book: AddressBook;
  readonly #cells = new Map<ObjectKey, readonly CellKey[]>();
  /** Namespaces with Services that wait until their lists are whole. */
  readonly #waiting = new Set<string>();
  readonly #extract: ExtractOptions;
  readonly #namespaces: NamespaceChoice;
  readonly #feed: FeedState;
  readonly #nodes: boolean;
  #nodesMissed = false;
  #doubt = false;

  constructor(options: {
    readonly extract: ExtractOptions;
    readonly namespaces: NamespaceChoice;
    /** Nodes are read. */
    readonly nodes: boolean;
    readonly feed: FeedState;
  }) {
    this.#extract = options.extract;
    this.#namespaces = options.namespaces;
    this.#nodes = options.nodes;
    this.#feed = options.feed;
    this.#book = new AddressBook(options.extract);
    this.#index = new CellIndex({
      lookup: (key) => this.#lookup(key),
      extract: (cell, read) => extractCell(cell, read, options.extract),
    });
  }

  get extractions(): number {
    return this.#index.extractions;
  }

  /** What the device has for origins; before the first change. */
  remember(known: KnownAddresses): void {
    this.#book.remember(known);
  }

  /** All was read whole once: addresses kept for Services that are gone are free. The cells whose address changed. */
  release(): ReadonlySet<CellKey> {
    return this.#index.readersOf(this.#book.release().map((service) => keys.addresses(service)));
  }

  /** Takes facts; gives the cells whose inputs changed, those that are gone among them. */
  changed(changes: readonly RecordChange[]): ReadonlySet<CellKey> {
    const touched = new Set<string>();
    const services = new Set<ObjectKey>();
    for (const change of changes) {
      const { keys: some, services: others } = this.store.apply(change);
      for (const key of some) touched.add(key);
      for (const service of others) services.add(service);
    }
    if (this.#doubt)
      for (const key of touched) if (key.startsWith('Slices/')) services.add(key.slice('Slices/'.length));
    return this.#affected(services, touched);
  }

  /** The state of the feed changed: lets in the Services that waited for it. */
  stateChanged(): ReadonlySet<CellKey> {
    const services = new Set<ObjectKey>();
    for (const namespace of this.#waiting) {
      if (!this.#feed.ready(namespace)) continue;
      this.#waiting.delete(namespace);
      for (const service of this.store.servicesIn(namespace)) services.add(service);
    }
    if (this.#feed.doubt !== this.#doubt) {
      this.#doubt = this.#feed.doubt;
      for (const service of this.store.services.keys()) services.add(service);
    }
    return services.size === 0 ? new Set() : this.#affected(services, new Set());
  }

  /** The Service as far as it counts: in a chosen namespace whose lists are whole. */
  service(key: ObjectKey): ServiceRecord | undefined {
    return this.#counts(key) ? this.store.services.get(key) : undefined;
  }

  decision(service: ObjectKey): AddressDecision | undefined {
    return this.#book.decision(service);
  }

  /** What these cells contribute now; cells that are gone are forgotten and give nothing. */
  extract(cells: Iterable<CellKey>): Contribution[] {
    const contributions: Contribution[] = [];
    for (const cell of cells) {
      const contribution = this.#extractOne(cell);
      if (contribution !== undefined) contributions.push(contribution);
    }
    return contributions;
  }

  /** Everything, with turns for the event loop in between. Rejects if the signal aborts. */
  async extractAll(signal: AbortSignal): Promise<Contribution[]> {
    const contributions: Contribution[] = [];
    let turn = performance.now();
    for (const service of [...this.#cells.keys()].sort()) {
      contributions.push(...this.extract(this.#cells.get(service) ?? NO_CELLS));
      if (performance.now() - turn < SLICE_MS) continue;
      await yieldToEvents();
      signal.throwIfAborted();
      turn = performance.now();
    }
    return contributions;
  }

  /** Objects that cannot be understood. */
  get problems(): readonly Diagnostic[] {
    return this.store.problems;
  }

  #lookup(key: string): unknown {
    if (key === keys.nodes) {
      this.#nodesMissed ||= !this.#nodes;
      return this.store.nodes;
    }
    const slash = key.indexOf('/');
    const object = key.slice(slash + 1);
    switch (key.slice(0, slash)) {
      case 'Service':
        return this.service(object);
      case 'Slices':
        return this.store.slicesOf(object);
      case 'Addresses':
        return this.#book.decision(object);
      default:
        return undefined;
    }
  }

  #affected(services: ReadonlySet<ObjectKey>, touched: Set<string>): ReadonlySet<CellKey> {
    const news: (readonly [ObjectKey, ServiceRecord | undefined])[] = [];
    const cells = new Set<CellKey>();
    for (const service of services) {
      if (!this.#feed.ready(namespaceOf(service))) {
        this.#waiting.add(namespaceOf(service));
        continue;
      }
      news.push([service, this.#blocked(service) ? undefined : this.service(service)]);
      for (const cell of this.#renew(service)) cells.add(cell);
    }
    if (news.length > 0) for (const service of this.#book.updateAll(news)) touched.add(keys.addresses(service));
    for (const cell of this.#index.readersOf(touched)) cells.add(cell);
    return cells;
  }

  /** Works out the cells of a Service again; gives those that it had, and those that it has. */
  #renew(service: ObjectKey): Iterable<CellKey> {
    const before = this.#cells.get(service) ?? NO_CELLS;
    const after = this.#cellsOf(service);
    if (after.length === 0) this.#cells.delete(service);
    else this.#cells.set(service, after);
    const readers = this.#index.readersOf([keys.service(service)]);
    const differ = [
      ...before.filter((cell) => !after.includes(cell)),
      ...after.filter((cell) => !before.includes(cell)),
    ];
    return [...readers, ...differ];
  }

  #cellsOf(service: ObjectKey): readonly CellKey[] {
    if (!this.#counts(service)) return NO_CELLS;
    if (this.#blocked(service)) return [unreadableCell(this.#extract.source, service)];
    const record = this.store.services.get(service);
    return record === undefined ? NO_CELLS : cellsOfService(record, this.#extract);
  }

  #counts(service: ObjectKey): boolean {
    const namespace = namespaceOf(service);
    return this.#feed.ready(namespace) && isChosen(this.#namespaces, namespace, this.store.namespaces.get(namespace));
  }

  // A Service without slices, while a file cannot be read that may hold them, would lose its members.
  #blocked(service: ObjectKey): boolean {
    return this.store.blocked(service) || (this.#doubt && this.store.slicesOf(service).length === 0);
  }

  #extractOne(cell: CellKey): Contribution | undefined {
    const unreadable = serviceOfUnreadable(cell);
    const service = unreadable ?? serviceOfCell(cell);
    if (service === undefined || this.#cells.get(service)?.includes(cell) !== true) {
      this.#index.forget(cell);
      return undefined;
    }
    // What is wrong with an unreadable object is told by the source, with its place.
    if (unreadable !== undefined) return frozenContribution(cell, { source: this.#extract.source, service });
    return this.#run(cell, service);
  }

  /** Runs a cell; one that cannot be worked out freezes, so that it loses nothing and stops no other. */
  #run(cell: CellKey, service: ObjectKey): Contribution | undefined {
    const since = this.store.services.get(service)?.creationTimestamp ?? '';
    const of = { source: this.#extract.source, service, since };
    this.#nodesMissed = false;
    try {
      const contribution = this.#index.run(cell);
      return this.#nodesMissed ? frozenContribution(cell, of, NODES_NOT_READ) : contribution;
    } catch (error) {
      const said = error instanceof Error ? error.message : 'unknown error';
      return frozenContribution(cell, of, { code: 'extraction-failed', summary: `cannot be worked out: ${said}` });
    }
  }
}

function namespaceOf(service: ObjectKey): string {
  return service.slice(0, service.indexOf('/'));
}
