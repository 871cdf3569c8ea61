import type { VirtualConfig } from './model.ts';
import { memberOfCookie } from './persistence/cookie.ts';
import { recordsOf } from './persistence/records.ts';
import type { RecordKey } from './persistence/records.ts';
import type { KnownMember } from './persistence/table.ts';
import type { PersistenceSubject } from './persistence/values.ts';
import type { Member, Pool } from './pool.ts';
import type { PlaneContext, VirtualServer } from './virtual-server.ts';

/** A connection or request that looks for a pool member. */
export interface SelectionRequest {
  readonly context: PlaneContext;
  readonly virtual: VirtualServer;
  /** The configuration that the connection began with, and what rules and policies put in its place. */
  readonly config: VirtualConfig;
  readonly subject: PersistenceSubject;
  /** The member (full path) that a rule names. */
  readonly preferred?: string | undefined;
  /** Members that refused this connection already. */
  readonly exclude?: ReadonlySet<string>;
}

/**
 * The member for a new connection: named by a rule, by a cookie, by a persistence record or that of the fallback, else by
 * load balancing. Records are renewed.
 */
export function selectMember(pool: Pool, request: SelectionRequest): Member | undefined {
  const { context, config, subject, exclude } = request;
  const { scheduler, persistence } = context;
  const records = recordsOf(config, pool.config.fullPath, subject);
  const now = scheduler.now();
  const known = records
    .map((record) => ({ record, member: knownMember(pool, record, persistence.get(record.key, now)) }))
    .find((one) => one.member !== undefined);
  const named = request.preferred ?? memberOfCookie(config, pool, subject);
  const member = pool.select({
    persistent: named ?? known?.member,
    overrideLimit: named === undefined && known?.record.overrideConnectionLimit === true,
    hashedBy: records.find(({ isHashed }) => isHashed)?.value,
    isKept: (one) => request.virtual.cache.has(one),
    sessionsOf: (path) => persistence.countOf(path, now),
    ...(exclude === undefined ? {} : { exclude }),
  });
  if (member !== undefined) for (const record of records) remember(member, record, request);
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

/** Notes that a client goes to a member from now on. */
export function remember(
  { config: member, pool }: Member,
  { key, mode, value, timeoutSeconds, isHashed }: RecordKey,
  { context, config, subject }: Pick<SelectionRequest, 'context' | 'config' | 'subject'>,
): void {
  if (isHashed) return;
  const touched = context.scheduler.now();
  const owner = { virtual: config.fullPath, pool: pool.config.fullPath, mode, value, client: subject.client };
  context.persistence.set(key, { ...owner, member, touched, expires: touched + timeoutSeconds * context.msPerSecond });
}

/** The member that a record names; across pools the one of this pool on the same node. */
function knownMember(pool: Pool, { acrossPools }: RecordKey, known: KnownMember | undefined): string | undefined {
  if (known === undefined || pool.members.has(known.fullPath) || !acrossPools) return known?.fullPath;
  const { address, routeDomain } = known;
  const members = [...pool.members.values()].map((one) => one.config);
  return members.find((one) => one.address === address && one.routeDomain === routeDomain)?.fullPath;
}
