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
import { joinClaims } from './join-claims.ts';

/** One cell's say in one object. */
export interface Claim {
  readonly origin: OriginKey;
  /** RFC 3339; the oldest wins. */
  readonly since: string;
  readonly object: BigipObject;
  /** Its cell is frozen or quarantined: what the device has of it stays as it is. */
  readonly held: boolean;
  /** It is given together with others: see `Contribution.joins`. */
  readonly joins?: boolean;
}

/** What all claims on one object come to. */
export interface Merged {
  /** The object without its mark; undefined if every claim is held. */
  readonly object: BigipObject | undefined;
  /** Origins whose claims are in force, sorted. */
  readonly origins: readonly OriginKey[];
  /** Origins whose claims are held, sorted. */
  readonly held: readonly OriginKey[];
  /** Who lost against whom, told to both. */
  readonly conflicts: readonly Diagnostic[];
}

/** Longest description that several owners of one object share. */
const DESCRIPTION_MAX = 240;

/**
 * Merges the claims on one object. Deterministic: the order of claims does not matter. The oldest claim wins (ties: by
 * origin); a shared kind takes all agreeing claims together, an unshared one belongs to the winner alone.
 */
export function mergeClaims(ref: Ref, claims: readonly Claim[]): Merged {
  const live = claims.filter((claim) => !claim.held).sort(byAge);
  const held = sortedOrigins(claims.filter((claim) => claim.held));
  const [winner, ...others] = live;
  if (winner === undefined) return { object: undefined, origins: [], held, conflicts: [] };
  const descriptor = descriptorOf(winner.object.kind);
  if (winner.joins === true && hasParts(descriptor)) return joined(ref, [winner, ...others], held);
  const agreeing = others.filter((claim) => agrees(claim, winner, descriptor.shared === true));
  const losers = others.filter((claim) => !agreeing.includes(claim) && claim.origin !== winner.origin);
  const winners = [winner, ...agreeing];
  return {
    object: withDescription(winner.object, winners),
    origins: sortedOrigins(winners),
    held,
    conflicts: losers.flatMap((loser) => tellBoth(ref, winner, loser)),
  };
}

function hasParts(descriptor: Descriptor): boolean {
  return Object.values(descriptor.fields as Readonly<Record<string, FieldSpec>>).some(
    ({ parts }) => parts !== undefined,
  );
}

/** The oldest joins: all that join are put together, and those that do not have lost. */
function joined(ref: Ref, live: readonly [Claim, ...Claim[]], held: readonly OriginKey[]): Merged {
  const [winner, ...others] = live;
  const together = [winner, ...others.filter(({ joins }) => joins === true)] as const;
  const losers = others.filter((claim) => claim.joins !== true && claim.origin !== winner.origin);
  const { object, conflicts } = joinClaims(ref, together);
  return {
    object: withDescription(object, together),
    origins: sortedOrigins(together),
    held,
    conflicts: [...conflicts, ...losers.flatMap((loser) => tellBoth(ref, winner, loser))],
  };
}

function byAge(a: Claim, b: Claim): number {
  return compareText(a.since, b.since) || compareText(a.origin, b.origin);
}

function agrees(claim: Claim, winner: Claim, shared: boolean): boolean {
  if (!shared) return claim.origin === winner.origin && equalValues(claim.object, winner.object);
  return equalValues({ ...claim.object, description: undefined }, { ...winner.object, description: undefined });
}

function sortedOrigins(claims: readonly Claim[]): readonly OriginKey[] {
  return [...new Set(claims.map((claim) => claim.origin))].sort(compareText);
}

function withDescription(object: BigipObject, winners: readonly Claim[]): BigipObject {
  const { description: spec } = descriptorOf(object.kind).fields as Readonly<Record<string, FieldSpec>>;
  if (winners.length === 1 || spec?.compare === 'bookkeeping') return object;
  const all = [...new Set(winners.map((claim) => claim.object.description ?? describeOrigin(claim.origin)))].sort(
    compareText,
  );
  const joined = all.join(', ');
  const description = joined.length <= DESCRIPTION_MAX ? joined : `${all[0]} and ${all.length - 1} more`;
  return { ...object, description };
}

function tellBoth(ref: Ref, winner: Claim, loser: Claim): readonly Diagnostic[] {
  const noun = `${descriptorOf(winner.object.kind).noun} ${pathOf(ref)}`;
  const [first, second] = [describeOrigin(winner.origin), describeOrigin(loser.origin)];
  return [
    {
      code: 'object-conflict',
      severity: 'error',
      summary: `${noun} is already given by ${first}, which is older; expected a name that no other origin uses`,
      origin: loser.origin,
    },
    {
      code: 'object-conflict',
      severity: 'warning',
      summary: `${noun} is also wanted by ${second}, which is younger and was refused`,
      origin: winner.origin,
    },
  ];
}
