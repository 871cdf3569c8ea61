import type { Change, Withheld } from './plan.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ref } from '../ir/ref.ts';
import { descriptorOf, holderOf } from '../ir/objects.ts';
import { kindOf } from '../ir/ref.ts';
import { nameObject } from './explain.ts';

/** Deletes beyond the limits wait for a person. */
export interface DeleteLimit {
  /** More than this many objects … */
  readonly objects: number;
  /** … and more than this share of what is owned (0..1). */
  readonly share: number;
  /**
   * Of one object whose items are written one by one (members of a pool): more than this many fewer, and more than the
   * share of its items that are ours. Left out: 1.
   */
  readonly members?: number;
}

/** What there is that could be deleted; asked only where it matters. */
export interface Owned {
  /** How many objects are ours. */
  readonly objects: () => number;
  /** How many items of an object are. */
  readonly itemsOf: (holder: Ref) => number;
}

interface Limited {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}

/**
 * Holds back deletes beyond the limits: of the items of one object, and then all of them. Objects that are made anew do not
 * count, nor do nodes: they come and go with pool members. Of items it counts how many fewer there would be.
 */
export function limitDeletes(changes: readonly Change[], limit: DeleteLimit, owned: Owned): Limited {
  const items = limitItems(changes, limit, owned);
  const rest = limitAll(items.changes, limit, owned);
  return { changes: rest.changes, withheld: [...items.withheld, ...rest.withheld] };
}

function limitItems(changes: readonly Change[], { members: most = 1, share }: DeleteLimit, owned: Owned): Limited {
  const texts = new Map<Ref, Text>();
  for (const [holder, fewer] of fewerItems(changes)) {
    if (fewer <= most) continue;
    const all = owned.itemsOf(holder);
    if (fewer <= share * all) continue;
    texts.set(holder, {
      why: `${fewer} of the ${all} that are ours in ${nameObject(holder)} (${percent(fewer, all)}) would go at once`,
      detail: `More than ${most} fewer, and more than ${percent(share, 1)} of one, wait for a person: ${ADVICE}`,
    });
  }
  const textOf = (change: Change): Text | undefined => {
    const holder = change.op === 'delete' ? holderOf(change.ref) : undefined;
    return holder === undefined ? undefined : texts.get(holder);
  };
  const withheld = changes.flatMap((change) => {
    const text = textOf(change);
    return text === undefined ? [] : [withhold(change, text)];
  });
  return {
    changes: withheld.length === 0 ? changes : changes.filter((change) => textOf(change) === undefined),
    withheld,
  };
}

/** How many fewer items each object would have; those that lose none are left out. */
function fewerItems(changes: readonly Change[]): ReadonlyMap<Ref, number> {
  const fewer = new Map<Ref, number>();
  for (const { op, ref } of changes) {
    const holder = op === 'update' ? undefined : holderOf(ref);
    if (holder !== undefined) fewer.set(holder, (fewer.get(holder) ?? 0) + (op === 'delete' ? 1 : -1));
  }
  return new Map([...fewer].filter(([, count]) => count > 0));
}

function limitAll(changes: readonly Change[], limit: DeleteLimit, owned: Owned): Limited {
  const made = new Set(changes.flatMap((change) => (change.op === 'create' ? [change.ref] : [])));
  const goes = (change: Change): boolean => change.op === 'delete' && !made.has(change.ref);
  const deletes = changes.filter((change) => goes(change) && descriptorOf(kindOf(change.ref)).implicit !== true);
  if (deletes.length <= limit.objects) return { changes, withheld: [] };
  const whole = deletes.filter(({ ref }) => holderOf(ref) === undefined).length;
  const count = [...fewerItems(changes).values()].reduce((sum, fewer) => sum + fewer, whole);
  if (count <= limit.objects) return { changes, withheld: [] };
  const all = owned.objects();
  if (count <= limit.share * all) return { changes, withheld: [] };
  const text = {
    why: `${count} of ${all} owned objects (${percent(count, all)}) would go at once`,
    detail: `More than ${limit.objects} objects and ${percent(limit.share, 1)} wait for a person: ${ADVICE}`,
  };
  const withheld = deletes.map((change) => withhold(change, text));
  return { changes: changes.filter((change) => !goes(change)), withheld };
}

const ADVICE = 'check the sources, then allow it with --allow-deletes.';

interface Text {
  readonly why: string;
  readonly detail: string;
}

function withhold({ ref, origins }: Change, { why, detail }: Text): Withheld {
  const [origin] = origins;
  const summary = `${nameObject(ref)} is not deleted: ${why}`;
  const diagnostic: Diagnostic = { code: 'delete-threshold', severity: 'warning', summary, detail };
  return {
    ref,
    reason: 'threshold',
    origins,
    diagnostic: origin === undefined ? diagnostic : { ...diagnostic, origin },
  };
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / Math.max(whole, 1))} %`;
}
