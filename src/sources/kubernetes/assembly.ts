import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Said } from '../../desired/provenance.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { originKey, parseOrigin } from '../../ir/origin.ts';
import { atOnce, eachInSteps } from '../../plan/steps.ts';
import type { Steps } from '../../plan/steps.ts';
import { breathe } from '../breathe.ts';
import { CellIndex } from '../cells.ts';
import type { KnownAddresses } from '../source.ts';
import {
  AddressBook,
  IngressBook,
  cellsOfIngress,
  cellsOfService,
  explainCell,
  extractCell,
  isOurs,
  isServed,
  ownerOfCell,
} from './extract/index.ts';
import type { AddressDecision, AddressRecord, ExtractOptions } from './extract/index.ts';
import { frozenContribution, ownerOfUnreadable, unreadableCell } from './frozen.ts';
import { lookUp } from './lookups.ts';
import type { Facts } from './lookups.ts';
import type { IngressRecord, KnownSecret } from './model-ingress.ts';
import { ingressKeys } from './model-ingress.ts';
import type { ObjectKey, OwnerKey, ServiceRecord } from './model.ts';
import { keys, namespaceOf, ownerKey, partsOfOwner } from './model.ts';
import { isChosen } from './namespace-choice.ts';
import type { NamespaceChoice } from './options.ts';
import type { Overlay } from './overlay.ts';
import { RecordStore } from './store.ts';
import type { RecordChange } from './store.ts';

const NO_CELLS: readonly CellKey[] = [];
const NODES_NOT_READ = {
  code: 'nodes-not-read',
  summary: 'its members are nodes, but this source does not read Nodes; expected member mode nodeport or auto',
};

/** What the assembly asks of the feed. */
export interface FeedState {
  /** See `Feed.ready`. */
  ready(owner: OwnerKey): boolean;
  /** See `Feed.doubt`. */
  readonly doubt: boolean;
}

/** What an assembly is made with. */
export interface AssemblyOptions {
  readonly extract: ExtractOptions;
  readonly namespaces: NamespaceChoice;
  /** Nodes are read. */
  readonly nodes: boolean;
  readonly feed: FeedState;
  /** Left out: members are reached without one. */
  readonly overlay?: Overlay | undefined;
  /** Milliseconds since 1970; default: the clock. Certificates expire. */
  readonly now?: () => number;
}

/**
 * Puts together store, books and extraction: a change goes in, the cells to run again come out. The work of a change
 * follows the change: there is no pass over all Services or Ingresses on this path.
 */
export class Assembly implements Facts {
  readonly store = new RecordStore();
  readonly ingresses: IngressBook | undefined;
  readonly overlay: Overlay | undefined;
  readonly #index: CellIndex;
  readonly #book: AddressBook;
  readonly #cells = new Map<OwnerKey, readonly CellKey[]>();
  /** Owners that wait until their lists are whole. */
  readonly #waiting = new Set<OwnerKey>();
  /** Secrets that somebody asked for before their lists were whole. */
  readonly #unread = new Set<ObjectKey>();
  readonly #options: AssemblyOptions;
  readonly #extract: ExtractOptions;
  #nodesMissed = false;
  #doubt = false;
  #day: string;

