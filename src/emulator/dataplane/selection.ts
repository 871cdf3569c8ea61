import type { VirtualConfig } from './model.ts';
import { addressPersistence } from './persistence.ts';
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

/** The member for a new connection, by cookie, address persistence, or load balancing; persistence is renewed. */
export function selectMember(pool: Pool, request: SelectionRequest): Member | undefined {
  const { scheduler, msPerSecond } = request.context;
  const { persistence } = request.virtual;
  const record = addressPersistence(request.config, pool.config.fullPath, request.client);
  const now = scheduler.now();
  const known = record === undefined ? undefined : persistence.get(record.key, now);
  const member = pool.select({
    persistent: request.preferred ?? known,
    overrideLimit: record?.overrideConnectionLimit === true,
    sessionsOf: (path) => persistence.countOf(path, now),
    ...(request.exclude === undefined ? {} : { exclude: request.exclude }),
  });
  if (member === undefined || record === undefined) return member;
  persistence.set(record.key, member.config.fullPath, now + record.timeoutSeconds * msPerSecond);
  return member;
}
