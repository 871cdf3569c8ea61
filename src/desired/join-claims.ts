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
import { whyFirst } from './claim-order.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object that was put together, who gave its fields, and who lost what against whom. */
export interface Joined {
  readonly object: BigipObject;
  /** Who gave each field that is no list of parts. */
  readonly givers: ReadonlyMap<string, Claim>;
  /** Items that are there by default only, as `<field> <key>`. */
  readonly defaults: ReadonlySet<string>;
  readonly conflicts: readonly Diagnostic[];
}

/** Who gives one field of an object, or one item of a list of parts. */
export interface Verdict {
  readonly field: string;
  /** The item's key; left out: the field as a whole. */
  readonly item?: string;
  /** What the item is for, of which there is one. */
  readonly purpose?: string;
  /** Nobody asked for it. */
  readonly isDefault?: true;
  readonly value: unknown;
  readonly winner: Claim;
  /** Who gives something else. */
  readonly losers: readonly Claim[];
  /** About items of a list that are not united (`PartSpec.apart`): the items themselves have verdicts of their own. */
  readonly told?: true;
}

/**
 * Puts together what several origins give of one object. Lists of parts are united by the items' keys, each with its
 * origin where the device can hold that; any other field is that of the first claim that sets it. Who gives something else
 * than an earlier one loses that item or field alone. `claims` in their order (`compareClaims`), at least one.
 */
export function joinClaims(ref: Ref, claims: readonly [Claim, ...Claim[]]): Joined {
  const [first] = claims;
  const { kind, path } = first.object;
  const descriptor = descriptorOf(kind);
  const joined: Record<string, unknown> = { kind, path };
  const givers = new Map<string, Claim>();
  const defaults = new Set<string>();
  const conflicts: Diagnostic[] = [];
  const lists = listsOfParts(claims);
  for (const { field, item, purpose, isDefault, value, winner, losers, told } of judgeClaims(claims)) {
    if (item !== undefined) {
      lists[field]?.push(value);
      if (isDefault === true) defaults.add(`${field} ${item}`);
    } else if (told === undefined) {
      joined[field] = value;
      givers.set(field, winner);
    }
    const what = purpose === undefined ? [field, item].join(' ').trim() : `${field} for ${purpose}`;
    for (const loser of losers) conflicts.push(...tellBoth({ ref, what, winner, loser }));
  }
  const object = { ...joined, ...lists } as unknown as BigipObject;
  return { object: canonical(descriptor.arrange?.(object) ?? object), givers, defaults, conflicts };
}

/** The lists of parts that anybody gives, still empty: to give an empty one is not to give none. */
function listsOfParts(claims: readonly [Claim, ...Claim[]]): Readonly<Record<string, unknown[]>> {
  const { fields } = descriptorOf(claims[0].object.kind);
  const lists = Object.entries(fields as Readonly<Record<string, FieldSpec>>)
    .filter(([field, { parts }]) => parts !== undefined && claims.some((claim) => valueOf(claim, field) !== undefined))
    .map(([field]): [string, unknown[]] => [field, []]);
  return Object.fromEntries(lists);
}

/** Who gives what of an object that these claims give together. `claims` in their order, at least one. */
export function judgeClaims(claims: readonly [Claim, ...Claim[]]): readonly Verdict[] {
  const { fields } = descriptorOf(claims[0].object.kind);
  return Object.entries(fields as Readonly<Record<string, FieldSpec>>).flatMap(([field, spec]) =>
    spec.parts === undefined ? judgeField(field, claims) : judgeParts({ field, spec }, claims),
  );
}

/** Descriptions are those of their owners, put together elsewhere: they never conflict. */
function judgeField(field: string, claims: readonly Claim[]): readonly Verdict[] {
  const giving = claims.filter((claim) => valueOf(claim, field) !== undefined);
  const asking = giving.filter(({ yields = [] }) => !yields.includes(field));
  const [winner] = asking.length > 0 ? asking : giving;
  if (winner === undefined) return [];
  const value = valueOf(winner, field);
  const losers =
    field === 'description'
      ? NOBODY
      : asking.filter((claim) => claim.origin !== winner.origin && !equalValues(valueOf(claim, field), value));
  return [{ field, value, winner, losers }];
}

const NOBODY: readonly Claim[] = [];

function valueOf({ object }: Claim, field: string): unknown {
  return (object as unknown as Fields)[field];
}

