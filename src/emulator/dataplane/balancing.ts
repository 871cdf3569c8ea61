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
  /** Most connections of the member, and of its node; 0: no limit. */
  readonly connectionLimit: number;
  readonly nodeConnectionLimit: number;
  /** HTTP requests that the member, and its node, have not answered in full yet. */
  readonly requests: number;
  readonly nodeRequests: number;
  /** Persistence records that name the member. */
  readonly sessions: number;
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
 * - `ratio-least-connections-*`: the fewest connections for its ratio.
 * - `weighted-least-connections-*`: the least used part of the connection limit; without a limit it counts as idle (K).
 * - `least-sessions`: the fewest persistence records; without any turns like round-robin.
 * - `fastest-*`: the fewest HTTP requests that wait for their answer; without HTTP turns like round-robin (K).
 * - `observed-*`: by ratios of 3 for members with no more connections than the average, 2 for the others (K).
 * - `predictive-*`: the same with ratios of 4 and 1 (K). The trend is not looked at.
 * - All others take turns like round-robin.
 *
 * The device takes its measurements once a second, this at every choice.
 */
export class Balancer {
  readonly #memory = new Map<string, Memory>();
  #turn = 0;

  /** The next member of `candidates` under a `loadBalancingMode` of TMOS; undefined if there are none. */
  choose<T extends Candidate>(mode: string, candidates: readonly T[]): T | undefined {
    const ratio = ratioFor(mode, candidates);
    const chosen = ratio === undefined ? this.#lowest(candidates, scoreFor(mode)) : this.#byRatio(candidates, ratio);
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

/** What turns are in proportion to; undefined in modes that look for the lowest score. */
function ratioFor(mode: string, candidates: readonly Candidate[]): ((candidate: Candidate) => number) | undefined {
  if (mode.includes('least-connections')) return undefined;
  if (/^(dynamic-)?ratio-/.test(mode)) return ratioOf(mode);
  const measured = MEASURED_RATIOS[mode.replace(/-(member|node)$/, '')];
  if (measured === undefined) return undefined;
  const count = connectionsOf(mode);
  const average = candidates.reduce((sum, one) => sum + count(one), 0) / candidates.length;
  return (one) => (count(one) <= average ? measured.calm : measured.busy);
}

const MEASURED_RATIOS: Readonly<Record<string, { readonly calm: number; readonly busy: number }>> = {
  observed: { calm: 3, busy: 2 },
  predictive: { calm: 4, busy: 1 },
};

function connectionsOf(mode: string): (candidate: Candidate) => number {
  return mode.endsWith('-node') ? (one) => one.nodeConnections : (one) => one.connections;
}

function ratioOf(mode: string): (candidate: Candidate) => number {
  return mode.endsWith('-node') ? (one) => Math.max(1, one.nodeRatio) : (one) => Math.max(1, one.ratio);
}

/** What the member with the lowest of it takes the turn for; 0 for all: the one that waited longest. */
function scoreFor(mode: string): (candidate: Candidate) => number {
  if (mode === 'least-sessions') return (one) => one.sessions;
  if (mode === 'fastest-node') return (one) => one.nodeRequests;
  if (mode.startsWith('fastest-')) return (one) => one.requests;
  return mode.includes('least-connections') ? connectionScore(mode) : () => 0;
}

function connectionScore(mode: string): (candidate: Candidate) => number {
  const count = connectionsOf(mode);
  if (mode.startsWith('least-')) return count;
  if (mode.startsWith('weighted-')) {
    const limit = (one: Candidate): number => (mode.endsWith('-node') ? one.nodeConnectionLimit : one.connectionLimit);
    return (one) => (limit(one) === 0 ? 0 : count(one) / limit(one));
  }
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