  constructor(options: AssemblyOptions) {
    this.#options = options;
    this.#extract = options.extract;
    this.overlay = options.overlay;
    this.#book = new AddressBook(options.extract);
    this.ingresses = options.extract.ingress === undefined ? undefined : new IngressBook(options.extract);
    this.#day = this.#dayNow();
    this.#index = new CellIndex({
      lookup: (key) => {
        if (key === keys.nodes) this.#nodesMissed ||= !options.nodes;
        return lookUp(key, this);
      },
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

  /** All was read whole once: addresses kept for owners that are gone are free. The cells whose address changed. */
  release(): ReadonlySet<CellKey> {
    const owners = new Set(this.#book.release());
    return atOnce(this.#affected(owners, new Set([...owners].map((owner) => keys.addresses(owner)))));
  }

  /** Takes facts; gives the cells whose inputs changed, those that are gone among them. */
  changed(changes: readonly RecordChange[]): ReadonlySet<CellKey> {
    const touched = this.#newDay();
    const owners = new Set<OwnerKey>();
    for (const change of changes) {
      const { keys: some, owners: others, classes = [] } = this.store.apply(change);
      for (const key of some) touched.add(key);
      for (const owner of others) owners.add(owner);
      for (const owner of this.#ofClasses(classes)) owners.add(owner);
    }
    if (this.#doubt) for (const key of touched) if (key.startsWith('Slices/')) owners.add(key.slice('Slices/'.length));
    return atOnce(this.#affected(owners, touched));
  }

  /** The cells that read these buckets of the overlay. */
  overlayChanged(buckets: ReadonlySet<string>): ReadonlySet<CellKey> {
    return this.#index.readersOf([...buckets].map(keys.vteps));
  }

  /** The state of the feed changed: lets in those that waited for it. */
  stateChanged(): ReadonlySet<CellKey> {
    return atOnce(this.stateChanging());
  }

  /** The same in steps, for the first time, when all come in; nothing may change in between. */
  *stateChanging(): Steps<ReadonlySet<CellKey>> {
    const { feed } = this.#options;
    const touched = this.#newDay();
    const owners = new Set<OwnerKey>();
    for (const owner of this.#waiting) if (feed.ready(owner)) owners.add(owner);
    for (const secret of this.#unread) {
      if (!feed.ready(secretOwner(secret))) continue;
      this.#unread.delete(secret);
      touched.add(ingressKeys.secret(secret));
      this.#noteSecret(secret, touched);
    }
    if (feed.doubt !== this.#doubt) {
      this.#doubt = feed.doubt;
      for (const owner of this.store.owners()) owners.add(owner);
    }
    return owners.size + touched.size === 0 ? new Set() : yield* this.#affected(owners, touched);
  }

  service(key: ObjectKey): ServiceRecord | undefined {
    return this.#counts(key) ? this.store.services.get(key) : undefined;
  }

  ingress(key: ObjectKey): IngressRecord | undefined {
    const { ingress } = this.#extract;
    const record = this.store.ingresses.get(key);
    if (ingress === undefined || record === undefined || !isServed(record, this.#extract)) return undefined;
    return this.#counts(`Ingress/${key}`) && isOurs(record, ingress, this.store.classes) ? record : undefined;
  }

  secret(key: ObjectKey): KnownSecret | undefined {
    const { secrets, defaultSecret } = this.#extract.ingress ?? {};
    if (secrets?.includes(key) === false && key !== defaultSecret) return 'unchosen';
    if (this.#options.feed.ready(secretOwner(key))) return this.store.secret(key);
    this.#unread.add(key);
    return 'unread';
  }

  decision(owner: OwnerKey): AddressDecision | undefined {
    return this.#book.decision(owner);
  }

  today(): string {
    return this.#day;
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

  /** Where the owner of a contribution says its fields; empty: nobody knows better than the owner as a whole. */
  explain(contribution: Contribution): Said {
    const owner = ownerOfCell(contribution.cell);
    const { kind, key } = partsOfOwner(owner ?? '');
    const record = owner === undefined || kind === 'Secret' ? undefined : this.#recordOf(kind, key);
    return record === undefined ? new Map() : explainCell(contribution, record, this.#extract);
  }

  /** Everything, with turns for the event loop in between. Rejects if the signal aborts. */
  async extractAll(signal: AbortSignal): Promise<Contribution[]> {
    const contributions: Contribution[] = [];
    const pause = breathe();
    for (const owner of [...this.#cells.keys()].sort()) {
      contributions.push(...this.extract(this.#cells.get(owner) ?? NO_CELLS));
      await pause();
      signal.throwIfAborted();
    }
    return contributions;
  }

  /** Objects that cannot be understood; Secrets that nobody uses are none of our business. */
  get problems(): readonly Diagnostic[] {
    return this.store.problems.filter(({ origin }) => {
      const { kind, id } = parseOrigin(origin ?? '');
      return kind !== 'Secret' || this.#isUsed(id);
    });
  }

  #isUsed(secret: ObjectKey): boolean {
    return this.ingresses?.usesSecret(secret) === true || this.#extract.ingress?.defaultSecret === secret;
  }

  #dayNow(): string {
    return new Date((this.#options.now ?? Date.now)()).toISOString().slice(0, 'yyyy-mm-dd'.length);
  }

  /** The key of the day, if a new one has come. */
  #newDay(): Set<string> {
    const day = this.#dayNow();
    if (day === this.#day) return new Set();
    this.#day = day;
    return new Set([ingressKeys.today]);
  }

  /** A class came, went or changed hands: Ingresses may be ours now, or no longer. That is rare enough to ask them all. */
  #ofClasses(classes: readonly string[]): readonly OwnerKey[] {
    if (classes.length === 0 || this.ingresses === undefined) return [];
    return [...this.store.ingresses.keys()].map((key) => `Ingress/${key}`);
  }

  *#affected(given: ReadonlySet<OwnerKey>, touched: Set<string>): Steps<ReadonlySet<CellKey>> {
    const owners = new Set<OwnerKey>();
    for (const owner of given) {
      if (this.#options.feed.ready(owner)) owners.add(owner);
      else this.#waiting.add(owner);
    }
    for (const owner of owners) this.#waiting.delete(owner);
    const used = yield* this.#keepBooks(owners, touched);
    const cells = new Set<CellKey>();
    yield* eachInSteps(new Set([...owners, ...used]), (owner) => {
      for (const cell of this.#renew(owner)) cells.add(cell);
    });
    for (const cell of this.#index.readersOf(touched)) cells.add(cell);
    return cells;
  }

  /** Enters what changed into the books; gives the owners whose use by Ingresses changed. */
  *#keepBooks(owners: ReadonlySet<OwnerKey>, touched: Set<string>): Steps<readonly OwnerKey[]> {
    const news: (readonly [OwnerKey, AddressRecord | undefined])[] = [];
    for (const owner of owners) {
      const { kind, key } = partsOfOwner(owner);
      if (kind !== 'Secret') news.push([owner, this.#blocked(owner) ? undefined : this.#recordOf(kind, key)]);
    }
    const moved = news.length === 0 ? [] : yield* this.#book.updating(news);
    for (const owner of moved) touched.add(keys.addresses(owner));
    const used: OwnerKey[] = [];
    yield* eachInSteps(new Set([...owners, ...moved]), (owner) => {
      const { kind, key } = partsOfOwner(owner);
      if (kind === 'Secret') this.#noteSecret(key, touched);
      if (kind !== 'Ingress' || this.ingresses === undefined || this.#blocked(owner)) return;
      const change = this.ingresses.update(key, this.ingress(key), this.decision(owner));
      for (const one of change.keys) touched.add(one);
      used.push(...change.owners);
    });
    return used;
  }

  /** Fronts may have another default certificate now. */
  #noteSecret(secret: ObjectKey, touched: Set<string>): void {
    for (const key of this.ingresses?.secretChanged(secret, this.secret(secret)) ?? []) touched.add(key);
  }

  #recordOf(kind: 'Service' | 'Ingress', key: ObjectKey): ServiceRecord | IngressRecord | undefined {
    return kind === 'Service' ? this.service(key) : this.ingress(key);
  }

  /** Works out the cells of an owner again; gives those that it had, and those that it has. */
  #renew(owner: OwnerKey): Iterable<CellKey> {
    const before = this.#cells.get(owner) ?? NO_CELLS;
    const after = this.#cellsOf(owner);
    if (after.length === 0) this.#cells.delete(owner);
    else this.#cells.set(owner, after);
    const { kind, key } = partsOfOwner(owner);
    const own = { Service: keys.service, Ingress: ingressKeys.ingress, Secret: ingressKeys.secret } as const;
    const readers = this.#index.readersOf([own[kind](key)]);
    const differ = [
      ...before.filter((cell) => !after.includes(cell)),
      ...after.filter((cell) => !before.includes(cell)),
    ];
    return [...readers, ...differ];
  }

  #cellsOf(owner: OwnerKey): readonly CellKey[] {
    const { kind, key } = partsOfOwner(owner);
    const { source, ingress } = this.#extract;
    const cell = originKey(source, kind, key);
    // A Secret that is missing or broken has its cell: what the device has of it stays.
    if (kind === 'Secret') return this.#isUsed(key) ? [cell] : NO_CELLS;
    if (!this.#counts(owner)) return NO_CELLS;
    if (this.#blocked(owner)) {
      return kind === 'Ingress' && ingress === undefined ? NO_CELLS : [unreadableCell(source, owner)];
    }
    if (kind === 'Ingress') {
      const record = this.ingress(key);
      return record === undefined ? NO_CELLS : cellsOfIngress(record, this.#extract);
    }
    const record = this.store.services.get(key);
    return record === undefined ? NO_CELLS : cellsOfService(record, this.#extract, this.ingresses?.uses(key));
  }

  #counts(owner: OwnerKey): boolean {
    const namespace = namespaceOf(owner);
    const { feed, namespaces } = this.#options;
    return feed.ready(owner) && isChosen(namespaces, namespace, this.store.namespaces.get(namespace));
  }

  // A Service without slices, while a file cannot be read that may hold them, would lose its members.
  #blocked(owner: OwnerKey): boolean {
    const isInDoubt = this.#doubt && partsOfOwner(owner).kind === 'Service' && this.store.slicesOf(owner).length === 0;
    return this.store.blocked(owner) || isInDoubt;
  }

  #extractOne(cell: CellKey): Contribution | undefined {
    const unreadable = ownerOfUnreadable(cell);
    const owner = unreadable ?? ownerOfCell(cell);
    if (owner === undefined || this.#cells.get(owner)?.includes(cell) !== true) {
      this.#index.forget(cell);
      return undefined;
    }
    // What is wrong with an unreadable object is told by the source, with its place.
    if (unreadable !== undefined) return frozenContribution(cell, { source: this.#extract.source, owner });
    return this.#run(cell, owner);
  }

  /** Runs a cell; one that cannot be worked out freezes, so that it loses nothing and stops no other. */
  #run(cell: CellKey, owner: OwnerKey): Contribution | undefined {
    const since = this.store.services.get(owner)?.creationTimestamp ?? '';
    const of = { source: this.#extract.source, owner, since };
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

function secretOwner(key: ObjectKey): OwnerKey {
  return ownerKey('Secret', key) ?? key;
}
