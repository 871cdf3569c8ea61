import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Route } from '../../ir/route.ts';
import { describeOrigin, originKey, parseOrigin } from '../../ir/origin.ts';
import { printNetwork } from '../../ir/network.ts';
import { CellIndex } from '../cells.ts';
import type { RecordChange } from '../kubernetes/store.ts';
import { extractHostSubnet, extractNode, extractSubnet } from './extract/routes.ts';
import { extractEtcdLease, extractNodeLease, extractOverlay, overlayCell } from './extract/vxlan.ts';
import { NetworkFacts } from './facts.ts';
import { VtepKeeper } from './flannel/vtep-keeper.ts';
import type { VtepBook } from './flannel/vtep-book.ts';
import { keys } from './keys.ts';
import type { NetworkBook, NetworkClaim } from './network-book.ts';
import type { PodNetworkOptions } from './options.ts';
import { OverdueNodes } from './overdue.ts';
import type { GraceClock } from './overdue.ts';

/** What an assembly is made of. */
export interface NetworkAssemblyOptions {
  readonly options: PodNetworkOptions;
  readonly book: NetworkBook;
  /** The place of the source in the configuration. */
  readonly rank: number;
  readonly clock: GraceClock;
  /** These cells have something new to say, without a change from outside: time passed. */
  readonly onLater: (cells: ReadonlySet<CellKey>) => void;
}

/** Facts, grace, cells and networks put together: a change goes in, the cells to run again come out. */
export class NetworkAssembly {
  readonly facts = new NetworkFacts();
  readonly #options: PodNetworkOptions;
  readonly #book: NetworkBook;
  readonly #rank: number;
  readonly #overdue: OverdueNodes;
  readonly #index: CellIndex;
  readonly #cells = new Set<CellKey>();
  readonly #vteps: VtepKeeper | undefined;
  /** Cells that were understood once, and those that never were: nobody knows which records are theirs. */
  readonly #good = new Set<CellKey>();
  readonly #obscure = new Set<CellKey>();

