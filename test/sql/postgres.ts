import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { DatabaseServer, type ServerSetup } from './server.ts';

/** What Debian keeps of each version in a folder of its own: the server with `postgresql-NN`, psql with its client. */
const PROGRAMS = ['postgres', 'initdb', 'psql'];
const FOLDERS = '/usr/lib/postgresql/*/bin';

/** The folder of the newest version that is whole. */
function programs(): string | undefined {
  return globSync(FOLDERS)
    .filter((folder) => PROGRAMS.every((program) => existsSync(join(folder, program))))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

/** Why there is no PostgreSQL; undefined: there is. */
export function missingPostgres(): string | undefined {
  return programs() === undefined ? `there is no ${FOLDERS} with ${PROGRAMS.join(', ')}` : undefined;
}

/** A PostgreSQL of its own. */
export class PostgresServer extends DatabaseServer {
  override readonly driver = 'postgresql';
  readonly #bin = programs() ?? '';
  readonly #tls: readonly string[];

  private constructor(port: number, { tls }: ServerSetup) {
    super(port);
    this.#tls =
      tls === undefined
        ? ['ssl=off']
        : [
            'ssl=on',
            `ssl_key_file=${this.write('key.pem', tls.key)}`,
            `ssl_cert_file=${this.write('cert.pem', tls.cert)}`,
            `ssl_ca_file=${this.write('ca.pem', tls.ca)}`,
          ];
    const auth = ['--auth-local=trust', '--auth-host=scram-sha-256', '--username=postgres'];
    this.run(join(this.#bin, 'initdb'), '-D', this.at('data'), '--no-sync', '-E', 'UTF8', '--locale=C', ...auth);
  }

  static async start(setup: ServerSetup = {}): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort(), setup);
    await server.up();
    return server;
  }

  override get clientEnv(): Readonly<Record<string, string>> {
    return { PGHOST: this.folder, PGPORT: String(this.port), PGUSER: 'postgres' };
  }

  override demandCertificates(user: string): void {
    const rules = readFileSync(this.at('data/pg_hba.conf'), 'utf8');
    this.write('data/pg_hba.conf', `hostssl all ${user} all scram-sha-256 clientcert=verify-ca\n${rules}`);
    this.sql('SELECT pg_reload_conf()');
  }

  protected override serve(): readonly [string, ...string[]] {
    const settings = ['listen_addresses=127.0.0.1,127.0.0.2', 'fsync=off', 'log_statement=all', ...this.#tls];
    return [
      join(this.#bin, 'postgres'),
      '-D',
      this.at('data'),
      '-k',
      this.folder,
      '-p',
      String(this.port),
      ...settings.flatMap((setting) => ['-c', setting]),
    ];
  }

  protected override client(database: string): readonly [string, ...string[]] {
    const to = ['-h', this.folder, '-p', String(this.port), '-U', 'postgres', database === '' ? 'postgres' : database];
    return [join(this.#bin, 'psql'), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...to];
  }
}
