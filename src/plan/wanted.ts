import type { PlanContext } from './decide.ts';
import type { Hold } from '../desired/desired-state.ts';
import type { Merged } from '../desired/merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Mark } from '../ir/mark.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { LoneMember } from '../ir/pool-member.ts';
import type { Pool } from '../ir/pool.ts';
import { printAddress } from '../ir/address.ts';
import { canonical } from '../ir/canonical.ts';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf } from '../ir/objects.ts';
import { parseOrigin } from '../ir/origin.ts';
import { refOf } from '../ir/ref.ts';
import { unknownGiverDiagnostic } from './explain.ts';
import { keepHeldFields } from './held-fields.ts';
import { keepUnsaid } from './keep-unsaid.ts';
import { wantedMember } from './lone-members.ts';
import { markOf } from './mark-of.ts';
import { keepState, keepStates } from './member-state.ts';
import { isUsable, standOnHeldNodes, withLedger } from './node-ledger.ts';
import { hasParts, keepHeldParts } from './parts.ts';
import { withoutDefaultDomain } from './route-domain.ts';

/** What is to be written. */
export interface Wanted {
  readonly after: BigipObject;
  /** Fields that stay as they are, told to those who give them. */
  readonly kept: readonly Diagnostic[];
}

/** The canonical object to write: mark, ledger, and addresses that somebody else holds already. */
export function wantedObject(given: BigipObject, merged: Merged, context: PlanContext): Wanted {
  const inDomain = withoutDefaultDomain(given, context.snapshot);
  const actual = context.snapshot.get(refOf(inDomain.kind, inDomain.path))?.object;
  const { object: placed, kept: unsaid } = withUnsaid(inDomain, actual, { merged, context });
  const staying = stayingOrigins(actual, merged, context);
  const { object, kept } = withHeldFields(placed, actual, { staying, merged, context });
  const origins = [...new Set([...merged.origins, ...staying])].sort(compareText);
  const marked = withTextOf(
    staying.length > 0 ? actual : undefined,
    withMark(keepHeldParts(object, actual, { held: staying, defaults: merged.joint?.defaults }), {
      instance: context.instance,
      origins,
    }),
  );
  return { after: finished(marked, { actual, giver: merged.giver }, context), kept: [...unsaid, ...kept] };
}

function withUnsaid(
  object: BigipObject,
  actual: BigipObject | undefined,
  { merged, context }: { readonly merged: Merged; readonly context: PlanContext },
): { readonly object: BigipObject; readonly kept: readonly Diagnostic[] } {
  if (actual === undefined || merged.keeping.length === 0) return { object, kept: [] };
  const mark = markOf(actual, context.snapshot);
  return mark?.instance === context.instance
    ? keepUnsaid(object, { object: actual, mark }, merged)
    : { object, kept: [] };
}

function withHeldFields(
  object: BigipObject,
  actual: BigipObject | undefined,
  {
    staying,
    merged: { joint },
    context,
  }: { readonly staying: readonly OriginKey[]; readonly merged: Merged; readonly context: PlanContext },
): { readonly object: BigipObject; readonly kept: readonly Diagnostic[] } {
  if (actual === undefined || joint === undefined || staying.length === 0) return { object, kept: [] };
  const { rankOf = () => 0 } = context;
  const unknown = new Set(staying.filter((origin) => holdOn(origin, context) === 'unknown'));
  const held = keepHeldFields(object, actual, { joint, origins: staying, unknown, rankOf });
  const ref = refOf(object.kind, object.path);
  return { ...held, kept: [...[...unknown].map((origin) => unknownGiverDiagnostic(ref, origin)), ...held.kept] };
}

