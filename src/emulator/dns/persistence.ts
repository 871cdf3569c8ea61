import { maskedAddress } from '../dataplane/addresses.ts';
import { netmask } from '../kinds/net/prefix.ts';
import type { ConfigObject } from '../store/object.ts';
import { placeOf } from './counters.ts';

interface Entry {
  readonly pool: string;
  readonly members: readonly string[];
  readonly until: number;
}

/** Clients beyond this many are forgotten, the oldest first. */
const mostEntries = 100_000;

/** The part of a client's address that counts: `persistCidrIpv4` and `persistCidrIpv6` of a wide IP, in bits. */
export function clientNetwork(client: string, bits: { readonly v4: number; readonly v6: number }): string {
  const length = client.includes(':') ? bits.v6 : bits.v4;
  return maskedAddress(client, netmask({ ip: client, length, routeDomain: 0 }));
}

function keyOf(wideip: ConfigObject, client: string): string {
  const v4 = Number(wideip.values['persistCidrIpv4'] ?? 32);
  const v6 = Number(wideip.values['persistCidrIpv6'] ?? 128);
  return `${placeOf(wideip)} ${clientNetwork(client, { v4, v6 })}`;
}

/** Which members of which pool a client was sent to, for `ttlPersistence` seconds. */
export class DnsPersistence {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  find(
    wideip: ConfigObject,
    client: string,
  ): { readonly pool: string; readonly members: readonly string[] } | undefined {
    const key = keyOf(wideip, client);
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.until <= this.#now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry;
  }

  keep(wideip: ConfigObject, client: string, to: { readonly pool: string; readonly members: readonly string[] }): void {
    const key = keyOf(wideip, client);
    const seconds = Number(wideip.values['ttlPersistence'] ?? 3600);
    this.#entries.delete(key);
    this.#entries.set(key, { ...to, until: this.#now() + seconds * 1000 });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > mostEntries && oldest !== undefined) {
      this.#entries.delete(oldest);
    }
  }
}
