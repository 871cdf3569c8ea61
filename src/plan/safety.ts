import type { Change, Withheld } from './plan.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf } from '../ir/ref.ts';
import { nameObject } from './explain.ts';

/** Deletes beyond both limits at once wait for a person. */
export interface DeleteLimit {
  /** More than this many objects … */
  readonly objects: number;
  /** … and more than this share of what is owned (0..1). */
  readonly share: number;
}

/**
 * Holds back all deletes if there are more than the limit allows. Objects that are made anew do not count, nor do nodes:
 * they come and go with pool members.
 * @param owned how many objects there are that could be deleted; asked only where it matters.
 */
export function limitDeletes(
  changes: readonly Change[],
  limit: DeleteLimit,
  owned: () => number,
): { readonly changes: readonly Change[]; readonly withheld: readonly Withheld[] } {
  const made = new Set(changes.flatMap((change) => (change.op === 'create' ? [change.ref] : [])));
  const counts = (change: Change): boolean =>
    change.op === 'delete' && !made.has(change.ref) && descriptorOf(kindOf(change.ref)).implicit !== true;
  const deletes = changes.filter(counts);
  if (deletes.length <= limit.objects) return { changes, withheld: [] };
  const all = owned();
  if (deletes.length <= limit.share * all) return { changes, withheld: [] };
  const share = Math.round((100 * deletes.length) / Math.max(all, 1));
  const withheld = deletes.map(({ ref, origins }): Withheld => {
    const summary = `${nameObject(ref)} is not deleted: ${deletes.length} of ${all} owned objects (${share} %) would go at once`;
    const detail =
      `More than ${limit.objects} objects and ${Math.round(100 * limit.share)} % wait for a person: ` +
      'check the sources, then allow it with --allow-deletes.';
    const origin = origins[0];
    const diagnostic = { code: 'delete-threshold', severity: 'warning', summary, detail } as const;
    return {
      ref,
      reason: 'threshold',
      origins,
      diagnostic: origin === undefined ? diagnostic : { ...diagnostic, origin },
    };
  });
  const nodes = (change: Change): boolean => change.op === 'delete' && !made.has(change.ref);
  return { changes: changes.filter((change) => !nodes(change)), withheld };
}
