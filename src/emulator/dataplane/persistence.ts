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

  /** The member of a key that has not expired. */
  get(key: string, now: number): string | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    if (record.expires > now) return record.member;
    this.#records.delete(key);
    return undefined;
  }

  /** Notes the member of a key, and starts its time anew. */
  set(key: string, member: string, expires: number): void {
    this.#records.delete(key);
    this.#records.set(key, { member, expires });
    const oldest = this.#records.keys().next().value;
    if (this.#records.size > MAX_RECORDS && oldest !== undefined) this.#records.delete(oldest);
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
