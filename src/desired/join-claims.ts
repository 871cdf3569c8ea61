import type { Claim } from './merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Ref } from '../ir/ref.ts';
import { canonical } from '../ir/canonical.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { pathOf } from '../ir/ref.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object that was put together, and who lost what against whom. */
export interface Joined {
  readonly object: BigipObject;
  readonly conflicts: readonly Diagnostic[];
}

/**
 * Puts together what several origins give of one object. Lists of parts are united by the items' keys, each with its
 * origin where the device can hold that; any other field is that of the oldest claim that sets it. Who gives something else than an older one loses that item or field alone.
 * `claims` in order of age, at least one.
 */
export function joinClaims(ref: Ref, claims: readonly [Claim, ...Claim[]]): Joined {
  const [first] = claims;
  const descriptor = descriptorOf(first.object.kind);
  const conflicts: Diagnostic[] = [];
  const joined: Record<string, unknown> = { kind: first.object.kind, path: first.object.path };
  for (const [field, spec] of Object.entries(descriptor.fields as Readonly<Record<string, FieldSpec>>)) {
    const told = (what: string) => (winner: Claim, loser: Claim) =>
      conflicts.push(...tellBoth({ ref, what, winner, loser }));
    joined[field] =
      spec.parts === undefined ? joinField(field, claims, told) : joinParts({ field, spec }, claims, told);
  }
  const object = joined as unknown as BigipObject;
  return { object: canonical(descriptor.arrange?.(object) ?? object), conflicts };
}

/** Tells both sides of a conflict about something that can be named. */
type Told = (what: string) => (winner: Claim, loser: Claim) => void;

/** Descriptions are those of their owners, put together elsewhere: they never conflict. */
function joinField(field: string, claims: readonly Claim[], told: Told): unknown {
  let winner: Claim | undefined;
  for (const claim of claims) {
    const value = (claim.object as unknown as Fields)[field];
    if (value === undefined) continue;
    winner ??= claim;
    const given = (winner.object as unknown as Fields)[field];
    if (field !== 'description' && winner.origin !== claim.origin && !equalValues(value, given)) {
      told(field)(winner, claim);
    }
  }
  return winner === undefined ? undefined : (winner.object as unknown as Fields)[field];
}

interface PartField {
  readonly field: string;
  readonly spec: FieldSpec;
}

function joinParts({ field, spec }: PartField, claims: readonly Claim[], told: Told): unknown {
  const key = spec.key ?? String;
  const items = new Map<string, { readonly item: unknown; readonly claim: Claim }>();
  const say = sayOf({ field, spec }, claims, told);
  let isGiven = false;
  for (const claim of claims) {
    const list = listOf(claim, field);
    isGiven ||= list !== undefined;
    for (const given of list ?? []) {
      if (claim !== say && spec.parts?.apart?.(given) === true) continue;
      const item = spec.parts?.owner === undefined ? given : { ...(given as Fields), origin: claim.origin };
      const name = key(item);
      const known = items.get(name);
      if (known === undefined) items.set(name, { item, claim });
      else if (known.claim.origin !== claim.origin && !sameItem(known.item, item))
        told(`${field} ${name}`)(known.claim, claim);
    }
  }
  return isGiven ? [...items.values()].map(({ item }) => item) : undefined;
}

/** Who has the say in items that are not united: the oldest that gives any. Others that give other ones are told. */
function sayOf({ field, spec }: PartField, claims: readonly Claim[], told: Told): Claim | undefined {
  const apart = spec.parts?.apart;
  if (apart === undefined) return undefined;
  const given = claims
    .map((claim) => ({ claim, items: (listOf(claim, field) ?? []).filter(apart) }))
    .filter(({ items }) => items.length > 0);
  const [winner, ...others] = given;
  if (winner === undefined) return undefined;
  for (const other of others) {
    if (other.claim.origin !== winner.claim.origin && !equalValues(other.items, winner.items))
      told(field)(winner.claim, other.claim);
  }
  return winner.claim;
}

function listOf(claim: Claim, field: string): readonly unknown[] | undefined {
  return (claim.object as unknown as Fields)[field] as readonly unknown[] | undefined;
}

/** Whether two origins give the same item: who they are does not count. */
function sameItem(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return equalValues(a, b);
  return equalValues({ ...a, origin: undefined }, { ...b, origin: undefined });
}

function tellBoth(about: {
  readonly ref: Ref;
  readonly what: string;
  readonly winner: Claim;
  readonly loser: Claim;
}): readonly Diagnostic[] {
  const { ref, what, winner, loser } = about;
  const subject = `${what} of ${descriptorOf(winner.object.kind).noun} ${pathOf(ref)}`;
  const [older, younger] = [describeOrigin(winner.origin), describeOrigin(loser.origin)];
  return [
    {
      code: 'part-conflict',
      severity: 'error',
      summary: `${subject} is already given by ${older}, which is older, in another way; all else of ${younger} goes on`,
      origin: loser.origin,
    },
    {
      code: 'part-conflict',
      severity: 'warning',
      summary: `${subject} is also given by ${younger}, which is younger, in another way, and was not taken from it`,
      origin: winner.origin,
    },
  ];
}
