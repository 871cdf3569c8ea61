import type { ConfigObject } from '../store/object.ts';

/** Another device of the failover group, as far as it is known. */
export interface Contender {
  readonly name: string;
  /** Heard of in time, and not forced offline. */
  readonly ready: boolean;
  /** Since when it is ready; milliseconds since the epoch. */
  readonly readySince: number;
  /** The traffic groups that it is active for, with since when. */
  readonly active: Readonly<Record<string, number>>;
  /** Its scores, by traffic group. */
  readonly scores: Readonly<Record<string, number>>;
}

/** Who else could be active, at a moment. */
export interface Field {
  readonly now: number;
  readonly self: string;
  readonly others: readonly Contender[];
  /** Its own scores, by the traffic groups that go by score. */
  readonly scores: Readonly<Record<string, number>>;
}

function orderOf(trafficGroup: ConfigObject): readonly string[] {
  const order: unknown = trafficGroup.values['haOrder'];
  return Array.isArray(order) ? order.map(String) : [];
}

function rank(name: string, order: readonly string[]): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

/** Which device comes first for a traffic group: by its `haOrder`, then by name (K). */
function first(names: readonly string[], trafficGroup: ConfigObject): string | undefined {
  const order = orderOf(trafficGroup);
  const sorted = [...names].sort((a, b) => rank(a, order) - rank(b, order) || (a < b ? -1 : 1));
  return sorted[0];
}

/** The score of a device of the field for a traffic group. */
function scoreIn({ self, scores, others }: Field, name: string, path: string): number {
  return (name === self ? scores : others.find((each) => each.name === name)?.scores)?.[path] ?? 0;
}

/** Which device comes first: where scores decide, the one with the highest; of several the one that comes first anyway. */
function best(names: readonly string[], trafficGroup: ConfigObject, field: Field): string | undefined {
  const path = trafficGroup.fullPath;
  if (field.scores[path] === undefined) {
    return first(names, trafficGroup);
  }
  const highest = Math.max(...names.map((name) => scoreIn(field, name, path)));
  return first(
    names.filter((name) => scoreIn(field, name, path) === highest),
    trafficGroup,
  );
}

/** Which traffic groups this box is active for. */
export class Failover {
  readonly #active = new Map<string, number>();
  /** Given away by command, until another device has it or this moment: not taken back at once. */
  readonly #yielded = new Map<string, number>();
  readonly #patience: number;
  forcedOffline = false;

  /** `patience`: milliseconds that another device has to take over what was given to it. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** The traffic groups that it is active for, with since when. */
  get active(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#active);
  }

  isActive(trafficGroup: string): boolean {
    return this.#active.has(trafficGroup);
  }

  take(trafficGroup: string, now: number): void {
    this.#yielded.delete(trafficGroup);
    if (!this.forcedOffline && !this.#active.has(trafficGroup)) {
      this.#active.set(trafficGroup, now);
    }
  }

  yield(trafficGroup: string, now: number): void {
    this.#active.delete(trafficGroup);
    this.#yielded.set(trafficGroup, now + this.#patience);
  }

  /** The device that takes over when the one that is active goes. */
  nextActive(trafficGroup: ConfigObject, field: Field): string | undefined {
    const { self, others } = field;
    const path = trafficGroup.fullPath;
    const idle = others.filter((each) => each.ready && each.active[path] === undefined).map((each) => each.name);
    const own = this.forcedOffline || this.#active.has(path) ? [] : [self];
    return best([...idle, ...own], trafficGroup, field);
  }

  /** Decides anew: takes what nobody has, gives up what another has with more right. */
  evaluate(trafficGroups: readonly ConfigObject[], field: Field): void {
    const known = new Set(trafficGroups.map((group) => group.fullPath));
    [...this.#active.keys()].filter((path) => !known.has(path)).forEach((path) => this.#active.delete(path));
    for (const group of trafficGroups) {
      this.#decide(group, field);
    }
  }

  /** Traffic groups to give to a device with a higher score, with that device. */
  outscored(trafficGroups: readonly ConfigObject[], field: Field): readonly (readonly [string, string])[] {
    return trafficGroups.flatMap((group) => {
      const path = group.fullPath;
      const own = field.scores[path];
      if (own === undefined || !this.#active.has(path)) {
        return [];
      }
      const ready = field.others.filter((each) => each.ready).map((each) => each.name);
      const other = best(ready, group, field);
      return other !== undefined && scoreIn(field, other, path) > own ? [[path, other] as const] : [];
    });
  }

  /** Traffic groups to give back to the device that comes first for them, with that device (`autoFailbackEnabled`). */
  failbacks(trafficGroups: readonly ConfigObject[], field: Field): readonly (readonly [string, string])[] {
    return trafficGroups.flatMap((group) => {
      const preferred = field.others.find((each) => each.name === orderOf(group)[0]);
      const wait = Number(group.values['autoFailbackTime'] ?? 60) * 1000;
      const isDue =
        group.values['autoFailbackEnabled'] === 'true' &&
        // Where scores decide, they do so about failing back, too.
        field.scores[group.fullPath] === undefined &&
        this.#active.has(group.fullPath) &&
        preferred?.ready === true &&
        field.now - preferred.readySince >= wait;
      return isDue ? [[group.fullPath, preferred.name] as const] : [];
    });
  }

  #decide(group: ConfigObject, field: Field): void {
    const { now, self, others } = field;
    const path = group.fullPath;
    const ready = others.filter((each) => each.ready);
    const owners = ready.filter((each) => each.active[path] !== undefined);
    const since = this.#active.get(path);
    if (this.forcedOffline) {
      this.#active.delete(path);
    } else if (since === undefined) {
      const isYielded = ready.length > 0 && now < (this.#yielded.get(path) ?? 0);
      const names = [self, ...ready.map((each) => each.name)];
      if (owners.length === 0 && !isYielded && best(names, group, field) === self) {
        this.take(path, now);
      }
    } else if (owners.some((each) => this.#hasMoreRight(each, group, { field, since }))) {
      this.#active.delete(path);
    }
    if (owners.length > 0) {
      this.#yielded.delete(path);
    }
  }

  /**
   * Of two that are active the one with the higher score stays, then the one earlier in `haOrder`, else the one that is
   * so for longer (K).
   */
  #hasMoreRight(other: Contender, group: ConfigObject, own: { field: Field; since: number }): boolean {
    const { field, since: mine } = own;
    const path = group.fullPath;
    const order = orderOf(group);
    const byScore = scoreIn(field, field.self, path) - scoreIn(field, other.name, path);
    if (field.scores[path] !== undefined && byScore !== 0) {
      return byScore < 0;
    }
    const byOrder = rank(other.name, order) - rank(field.self, order);
    if (byOrder !== 0) {
      return byOrder < 0;
    }
    const since = other.active[path] ?? mine;
    return since === mine ? other.name < field.self : since < mine;
  }
}
