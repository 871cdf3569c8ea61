import type { ConfigObject } from '../store/object.ts';

/** What `gtm` counts of wide IPs, pools and members; each prints those that it has. */
export const counterNames = [
  'alternate',
  'cnameResolutions',
  'dropped',
  'fallback',
  'persisted',
  'preferred',
  'rcode',
  'requests',
  'resolutions',
  'returnFromDns',
  'returnToDns',
] as const;

export type CounterName = (typeof counterNames)[number];
/** Counts since start. */
export type DnsCounts = Readonly<Partial<Record<CounterName, number>>>;

/** Where an object is in the tables: kind, parent and name. */
export function placeOf({ kind, scope, fullPath }: Pick<ConfigObject, 'kind' | 'scope' | 'fullPath'>): string {
  return `${kind.path} ${scope} ${fullPath}`;
}

/** Counters of objects that live as long as these. */
export class DnsCounters {
  readonly #counts = new Map<string, Partial<Record<CounterName, number>>>();

  count(object: ConfigObject, ...names: readonly CounterName[]): void {
    const place = placeOf(object);
    const counts = this.#counts.get(place) ?? {};
    for (const name of names) {
      counts[name] = (counts[name] ?? 0) + 1;
    }
    this.#counts.set(place, counts);
  }

  of(object: ConfigObject): DnsCounts {
    return this.#counts.get(placeOf(object)) ?? {};
  }

  forget(place: string): void {
    this.#counts.delete(place);
  }
}
