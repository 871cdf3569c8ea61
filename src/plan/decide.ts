import type { Change, Withheld } from './plan.ts';
import type { Actual, Snapshot } from './snapshot.ts';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Merged } from '../desired/merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject, Kind } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Scope } from './scope.ts';
import type { Ref } from '../ir/ref.ts';
import { printAddress } from '../ir/address.ts';
import { canonical } from '../ir/canonical.ts';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin, parseOrigin } from '../ir/origin.ts';
import { kindOf, nameOf, partitionOf, pathOf, refOf } from '../ir/ref.ts';
import { diffBookkeeping, diffObjects, needsReplacement } from './diff.ts';
import {
  foreignDiagnostic,
  heldDiagnostic,
  incompleteDiagnostic,
  partialDiagnostic,
  nameTakenDiagnostic,
  nameObject,
  stillUsed,
  unknownSourceDiagnostic,
  unsupportedDiagnostic,
  waitingDiagnostic,
} from './explain.ts';
import { isUsable } from './node-ledger.ts';
import { withoutWaiting } from './parts.ts';
import { obstacleTo } from './obstacles.ts';
import { allows } from './scope.ts';
import { markOf } from './mark-of.ts';
import { holdOn, wantedObject } from './wanted.ts';

/** What deciding needs to know. */
export interface PlanContext {
  readonly instance: string;
  /** The partition that is written to. */
  readonly partition: string;
  /** What may be written; left out: everything. */
  readonly scope?: Scope;
  readonly desired: DesiredState;
  readonly snapshot: Snapshot;
  /** Names of sources that cannot vouch that what they lack is gone. */
  readonly incomplete: ReadonlySet<string>;
  /** Names of all sources; nothing of others is deleted. Left out: any source. */
  readonly sources?: ReadonlySet<string>;
  /** Unowned objects that may be taken over. */
  readonly adopt?: 'all' | readonly Ref[];
  /** A member that a person disabled stays disabled. */
  readonly keepMemberState?: boolean;
  /** The precedence of the source of an origin; left out: all have the same. */
  readonly rankOf?: (origin: OriginKey) => number;
}

/** What is to be done about one ref: changes (two for a replacement), or a reason why not, or nothing. */
export interface Decision {
  readonly changes: readonly Change[];
  readonly withheld?: Withheld;
  readonly conflicts: readonly Diagnostic[];
  /** What is not there and keeps back the object or a part of it: when it changes, decide again. */
  readonly waitsFor?: readonly Ref[];
}

const NOTHING: Decision = { changes: [], conflicts: [] };

/** Decides about one ref: matched, only wanted, or only there. What is out of scope is let be. */
export function decide(ref: Ref, context: PlanContext): Decision {
  if (!allows(context.scope, ref)) return NOTHING;
  const decision = decideFreely(ref, context);
  const obstacle = obstacleTo(decision, context);
  if (obstacle === undefined) return decision;
  const waitsFor = [...(decision.waitsFor ?? []), ...obstacle.waitsFor];
  return { ...decision, changes: [], withheld: obstacle.withheld, waitsFor };
}

function decideFreely(ref: Ref, context: PlanContext): Decision {
  const merged = context.desired.merge(ref);
  const actual = context.snapshot.get(ref);
  if (merged === undefined) return actual === undefined ? NOTHING : decideUnwanted(ref, actual, context);
  if (merged.object === undefined) return leaveHeld(ref, merged, context);
  const lacking = lackingModule(ref, context.snapshot);
  if (lacking !== undefined) return leaveUnsupported(ref, merged, lacking);
  const { object, waiting } = withoutWaiting(merged.object, (needed) => isUnavailable(needed, context));
  const { after, kept } = wantedObject(object, merged, context);
  const conflicts = [...merged.conflicts, ...kept, ...waiting.map((part) => waitingDiagnostic(ref, part))];
  const known: Known = { ref, merged: waiting.length + kept.length === 0 ? merged : { ...merged, conflicts }, after };
  const decision = decideWanted(known, actual, context);
  if (waiting.length === 0) return decision;
  return { ...decision, waitsFor: [...(decision.waitsFor ?? []), ...waiting.map(({ needs }) => needs)] };
}

