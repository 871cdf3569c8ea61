import type { Claim } from './merge.ts';
import { compareText } from '../ir/compare-text.ts';

/** Who comes first has what only one can have: the highest precedence, of one precedence the oldest, ties by origin. */
export function compareClaims(a: Claim, b: Claim): number {
  return rankOf(b) - rankOf(a) || compareText(a.since, b.since) || compareText(a.origin, b.origin);
}

function rankOf({ rank = 0 }: Claim): number {
  return rank;
}

/** Why one claim comes before another, as relative clauses about the first and about the other. */
export function whyFirst(first: Claim, other: Claim): { readonly over: string; readonly under: string } {
  const [high, low] = [rankOf(first), rankOf(other)];
  if (high !== low)
    return { over: `which has precedence ${high} over ${low}`, under: `which has precedence ${low} under ${high}` };
  if (first.since !== other.since) return { over: 'which is older', under: 'which is younger' };
  return { over: 'which is as old and comes first by name', under: 'which is as old and comes later by name' };
}