  constructor({ options, book, rank, clock, onLater }: NetworkAssemblyOptions) {
    this.#options = options;
    this.#book = book;
    this.#rank = rank;
    this.#overdue = new OverdueNodes({
      graceMs: options.notReadyGraceMs,
      clock,
      tell: (node) => onLater(this.#index.readersOf([keys.overdue(node)])),
    });
    this.#vteps = options.vxlan === undefined ? undefined : new VtepKeeper(options, options.vxlan);
    if (options.vxlan !== undefined) this.#cells.add(overlayCell(options));
    this.#index = new CellIndex({
      lookup: (key) => this.#lookup(key),
      extract: (cell, read) => this.#extract(cell, read),
    });
  }

  get extractions(): number {
    return this.#index.extractions;
  }

  /** Takes facts; gives the cells, of any source, that may give something else now, those that are gone among them. */
  changed(changes: readonly RecordChange[]): ReadonlySet<CellKey> {
    const touched = new Set<string>();
    for (const change of changes) for (const key of this.facts.apply(change)) touched.add(key);
    return this.#affected(touched);
  }

  /** The same for subnets out of etcd; undefined: gone. */
  leasesChanged(changes: ReadonlyMap<string, string | undefined>): ReadonlySet<CellKey> {
    const touched = new Set<string>();
    for (const [key, value] of changes) for (const one of this.facts.setLease(key, value)) touched.add(one);
    return this.#affected(touched);
  }

  /** The same for flannel's own configuration. */
  netConfChanged(text: string | undefined): ReadonlySet<CellKey> {
    return this.#affected(this.facts.setNetConf(text));
  }

  /** A machine is there that was never understood: a record that nobody gives may be its own. */
  get doubt(): boolean {
    return this.facts.doubt || (this.#vteps !== undefined && this.#obscure.size > 0);
  }

  /** The overlay as members of pools need it; undefined: there is none. */
  get overlay(): VtepBook | undefined {
    return this.#vteps?.book;
  }

  /** One that cannot be worked out freezes, so that it loses nothing and stops no other. */
  #runOne(cell: CellKey): Contribution | undefined {
    try {
      return this.#index.run(cell);
    } catch (error) {
      const said = error instanceof Error ? error.message : 'unknown error';
      const summary = `${describeOrigin(cell)}: cannot be worked out: ${said}`;
      const diagnostic = { code: 'extraction-failed', severity: 'error', origin: cell, summary } as const;
      return { cell, origin: cell, since: '', objects: [], frozen: true, diagnostics: [diagnostic] };
    }
  }

  #note(cell: CellKey, contribution: Contribution | undefined): void {
    this.#obscure.delete(cell);
    if (contribution === undefined) this.#good.delete(cell);
    else if (contribution.frozen !== true) this.#good.add(cell);
    else if (!this.#good.has(cell)) this.#obscure.add(cell);
  }

  #affected(changed: Iterable<string>): ReadonlySet<CellKey> {
    const touched = new Set<string>();
    const cells = new Set<CellKey>();
    for (const key of changed) {
      touched.add(key);
      for (const more of this.#follow(key)) touched.add(more);
      for (const cell of this.#renew(key)) cells.add(cell);
      this.#vteps?.follow(key, this.facts);
    }
    for (const cell of this.#index.readersOf(touched)) cells.add(cell);
    // Who is gone claims nothing any more: others, of any source, may have what it had.
    const gone = [...cells].filter((cell) => !this.#cells.has(cell));
    for (const cell of gone) for (const other of this.#book.set(cell, [])) cells.add(other);
    return cells;
  }

  /** All cells that there are. */
  get cells(): readonly CellKey[] {
    return [...this.#cells].sort();
  }

  /**
   * Runs these cells and enters what they claim; `touched`: other cells, of any source, that may give something else for
   * it. What they give is judged when all of them have been run: see {@link judge}.
   */
  run(cells: Iterable<CellKey>): { readonly found: readonly Contribution[]; readonly touched: ReadonlySet<CellKey> } {
    const touched = new Set<CellKey>();
    const found: Contribution[] = [];
    for (const cell of cells) {
      const contribution = this.#cells.has(cell) ? this.#runOne(cell) : undefined;
      if (contribution === undefined) this.#index.forget(cell);
      this.#note(cell, contribution);
      if (contribution !== undefined) found.push(contribution);
      if (contribution?.frozen === true) continue;
      for (const other of this.#book.set(cell, this.#claimsOf(cell, contribution))) touched.add(other);
    }
    return { found, touched };
  }

  /** Leaves out routes to networks that somebody else has. */
  judge(contribution: Contribution): Contribution {
    const { cell, origin, since, objects } = contribution;
    const refused: Diagnostic[] = [];
    const left = objects.filter((object) => {
      if (object.kind !== 'route') return true;
      const claim = { cell, origin, since, rank: this.#rank, network: object.network };
      const rival = this.#book.rivalOf(claim);
      if (rival !== undefined) refused.push(overlap(claim, rival, object));
      return rival === undefined;
    });
    return refused.length === 0
      ? contribution
      : { ...contribution, objects: left, diagnostics: [...contribution.diagnostics, ...refused] };
  }

  close(): void {
    this.#overdue.close();
  }

  #lookup(key: string): unknown {
    const node = key.startsWith(keys.overdue('')) ? key.slice(keys.overdue('').length) : undefined;
    return node === undefined ? this.facts.lookup(key) : this.#overdue.has(node);
  }

  /** A node that changed may have become overdue, or be so no more. */
  #follow(key: string): readonly string[] {
    if (!key.startsWith(keys.node(''))) return [];
    const name = key.slice(keys.node('').length);
    return this.#overdue.update(name, this.facts.node(name)) ? [keys.overdue(name)] : [];
  }

  /** A cell comes and goes with its object. */
  #renew(key: string): readonly CellKey[] {
    const { cni, source } = this.#options;
    const slash = key.indexOf('/');
    const kind = key.slice(0, slash);
    const speaks = kind === 'Lease' || kind === (cni === 'openshift-sdn' ? 'HostSubnet' : 'Node');
    if (!speaks) return [];
    const cell = originKey(source, kind === 'Lease' ? 'Subnet' : kind, key.slice(slash + 1));
    const before = this.#cells.has(cell);
    const isThere = this.facts.lookup(key) !== undefined;
    if (isThere) this.#cells.add(cell);
    else this.#cells.delete(cell);
    return before === isThere ? [] : [cell];
  }

  #extract(cell: CellKey, read: (key: string) => unknown): Contribution | undefined {
    const { kind, id } = parseOrigin(cell);
    const { vxlan } = this.#options;
    const context = { read, options: this.#options };
    if (vxlan !== undefined) {
      if (kind === 'PodNetwork') return extractOverlay(cell, { ...context, vxlan });
      return (kind === 'Subnet' ? extractEtcdLease : extractNodeLease)(cell, id, { ...context, vxlan });
    }
    if (kind === 'Subnet') return extractSubnet(cell, id, context);
    return kind === 'HostSubnet' ? extractHostSubnet(cell, id, context) : extractNode(cell, id, context);
  }

  #claimsOf(cell: CellKey, contribution: Contribution | undefined): readonly NetworkClaim[] {
    const { origin = cell, since = '', objects = [] } = contribution ?? {};
    return objects.flatMap((object) =>
      object.kind === 'route' ? [{ cell, origin, since, rank: this.#rank, network: object.network }] : [],
    );
  }
}

function overlap(claim: NetworkClaim, rival: NetworkClaim, { path }: Route): Diagnostic {
  const mine = `${describeOrigin(claim.origin)}: ${printNetwork(claim.network)}`;
  const theirs = `${printNetwork(rival.network)} of ${describeOrigin(rival.origin)}`;
  return {
    code: 'pod-network-overlap',
    severity: 'error',
    summary: `${mine} overlaps ${theirs}, which comes first; it gets no route ${path}`,
    detail: 'Expected networks that do not overlap, or a podNetwork.routeDomain of its own for each cluster.',
    origin: claim.origin,
  };
}