function decideWanted(known: Known, actual: Actual | undefined, context: PlanContext): Decision {
  if (actual === undefined) return decideMissing(known, context);
  if (markOf(actual.object, context.snapshot)?.instance === context.instance)
    return decideMatched(known, actual.object, context);
  return decideForeign(known, actual.object, context);
}

interface Known {
  readonly ref: Ref;
  readonly merged: Merged;
  readonly after: BigipObject;
}

function decideMissing({ ref, merged, after }: Known, context: PlanContext): Decision {
  const { conflicts } = merged;
  const descriptor = descriptorOf(after.kind);
  if (descriptor.addressed === true && after.kind === 'virtual-address') {
    const held = context.snapshot.elsewhere('virtual-address', printAddress(after.address));
    if (held !== undefined && isUsable(held, after.path)) return { ...NOTHING, conflicts };
  }
  const holder =
    descriptor.uniqueName === true ? context.snapshot.elsewhere(after.kind, nameOf(after.path)) : undefined;
  const blocked = holder === undefined ? foreignReference(after, context) : nameTakenDiagnostic(ref, holder);
  if (blocked !== undefined) return withhold({ ref, origins: merged.origins, diagnostic: blocked, conflicts });
  const waiting = heldReference(after, context) ?? unclearReference(after, merged.origins, context);
  if (waiting !== undefined) {
    const withheld = { ...waiting, ref, origins: merged.origins };
    return { changes: [], withheld, conflicts, waitsFor: [waiting.ref] };
  }
  return { changes: [{ op: 'create', ref, after, origins: merged.origins }], conflicts };
}

function decideMatched({ ref, merged, after }: Known, before: BigipObject, context: PlanContext): Decision {
  const { conflicts } = merged;
  const fields = diffObjects(before, after);
  if (fields.length === 0) return conflicts.length === 0 ? NOTHING : { ...NOTHING, conflicts };
  const blocked = foreignReference(after, context);
  if (blocked !== undefined) return withhold({ ref, origins: merged.origins, diagnostic: blocked, conflicts });
  const origins = unionOf(merged.origins, markOf(before, context.snapshot)?.origins ?? []);
  if (needsReplacement(after, fields)) {
    return {
      changes: [
        { op: 'delete', ref, before, origins },
        { op: 'create', ref, after, origins },
      ],
      conflicts,
    };
  }
  const all = [...fields, ...diffBookkeeping(before, after)];
  return { changes: [{ op: 'update', ref, before, after, fields: all, origins }], conflicts };
}

/** It is there and not ours: used as it is (addresses), taken over if asked, else left alone and reported. */
function decideForeign({ ref, merged, after }: Known, before: BigipObject, context: PlanContext): Decision {
  const { conflicts, origins } = merged;
  const wanted = context.adopt === 'all' || (context.adopt ?? []).includes(ref);
  const unmarked = markOf(before, context.snapshot) === undefined;
  if (wanted && unmarked) {
    const fields = [...diffObjects(before, after), ...diffBookkeeping(before, after)];
    return { changes: [{ op: 'update', ref, before, after, fields, origins, adopts: true }], conflicts };
  }
  if (isUsedAsItIs(after.kind) || isLeftAsWanted(after, before, context)) return { ...NOTHING, conflicts };
  return withhold({ ref, origins, diagnostic: foreignDiagnostic(ref, before), conflicts });
}

/** Nobody wants it. Ours goes, unless an origin of it is held or its source incomplete; foreign stays, unsaid. */
function decideUnwanted(ref: Ref, { object }: Actual, context: PlanContext): Decision {
  const mark = markOf(object, context.snapshot);
  const descriptor = descriptorOf(object.kind);
  if (mark?.instance !== context.instance || descriptor.implicit === true || descriptor.permanent === true)
    return NOTHING;
  const stays = whyItStays(ref, mark.origins, context);
  if (stays !== undefined) return { changes: [], withheld: stays, conflicts: [] };
  if (object.kind === 'virtual-address' && hasForeignUser(ref, context)) {
    return withhold({ ref, origins: mark.origins, diagnostic: stillUsed(ref), conflicts: [] });
  }
  const user = object.kind === 'virtual-address' ? stayingUser(ref, context) : undefined;
  if (user !== undefined) return { changes: [], withheld: { ...user, ref }, conflicts: [], waitsFor: [user.ref] };
  return { changes: [{ op: 'delete', ref, before: object, origins: mark.origins }], conflicts: [] };
}

