import { Socket } from 'node:net';

import type { Connect, Login, SqlConnection } from './connection.ts';
import type { SqlDriver, SqlOptions } from './options.ts';
import { nameOfServer } from './options.ts';
import { SqlProblem, wordsOf } from './problem.ts';
import { Rows } from './rows.ts';
import type { SqlResult } from './rows.ts';

/** A server that ends a statement in time says so itself; only one that says nothing is given up. */
const GRACE_MS = 2000;

/** Libraries are loaded when a source that needs them is read. */
const DRIVERS: Readonly<Record<SqlDriver, () => Promise<Connect>>> = {
  mysql: async () => (await import('./mysql.ts')).connectMysql,
  postgresql: async () => (await import('./postgresql.ts')).connectPostgresql,
};

/** One visit to a database: a connection, and a transaction that cannot write. */
export class SqlSession {
  readonly #options: SqlOptions;
  readonly #signal: AbortSignal;
  readonly #socket: Socket;
  readonly #connection: SqlConnection;

  private constructor(
    {
      options,
      signal,
      socket,
    }: { readonly options: SqlOptions; readonly signal: AbortSignal; readonly socket: Socket },
    connection: SqlConnection,
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#socket = socket;
    this.#connection = connection;
  }

  /**
   * Opens a session, does the work, and closes it, whatever becomes of the work.
   * Rejects with {@link SqlProblem}, or as the signal says when that aborts.
   */
  static async use<T>(options: SqlOptions, signal: AbortSignal, work: (session: SqlSession) => Promise<T>): Promise<T> {
    const socket = new Socket();
    try {
      const what = `cannot connect to ${nameOfServer(options)}`;
      const connection = await within(connected(options, socket), what, { signal, socket, ms: options.timeoutMs });
      const session = new SqlSession({ options, signal, socket }, connection);
      try {
        await session.ask('transaction', (to) => to.begin(options.timeoutMs));
        return await work(session);
      } finally {
        await session.#leave();
      }
    } finally {
      socket.destroy();
    }
  }

  /** All rows of a statement of the configuration; `what` names it in messages. */
  async rows(what: string, sql: string): Promise<SqlResult> {
    return await this.ask(what, (connection) => connection.query(sql, new Rows(this.#options.maxRows)));
  }

  /** Asks the server for anything else. */
  async ask<T>(what: string, question: (connection: SqlConnection) => Promise<T>): Promise<T> {
    const patience = { signal: this.#signal, socket: this.#socket, ms: this.#options.timeoutMs + GRACE_MS };
    return await within(question(this.#connection), what, patience);
  }

  /** Servers note who goes without a word. One that does not answer any more is not waited for. */
  async #leave(): Promise<void> {
    if (this.#socket.destroyed) return;
    const patience = { signal: this.#signal, socket: this.#socket, ms: GRACE_MS };
    await within(this.#connection.end(), 'end', patience).catch(() => undefined);
  }
}

async function connected(options: SqlOptions, socket: Socket): Promise<SqlConnection> {
  const { address, database, user } = options;
  const login: Login = {
    socket,
    address,
    database,
    user,
    password: await options.password?.(),
    tls: await loginTls(options),
  };
  const connect = await DRIVERS[options.driver]();
  // The password came too late: a socket that is connected now would be nobody's.
  if (socket.destroyed) throw new SqlProblem('given up');
  return await connect(login);
}

async function loginTls({ tls, address }: SqlOptions): Promise<Login['tls']> {
  // A Unix socket does not leave the machine.
  if (tls === undefined || 'socket' in address) return undefined;
  return { ...(await tls.files()), identity: tls.serverName ?? address.host, verify: !tls.insecureSkipVerify };
}

interface Patience {
  readonly signal: AbortSignal;
  readonly socket: Socket;
  readonly ms: number;
}

/** Waits for the work; when time is over, or the signal aborts, the connection is cut. */
async function within<T>(work: Promise<T>, what: string, { signal, socket, ms }: Patience): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new SqlProblem(`no answer within ${ms / 1000} s`)), ms);
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, ended]);
  } catch (error) {
    // What the work says now that its connection is gone is of no interest.
    work.catch(() => undefined);
    socket.destroy();
    if (signal.aborted) throw signal.reason;
    throw new SqlProblem(`${what}: ${wordsOf(error)}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
