import type { DefaultCertificate, KnownSecret } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { Claimer } from './slots.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { equalValues } from '../../../ir/equal.ts';
import { Relation } from '../../../plan/relation.ts';
import { ingressKeys } from '../model-ingress.ts';
import { placeOf } from './place-of.ts';
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

type SecretOf = (key: ObjectKey) => KnownSecret | undefined;

/** Those that lose against the one that decides and that it is told by name. */
const NAMED_MAX = 4;

/**
 * Whose certificate is the default one of a front: that of the oldest Ingress that asks for one, or else of the oldest. The
 * Secret gives it, so that it depends on no Ingress that is refused, broken or gone.
 */
export class DefaultCertificates {
  readonly #defaultSecret: ObjectKey | undefined;
  /** By front, in order. */
  readonly #claims = new Map<string, Claim[]>();
  /** The fronts whose default certificate may be that of a Secret. */
  readonly #frontsOf = new Relation<ObjectKey, string>();
  /** Secrets that could be used when they were last heard of. */
  readonly #usable = new Set<ObjectKey>();

  /** `defaultSecret`: the Secret of the source, which comes before all others. */
  constructor(defaultSecret: ObjectKey | undefined) {
    this.#defaultSecret = defaultSecret;
  }

  /** That of a front; undefined: it has no TLS. `secretOf`: what is known of a Secret. */
  of(front: string, secretOf: SecretOf): DefaultCertificate | undefined {
    const decided = this.#decide(front);
    const secret = decided?.candidates.find((key) => isGood(secretOf(key)));
    return decided === undefined || secret === undefined ? decided : { ...decided, secret };
  }

  /** The fronts whose default certificate is that of a Secret, sorted. */
  frontsOf(secret: ObjectKey, secretOf: SecretOf): readonly string[] {
    return [...this.#frontsOf.of(secret)]
      .filter((front) => this.of(front, secretOf)?.secret === secret)
      .sort(compareText);
  }

  /** A Secret came, went or changed; gives the keys whose values may have changed: if it can or cannot be used any more. */
  secretChanged(key: ObjectKey, known: KnownSecret | undefined): readonly string[] {
    const isUsable = isGood(known);
    if (this.#usable.has(key) === isUsable) return [];
    if (isUsable) this.#usable.add(key);
    else this.#usable.delete(key);
    return [...this.#frontsOf.of(key)].flatMap((front) => keysOf(front, this.#decide(front)));
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
    if (claim !== undefined) claims.splice(placeOf(claims, claim, compareClaims), 0, claim);
    if (claims.length === 0) this.#claims.delete(front);
    else this.#claims.set(front, claims);
    const now = this.#decide(front);
    if (equalValues(before, now)) return [];
    for (const secret of before?.candidates ?? []) this.#frontsOf.remove(secret, front);
    for (const secret of now?.candidates ?? []) this.#frontsOf.add(secret, front);
    return [...new Set([...keysOf(front, before), ...keysOf(front, now)])];
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

/** The keys under which a front and the Secrets that may serve it are read. */
function keysOf(front: string, decided: Decided | undefined): readonly string[] {
  const secrets = decided?.candidates ?? [];
  return [ingressKeys.defaultCertificate(front), ...secrets.map((key) => ingressKeys.defaultFronts(key))];
}

function isGood(known: KnownSecret | undefined): boolean {
  return typeof known === 'object';
}

function compareClaims(a: Claim, b: Claim): number {
  return Number(b.asks) - Number(a.asks) || compareAge(a, b);
}
