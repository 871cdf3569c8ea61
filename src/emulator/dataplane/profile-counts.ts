import type { ProfileConfig } from './model.ts';

/** Statistics of profiles, by the names that the device gives them. Profiles are counted for all that use them. */
export class ProfileCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  /** What was counted of a profile; undefined if nothing was. */
  get(fullPath: string): ReadonlyMap<string, number> | undefined {
    return this.#counts.get(fullPath);
  }

  /** Adds to a statistic; without a profile nothing is counted. */
  add(profile: ProfileConfig | undefined, name: string, by = 1): void {
    if (profile === undefined) return;
    const counts = this.#of(profile);
    counts.set(name, (counts.get(name) ?? 0) + by);
  }

  /** Raises a statistic that holds the most. */
  raise(profile: ProfileConfig | undefined, name: string, to: number): void {
    if (profile === undefined) return;
    const counts = this.#of(profile);
    counts.set(name, Math.max(counts.get(name) ?? 0, to));
  }

  /** Something begins that is counted while it lasts, with the most at once: `curConns` and `maxConns`. */
  open(profile: ProfileConfig | undefined, name: string, most?: string): void {
    this.add(profile, name);
    if (profile !== undefined && most !== undefined) this.raise(profile, most, this.#of(profile).get(name) ?? 0);
  }

  #of({ fullPath }: ProfileConfig): Map<string, number> {
    const counts = this.#counts.get(fullPath) ?? new Map<string, number>();
    this.#counts.set(fullPath, counts);
    return counts;
  }
}
