import type { Member } from '../pool.ts';
import type { Scheduled } from '../scheduler.ts';
import type { PlaneContext } from '../virtual-server.ts';
import type { ServerConnection } from './server-connection.ts';

interface Kept {
  readonly connection: ServerConnection;
  readonly expiry: Scheduled;
}

/** Idle server-side connections by member: what the OneConnect profile keeps for other clients' requests. */
export class ServerCache {
  readonly #kept = new Map<Member, Kept[]>();

  /** The idle connection to a member that was used last, taken out of the cache. */
  take(member: Member): ServerConnection | undefined {
    const kept = this.#kept.get(member)?.at(-1);
    if (kept === undefined) return undefined;
    this.#remove(kept.connection);
    return kept.connection.hasEnded ? this.take(member) : kept.connection;
  }

  /** Whether an idle connection to a member is kept. */
  has(member: Member): boolean {
    return this.#kept.get(member)?.some((one) => !one.connection.hasEnded) === true;
  }

  /** Keeps a connection until it is taken, the server ends it, or `idleMs` pass. */
  put(context: PlaneContext, connection: ServerConnection, idleMs: number): void {
    const close = (): void => {
      if (this.#remove(connection)) connection.close();
    };
    const expiry = context.scheduler.after(idleMs, close);
    const kept = this.#kept.get(connection.member) ?? [];
    kept.push({ connection, expiry });
    this.#kept.set(connection.member, kept);
    connection.onEnd = close;
    connection.member.pool.queue.pump();
  }

  /** Closes all. */
  clear(): void {
    for (const kept of this.#kept.values()) for (const { connection } of kept) connection.close();
  }

  #remove(connection: ServerConnection): boolean {
    const kept = this.#kept.get(connection.member) ?? [];
    const found = kept.find((one) => one.connection === connection);
    if (found === undefined) return false;
    found.expiry.cancel();
    connection.onEnd = undefined;
    const left = kept.filter((one) => one !== found);
    if (left.length === 0) this.#kept.delete(connection.member);
    else this.#kept.set(connection.member, left);
    return true;
  }
}
