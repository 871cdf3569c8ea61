import type { CellKey } from '../../desired/contribution.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { Network } from '../../ir/network.ts';
import { familyOf } from '../../ir/address.ts';
import { compareText } from '../../ir/compare-text.ts';
import { networkOf, printNetwork } from '../../ir/network.ts';

/** Who says that a network is its own. */
export interface NetworkClaim {
  readonly cell: CellKey;
  readonly origin: OriginKey;
  /** The place of its source in the configuration: the first wins. */
  readonly rank: number;
  /** RFC 3339: within a source the oldest wins, ties go by cell. */
  readonly since: string;
  readonly network: Network;
}

/**
 * The networks that all pod networks of one device claim. Two clusters with the same networks cannot both be reached in one
 * route domain: whoever comes later in the configuration is refused, whatever came first in time, so that the order of
 * events does not matter. A look-up costs what there are different lengths of prefixes, not what there are networks.
 */
export class NetworkBook {
  readonly #claims = new Map<CellKey, readonly NetworkClaim[]>();
  readonly #exact = new Map<string, Set<NetworkClaim>>();
  /** Claims by the shorter prefixes, of the lengths in use, that they lie in. */
  readonly #inside = new Map<string, Set<NetworkClaim>>();
  /** Lengths of prefixes that were ever in use, by family: there are few. */
  readonly #lengths = new Set<string>();

  /** What a cell claims now; gives the other cells that may see another verdict now. */
  set(cell: CellKey, claims: readonly NetworkClaim[]): ReadonlySet<CellKey> {
    const before = this.#claims.get(cell) ?? [];
    const same = before.length === claims.length && claims.every((claim, at) => isSame(claim, before[at]));
    if (same) return new Set();
    const touched = new Set<CellKey>();
    const note = (claim: NetworkClaim): void => {
      for (const other of this.#overlapping(claim.network)) if (other.cell !== cell) touched.add(other.cell);
    };
    for (const claim of before) {
      note(claim);
      this.#index(claim, 'delete');
    }
    for (const claim of claims) this.#index(claim, 'add');
    for (const claim of claims) note(claim);
    if (claims.length === 0) this.#claims.delete(cell);
    else this.#claims.set(cell, claims);
    return touched;
  }

  /**
   * Who else has this network, or a part of it, or one that it is part of, and goes first; undefined: nobody. Within a
   * cluster a part of a network may be elsewhere (an address that another node borrowed): the longer prefix counts.
   */
  rivalOf(claim: NetworkClaim): NetworkClaim | undefined {
    let rival: NetworkClaim | undefined;
    for (const other of this.#overlapping(claim.network)) {
      if (other.cell === claim.cell || (other.rank === claim.rank && other.network.length !== claim.network.length)) {
        continue;
      }
      if (compareClaims(other, claim) < 0 && (!rival || compareClaims(other, rival) < 0)) rival = other;
    }
    return rival;
  }

  *#overlapping(network: Network): Iterable<NetworkClaim> {
    for (const outer of this.#prefixes(network)) yield* this.#exact.get(outer) ?? [];
    yield* this.#exact.get(printNetwork(network)) ?? [];
    yield* this.#inside.get(printNetwork(network)) ?? [];
  }

  /** The shorter prefixes of a network, of the lengths that are in use. */
  #prefixes({ address, length }: Network): readonly string[] {
    return [...this.#lengths].flatMap((known) => {
      const [family, bits] = known.split(' ').map(Number);
      if (family !== familyOf(address) || bits === undefined || bits >= length) return [];
      return [printNetwork(networkOf({ address, length: bits }))];
    });
  }

  #index(claim: NetworkClaim, how: 'add' | 'delete'): void {
    const { network } = claim;
    const known = `${familyOf(network.address)} ${network.length}`;
    const isNew = !this.#lengths.has(known);
    this.#lengths.add(known);
    change(this.#exact, printNetwork(network), { claim, how });
    for (const outer of this.#prefixes(network)) change(this.#inside, outer, { claim, how });
    // A length that is new: whatever is longer lies in a prefix of it. Seldom: a cluster has one or two lengths.
    if (isNew) this.#indexInside(network);
  }

  #indexInside({ address: of, length }: Network): void {
    for (const claims of this.#exact.values()) {
      for (const claim of claims) {
        if (claim.network.length <= length || familyOf(claim.network.address) !== familyOf(of)) continue;
        const outer = printNetwork(networkOf({ address: claim.network.address, length }));
        change(this.#inside, outer, { claim, how: 'add' });
      }
    }
  }
}

function compareClaims(a: NetworkClaim, b: NetworkClaim): number {
  return a.rank - b.rank || compareText(a.since, b.since) || compareText(a.cell, b.cell);
}

function isSame(a: NetworkClaim, b: NetworkClaim | undefined): boolean {
  return a.since === b?.since && a.rank === b.rank && printNetwork(a.network) === printNetwork(b.network);
}

function change(
  map: Map<string, Set<NetworkClaim>>,
  key: string,
  { claim, how }: { readonly claim: NetworkClaim; readonly how: 'add' | 'delete' },
): void {
  const claims = map.get(key) ?? new Set();
  claims[how](claim);
  if (claims.size === 0) map.delete(key);
  else map.set(key, claims);
}