function finished(
  object: BigipObject,
  { actual, giver }: { readonly actual: BigipObject | undefined; readonly giver: OriginKey | undefined },
  context: PlanContext,
): BigipObject {
  if (object.kind === 'pool') return canonical(wantedPool(object, actual, context));
  if (object.kind === 'pool-member')
    return canonical(wantedLoneMember(giver === undefined ? object : { ...object, origin: giver }, actual, context));
  if (object.kind !== 'virtual') return canonical(object);
  const address = printAddress(object.destination.address);
  const held = context.snapshot.elsewhere('virtual-address', address);
  return canonical(held !== undefined && isUsable(held, object.path) ? { ...object, virtualAddress: held } : object);
}

/**
 * Origins that the object on the device names and of which nobody can say now that they are gone: held, or of a source
 * that is not complete or not configured. What they gave stays.
 */
function stayingOrigins(actual: BigipObject | undefined, merged: Merged, context: PlanContext): readonly OriginKey[] {
  const isTold = actual === undefined || descriptorOf(actual.kind).companion === undefined || !hasParts(actual);
  if (!isTold) return stayingUnnamed(actual, merged, context);
  return (actual?.mark?.origins ?? []).filter(
    (origin) =>
      merged.held.includes(origin) || (!merged.origins.includes(origin) && holdOn(origin, context) !== undefined),
  );
}

/**
 * The same for parts of an object whose mark another one carries: the device cannot tell who gave them. As long as one that gives some is held, or the source of the
 * object is not complete, all that is there stays.
 */
function stayingUnnamed(actual: BigipObject, merged: Merged, context: PlanContext): readonly OriginKey[] {
  if (merged.held.length > 0) return merged.held;
  const owners = markOf(actual, context.snapshot)?.origins ?? [];
  return owners.filter((origin) => context.incomplete.has(parseOrigin(origin).source));
}

/**
 * Origins that the mark of a shared object names where it stands in a description: of at most 320 characters each, and there
 * is room for 65,535 (01020057). That the object is ours, and wanted, does not hang on each of its owners being named.
 */
const MOST_NAMED = 200;

function withMark(object: BigipObject, mark: Mark): BigipObject {
  const { originsOf, marked, shared } = descriptorOf(object.kind);
  const told = originsOf?.(object);
  if (shared === true && marked === 'description' && mark.origins.length > MOST_NAMED)
    return { ...object, mark: { ...mark, origins: mark.origins.slice(0, MOST_NAMED) } };
  // Nothing of it is written down: the one that carries the mark says whose it is.
  if (marked === 'none' && told?.length === 0) return object;
  return { ...object, mark: told === undefined ? mark : { ...mark, origins: [...new Set(told)].sort(compareText) } };
}

/** As long as the mark names an origin that is held, the description does, too: it would change back and forth. */
function withTextOf(actual: BigipObject | undefined, object: BigipObject): BigipObject {
  if (actual === undefined || descriptorOf(object.kind).shared !== true) return object;
  const { description: _, ...rest } = object;
  const { description } = actual;
  return description === undefined ? rest : { ...rest, description };
}

function wantedLoneMember(given: LoneMember, actual: BigipObject | undefined, context: PlanContext): LoneMember {
  const member = wantedMember(given, actual, context);
  if (context.keepMemberState !== true) return member;
  return keepState(member, actual?.kind === 'pool-member' ? actual : undefined);
}

function wantedPool(pool: Pool, actual: BigipObject | undefined, context: PlanContext): Pool {
  const before = actual?.kind === 'pool' ? actual : undefined;
  const standing = standOnHeldNodes(pool, context.snapshot);
  const kept = context.keepMemberState === true && before !== undefined ? keepStates(standing, before) : standing;
  return withLedger(kept, before, context);
}

/** Why nothing of an origin is deleted; undefined if it may be. */
export function holdOn(origin: OriginKey, context: PlanContext): Hold | 'unknown' | 'incomplete' | undefined {
  const hold = context.desired.holdOf(origin);
  if (hold !== undefined) return hold;
  const { source } = parseOrigin(origin);
  if (context.sources?.has(source) === false) return 'unknown';
  return context.incomplete.has(source) ? 'incomplete' : undefined;
}
