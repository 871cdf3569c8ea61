import { spawnSync } from 'node:child_process';
import { freePort } from '../support/free-port.ts';
import { DatabaseServer, type ServerSetup } from './server.ts';

const SERVER = 'mariadbd';
// Debian keeps the server out of the PATH of users.
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

/** Why there is no MariaDB; undefined: there is. */
export function missingMariadb(): string | undefined {
  const env = { ...process.env, PATH };
  const missing = [SERVER, 'mariadb', 'mariadb-install-db'].filter(
    (program) => spawnSync('which', [program], { env }).status !== 0,
  );
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')} on the PATH`;
}

/** A MariaDB of its own. */
export class MariadbServer extends DatabaseServer {
  override readonly driver = 'mysql';
  readonly socket: string;
  readonly #tls: readonly string[];

  private constructor(port: number, { tls }: ServerSetup) {
    super(port);
    this.socket = this.at('server.sock');
    this.#tls =
      tls === undefined
        ? ['--skip-ssl']
        : [
            `--ssl-key=${this.write('key.pem', tls.key)}`,
            `--ssl-cert=${this.write('cert.pem', tls.cert)}`,
            `--ssl-ca=${this.write('ca.pem', tls.ca)}`,
          ];
    const quick = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    this.run('mariadb-install-db', '--no-defaults', `--datadir=${this.at('data')}`, ...quick);
  }

  static async start(setup: ServerSetup = {}): Promise<MariadbServer> {
    const server = new MariadbServer(await freePort(), setup);
    await server.up();
    return server;
  }

  override get clientEnv(): Readonly<Record<string, string>> {
    this.write('my.cnf', `[client]\nsocket=${this.socket}\nuser=root\n`);
    return { MYSQL_HOME: this.folder };
  }

  override demandCertificates(user: string): void {
    this.sql(`ALTER USER ${user} REQUIRE X509`);
  }

  protected override serve(): readonly [string, ...string[]] {
    return [
      `/usr/bin/env`,
      `PATH=${PATH}`,
      SERVER,
      '--no-defaults',
      `--datadir=${this.at('data')}`,
      `--socket=${this.socket}`,
      `--pid-file=${this.at('pid')}`,
      `--port=${this.port}`,
      '--bind-address=127.0.0.1,127.0.0.2',
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=16M',
      '--innodb-flush-log-at-trx-commit=2',
      '--general-log',
      `--general-log-file=${this.at('log')}`,
      ...this.#tls,
    ];
  }

  protected override client(database: string): readonly [string, ...string[]] {
    return ['mariadb', '--no-defaults', `--socket=${this.socket}`, '--user=root', '--batch', '-N', database];
  }
}
