import type { BigipObject } from '../../ir/objects.ts';
import type { Ref } from '../../ir/ref.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import type { Actual } from '../../plan/snapshot.ts';
import { canonical } from '../../ir/canonical.ts';
import { equalValues } from '../../ir/equal.ts';

/** Objects as read again; undefined: not there. */
export type Found = ReadonlyMap<Ref, Actual | undefined>;

/**
 * How a unit stands on the device. `applied`: all as wanted. `unapplied`: all as it was before. `other`: neither, so
 * somebody else was there too.
 */
export type Standing = 'applied' | 'unapplied' | 'other';

/** From what to what one object goes; several changes of it (delete, create) taken together. */
interface Journey {
  readonly before: BigipObject | undefined;
  readonly after: BigipObject | undefined;
  /** The fields that an update touches; undefined: all. */
  readonly fields: readonly string[] | undefined;
}

/** Compares what was read with both ends of the unit's changes. Optional changes do not count. */
export function standingOf(unit: PlanUnit, found: Found): Standing {
  const standings = [...journeys(unit)].map(([ref, journey]) => standingOfObject(journey, found.get(ref)?.object));
  if (standings.length > 0 && standings.every((standing) => standing === 'applied')) return 'applied';
  return standings.every((standing) => standing === 'unapplied') ? 'unapplied' : 'other';
}

/** The objects that must be read to tell how the unit stands. */
export function refsToRead(unit: PlanUnit): readonly Ref[] {
  return [...journeys(unit).keys()];
}

function journeys(unit: PlanUnit): ReadonlyMap<Ref, Journey> {
  const result = new Map<Ref, Journey>();
  for (const change of unit.changes) {
    if (change.op === 'delete' && change.optional === true) continue;
    const earlier = result.get(change.ref);
    const journey = journeyOf(change);
    result.set(change.ref, earlier === undefined ? journey : { ...journey, before: earlier.before, fields: undefined });
  }
  return result;
}

function journeyOf(change: Change): Journey {
  if (change.op === 'create') return { before: undefined, after: change.after, fields: undefined };
  if (change.op === 'delete') return { before: change.before, after: undefined, fields: undefined };
  return { before: change.before, after: change.after, fields: change.fields.map(({ field }) => field) };
}

function standingOfObject({ before, after, fields }: Journey, found: BigipObject | undefined): Standing {
  if (agrees(after, found, fields)) return 'applied';
  return agrees(before, found, fields) ? 'unapplied' : 'other';
}

/**
 * Whether what was found is as meant. Fields that are not set in `meant` are left to the device, unless the update
 * touched them.
 */
function agrees(
  meant: BigipObject | undefined,
  found: BigipObject | undefined,
  fields: readonly string[] | undefined,
): boolean {
  if (meant === undefined || found === undefined) return meant === found;
  const wanted = canonical(meant) as unknown as Readonly<Record<string, unknown>>;
  const there = canonical(found) as unknown as Readonly<Record<string, unknown>>;
  return (fields ?? Object.keys(wanted)).every((field) => equalValues(wanted[field], there[field]));
}
