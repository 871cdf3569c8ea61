import type { PersistenceRecord, RecordOwner } from './table.ts';

/** A persistence record as an administrator sees it. */
export interface ShownRecord extends RecordOwner {
  /** Where the virtual server is: `10.1.10.50:80`; empty if it is gone. */
  readonly destination: string;
  readonly nodeAddress: string;
  readonly nodePort: number;
  /** Seconds since it was used last. */
  readonly age: number;
}

/** What records are shown by. */
interface Surroundings {
  readonly now: number;
  readonly msPerSecond: number;
  readonly destinationOf: (virtual: string) => string;
}

/** A record for an administrator. */
export function shownRecord(record: PersistenceRecord, { now, msPerSecond, destinationOf }: Surroundings): ShownRecord {
  const { member, touched, virtual, pool, mode, value, client } = record;
  const age = Math.floor((now - touched) / msPerSecond);
  const node = { nodeAddress: member.address, nodePort: member.port };
  return { virtual, pool, mode, value, client, ...node, age, destination: destinationOf(virtual) };
}
