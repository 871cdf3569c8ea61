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
  /** What monitors of performance, or the configuration, say of the member and of its node; left out: 1. */
  readonly dynamicRatio?: number;
  readonly nodeDynamicRatio?: number;
  /** The part of its share that a member gets while it ramps up, above 0 to 1; left out: 1. */
  readonly ramp?: number;
}

/** What a pool remembers of its choices, per member. */
interface Memory {
  lastChosen: number;
  credit: number;
}

/** Ratios that were measured, and when. */
interface Sample {
  readonly mode: string;
  readonly second: number;
  readonly ratios: ReadonlyMap<string, number>;
}

/** Gives a number for a member: what turns are in proportion to, or what the lowest of takes the turn. */
type Measure = (candidate: Candidate) => number;

/**
 * Chooses pool members. It has no clock and no chance: the same calls give the same choices.
 *
 * - `round-robin`: the member that waited longest, so that members may come and go without upsetting the turn.
 * - `ratio-member`, `ratio-node`, `ratio-session`, `dynamic-ratio-*`: turns in proportion to the ratios, evenly
 *   spread (a ratio of 3:1 gives a a b a). Dynamic ratios are what monitors of performance found, else the configured.
 * - `least-connections-*`: the fewest connections of the member or its node, then the longest wait.
 * - `ratio-least-connections-*`: the fewest connections for its ratio.
 * - `weighted-least-connections-*`: the least used part of the connection limit; without a limit it counts as idle (K).
 * - `least-sessions`: the fewest persistence records; without any turns like round-robin.
 * - `fastest-*`: the fewest HTTP requests that wait for their answer; without HTTP turns like round-robin (K).
 * - `observed-*`: by ratios of 3 for members with no more connections than the average, 2 for the others (K).
 * - `predictive-*`: the same with ratios of 4 and 1 (K). The trend is not looked at.
 * - All others take turns like round-robin.
 *
 * Members that ramp up count for a part: of their ratio, or as if they had more connections by as much (K).
 */
export class Balancer {
  readonly #memory = new Map<string, Memory>();
  #turn = 0;
  #sample: Sample | undefined;

  /**
   * The next member of `candidates` under a `loadBalancingMode` of TMOS; undefined if there are none.
   * @param second the running second: observed and predictive ratios are measured once in each (K6406); left out: now.
   */
  choose<T extends Candidate>(mode: string, candidates: readonly T[], second?: number): T | undefined {
    const ramps = candidates.some((one) => (one.ramp ?? 1) !== (candidates[0]?.ramp ?? 1));
    const score = scoreFor(mode);
    const ratio = this.#ratioFor(mode, candidates, second) ?? (ramps && score === undefined ? () => 1 : undefined);
    const chosen =
      ratio === undefined
        ? this.#lowest(candidates, ramps ? ramped(score) : score)
        : this.#byRatio(candidates, ramps ? (one) => ratio(one) * (one.ramp ?? 1) : ratio);
    if (chosen !== undefined) this.#remember(chosen.id).lastChosen = ++this.#turn;
    return chosen;
  }

  /**
   * A connection went to a member by persistence: under a ratio it takes a turn of the member. One that has had the
   * turns of a whole round in advance owes no more (K).
   */
  charge(mode: string, candidates: readonly Candidate[], id: string): void {
    const ratio = ratioOf(mode);
    const paying = candidates.find((one) => one.id === id);
    if (ratio === undefined || paying === undefined || this.#remember(id).credit + ratio(paying) < 0) return;
    const total = candidates.reduce((sum, one) => sum + ratio(one), 0);
    for (const one of candidates) this.#remember(one.id).credit += ratio(one);
    this.#remember(id).credit -= total;
  }

  /** Forgets members that have left the pool. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of this.#memory.keys()) if (!ids.has(id)) this.#memory.delete(id);
  }

  /** What turns are in proportion to; undefined in modes that look for the lowest score. */
  #ratioFor(mode: string, candidates: readonly Candidate[], second: number | undefined): Measure | undefined {
    const measured = MEASURED_RATIOS[mode.replace(/-(member|node)$/, '')];
    if (measured === undefined) return ratioOf(mode);
    const isFresh = second !== undefined && this.#sample?.mode === mode && this.#sample.second === second;
    const ratios = isFresh && this.#sample !== undefined ? this.#sample.ratios : measure(mode, candidates, measured);
    if (second !== undefined) this.#sample = { mode, second, ratios };
    return ({ id }) => ratios.get(id) ?? measured.calm;
  }