/** A virtual server of ours that stays on the address as it is, because its origin is held: it would be asked for in vain. */
function stayingUser(ref: Ref, context: PlanContext): Withheld | undefined {
  for (const path of context.snapshot.virtualsOfAddress(pathOf(ref))) {
    const user = refOf('virtual', path);
    const merged = context.desired.merge(user);
    if (merged?.object !== undefined) continue;
    const origins = context.snapshot.get(user)?.object.mark?.origins ?? [];
    const stays = merged === undefined ? whyItStays(user, origins, context) : leaveHeld(user, merged, context).withheld;
    if (stays !== undefined) return stays;
  }
  return undefined;
}

function whyItStays(ref: Ref, origins: readonly OriginKey[], context: PlanContext): Withheld | undefined {
  for (const origin of origins) {
    const hold = holdOn(origin, context) ?? partialHold(ref, origin, context);
    if (hold === undefined) continue;
    if (hold === 'partial') return { ref, reason: 'incomplete', origins, diagnostic: partialDiagnostic(ref, origin) };
    if (hold !== 'unknown' && hold !== 'incomplete')
      return { ref, reason: hold, origins, diagnostic: heldDiagnostic(ref, origin, hold) };
    const diagnostic =
      hold === 'unknown' ? unknownSourceDiagnostic(ref, origin) : incompleteDiagnostic(ref, parseOrigin(origin).source);
    return { ref, reason: 'incomplete', origins, diagnostic };
  }
  return undefined;
}

/** What could not be read of an origin may be an item of it: other objects it says as a whole, or not at all. */
function partialHold(ref: Ref, origin: OriginKey, { desired }: PlanContext): 'partial' | undefined {
  return descriptorOf(kindOf(ref)).within !== undefined && desired.isPartial(origin) ? 'partial' : undefined;
}

function leaveHeld(ref: Ref, merged: Merged, context: PlanContext): Decision {
  const origin = merged.held[0] ?? '';
  const hold = context.desired.holdOf(origin) ?? 'frozen';
  const withheld = { ref, reason: hold, origins: merged.held, diagnostic: heldDiagnostic(ref, origin, hold) } as const;
  return { changes: [], withheld, conflicts: [] };
}

/** A virtual server must not be pointed at somebody else's pool that happens to have the name. */
function foreignReference(object: BigipObject, context: PlanContext): Diagnostic | undefined {
  for (const needed of descriptorOf(object.kind).references(object)) {
    const there = context.snapshot.get(needed)?.object;
    if (there === undefined || !isForeign(needed, there, context)) continue;
    const text = foreignDiagnostic(needed, there);
    return { ...text, summary: `${nameObject(refOf(object.kind, object.path))} waits: ${text.summary}` };
  }
  return undefined;
}

/** Whether what a part needs is not there and will not come, or is somebody else's. */
function isUnavailable(needed: Ref, context: PlanContext): boolean {
  const there = context.snapshot.get(needed)?.object;
  if (there !== undefined) return isForeign(needed, there, context);
  if (!allows(context.scope, needed)) return context.desired.claimants(needed).size > 0;
  if (context.desired.claimants(needed).size === 0) return context.desired.isExpected(needed);
  return context.desired.merge(needed)?.object === undefined;
}

/** Whether an object that we want under this name is somebody else's, and may not be taken over. */
function isForeign(ref: Ref, there: BigipObject, context: PlanContext): boolean {
  const mark = markOf(there, context.snapshot);
  if (mark?.instance === context.instance || context.desired.claimants(ref).size === 0) return false;
  if (isUsedAsItIs(there.kind)) return false;
  const wanted = context.desired.merge(ref)?.object;
  if (wanted !== undefined && isLeftAsWanted(wanted, there, context)) return false;
  return mark !== undefined || (context.adopt !== 'all' && !(context.adopt ?? []).includes(ref));
}

