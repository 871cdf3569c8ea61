import type { DefaultCertificate, KnownSecret } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { Claimer } from './slots.ts';
import { equalValues } from '../../../ir/equal.ts';
import { Relation } from '../../../plan/relation.ts';
import { ingressKeys } from '../model-ingress.ts';
import { compareAge } from './slots.ts';

/** What an Ingress wants to be the default certificate of its fronts with TLS. */
export interface DefaultWish {
  readonly fronts: readonly string[];
  /** The Secrets that it may come from, in order. */
  readonly secrets: readonly ObjectKey[];
  /** It names the first of them for that (`default-certificate`), and did not just come first. */
  readonly asks: boolean;
}

interface Claim extends Claimer {
  readonly secrets: readonly ObjectKey[];
  /** Those that ask come before those whose default it is. */
  readonly asks: boolean;
}

type Decided = Pick<DefaultCertificate, 'by' | 'others' | 'candidates'>;

/** Those that lose against the one that decides and that it is told by name. */
const NAMED_MAX = 4;

/**
 * Whose certificate is the default one of a front: that of the oldest Ingress that asks for one, or else of the oldest. All
 * Ingresses of the front give the same, so that none depends on another one that is refused, broken or gone.
 */
export class DefaultCertificates {
  readonly #defaultSecret: ObjectKey | undefined;
  /** By front, in order. */
  readonly #claims = new Map<string, Claim[]>();
  /** The fronts whose default certificate may be that of a Secret. */
  readonly #frontsOf = new Relation<ObjectKey, string>();
  /** What fronts were last told of a Secret. */
  readonly #told = new Map<ObjectKey, string>();

  /** `defaultSecret`: the Secret of the source, which comes before all others. */
  constructor(defaultSecret: ObjectKey | undefined) {
    this.#defaultSecret = defaultSecret;
  }

  /** That of a front; undefined: it has no TLS. `secretOf`: what is known of a Secret. */
  of(front: string, secretOf: (key: ObjectKey) => KnownSecret | undefined): DefaultCertificate | undefined {
    const decided = this.#decide(front);
    if (decided === undefined) return undefined;
    for (const key of decided.candidates) this.#told.set(key, stateOf(secretOf(key)));
    const secret = decided.candidates.find((key) => isGood(this.#told.get(key)));
    return secret === undefined ? decided : { ...decided, secret, hasChain: this.#told.get(secret) === WITH_CHAIN };
  }

  /** A Secret came, went or changed; gives the keys whose values may have changed. */
  secretChanged(key: ObjectKey, known: KnownSecret | undefined): readonly string[] {
    if ((this.#told.get(key) ?? '') === stateOf(known)) return [];
    return [...this.#frontsOf.of(key)].map(ingressKeys.defaultCertificate);
  }

  /** What an Ingress wants has changed; gives the keys whose values may have changed. */
  move(claimer: Claimer, before: DefaultWish, after: DefaultWish): readonly string[] {
    const fronts = new Set([...before.fronts, ...after.fronts]);
    const { secrets, asks } = after;
    const claim: Claim = { key: claimer.key, since: claimer.since, secrets, asks };
    return [...fronts].flatMap((front) =>
      this.#moveOne(front, before.fronts.includes(front) ? claimer.key : undefined, {
        claim: after.fronts.includes(front) ? claim : undefined,
      }),
    );
  }

  /** Takes the claim of one Ingress back (undefined: it has none), and enters another. */
  #moveOne(
    front: string,
    key: ObjectKey | undefined,
    { claim }: { readonly claim: Claim | undefined },
  ): readonly string[] {
    const before = this.#decide(front);
    const claims = this.#claims.get(front) ?? [];
    const index = key === undefined ? -1 : claims.findIndex((other) => other.key === key);
    if (index >= 0) claims.splice(index, 1);
    if (claim !== undefined) claims.splice(placeOf(claims, claim), 0, claim);
    if (claims.length === 0) this.#claims.delete(front);
    else this.#claims.set(front, claims);
    const now = this.#decide(front);
    if (equalValues(before, now)) return [];
    for (const secret of before?.candidates ?? []) this.#frontsOf.remove(secret, front);
    for (const secret of now?.candidates ?? []) this.#frontsOf.add(secret, front);
    return [ingressKeys.defaultCertificate(front)];
  }

  #decide(front: string): Decided | undefined {
    const claims = this.#claims.get(front) ?? [];
    const [winner] = claims;
    if (winner === undefined) return undefined;
    const { key: by, secrets } = winner;
    const others: ObjectKey[] = [];
    for (const claim of claims) {
      if (!claim.asks || others.length === NAMED_MAX) break;
      if (claim.secrets[0] !== secrets[0]) others.push(claim.key);
    }
    const first = this.#defaultSecret === undefined ? [] : [this.#defaultSecret];
    return { by, others, candidates: [...new Set([...first, ...secrets])] };
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
  return Number(b.asks) - Number(a.asks) || compareAge(a, b);
}
