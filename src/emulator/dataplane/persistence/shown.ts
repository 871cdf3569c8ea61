import type { PersistenceRecord, RecordOwner } from './table.ts';

/** A persistence record as an administrator sees it. */
export interface ShownRecord extends RecordOwner {
  readonly nodeAddress: string;
  readonly nodePort: number;
  /** Seconds since it was used last. */
  readonly age: number;
}

/** @param now the moment, and how many milliseconds a second of the configuration has. */
export function shownRecord(
  { member, touched, virtual, pool, mode, value, client }: PersistenceRecord,
  { now, msPerSecond }: { readonly now: number; readonly msPerSecond: number },
): ShownRecord {
  const age = Math.floor((now - touched) / msPerSecond);
  return { virtual, pool, mode, value, client, nodeAddress: member.address, nodePort: member.port, age };
}
