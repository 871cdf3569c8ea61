import type { Change, Withheld } from './plan.ts';
import type { Actual, Snapshot } from './snapshot.ts';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Merged } from '../desired/merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Pool } from '../ir/pool.ts';
import type { Ref } from '../ir/ref.ts';
import { printAddress } from '../ir/address.ts';
import { canonical, compareText } from '../ir/canonical.ts';
import { descriptorOf } from '../ir/objects.ts';
import { parseOrigin } from '../ir/origin.ts';
import { kindOf, pathOf, refOf } from '../ir/ref.ts';
import { diffBookkeeping, diffObjects, needsReplacement } from './diff.ts';
import {
  foreignDiagnostic,
  heldDiagnostic,
  incompleteDiagnostic,
  nameObject,
  stillUsed,
  unknownSourceDiagnostic,
} from './explain.ts';
import { isUsable, standOnHeldNodes, withLedger } from './node-ledger.ts';
import { withoutDefaultDomain } from './route-domain.ts';

/** What deciding needs to know. */
export interface PlanContext {
  readonly instance: string;
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
}

/** What is to be done about one ref: changes (two for a replacement), or a reason why not, or nothing. */
export interface Decision {
  readonly changes: readonly Change[];
  readonly withheld?: Withheld;
  readonly conflicts: readonly Diagnostic[];
}

const NOTHING: Decision = { changes: [], conflicts: [] };

/** Decides about one ref: matched, only wanted, or only there. */
export function decide(ref: Ref, context: PlanContext): Decision {
  const merged = context.desired.merge(ref);
  const actual = context.snapshot.get(ref);
  if (merged === undefined) return actual === undefined ? NOTHING : decideUnwanted(ref, actual, context);
  if (merged.object === undefined) return leaveHeld(ref, merged, context);
  const after = wantedObject(merged.object, merged, context);
  const known: Known = { ref, merged, after };
  if (actual === undefined) return decideMissing(known, context);
  if (actual.object.mark?.instance === context.instance) return decideMatched(known, actual.object, context);
  return decideForeign(known, actual.object, context);
}

interface Known {
  readonly ref: Ref;
  readonly merged: Merged;
  readonly after: BigipObject;
}

/** The canonical object to write: mark, ledger, and addresses that somebody else holds already. */
function wantedObject(given: BigipObject, merged: Merged, context: PlanContext): BigipObject {
  const object = withoutDefaultDomain(given, context.snapshot);
  const actual = context.snapshot.get(refOf(object.kind, object.path))?.object;
  const staying = merged.held.filter((origin) => actual?.mark?.origins.includes(origin) === true);
  const origins = [...new Set([...merged.origins, ...staying])].sort(compareText);
  const marked = withTextOf(staying.length > 0 ? actual : undefined, {
    ...object,
    mark: { instance: context.instance, origins },
  });
  if (marked.kind === 'pool') return canonical(wantedPool(marked, actual, context));
  if (marked.kind !== 'virtual') return canonical(marked);
  const address = printAddress(marked.destination.address);
  const held = context.snapshot.elsewhere('virtual-address', address);
  return canonical(held !== undefined && isUsable(held, marked.path) ? { ...marked, virtualAddress: held } : marked);
}

/** As long as the mark names an origin that is held, the description does, too: it would change back and forth. */
function withTextOf(actual: BigipObject | undefined, object: BigipObject): BigipObject {
  if (actual === undefined || descriptorOf(object.kind).shared !== true) return object;
  const { description: _, ...rest } = object;
  const { description } = actual;
  return description === undefined ? rest : { ...rest, description };
}

function wantedPool(pool: Pool, actual: BigipObject | undefined, context: PlanContext): Pool {
  const before = actual?.kind === 'pool' ? actual : undefined;
  const standing = standOnHeldNodes(pool, context.snapshot);
  const kept = context.keepMemberState === true && before !== undefined ? keepStates(standing, before) : standing;
  return withLedger(kept, before, context);
}

/** A member that the device shows as disabled or offline stays so; one that we want disabled is disabled. */
function keepStates(pool: Pool, before: Pool): Pool {
  const states = new Map(before.members?.map((member) => [printAddress(member.address) + member.port, member]));
  const members = pool.members?.map((member) => {
    const state = states.get(printAddress(member.address) + member.port)?.adminState;
    return state === undefined || member.adminState !== undefined ? member : { ...member, adminState: state };
  });
  return members === undefined ? pool : { ...pool, members };
}