  /** The lowest score; among equals the one that waited longest, as among all without a score. */
  #lowest<T extends Candidate>(candidates: readonly T[], score: Measure = () => 0): T | undefined {
    let best: { candidate: T; score: number; lastChosen: number } | undefined;
    for (const candidate of candidates) {
      const entry = { candidate, score: score(candidate), lastChosen: this.#remember(candidate.id).lastChosen };
      const before = best === undefined || entry.score < best.score;
      if (before || (entry.score === best?.score && entry.lastChosen < best.lastChosen)) best = entry;
    }
    return best?.candidate;
  }

  /** Smooth weighted round robin: everyone earns its ratio, the richest takes the turn and pays for all. */
  #byRatio<T extends Candidate>(candidates: readonly T[], ratio: Measure): T | undefined {
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

const MEASURED_RATIOS: Readonly<Record<string, { readonly calm: number; readonly busy: number }>> = {
  observed: { calm: 3, busy: 2 },
  predictive: { calm: 4, busy: 1 },
};

/** Members with no more connections than the average are calm. */
function measure(
  mode: string,
  candidates: readonly Candidate[],
  { calm, busy }: { readonly calm: number; readonly busy: number },
): ReadonlyMap<string, number> {
  const count = connectionsOf(mode);
  const average = candidates.reduce((sum, one) => sum + count(one), 0) / candidates.length;
  return new Map(candidates.map((one) => [one.id, count(one) <= average ? calm : busy]));
}

function connectionsOf(mode: string): Measure {
  return mode.endsWith('-node') ? (one) => one.nodeConnections : (one) => one.connections;
}

/** The ratio of a mode that has one. */
function ratioOf(mode: string): Measure | undefined {
  if (mode.includes('least-connections')) return undefined;
  if (mode.startsWith('ratio-')) return fixedRatio(mode);
  if (mode === 'dynamic-ratio-node') return (one) => Math.max(1, one.nodeDynamicRatio ?? 1);
  return mode.startsWith('dynamic-ratio-') ? (one) => Math.max(1, one.dynamicRatio ?? 1) : undefined;
}

function fixedRatio(mode: string): Measure {
  return mode.endsWith('-node') ? (one) => Math.max(1, one.nodeRatio) : (one) => Math.max(1, one.ratio);
}

/** What the member with the lowest of it takes the turn for; undefined: all take turns. */
function scoreFor(mode: string): Measure | undefined {
  if (mode === 'least-sessions') return (one) => one.sessions;
  if (mode === 'fastest-node') return (one) => one.nodeRequests;
  if (mode.startsWith('fastest-')) return (one) => one.requests;
  return mode.includes('least-connections') ? connectionScore(mode) : undefined;
}

/** A member that has half of its share looks as if it had twice as much to do. */
function ramped(score: Measure | undefined): Measure | undefined {
  return score === undefined ? undefined : (one) => (score(one) + 1) / (one.ramp ?? 1);
}

function connectionScore(mode: string): Measure {
  const count = connectionsOf(mode);
  if (mode.startsWith('least-')) return count;
  if (mode.startsWith('weighted-')) {
    const limit = (one: Candidate): number => (mode.endsWith('-node') ? one.nodeConnectionLimit : one.connectionLimit);
    return (one) => (limit(one) === 0 ? 0 : count(one) / limit(one));
  }
  const ratio = fixedRatio(mode);
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
