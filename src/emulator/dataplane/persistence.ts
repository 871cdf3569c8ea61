import { maskedAddress } from './addresses.ts';
import type { VirtualConfig } from './model.ts';
import { isEnabled, secondsSetting, textSetting } from './settings.ts';

interface PersistenceRecord {
  readonly member: string;
  expires: number;
}

/** Kept records of one virtual server: at most this many, the oldest go first. */
const MAX_RECORDS = 100_000;

/** Persistence records of one virtual server: which member a client went to. Time in ms, given by the caller. */
export class PersistenceTable {
  readonly #records = new Map<string, PersistenceRecord>();
  readonly #counts = new Map<string, number>();

  /** The member of a key that has not expired. */
  get(key: string, now: number): string | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    if (record.expires > now) return record.member;
    this.#forget(key);
    return undefined;
  }

  /** How many records name a member. Expired ones at the old end are left out; all of one profile live equally long. */
  countOf(member: string, now: number): number {
    for (const [key, { expires }] of this.#records) {
      if (expires > now) break;
      this.#forget(key);
    }
    return this.#counts.get(member) ?? 0;
  }

  /** Notes the member of a key, and starts its time anew. */
  set(key: string, member: string, expires: number): void {
    this.#forget(key);
    this.#records.set(key, { member, expires });
    this.#counts.set(member, (this.#counts.get(member) ?? 0) + 1);
    const oldest = this.#records.keys().next().value;
    if (this.#records.size > MAX_RECORDS && oldest !== undefined) this.#forget(oldest);
  }

  #forget(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    const left = (this.#counts.get(record.member) ?? 1) - 1;
    if (left === 0) this.#counts.delete(record.member);
    else this.#counts.set(record.member, left);
  }
}

/** How a virtual server's persistence profile keys its records. */
export interface AddressPersistence {
  readonly key: string;
  readonly timeoutSeconds: number;
  readonly overrideConnectionLimit: boolean;
}

/**
 * The record of a client for `source-addr` and `dest-addr` persistence, with the profile's mask and time-out (default
 * 180 s); undefined for other types. Records belong to one virtual server and pool: the `matchAcross…` options are
 * not modelled.
 */
export function addressPersistence(
  virtual: VirtualConfig,
  pool: string,
  client: string,
): AddressPersistence | undefined {
  const type = virtual.persistence?.type.replaceAll('_', '-');
  if (type !== 'source-addr' && type !== 'dest-addr') return undefined;
  const settings = virtual.persistence?.settings;
  const address = type === 'source-addr' ? client : virtual.address;
  return {
    key: `${pool} ${maskedAddress(address, textSetting(settings, 'mask') ?? 'none')}`,
    timeoutSeconds: secondsSetting(settings, 'timeout', 180),
    overrideConnectionLimit: isEnabled(settings, 'overrideConnectionLimit'),
  };
}
