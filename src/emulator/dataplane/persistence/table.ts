import type { MemberConfig } from '../model.ts';

/** What a record keeps of a member: more than its name, for the same node in other pools. */
export type KnownMember = Pick<MemberConfig, 'fullPath' | 'address' | 'routeDomain' | 'port'>;

/** Whose a record is, and what it hangs on. */
export interface RecordOwner {
  /** Full path of the virtual server that made it, and of the pool. */
  readonly virtual: string;
  readonly pool: string;
  /** The type of persistence, as in the path of its profiles: `source-addr`, `universal`. */
  readonly mode: string;
  /** What is persisted on: an address, a cookie, the text of a rule. */
  readonly value: string;
  readonly client: string;
}

/** A persistence record as it is shown. Times in ms of the clock that the table is given. */
export interface PersistenceRecord extends RecordOwner {
  readonly member: KnownMember;
  readonly touched: number;
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
    this.forget(key);
    return undefined;
  }

  /** How many records name a member. Expired ones at the old end are left out; all of one profile live equally long. */
  countOf(member: string, now: number): number {
    for (const [key, { expires }] of this.#records) {
      if (expires > now) break;
      this.forget(key);
    }
    return this.#counts.get(member) ?? 0;
  }

  /** The virtual server is gone, and with it the records that only it uses. */
  forgetVirtual(fullPath: string): void {
    for (const key of this.#records.keys()) if (key.startsWith(`${fullPath} `)) this.forget(key);
  }

  /** Notes a record under a key, as the youngest. */
  set(key: string, { member, ...record }: PersistenceRecord): void {
    this.forget(key);
    const { fullPath, address, routeDomain, port } = member;
    this.#records.set(key, { ...record, member: { fullPath, address, routeDomain, port } });
    this.#counts.set(fullPath, (this.#counts.get(fullPath) ?? 0) + 1);
    const oldest = this.#records.keys().next().value;
    if (this.#records.size > MAX_RECORDS && oldest !== undefined) this.forget(oldest);
  }

  /** Records that have not expired, oldest touch first. */
  list(now: number): readonly PersistenceRecord[] {
    return [...this.#records.values()].filter(({ expires }) => expires > now);
  }

  /** Forgets records; gives how many there were. */
  delete(isIt: (record: PersistenceRecord) => boolean): number {
    const keys = [...this.#records].flatMap(([key, record]) => (isIt(record) ? [key] : []));
    for (const key of keys) this.forget(key);
    return keys.length;
  }

  /** Forgets the record of a key. */
  forget(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    const { fullPath } = record.member;
    const left = (this.#counts.get(fullPath) ?? 1) - 1;
    if (left === 0) this.#counts.delete(fullPath);
    else this.#counts.set(fullPath, left);
  }
}
