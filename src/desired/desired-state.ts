import type { CellKey, Contribution } from './contribution.ts';
import type { Claim, Merged } from './merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { canonical, explicitForm } from '../ir/canonical.ts';
import { equalValues } from '../ir/equal.ts';
import { refOf } from '../ir/ref.ts';
import { Relation } from '../plan/relation.ts';
import { mergeClaims } from './merge.ts';

const NONE: ReadonlySet<Ref> = new Set();
const NOTHING: readonly never[] = [];

interface Cell {
  readonly origin: OriginKey;
  readonly rank: number;
  readonly since: string;
  readonly objects: ReadonlyMap<Ref, BigipObject>;
  /** Those among them that it gives together with others. */
  readonly joins: ReadonlySet<Ref>;
  /** Fields of those that are only defaults. */
  readonly yields: readonly string[];
  /** Something of it could not be read: see `Contribution.keeps`. */
  readonly keeps?: readonly string[] | undefined;
  /** What it needs of other cells. */
  readonly expects: readonly Ref[];
  readonly diagnostics: readonly Diagnostic[];
  readonly frozen: boolean;
  /** Why the device refused it; it is tried again when the cell is given anew. */
  readonly refusal?: Diagnostic;
}

/** Why an origin's objects are left as they are. */
export type Hold = 'frozen' | 'quarantined';

/**
 * What all sources together want, kept up to date by what changed: the third index of the design (ref -> claims), with
 * cells and origins beside it. Pure: the same contributions in any order give the same answers.
 */
export class DesiredState {
  readonly #cells = new Map<CellKey, Cell>();
  readonly #cellsOfRef = new Relation<Ref, CellKey>();
  readonly #cellsOfOrigin = new Relation<OriginKey, CellKey>();
  readonly #expecting = new Relation<Ref, CellKey>();
  #merges = 0;

  /** Refs merged since the start. */
  get merges(): number {
    return this.#merges;
  }

  /** The refs that anybody wants. No order. */
  refs(): Iterable<Ref> {
    return this.#cellsOfRef.keys();
  }

  /** The origins known. No order. */
  origins(): Iterable<OriginKey> {
    return this.#cellsOfOrigin.keys();
  }

  /** The cells of an origin. */
  cellsOf(origin: OriginKey): ReadonlySet<CellKey> {
    return this.#cellsOfOrigin.of(origin);
  }

