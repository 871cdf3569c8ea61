import type { FrontSay, KnownSecret, Said } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { FrontWord, Words } from './front-words.ts';
import type { Claimer } from './slots.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { equalValues } from '../../../ir/equal.ts';
import { Relation } from '../../../plan/relation.ts';
import { ingressKeys } from '../model-ingress.ts';
import { FRONT_WORDS } from './front-words.ts';
import { compareAge } from './slots.ts';

/** What an Ingress says of all of its fronts, and which of these there are. */
export interface FrontWish {
  readonly fronts: readonly string[];
  /** Those of them with TLS. */
  readonly secure: readonly string[];
  readonly words: Words;
  /** The Secrets that may give the default certificate, in order. */
  readonly secrets: readonly ObjectKey[];
  /** It names the first of them for that (`default-certificate`), and did not just come first. */
  readonly asks: boolean;
}

interface Claim extends Claimer {
  readonly text: string;
  readonly value: unknown;
  /** The same for two that say the same in other words. */
  readonly meant: unknown;
  /** Those that ask come before those whose default it is. */
  readonly isDefault: boolean;
}

type SlotName = FrontWord | 'certificate';

/** Those that lose against the winner and that it is told by name. */
const NAMED_MAX = 4;

/**
 * What holds for a front as a whole, and cannot be put together of parts: the oldest Ingress of it that says something
 * decides, and all give the same, so that none depends on another one that is refused, broken or gone.
 */
export class FrontSays {
  readonly #defaultSecret: ObjectKey | undefined;
  /** By front and name, in order. */
  readonly #claims = new Map<string, Claim[]>();
  /** The fronts whose default certificate may be that of a Secret. */
  readonly #frontsOf = new Relation<ObjectKey, string>();
  /** What fronts were last told of a Secret. */
  readonly #told = new Map<ObjectKey, string>();

  constructor(defaultSecret: ObjectKey | undefined) {
    this.#defaultSecret = defaultSecret;
  }

  /** What holds for a front. `secretOf`: what is known of a Secret. */
  of(front: string, secretOf: (key: ObjectKey) => KnownSecret | undefined): FrontSay {
    const words = FRONT_WORDS.flatMap((name): readonly (readonly [FrontWord, Said])[] => {
      const said = this.#said(front, name);
      return said === undefined ? [] : [[name, said]];
    });
    const said = this.#said(front, 'certificate');
    const candidates = this.#candidates(said);
    for (const key of candidates) this.#told.set(key, stateOf(secretOf(key)));
    const good = candidates.find((key) => isGood(this.#told.get(key)));
    if (said === undefined) return { words: Object.fromEntries(words) };
    const { by, others, text } = said;
    const found = good === undefined ? {} : { secret: good, hasChain: this.#told.get(good) === WITH_CHAIN };
    return { words: Object.fromEntries(words), certificate: { by, others, text, candidates, ...found } };
  }

  /** A Secret came, went or changed; gives the keys whose values may have changed. */
  secretChanged(key: ObjectKey, known: KnownSecret | undefined): readonly string[] {
    if ((this.#told.get(key) ?? '') === stateOf(known)) return [];
    return [...this.#frontsOf.of(key)].map(ingressKeys.front);
  }

  /** What an Ingress says has changed; gives the keys whose values may have changed. */
  move(claimer: Claimer, before: FrontWish, after: FrontWish): readonly string[] {
    const [had, has] = [claimsOf(claimer, before), claimsOf(claimer, after)];
    const slots = new Set([...had.keys(), ...has.keys()]);
    const touched = [...slots].flatMap((slot) =>
      this.#moveOne(slot, had.has(slot) ? claimer.key : undefined, has.get(slot)),
    );
    return [...new Set(touched)].map(ingressKeys.front);
  }

  /** Takes the claim of one Ingress back (undefined: it has none) and enters another; the front, if what holds there has changed. */
  #moveOne(slot: string, key: ObjectKey | undefined, claim: Claim | undefined): readonly string[] {
    const [front, name] = slot.split(' ') as [string, SlotName];
    const before = this.#said(front, name);
    const claims = this.#claims.get(slot) ?? [];
    if (key !== undefined) {
      const index = claims.findIndex((other) => other.key === key);
      if (index >= 0) claims.splice(index, 1);
    }
    if (claim !== undefined) claims.splice(placeOf(claims, claim), 0, claim);
    if (claims.length === 0) this.#claims.delete(slot);
    else this.#claims.set(slot, claims);
    const now = this.#said(front, name);
    if (equalValues(before, now)) return [];
    if (name === 'certificate') {
      for (const secret of this.#candidates(before)) this.#frontsOf.remove(secret, front);
      for (const secret of this.#candidates(now)) this.#frontsOf.add(secret, front);
    }
    return [front];
  }

  #said(front: string, name: SlotName): Said | undefined {
    const claims = this.#claims.get(slotOf(front, name)) ?? [];
    const [winner] = claims;
    if (winner === undefined) return undefined;
    const { key: by, text, value, meant } = winner;
    const others: ObjectKey[] = [];
    for (const claim of claims) {
      if (claim.isDefault || others.length === NAMED_MAX) break;
      if (claim.meant !== meant) others.push(claim.key);
    }
    return { by, text, value, others };
  }

  #candidates(said: Said | undefined): readonly ObjectKey[] {
    if (said === undefined) return [];
    const own = said.value as readonly ObjectKey[];
    return [...new Set(this.#defaultSecret === undefined ? own : [this.#defaultSecret, ...own])];
  }
}

const WITH_CHAIN = 'with chain';

function stateOf(known: KnownSecret | undefined): string {
  if (typeof known !== 'object') return known ?? 'missing';
  return known.chain === undefined ? 'without chain' : WITH_CHAIN;
}

function isGood(state: string | undefined): boolean {
  return state === WITH_CHAIN || state === 'without chain';
}

function claimsOf({ key, since }: Claimer, wish: FrontWish): ReadonlyMap<string, Claim> {
  const claims = new Map<string, Claim>();
  for (const front of wish.fronts) {
    for (const name of FRONT_WORDS) {
      const word = wish.words[name];
      if (word !== undefined)
        claims.set(slotOf(front, name), { key, since, ...word, meant: word.value, isDefault: false });
    }
  }
  const { secrets, asks } = wish;
  for (const front of wish.secure) {
    const [meant] = secrets;
    // With its namespace: two of one name are two.
    claims.set(slotOf(front, 'certificate'), {
      key,
      since,
      text: meant ?? '',
      value: secrets,
      meant,
      isDefault: !asks,
    });
  }
  return claims;
}

/** Where a claim belongs among others in order. */
function placeOf(claims: readonly Claim[], claim: Claim): number {
  let [from, to] = [0, claims.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = claims[middle];
    if (other !== undefined && compareClaims(other, claim) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function compareClaims(a: Claim, b: Claim): number {
  return Number(a.isDefault) - Number(b.isDefault) || compareAge(a, b) || compareText(a.text, b.text);
}

function slotOf(front: string, name: SlotName): string {
  return `${front} ${name}`;
}
