import type { CellKey } from '../desired/contribution.ts';
import type { DesiredState } from '../desired/desired-state.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Change, PlanUnit } from '../plan/plan.ts';
import type { Blame } from '../targets/target.ts';
import { hasParts, ownersNamed, ownersOfChanges } from '../plan/parts.ts';

/**
 * Finds out whose part of a refused object the device does not take, where it does not say so: all whose parts changed
 * are held, and let go again half by half. Each try that is refused halves the group; who is refused alone is to blame,
 * and all others end up in force. For k guilty of n this takes about k log n tries.
 */
export class Suspects {
  readonly #groups: (readonly CellKey[])[] = [];
  /** Those that were let go for the round under way. */
  #onTrial: ReadonlySet<CellKey> = new Set();

  /**
   * Takes the cells that were refused together. True: they are of several origins and will be tried in parts, so that
   * nobody is to blame yet.
   */
  accuse(cells: ReadonlySet<CellKey>, desired: DesiredState): boolean {
    const groups = new Map<OriginKey, CellKey[]>();
    for (const cell of cells) {
      const origin = desired.originOf(cell) ?? '';
      groups.set(origin, [...(groups.get(origin) ?? []), cell]);
    }
    if (groups.size < 2) return false;
    const sorted = [...groups.keys()].sort().map((origin) => groups.get(origin) ?? []);
    const middle = Math.ceil(sorted.length / 2);
    this.#groups.push(sorted.slice(0, middle).flat(), sorted.slice(middle).flat());
    return true;
  }

  /** Of these cells, those that are on trial; if none is, all. */
  narrow(cells: ReadonlySet<CellKey>): ReadonlySet<CellKey> {
    const tried = new Set([...cells].filter((cell) => this.#onTrial.has(cell)));
    return tried.size === 0 ? cells : tried;
  }

  /** The next group to let go; undefined if nobody is under suspicion any more. */
  next(): readonly CellKey[] | undefined {
    const group = this.#groups.shift();
    this.#onTrial = new Set(group);
    return group;
  }
}

/** Whether the refused object is put together of parts of several origins. */
export function isOfParts(unit: PlanUnit, blame: Blame): boolean {
  const change = refusedChange(unit, blame);
  return change !== undefined && change.op !== 'delete' && hasParts(change.after);
}

/**
 * The origins to blame for a refusal of an object of several: those whose part the device named, else those whose parts
 * changed, else all that it was blamed on.
 */
export function originsToBlame(unit: PlanUnit, blame: Blame): ReadonlySet<OriginKey> {
  const change = refusedChange(unit, blame);
  const all = new Set(blame.origins);
  if (all.size < 2 || change === undefined || change.op === 'delete' || !hasParts(change.after)) return all;
  const changed = ownersOfChanges(change.op === 'update' ? change.before : undefined, change.after);
  const named = [...ownersNamed(change.after, blame.message)].filter((owner) => changed.has(owner));
  if (named.length > 0) return new Set(named);
  return changed.size > 0 ? changed : all;
}

function refusedChange({ changes }: PlanUnit, { ref }: Blame): Change | undefined {
  return changes.find((change) => change.ref === ref) ?? changes[0];
}
