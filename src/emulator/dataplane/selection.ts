import type { VirtualConfig } from './model.ts';
import { addressPersistence } from './persistence.ts';
import type { AddressPersistence, KnownMember } from './persistence.ts';
import type { Member, Pool } from './pool.ts';
import type { PlaneContext, VirtualServer } from './virtual-server.ts';

/** A connection that looks for a pool member. */
export interface SelectionRequest {
  readonly context: PlaneContext;
  readonly virtual: VirtualServer;
  /** The configuration that the connection began with. */
  readonly config: VirtualConfig;
  readonly client: string;
  /** The member (full path) that a cookie names. */
  readonly preferred?: string | undefined;
  /** Members that refused this connection already. */
  readonly exclude?: ReadonlySet<string>;
}

/**
 * The member for a new connection, by cookie, address persistence, fallback persistence, or load balancing; records of
 * address persistence are renewed.
 */
export function selectMember(pool: Pool, request: SelectionRequest): Member | undefined {
  const { scheduler, msPerSecond, persistence } = request.context;
  const records = addressPersistence(request.config, pool.config.fullPath, request.client);
  const now = scheduler.now();
  const known = records
    .map((record) => ({ record, member: knownMember(pool, record, persistence.get(record.key, now)) }))
    .find((one) => one.member !== undefined);
  const member = pool.select({
    persistent: request.preferred ?? known?.member,
    overrideLimit: request.preferred === undefined && known?.record.overrideConnectionLimit === true,
    isKept: (one) => request.virtual.cache.has(one),
    sessionsOf: (path) => persistence.countOf(path, now),
    ...(request.exclude === undefined ? {} : { exclude: request.exclude }),
  });
  if (member === undefined) return member;
  for (const { key, timeoutSeconds } of records) {
    persistence.set(key, member.config, now + timeoutSeconds * msPerSecond);
  }
  return member;
}

/**
 * As {@link selectMember}; with a queue it waits while members are at their connection limits.
 * @param whenGone is told what ends the wait, for when the client leaves.
 */
export async function awaitMember(
  pool: Pool,
  request: SelectionRequest,
  whenGone: (end: () => void) => void,
): Promise<Member | undefined> {
  const select = (): Member | undefined => selectMember(pool, request);
  const found = select();
  if (found !== undefined || !pool.isQueueing()) return found;
  const { queueDepthLimit: depth = 0, queueTimeLimit: timeMs = 0 } = pool.config;
  return await pool.queue.wait(select, { depth, timeMs }, whenGone);
}

/** The member that a record names; across pools the one of this pool on the same node. */
function knownMember(
  pool: Pool,
  { acrossPools }: AddressPersistence,
  known: KnownMember | undefined,
): string | undefined {
  if (known === undefined || pool.members.has(known.fullPath) || !acrossPools) return known?.fullPath;
  const { address, routeDomain } = known;
  const members = [...pool.members.values()].map((one) => one.config);
  return members.find((one) => one.address === address && one.routeDomain === routeDomain)?.fullPath;
}