  /** The refs that the cells of an origin want. */
  refsOf(origin: OriginKey): ReadonlySet<Ref> {
    const refs = new Set<Ref>();
    for (const cell of this.#known(this.cellsOf(origin))) for (const ref of cell.objects.keys()) refs.add(ref);
    return refs;
  }

  /** The cells of a source, by its name. */
  *cellsOfSource(source: string): Iterable<CellKey> {
    for (const cell of this.#cells.keys()) if (cell.startsWith(`${source}:`)) yield cell;
  }

  /** The origin of a cell. */
  originOf(cell: CellKey): OriginKey | undefined {
    return this.#cells.get(cell)?.origin;
  }

  /**
   * Takes what a cell contributes now, and gives the refs that this touches. Being given anew ends a quarantine. A
   * frozen contribution leaves the objects given before in place, held.
   */
  update(contribution: Contribution): ReadonlySet<Ref> {
    const before = this.#cells.get(contribution.cell);
    const frozen = contribution.frozen === true;
    const objects = frozen ? (before?.objects ?? new Map()) : byRef(contribution, before?.objects);
    const after: Cell = {
      origin: contribution.origin,
      rank: contribution.rank ?? 0,
      since: contribution.since,
      objects,
      joins: frozen ? (before?.joins ?? NONE) : joinsOf(contribution),
      yields: (frozen ? before?.yields : contribution.yields) ?? NOTHING,
      keeps: contribution.keeps,
      expects: (frozen ? before?.expects : contribution.expects) ?? NOTHING,
      diagnostics: contribution.diagnostics,
      frozen,
    };
    return this.#replace(contribution.cell, after);
  }

  /** A cell is gone: what it wanted, it wants no more. */
  remove(cell: CellKey): ReadonlySet<Ref> {
    return this.#replace(cell, undefined);
  }

  /** The device refused a cell's objects: they are held until the cell is given anew. Gives the refs touched. */
  quarantine(cell: CellKey, refusal: Diagnostic): ReadonlySet<Ref> {
    const before = this.#cells.get(cell);
    return before === undefined ? new Set() : this.#replace(cell, { ...before, refusal });
  }

  /** Lets quarantined cells be tried again, all if none are named. Gives the refs touched. */
  release(cells: Iterable<CellKey> = this.#cells.keys()): ReadonlySet<Ref> {
    const touched = new Set<Ref>();
    for (const key of cells) {
      const cell = this.#cells.get(key);
      if (cell?.refusal === undefined) continue;
      const { refusal: _, ...free } = cell;
      for (const ref of this.#replace(key, free)) touched.add(ref);
    }
    return touched;
  }

  /** All claims on a ref merged; undefined if nobody wants it. */
  merge(ref: Ref): Merged | undefined {
    if (this.#cellsOfRef.of(ref).size === 0) return undefined;
    this.#merges += 1;
    return mergeClaims(ref, this.claimsOn(ref));
  }

  /** All claims on a ref, in no order. */
  claimsOn(ref: Ref): readonly Claim[] {
    const claims: Claim[] = [];
    for (const cell of this.#known(this.#cellsOfRef.of(ref))) {
      const object = cell.objects.get(ref);
      if (object === undefined) continue;
      const { origin, rank, since, yields, keeps } = cell;
      const joins = cell.joins.has(ref);
      claims.push({ origin, rank, since, object, held: isHeld(cell), joins, keeps, ...(joins ? { yields } : {}) });
    }
    return claims;
  }

  /** Whether other cells count on this: it is given, or will be once its giver can be understood. */
  isExpected(ref: Ref): boolean {
    return this.#expecting.of(ref).size > 0;
  }

  /** The cells that want a ref. */
  claimants(ref: Ref): ReadonlySet<CellKey> {
    return this.#cellsOfRef.of(ref);
  }

  /** Whether anything of this origin is to be left as it is, and why. */
  holdOf(origin: OriginKey): Hold | undefined {
    let hold: Hold | undefined;
    for (const key of this.#cellsOfOrigin.of(origin)) {
      const cell = this.#cells.get(key);
      if (cell?.frozen === true) return 'frozen';
      if (cell?.refusal !== undefined) hold = 'quarantined';
    }
    return hold;
  }

  /** Whether something that this origin may say could not be read: see `Contribution.keeps`. */
  isPartial(origin: OriginKey): boolean {
    return this.#known(this.#cellsOfOrigin.of(origin)).some(({ keeps }) => keeps !== undefined);
  }

  /** What is wrong with an origin: of its cells, and the device's refusals. */
  diagnosticsOf(origin: OriginKey): readonly Diagnostic[] {
    const all: Diagnostic[] = [];
    for (const cell of this.#known([...this.#cellsOfOrigin.of(origin)].sort())) {
      all.push(...cell.diagnostics);
      if (cell.refusal !== undefined && !all.some((known) => equalValues(known, cell.refusal))) all.push(cell.refusal);
    }
    return all;
  }

  #known(keys: Iterable<CellKey>): readonly Cell[] {
    return Array.from(keys, (key) => this.#cells.get(key)).filter((cell) => cell !== undefined);
  }

  #replace(key: CellKey, after: Cell | undefined): ReadonlySet<Ref> {
    const before = this.#cells.get(key);
    const touched = touchedRefs(before, after);
    for (const ref of touched) {
      if (after?.objects.has(ref) === true) this.#cellsOfRef.add(ref, key);
      else this.#cellsOfRef.remove(ref, key);
    }
    for (const ref of before?.expects ?? []) this.#expecting.remove(ref, key);
    for (const ref of after?.expects ?? []) this.#expecting.add(ref, key);
    if (before !== undefined && before.origin !== after?.origin) this.#cellsOfOrigin.remove(before.origin, key);
    if (after === undefined) {
      this.#cells.delete(key);
    } else {
      this.#cellsOfOrigin.add(after.origin, key);
      this.#cells.set(key, after);
    }
    return touched;
  }
}

function isHeld(cell: Cell): boolean {
  return cell.frozen || cell.refusal !== undefined;
}

/**
 * Objects in their form, by ref. One that is equal to what was given before keeps its identity: one copy in memory.
 */
function byRef({ objects, joins = [] }: Contribution, before?: ReadonlyMap<Ref, BigipObject>): Map<Ref, BigipObject> {
  const result = new Map<Ref, BigipObject>();
  for (const object of objects) {
    const ref = refOf(object.kind, object.path);
    const now = joins.includes(ref) ? explicitForm(object) : canonical(object);
    const old = before?.get(ref);
    result.set(ref, old !== undefined && equalValues(old, now) ? old : now);
  }
  return result;
}

function joinsOf({ joins = [] }: Contribution): ReadonlySet<Ref> {
  return joins.length === 0 ? NONE : new Set(joins);
}

function touchedRefs(before: Cell | undefined, after: Cell | undefined): ReadonlySet<Ref> {
  if (before === undefined || after === undefined || differsAsAWhole(before, after)) {
    return new Set([...(after?.objects.keys() ?? []), ...(before?.objects.keys() ?? [])]);
  }
  const touched = new Set<Ref>();
  for (const [ref, object] of after.objects) {
    if (before.objects.get(ref) !== object || joinsDiffer(ref, before, after)) touched.add(ref);
  }
  for (const ref of before.objects.keys()) if (!after.objects.has(ref)) touched.add(ref);
  return touched;
}

function joinsDiffer(ref: Ref, before: Cell, after: Cell): boolean {
  const [was, is] = [before.joins.has(ref), after.joins.has(ref)];
  return was !== is || (is && !equalValues(before.yields, after.yields));
}

function differsAsAWhole(before: Cell, after: Cell): boolean {
  return isHeld(before) !== isHeld(after) || !equalValues(inForce(before), inForce(after));
}

function inForce({ rank, since, origin, keeps }: Cell): readonly unknown[] {
  return [rank, since, origin, keeps];
}
