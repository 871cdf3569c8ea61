import type { SecureContextOptions } from 'node:tls';
import type { Socket } from 'node:net';
import type { SqlAddress, SqlTlsFiles } from './options.ts';
import type { Rows, SqlResult } from './rows.ts';

/** What a driver needs to log in. */
export interface Login {
  /** Not connected yet; whoever made it destroys it. */
  readonly socket: Socket;
  readonly address: SqlAddress;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Undefined: nothing is encrypted. */
  readonly tls: LoginTls | undefined;
}

/** How a driver encrypts. */
export interface LoginTls extends SqlTlsFiles {
  /** The host name or address that the certificate has to be for. */
  readonly identity: string;
  readonly verify: boolean;
}

/** What TLS is given by every driver; how the certificate's name is compared, each has a way of its own to say. */
export function encryption({
  ca,
  cert,
  key,
  verify,
}: LoginTls): SecureContextOptions & { rejectUnauthorized: boolean } {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify,
  };
}

/** A connection to a database, of any driver. Every promise rejects with the words of the server or the system. */
export interface SqlConnection {
  /** Starts a transaction that cannot write, sees one moment of the database, and ends statements that take too long. */
  begin(timeoutMs: number): Promise<void>;
  /** Runs one statement, in the words of the configuration. */
  query(sql: string, rows: Rows): Promise<SqlResult>;
  /** What the server is: `MariaDB 10.11.19`. */
  version(): Promise<string>;
  /** How the server says that the connection is encrypted: `TLSv1.3`; undefined: it is not. */
  encryption(): Promise<string | undefined>;
  /** What the user may do beside reading, as far as can be told: `INSERT, DELETE on inventory.*`. */
  writeRights(): Promise<readonly string[]>;
  /** Takes leave of the server. */
  end(): Promise<void>;
}

/** Logs in. */
export type Connect = (login: Login) => Promise<SqlConnection>;