interface PartField {
  readonly field: string;
  readonly spec: FieldSpec;
}

function judgeParts({ field, spec }: PartField, claims: readonly Claim[]): readonly Verdict[] {
  const key = spec.key ?? String;
  const say = sayOf({ field, spec }, claims);
  const items = new Map<string, { readonly value: unknown; readonly winner: Claim; losers: readonly Claim[] }>();
  const isUnited = (claim: Claim, item: unknown): boolean =>
    purposeOf(item, spec) === undefined && (spec.parts?.apart?.(item) !== true || claim === say?.winner);
  for (const claim of claims) {
    for (const given of listOf(claim, field).filter((item) => isUnited(claim, item))) {
      const value = spec.parts?.owner === undefined ? given : { ...(given as Fields), origin: claim.origin };
      const name = key(value);
      const known = items.get(name);
      if (known === undefined) items.set(name, { value, winner: claim, losers: NOBODY });
      else if (known.winner.origin !== claim.origin && !sameItem(known.value, value))
        known.losers = [...known.losers, claim];
    }
  }
  const verdicts = [...items].map(([item, verdict]): Verdict => Object.assign(verdict, { field, item }));
  verdicts.push(...judgePurposes({ field, spec }, claims));
  if (say !== undefined && say.losers.length > 0) verdicts.push({ ...say, field, told: true });
  return verdicts;
}

/** Items of which the object has one for each purpose: the first that asks for any has the say, or else the first at all. */
function judgePurposes({ field, spec }: PartField, claims: readonly Claim[]): readonly Verdict[] {
  const found = new Map<string, (readonly [Claim, unknown])[]>();
  for (const claim of claims) {
    for (const given of listOf(claim, field)) {
      const purpose = purposeOf(given, spec);
      if (purpose !== undefined) found.set(purpose, [...(found.get(purpose) ?? []), [claim, given]]);
    }
  }
  const key = spec.key ?? String;
  return [...found].flatMap(([purpose, giving]): readonly Verdict[] => {
    const asking = giving.filter(([{ yields = [] }]) => !yields.includes(`${field} ${purpose}`));
    const [first] = asking.length > 0 ? asking : giving;
    if (first === undefined) return [];
    const [winner, item] = first;
    const losers = asking.filter(([claim, other]) => claim.origin !== winner.origin && !sameItem(other, item));
    const { [spec.parts?.purpose ?? '']: _, ...value } = item as Fields;
    const verdict = { field, item: key(item), purpose, value, winner, losers: losers.map(([claim]) => claim) };
    return [asking.length > 0 ? verdict : { ...verdict, isDefault: true }];
  });
}

function purposeOf(item: unknown, { parts }: FieldSpec): string | undefined {
  return parts?.purpose === undefined ? undefined : ((item as Fields)[parts.purpose] as string | undefined);
}

/** Who has the say in items that are not united: the first that gives any. Others that give other ones lose. */
function sayOf(
  { field, spec }: PartField,
  claims: readonly Claim[],
): Pick<Verdict, 'value' | 'winner' | 'losers'> | undefined {
  const apart = spec.parts?.apart;
  if (apart === undefined) return undefined;
  const given = claims
    .map((claim) => ({ claim, items: listOf(claim, field).filter(apart) }))
    .filter(({ items }) => items.length > 0);
  const [first, ...others] = given;
  if (first === undefined) return undefined;
  const { claim: winner, items: value } = first;
  const losers = others.filter(({ claim, items }) => claim.origin !== winner.origin && !equalValues(items, value));
  return { value, winner, losers: losers.map(({ claim }) => claim) };
}

function listOf(claim: Claim, field: string): readonly unknown[] {
  return (valueOf(claim, field) as readonly unknown[] | undefined) ?? [];
}

/** Whether two origins give the same item: who they are does not count. */
export function sameItem(a: unknown, b: unknown): boolean {
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
  const [first, second] = [describeOrigin(winner.origin), describeOrigin(loser.origin)];
  const { over, under } = whyFirst(winner, loser);
  return [
    {
      code: 'part-conflict',
      severity: 'error',
      summary: `${subject} is already given by ${first}, ${over}, in another way; all else of ${second} goes on`,
      origin: loser.origin,
    },
    {
      code: 'part-conflict',
      severity: 'warning',
      summary: `${subject} is also given by ${second}, ${under}, in another way, and was not taken from it`,
      origin: winner.origin,
    },
  ];
}
