/** A kind of database, named by its protocol: `mysql` is MariaDB, too. */
export type SqlDriver = 'mysql' | 'postgresql';

/** Where a server listens: by TCP, or by a Unix socket (for PostgreSQL the folder of it, and the port that names it). */
export type SqlAddress =
  | { readonly host: string; readonly port: number }
  | { readonly socket: string; readonly port: number };

/** What TLS is made with, in PEM. */
export interface SqlTlsFiles {
  /** Left out: the authorities that Node trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How a connection is encrypted. */
export interface SqlTls {
  /** Asked at each connect, so that renewed files are seen. Rejects with an error that names the file. */
  readonly files: () => Promise<SqlTlsFiles>;
  /** The name that the certificate has to be for; left out: the host. */
  readonly serverName?: string;
  /** Takes any certificate. */
  readonly insecureSkipVerify: boolean;
}

/** Which rows are read from where, and when. All statements are configuration: nothing of them is ever made of data. */
export interface SqlOptions {
  /** The source's name, for messages. */
  readonly source: string;
  readonly driver: SqlDriver;
  readonly address: SqlAddress;
  readonly database: string;
  readonly user: string;
  /** Asked at each connect. Rejects with an error that names where it is kept. Left out: there is none. */
  readonly password?: () => Promise<string>;
  /** Left out: nothing is encrypted. */
  readonly tls?: SqlTls;
  readonly query: string;
  /** A cheap query: the other one runs only when its result is another one. */
  readonly changed?: string;
  /** How often the database is asked, in milliseconds. */
  readonly pollMs: number;
  /** With `changed`: the query runs at least this often. */
  readonly fullPollMs: number;
  /** How long connecting, and each statement, may take. */
  readonly timeoutMs: number;
  /** A result with more rows is not used. */
  readonly maxRows: number;
  /** The columns that tell one row from the others, for messages. */
  readonly key: readonly string[];
  /** The first wait after a failure; default: one second, or `pollMs` if that is less. It doubles up to `pollMs`, at least 30 s. */
  readonly backoffMs?: number;
}

/** How messages call what is read: `query of inventory`. */
export function nameOfQuery({ database }: Pick<SqlOptions, 'database'>): string {
  return `query of ${database}`;
}

/** How messages call the server: `mysql://10.0.0.5:3306/inventory as fairlead`. */
export function nameOfServer({ driver, address, database, user }: SqlOptions): string {
  const at = 'socket' in address ? address.socket : hostAndPort(address);
  return `${driver}://${at}/${database} as ${user}`;
}

function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
