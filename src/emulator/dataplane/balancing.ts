/** A pool member that may take the next connection. */
export interface Candidate {
  /** Names the member within its pool. */
  readonly id: string;
  readonly ratio: number;
  readonly nodeRatio: number;
  /** Connections of the member now. */
  readonly connections: number;
  /** Connections of the member's node now: of all members with its address. */
  readonly nodeConnections: number;
}

/** What a pool remembers of its choices, per member. */
interface Memory {
  lastChosen: number;
  credit: number;
}

/**
 * Chooses pool members. It has no clock and no chance: the same calls give the same choices.
 *
 * - `round-robin`: the member that waited longest, so that members may come and go without upsetting the turn.
 * - `ratio-member`, `ratio-node`, `ratio-session`, `dynamic-ratio-*`: turns in proportion to the ratios, evenly
 *   spread (a ratio of 3:1 gives a a b a). Dynamic ratios come from the configured ones: there is no SNMP.
 * - `least-connections-*`: the fewest connections of the member or its node, then the longest wait.
 * - `ratio-least-connections-*`, `weighted-least-connections-*`: the fewest connections for its ratio.
 * - All others (`fastest-*`, `observed-*`, `predictive-*`, `least-sessions`) fall back to round-robin.
 */
export class Balancer {
  readonly #memory = new Map<string, Memory>();
  #turn = 0;

  /** The next member of `candidates` under a `loadBalancingMode` of TMOS; undefined if there are none. */
  choose<T extends Candidate>(mode: string, candidates: readonly T[]): T | undefined {
    const chosen = mode.includes('least-connections')
      ? this.#lowest(candidates, connectionScore(mode))
      : /^(dynamic-)?ratio-/.test(mode)
        ? this.#byRatio(candidates, ratioOf(mode))
        : this.#lowest(candidates, () => 0);
    if (chosen !== undefined) this.#remember(chosen.id).lastChosen = ++this.#turn;
    return chosen;
  }

  /** Forgets members that have left the pool. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of this.#memory.keys()) if (!ids.has(id)) this.#memory.delete(id);
  }

  /** The lowest score; among equals the one that waited longest. */
  #lowest<T extends Candidate>(candidates: readonly T[], score: (candidate: T) => number): T | undefined {
    let best: { candidate: T; score: number; lastChosen: number } | undefined;
    for (const candidate of candidates) {
      const entry = { candidate, score: score(candidate), lastChosen: this.#remember(candidate.id).lastChosen };
      const before = best === undefined || entry.score < best.score;
      if (before || (entry.score === best?.score && entry.lastChosen < best.lastChosen)) best = entry;
    }
    return best?.candidate;
  }

  /** Smooth weighted round robin: everyone earns its ratio, the richest takes the turn and pays for all. */
  #byRatio<T extends Candidate>(candidates: readonly T[], ratio: (candidate: T) => number): T | undefined {
    let best: T | undefined;
    let total = 0;
    for (const candidate of candidates) {
      const memory = this.#remember(candidate.id);
      memory.credit += ratio(candidate);
      total += ratio(candidate);
      if (best === undefined || memory.credit > this.#remember(best.id).credit) best = candidate;
    }
    if (best !== undefined) this.#remember(best.id).credit -= total;
    return best;
  }

  #remember(id: string): Memory {
    const known = this.#memory.get(id) ?? { lastChosen: 0, credit: 0 };
    this.#memory.set(id, known);
    return known;
  }
}

function ratioOf(mode: string): (candidate: Candidate) => number {
  return mode.endsWith('-node') ? (one) => Math.max(1, one.nodeRatio) : (one) => Math.max(1, one.ratio);
}

function connectionScore(mode: string): (candidate: Candidate) => number {
  const count = (one: Candidate): number => (mode.endsWith('-node') ? one.nodeConnections : one.connections);
  if (mode.startsWith('least-')) return count;
  const ratio = ratioOf(mode);
  return (one) => (count(one) + 1) / ratio(one);
}

/**
 * The members that priority group activation lets take connections: the highest group, and the next ones as long as
 * there are fewer than `minActive` members. 0 switches the feature off: all take part.
 */
export function activeGroups<T>(
  members: readonly T[],
  minActive: number,
  groupOf: (member: T) => number,
): readonly T[] {
  if (minActive <= 0) return members;
  const groups = Map.groupBy(members, groupOf);
  const active: T[] = [];
  for (const group of [...groups.keys()].sort((a, b) => b - a)) {
    if (active.length >= minActive) break;
    active.push(...(groups.get(group) ?? []));
  }
  return active;
}
