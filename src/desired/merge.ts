import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Descriptor, FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { compareText } from '../ir/compare-text.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { pathOf } from '../ir/ref.ts';
import { compareClaims, whyFirst } from './claim-order.ts';
import { joinClaims } from './join-claims.ts';

/** One cell's say in one object. */
export interface Claim {
  readonly origin: OriginKey;
  /** The precedence of its source; the highest wins. Left out: 0. */
  readonly rank?: number;
  /** RFC 3339; of one rank, the oldest wins. */
  readonly since: string;
  readonly object: BigipObject;
  /** Its cell is frozen or quarantined: what the device has of it stays as it is. */
  readonly held: boolean;
  /** It is given together with others: see `Contribution.joins`. */
  readonly joins?: boolean;
  /** Fields that are only defaults: see `Contribution.yields`. */
  readonly yields?: readonly string[];
  /** Something of its cell could not be read: see `Contribution.keeps`. */
  readonly keeps?: readonly string[] | undefined;
}

/** What all claims on one object come to. */
export interface Merged {
  /** The object without its mark; undefined if every claim is held. */
  readonly object: BigipObject | undefined;
  /** Origins whose claims are in force, sorted. */
  readonly origins: readonly OriginKey[];
  /** Origins whose claims are held, sorted. */
  readonly held: readonly OriginKey[];
  /** Who lost against whom, told to both; and what is said in vain. */
  readonly conflicts: readonly Diagnostic[];
  /** Claims in force of cells of which something could not be read: what the device has, and they lack, stays. */
  readonly keeping: readonly Claim[];
  /** Of an object that is given together. */
  readonly joint?: Joint;
  /** Whose the object is as it stands, of one that is a part of what several give together. */
  readonly giver?: OriginKey;
}

/** Who has a say in an object that several give together. */
export interface Joint {
  /** The claims that are put together, in order. */
  readonly together: readonly Claim[];
  /** Who gave each field that is no list of parts, and that anybody gave. */
  readonly givers: ReadonlyMap<string, Claim>;
  /** Items of lists that are there by default only, as `<field> <key>`. */
  readonly defaults: ReadonlySet<string>;
  /** Claims that are held, as they were last understood. */
  readonly held: readonly Claim[];
}

/** Longest description that several owners of one object share. */
const DESCRIPTION_MAX = 240;

/**
 * Merges the claims on one object. Deterministic: the order of claims does not matter. The first claim wins (see
 * `compareClaims`); a shared kind takes all agreeing claims together, an unshared one belongs to the winner alone.
 */
export function mergeClaims(ref: Ref, claims: readonly Claim[]): Merged {
  const live = claims.filter((claim) => !claim.held).sort(compareClaims);
  const holding = claims.filter((claim) => claim.held);
  const held = sortedOrigins(holding);
  const [winner, ...others] = live;
  if (winner === undefined) return { object: undefined, origins: [], held, keeping: NOBODY, conflicts: [] };
  const together = claimsTogether([winner, ...others]);
  if (together !== undefined) return joined(ref, { together, live, held: holding });
  const descriptor = descriptorOf(winner.object.kind);
  const agreeing = others.filter((claim) => agrees(claim, winner, descriptor.shared === true));
  const losers = others.filter((claim) => !agreeing.includes(claim) && claim.origin !== winner.origin);
  const winners = [winner, ...agreeing];
  const object = withDescription(winner.object, winners);
  const origins = sortedOrigins(winners);
  const conflicts = losers.flatMap((loser) => tellBoth(ref, winner, loser));
  const keeping = winners.filter(isKeeping);
  const whose = winner.joins === true ? { giver: winner.origin } : {};
  return { object, origins, held, keeping, conflicts: [...conflicts, ...tellIdle(object, origins)], ...whose };
}

const NOBODY: readonly Claim[] = [];

function isKeeping({ keeps }: Claim): boolean {
  return keeps !== undefined;
}

function hasParts(descriptor: Descriptor): boolean {
  return Object.values(descriptor.fields as Readonly<Record<string, FieldSpec>>).some(
    ({ parts }) => parts !== undefined,
  );
}

