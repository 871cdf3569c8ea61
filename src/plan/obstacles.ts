import type { Change, Withheld } from './plan.ts';
import type { Decision, PlanContext } from './decide.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ref } from '../ir/ref.ts';
import { descriptorOf, holderOf } from '../ir/objects.ts';
import { partitionOf, pathOf, refOf } from '../ir/ref.ts';
import { nameObject } from './explain.ts';
import { allows, printScope } from './scope.ts';

/** Why a change cannot be made although it may be, and what would have to change. */
export interface Obstacle {
  readonly withheld: Withheld;
  /** What is not there: when it comes, decide again. */
  readonly waitsFor: readonly Ref[];
}

interface Found {
  readonly diagnostic: Diagnostic;
  readonly waitsFor?: Ref;
}

/**
 * What stands in the way of a decision about one object that may be written: what it is part of belongs to somebody who does
 * not allow it, or what it needs is not there and may not be made.
 */
export function obstacleTo({ changes, withheld }: Decision, context: PlanContext): Obstacle | undefined {
  // That it exists and is not ours says little if nothing there may be written anyway.
  const subjects = withheld?.reason === 'foreign' ? [...changes, withheld] : changes;
  for (const subject of subjects) {
    const found =
      holderObstacle(subject.ref, context) ??
      ('after' in subject ? (rivalObstacle(subject, context) ?? lackOf(subject, context)) : undefined);
    if (found !== undefined) return withhold(subject, found);
  }
  return undefined;
}

function withhold({ ref, origins }: Change | Withheld, { diagnostic, waitsFor }: Found): Obstacle {
  const [origin] = origins;
  const told = origin === undefined ? diagnostic : { ...diagnostic, origin };
  return {
    withheld: { ref, reason: 'blocked', origins, diagnostic: told },
    waitsFor: waitsFor === undefined ? [] : [waitsFor],
  };
}

/** An item of an object that somebody else owns: the owner must be there, and let others write. */
function holderObstacle(ref: Ref, { snapshot, instance, scope }: PlanContext): Found | undefined {
  const holder = holderOf(ref);
  if (holder === undefined) return undefined;
  const there = snapshot.get(holder);
  const isOwn = scope?.ownPools.has(pathOf(holder)) === true;
  if (there === undefined) {
    return blocked(ref, `${nameObject(holder)} is not on the device`, {
      detail: isOwn
        ? 'Here its members alone are written: apply without --only, which makes it.'
        : 'It is its owner who makes it: here its members alone are written.',
      waitsFor: holder,
    });
  }
  const { mark } = there.object;
  if (mark !== undefined && mark.instance !== instance) {
    return blocked(
      ref,
      `${nameObject(holder)} is one that instance ${mark.instance} of Fairlead makes, with its members`,
      {
        detail: 'Who owns a pool writes its members with it: give that instance the members.',
      },
    );
  }
  if (mark === undefined && isOwn) {
    return blocked(ref, `${nameObject(holder)} is not ours (nobody marked it)`, {
      detail: `--only alone lets in pools of ours; members of others need "only: pool-members of ${pathOf(holder)}" of the target.`,
    });
  }
  const { application } = there;
  if (application?.strict !== true) return undefined;
  return blocked(ref, `${nameObject(holder)} belongs to the iApp ${application.path}, whose strict updates are on`, {
    detail:
      'The device refuses changes that do not go through the iApp. Switch its strict updates off, or change its table of members.',
  });
}

/** Somebody else has what the device holds one of, under another name or in another partition. */
function rivalObstacle({ ref, after }: Exclude<Change, { op: 'delete' }>, context: PlanContext): Found | undefined {
  const singular = descriptorOf(after.kind).singular?.(after);
  if (singular === undefined) return undefined;
  const { snapshot, instance } = context;
  for (const path of snapshot.holdersOf(after.kind, singular)) {
    const rival = refOf(after.kind, path);
    // What another object of ours lets go of is handed over.
    if (rival === ref || snapshot.get(rival)?.object.mark?.instance === instance) continue;
    return blocked(ref, `${nameObject(rival)} has ${singular}, and is not ours`, {
      detail: 'The device holds one of it, whatever its name: remove that one, or let it be and take this one away.',
      waitsFor: rival,
    });
  }
  return undefined;
}

/** Something that the object needs is wanted, not there, and not to be made by us. */
function lackOf(change: Exclude<Change, { op: 'delete' }>, context: PlanContext): Found | undefined {
  const { scope, snapshot, desired, partition } = context;
  if (scope === undefined) return undefined;
  const { ref, after } = change;
  const detail = `Only this is written: ${printScope(scope)}.`;
  const home = partitionOf(after.path);
  const owner = refOf('partition', `/${home}`);
  if (change.op === 'create' && home === partition && home !== 'Common' && isLacking(owner)) {
    return blocked(ref, `${nameObject(owner)} is not on the device, and it is out of scope`, {
      detail,
      waitsFor: owner,
    });
  }
  const needed = descriptorOf(after.kind).references(after);
  const lacking = needed.find((one) => desired.claimants(one).size > 0 && isLacking(one));
  if (lacking === undefined) return undefined;
  return blocked(ref, `${nameObject(lacking)} is not on the device, and it is out of scope`, {
    detail,
    waitsFor: lacking,
  });

  function isLacking(one: Ref): boolean {
    return snapshot.get(one) === undefined && !allows(scope, one);
  }
}

function blocked(
  ref: Ref,
  why: string,
  { detail, waitsFor }: { readonly detail: string; readonly waitsFor?: Ref },
): Found {
  const summary = `${nameObject(ref)} is not written: ${why}`;
  const diagnostic: Diagnostic = { code: 'blocked', severity: 'error', summary, detail };
  return waitsFor === undefined ? { diagnostic } : { diagnostic, waitsFor };
}
