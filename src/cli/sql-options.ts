import type { Config } from '../config/schema.ts';
import type { SqlSourceConfig } from '../config/sql-source-schema.ts';
import type { createSqlSource } from '../sources/sql/index.ts';
import type { SqlAddress, SqlTls } from '../sources/sql/options.ts';
import type { ReadSecret } from './cluster-secret.ts';
import type { TablePlace } from './table-options.ts';
import { readPem } from './read-pem.ts';
import { tableOptions } from './table-options.ts';

const PORTS = { mysql: 3306, postgresql: 5432 } as const;

/** What a source of SQL is made with, from the config. Password and PEM files are read when it connects. */
export function sqlOptions(
  config: Config,
  place: TablePlace,
  { sql, readSecret }: { readonly sql: SqlSourceConfig; readonly readSecret: ReadSecret },
): Parameters<typeof createSqlSource>[0] {
  const { database, user, password, query, changed, key, maxRows } = sql;
  const driver = sql.driver === 'mariadb' ? 'mysql' : sql.driver;
  const tls = tlsOf(place.source.name, sql.tls);
  return {
    ...tableOptions(config, place, sql),
    driver,
    address: addressOf(sql, PORTS[driver]),
    database,
    user,
    query,
    key,
    maxRows,
    ...(password === undefined ? {} : { password: () => readSecret(password) }),
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
