/** Something to choose, with its share of the choices. */
export interface Weighted {
  readonly key: string;
  readonly weight: number;
}

/**
 * Weighted round robin that spreads choices evenly (weights 2 and 1 give a, b, a). With equal weights it is round robin.
 * One state per owner; what is no longer offered is forgotten, so that an owner costs what it offers.
 */
export class Rotation {
  readonly #credits = new Map<string, Map<string, number>>();

  /** The next of what an owner offers; those without a share never come. Undefined when there is none. */
  next<T extends Weighted>(owner: string, offered: readonly T[]): T | undefined {
    const credits = this.#credits.get(owner) ?? new Map<string, number>();
    const after = new Map<string, number>();
    let best: T | undefined;
    for (const each of offered.filter(({ weight }) => weight > 0)) {
      const credit = (credits.get(each.key) ?? 0) + each.weight;
      after.set(each.key, credit);
      if (best === undefined || credit > (after.get(best.key) ?? 0)) {
        best = each;
      }
    }
    if (best === undefined) {
      return undefined;
    }
    const total = offered.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
    after.set(best.key, (after.get(best.key) ?? 0) - total);
    this.#credits.set(owner, after);
    return best;
  }

  /** The owner is gone. */
  forget(owner: string): void {
    this.#credits.delete(owner);
  }
}