function decideMissing({ ref, merged, after }: Known, context: PlanContext): Decision {
  const { conflicts } = merged;
  const descriptor = descriptorOf(after.kind);
  if (descriptor.addressed === true && after.kind === 'virtual-address') {
    const held = context.snapshot.elsewhere('virtual-address', printAddress(after.address));
    if (held !== undefined && isUsable(held, after.path)) return { ...NOTHING, conflicts };
  }
  const blocked = foreignReference(after, context);
  if (blocked !== undefined) return withhold({ ref, origins: merged.origins, diagnostic: blocked, conflicts });
  const waiting = heldReference(after, context);
  if (waiting !== undefined) return { changes: [], withheld: { ...waiting, ref, origins: merged.origins }, conflicts };
  return { changes: [{ op: 'create', ref, after, origins: merged.origins }], conflicts };
}

function decideMatched({ ref, merged, after }: Known, before: BigipObject, context: PlanContext): Decision {
  const { conflicts } = merged;
  const fields = diffObjects(before, after);
  if (fields.length === 0) return conflicts.length === 0 ? NOTHING : { ...NOTHING, conflicts };
  const blocked = foreignReference(after, context);
  if (blocked !== undefined) return withhold({ ref, origins: merged.origins, diagnostic: blocked, conflicts });
  const origins = unionOf(merged.origins, before.mark?.origins ?? []);
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
  const unmarked = before.mark === undefined;
  if (wanted && unmarked) {
    const fields = [...diffObjects(before, after), ...diffBookkeeping(before, after)];
    return { changes: [{ op: 'update', ref, before, after, fields, origins, adopts: true }], conflicts };
  }
  if (descriptorOf(after.kind).addressed === true) return { ...NOTHING, conflicts };
  return withhold({ ref, origins, diagnostic: foreignDiagnostic(ref, before), conflicts });
}

/** Nobody wants it. Ours goes, unless an origin of it is held or its source incomplete; foreign stays, unsaid. */
function decideUnwanted(ref: Ref, { object }: Actual, context: PlanContext): Decision {
  const { mark } = object;
  const descriptor = descriptorOf(object.kind);
  if (mark?.instance !== context.instance || descriptor.implicit === true || object.kind === 'partition')
    return NOTHING;
  const stays = whyItStays(ref, mark.origins, context);
  if (stays !== undefined) return { changes: [], withheld: stays, conflicts: [] };
  if (object.kind === 'virtual-address' && hasForeignUser(ref, context)) {
    return withhold({ ref, origins: mark.origins, diagnostic: stillUsed(ref), conflicts: [] });
  }
  return { changes: [{ op: 'delete', ref, before: object, origins: mark.origins }], conflicts: [] };
}

function whyItStays(ref: Ref, origins: readonly OriginKey[], context: PlanContext): Withheld | undefined {
  for (const origin of origins) {
    const hold = context.desired.holdOf(origin);
    if (hold !== undefined) return { ref, reason: hold, origins, diagnostic: heldDiagnostic(ref, origin, hold) };
    const { source } = parseOrigin(origin);
    if (context.sources?.has(source) === false) {
      return { ref, reason: 'incomplete', origins, diagnostic: unknownSourceDiagnostic(ref, origin) };
    }
    if (!context.incomplete.has(source)) continue;
    return { ref, reason: 'incomplete', origins, diagnostic: incompleteDiagnostic(ref, source) };
  }
  return undefined;
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
    if (descriptorOf(kindOf(needed)).addressed === true) continue;
    const there = context.snapshot.get(needed)?.object;
    if (there === undefined || there.mark?.instance === context.instance) continue;
    if (context.desired.claimants(needed).size === 0) continue;
    if (there.mark === undefined && (context.adopt === 'all' || (context.adopt ?? []).includes(needed))) continue;
    const text = foreignDiagnostic(needed, there);
    return { ...text, summary: `${nameObject(refOf(object.kind, object.path))} waits: ${text.summary}` };
  }
  return undefined;
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
