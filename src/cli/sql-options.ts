import { readSecret } from '../config/read-secret.ts';
import type { Config } from '../config/schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { SqlSourceConfig } from '../config/sql-source-schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { createSqlSource } from '../sources/sql/index.ts';
import type { SqlAddress, SqlTls } from '../sources/sql/options.ts';
import { secretReader } from './cluster-secret.ts';
import { defaultsOf } from './kubernetes-options.ts';
import { readPem } from './read-pem.ts';

/** A source that is a database, and what reading its password takes. */
export interface SqlContext {
  readonly source: SourceConfig;
  readonly target: TargetConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PORTS = { mysql: 3306, postgresql: 5432 } as const;

/** What a source of SQL is made with, from the config. Password and PEM files are read when it connects. */
export function sqlOptions(
  config: Config,
  { source, target, env }: SqlContext,
  sql: SqlSourceConfig,
): Parameters<typeof createSqlSource>[0] {
  const { partition, routeDomain } = target.bigip;
  const { database, user, password, query, changed, key, maxRows, mapping, badRows, allowEmpty } = sql;
  const driver = sql.driver === 'mariadb' ? 'mysql' : sql.driver;
  const tls = tlsOf(source.name, sql.tls);
  const readers = { env, kubernetes: secretReader(config) };
  return {
    source: source.name,
    partition,
    defaults: defaultsOf(config),
    ...(routeDomain === undefined ? {} : { routeDomain }),
    driver,
    address: addressOf(sql, PORTS[driver]),
    database,
    user,
    query,
    key,
    maxRows,
    mapping,
    badRows,
    allowEmpty,
    ...(password === undefined ? {} : { password: () => readSecret(password, readers) }),
    ...(tls === undefined ? {} : { tls }),
    ...(changed === undefined ? {} : { changed }),
    pollMs: sql.poll,
    fullPollMs: sql.fullPoll,
    timeoutMs: sql.timeout,
  };
}

/** The schema has seen to it that there is a host or a socket. */
function addressOf({ host = '', port, socket }: SqlSourceConfig, usual: number): SqlAddress {
  return socket === undefined ? { host, port: port ?? usual } : { socket, port: port ?? usual };
}

function tlsOf(source: string, tls: SqlSourceConfig['tls']): SqlTls | undefined {
  if (tls.disabled === true) return undefined;
  const pem = async (name: 'caFile' | 'certFile' | 'keyFile', as: string): Promise<object> => {
    const path = tls[name];
    return path === undefined ? {} : { [as]: await readPem(path, `source ${source}: sql.tls.${name}`) };
  };
  return {
    files: async () => ({
      ...(await pem('caFile', 'ca')),
      ...(await pem('certFile', 'cert')),
      ...(await pem('keyFile', 'key')),
    }),
    ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    insecureSkipVerify: tls.insecureSkipVerify,
  };
}