/**
 * Whether the object lost the one that carries its mark (somebody deleted a profile, and its files stayed), and is as it
 * should be: then it is used as it is. If it differs, it may be anybody's.
 */
function isLeftAsWanted(wanted: BigipObject, there: BigipObject, { snapshot }: PlanContext): boolean {
  const companion = descriptorOf(there.kind).companion?.(there);
  if (companion === undefined || snapshot.get(companion) !== undefined) return false;
  return diffObjects(there, canonical(wanted)).length === 0;
}

function isUsedAsItIs(kind: Kind): boolean {
  const { addressed, lent } = descriptorOf(kind);
  return addressed === true || lent === true;
}

/** Why the device cannot hold objects of this kind; undefined: it can. */
function lackingModule(ref: Ref, snapshot: Snapshot): string | undefined {
  const { module } = descriptorOf(kindOf(ref));
  return module === undefined ? undefined : snapshot.lacking(module);
}

function leaveUnsupported(ref: Ref, { origins, conflicts }: Merged, lacking: string): Decision {
  const [origin] = origins;
  const about = unsupportedDiagnostic(ref, lacking);
  const diagnostic = origin === undefined ? about : { ...about, origin };
  return { changes: [], withheld: { ref, reason: 'unsupported', origins, diagnostic }, conflicts };
}

/** What it needs is not there, and will not come: whoever gives it is held. Sending it would only be refused. */
function heldReference(object: BigipObject, context: PlanContext): Withheld | undefined {
  for (const needed of descriptorOf(object.kind).references(object)) {
    if (context.snapshot.get(needed) !== undefined) continue;
    const merged = context.desired.merge(needed);
    if (merged === undefined || merged.object !== undefined) continue;
    return leaveHeld(needed, merged, context).withheld;
  }
  return undefined;
}

/**
 * What it needs in our partition is not there, nobody gives it, and one of its own origins cannot be understood: that part
 * of it would have given it. Of several kinds that may stand at a path one is enough.
 */
function unclearReference(
  object: BigipObject,
  origins: readonly OriginKey[],
  context: PlanContext,
): Withheld | undefined {
  const { desired, snapshot, partition } = context;
  const frozen = origins.find((origin) => desired.holdOf(origin) === 'frozen');
  if (frozen === undefined) return undefined;
  const needs = descriptorOf(object.kind).references(object);
  const isThere = (ref: Ref): boolean => snapshot.get(ref) !== undefined || desired.claimants(ref).size > 0;
  const there = new Set(needs.filter(isThere).map(pathOf));
  const missing = needs.find((ref) => partitionOf(pathOf(ref)) === partition && !there.has(pathOf(ref)));
  if (missing === undefined) return undefined;
  const diagnostic = heldDiagnostic(missing, frozen, 'frozen');
  const summary = `${nameObject(refOf(object.kind, object.path))} waits for ${nameObject(missing)}: ${describeOrigin(frozen)} cannot be understood as it is written now`;
  return { ref: missing, reason: 'frozen', origins, diagnostic: { ...diagnostic, summary } };
}

function hasForeignUser(ref: Ref, { snapshot, instance }: PlanContext): boolean {
  return [...snapshot.virtualsOfAddress(pathOf(ref))].some(
    (path) => snapshot.get(refOf('virtual', path))?.object.mark?.instance !== instance,
  );
}

function withhold(known: Foreign): Decision {
  const { ref, origins, diagnostic, conflicts } = known;
  const origin = origins[0];
  const told = origin === undefined ? diagnostic : { ...diagnostic, origin };
  return { changes: [], withheld: { ref, reason: 'foreign', origins, diagnostic: told }, conflicts };
}

interface Foreign {
  readonly ref: Ref;
  readonly origins: readonly OriginKey[];
  readonly diagnostic: Diagnostic;
  readonly conflicts: readonly Diagnostic[];
}

function unionOf(a: readonly OriginKey[], b: readonly OriginKey[]): readonly OriginKey[] {
  return [...new Set([...a, ...b])].sort(compareText);
}
