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
}

/** Who else could be active, at a moment. */
export interface Field {
  readonly now: number;
  readonly self: string;
  readonly others: readonly Contender[];
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
  nextActive(trafficGroup: ConfigObject, { self, others }: Field): string | undefined {
    const path = trafficGroup.fullPath;
    const idle = others.filter((each) => each.ready && each.active[path] === undefined).map((each) => each.name);
    const own = this.forcedOffline || this.#active.has(path) ? [] : [self];
    return first([...idle, ...own], trafficGroup);
  }

  /** Decides anew: takes what nobody has, gives up what another has with more right. */
  evaluate(trafficGroups: readonly ConfigObject[], field: Field): void {
    const known = new Set(trafficGroups.map((group) => group.fullPath));
    [...this.#active.keys()].filter((path) => !known.has(path)).forEach((path) => this.#active.delete(path));
    for (const group of trafficGroups) {
      this.#decide(group, field);
    }
  }

  /** Traffic groups to give back to the device that comes first for them, with that device (`autoFailbackEnabled`). */
  failbacks(trafficGroups: readonly ConfigObject[], field: Field): readonly (readonly [string, string])[] {
    return trafficGroups.flatMap((group) => {
      const preferred = field.others.find((each) => each.name === orderOf(group)[0]);
      const wait = Number(group.values['autoFailbackTime'] ?? 60) * 1000;
      const isDue =
        group.values['autoFailbackEnabled'] === 'true' &&
        this.#active.has(group.fullPath) &&
        preferred?.ready === true &&
        field.now - preferred.readySince >= wait;
      return isDue ? [[group.fullPath, preferred.name] as const] : [];
    });
  }

  #decide(group: ConfigObject, { now, self, others }: Field): void {
    const path = group.fullPath;
    const ready = others.filter((each) => each.ready);
    const owners = ready.filter((each) => each.active[path] !== undefined);
    const since = this.#active.get(path);
    if (this.forcedOffline) {
      this.#active.delete(path);
    } else if (since === undefined) {
      const isYielded = ready.length > 0 && now < (this.#yielded.get(path) ?? 0);
      const names = [self, ...ready.map((each) => each.name)];
      if (owners.length === 0 && !isYielded && first(names, group) === self) {
        this.take(path, now);
      }
    } else if (owners.some((each) => this.#hasMoreRight(each, group, { self, since }))) {
      this.#active.delete(path);
    }
    if (owners.length > 0) {
      this.#yielded.delete(path);
    }
  }

  /** Of two that are active the one earlier in `haOrder` stays, else the one that is so for longer (K). */
  #hasMoreRight(other: Contender, group: ConfigObject, own: { self: string; since: number }): boolean {
    const order = orderOf(group);
    const byOrder = rank(other.name, order) - rank(own.self, order);
    if (byOrder !== 0) {
      return byOrder < 0;
    }
    const since = other.active[group.fullPath] ?? own.since;
    return since === own.since ? other.name < own.self : since < own.since;
  }
}