/** The claims that are put together: all that join, if the first one does. In order; undefined: the first has it alone. */
export function claimsTogether([first, ...others]: readonly [Claim, ...Claim[]]):
  | readonly [Claim, ...Claim[]]
  | undefined {
  const descriptor = descriptorOf(first.object.kind);
  if (first.joins !== true || (descriptor.byField !== true && !hasParts(descriptor))) return undefined;
  return [first, ...others.filter(({ joins }) => joins === true)];
}

interface Gathered {
  readonly together: readonly [Claim, ...Claim[]];
  /** They, and those that do not join: these have lost. */
  readonly live: readonly Claim[];
  readonly held: readonly Claim[];
}

function joined(ref: Ref, { together, live, held }: Gathered): Merged {
  const [winner] = together;
  const losers = live.filter((claim) => claim.joins !== true && claim.origin !== winner.origin);
  const { object, givers, defaults, conflicts } = joinClaims(ref, together);
  const origins = sortedOrigins(together);
  return {
    object: withDescription(object, together),
    origins,
    held: sortedOrigins(held),
    keeping: together.filter(isKeeping),
    conflicts: [...conflicts, ...losers.flatMap((loser) => tellBoth(ref, winner, loser)), ...tellIdle(object, origins)],
    joint: { together, givers, defaults, held },
  };
}

/** What the object says in vain, told to all whose it is. */
function tellIdle(object: BigipObject, origins: readonly OriginKey[]): readonly Diagnostic[] {
  const { idle, noun } = descriptorOf(object.kind);
  const notes = idle?.(object) ?? NOTHING;
  return notes.flatMap((text) =>
    origins.map((origin): Diagnostic => {
      return { code: 'setting-idle', severity: 'warning', summary: `${noun} ${object.path} ${text}`, origin };
    }),
  );
}

const NOTHING: readonly string[] = [];

function agrees(claim: Claim, winner: Claim, shared: boolean): boolean {
  if (!shared) return claim.origin === winner.origin && equalValues(claim.object, winner.object);
  return equalValues({ ...claim.object, description: undefined }, { ...winner.object, description: undefined });
}

function sortedOrigins(claims: readonly Claim[]): readonly OriginKey[] {
  return [...new Set(claims.map((claim) => claim.origin))].sort(compareText);
}

function withDescription(object: BigipObject, winners: readonly Claim[]): BigipObject {
  const { fields, originsOf } = descriptorOf(object.kind);
  const { description: spec } = fields as Readonly<Record<string, FieldSpec>>;
  // Where the parts say whose they are, a description is made of those that are given alone.
  const isTold = originsOf !== undefined && winners.every((claim) => claim.object.description === undefined);
  if (winners.length === 1 || isTold || spec?.compare === 'bookkeeping') return object;
  const all = [...new Set(winners.map((claim) => claim.object.description ?? describeOrigin(claim.origin)))].sort(
    compareText,
  );
  const joined = all.join(', ');
  const description = joined.length <= DESCRIPTION_MAX ? joined : `${all[0]} and ${all.length - 1} more`;
  return { ...object, description };
}

function tellBoth(ref: Ref, winner: Claim, loser: Claim): readonly Diagnostic[] {
  const { noun: kind, shared } = descriptorOf(winner.object.kind);
  const noun = `${kind} ${pathOf(ref)}`;
  const way = shared === true ? ', in another way' : '';
  const expected = shared === true ? 'the same as there' : 'a name that no other origin uses';
  const [first, second] = [describeOrigin(winner.origin), describeOrigin(loser.origin)];
  const { over, under } = whyFirst(winner, loser);
  return [
    {
      code: 'object-conflict',
      severity: 'error',
      summary: `${noun} is already given by ${first}, ${over}${way}; expected ${expected}`,
      origin: loser.origin,
    },
    {
      code: 'object-conflict',
      severity: 'warning',
      summary: `${noun} is also wanted by ${second}, ${under}${way}, and was refused`,
      origin: winner.origin,
    },
  ];
}
