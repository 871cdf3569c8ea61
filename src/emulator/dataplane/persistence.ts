import { maskedAddress } from './addresses.ts';
import type { MemberConfig, PersistenceConfig, VirtualConfig } from './model.ts';
import { isEnabled, secondsSetting, textSetting } from './settings.ts';

/** What a record keeps of a member: more than its name, for the same node in other pools. */
export type KnownMember = Pick<MemberConfig, 'fullPath' | 'address' | 'routeDomain'>;

interface PersistenceRecord {
  readonly member: KnownMember;
  readonly expires: number;
}

/** Kept records: at most this many, the oldest go first. */
const MAX_RECORDS = 100_000;

/** Persistence records of all virtual servers: which member a client went to. Time in ms, given by the caller. */
export class PersistenceTable {
  readonly #records = new Map<string, PersistenceRecord>();
  readonly #counts = new Map<string, number>();

  /** The member of a key that has not expired. */
  get(key: string, now: number): KnownMember | undefined {
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

  /** The virtual server is gone, and with it the records that only it uses. */
  forgetVirtual(fullPath: string): void {
    for (const key of this.#records.keys()) if (key.startsWith(`${fullPath} `)) this.#forget(key);
  }

  /** Notes the member of a key, and starts its time anew. */
  set(key: string, { fullPath, address, routeDomain }: KnownMember, expires: number): void {
    this.#forget(key);
    this.#records.set(key, { member: { fullPath, address, routeDomain }, expires });
    this.#counts.set(fullPath, (this.#counts.get(fullPath) ?? 0) + 1);
    const oldest = this.#records.keys().next().value;
    if (this.#records.size > MAX_RECORDS && oldest !== undefined) this.#forget(oldest);
  }

  #forget(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    const { fullPath } = record.member;
    const left = (this.#counts.get(fullPath) ?? 1) - 1;
    if (left === 0) this.#counts.delete(fullPath);
    else this.#counts.set(fullPath, left);
  }
}

/** How one of a virtual server's persistence profiles keys its records. */
export interface AddressPersistence {
  readonly key: string;
  readonly timeoutSeconds: number;
  readonly overrideConnectionLimit: boolean;
  /** The record holds for other pools too: any member with the same address will do. */
  readonly acrossPools: boolean;
}

/**
 * The records of a client for `source-addr` and `dest-addr` persistence, with the profile's mask and time-out (default
 * 180 s), the fallback's after the first; other types have none. Records belong to one virtual server and pool; with
 * `matchAcrossServices` to the virtual address, with `matchAcrossVirtuals` to all virtual servers, and with any of these
 * or `matchAcrossPools` to all pools (K).
 */
export function addressPersistence(
  virtual: VirtualConfig,
  pool: string,
  client: string,
): readonly AddressPersistence[] {
  return [virtual.persistence, virtual.fallbackPersistence].flatMap((profile) => {
    const record = profile === undefined ? undefined : recordOf(profile, virtual, { pool, client });
    return record === undefined ? [] : [record];
  });
}

function recordOf(
  { type: name, settings }: PersistenceConfig,
  virtual: VirtualConfig,
  { pool, client }: { readonly pool: string; readonly client: string },
): AddressPersistence | undefined {
  const type = name.replaceAll('_', '-');
  if (type !== 'source-addr' && type !== 'dest-addr') return undefined;
  const acrossVirtuals = isEnabled(settings, 'matchAcrossVirtuals');
  const acrossServices = isEnabled(settings, 'matchAcrossServices');
  const acrossPools = acrossVirtuals || acrossServices || isEnabled(settings, 'matchAcrossPools');
  const scope = acrossVirtuals ? '*' : acrossServices ? `${virtual.address}%${virtual.routeDomain}` : virtual.fullPath;
  const address = type === 'source-addr' ? client : virtual.address;
  return {
    key: `${scope} ${acrossPools ? '*' : pool} ${type} ${maskedAddress(address, textSetting(settings, 'mask') ?? 'none')}`,
    timeoutSeconds: secondsSetting(settings, 'timeout', 180),
    overrideConnectionLimit: isEnabled(settings, 'overrideConnectionLimit'),
    acrossPools,
  };
}
