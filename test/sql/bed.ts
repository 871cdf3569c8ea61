import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import type { createSqlSource } from '../../src/sources/sql/index.ts';
import { extractOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { MariadbServer } from './mariadb.ts';
import { PostgresServer } from './postgres.ts';
import type { DatabaseServer, ServerSetup } from './server.ts';

/** The password of the user who reads; nothing may ever show it. */
export const PASSWORD = 'Geheimnis-4711';
export const DATABASE = 'inventory';
export const QUERY = 'SELECT * FROM vips ORDER BY id';

/** The databases that every test is about, and why one is missing. */
export const DATABASES = [
  {
    name: 'MariaDB',
    missing: inject('noMariadb'),
    start: (setup?: ServerSetup): Promise<DatabaseServer> => MariadbServer.start(setup),
  },
  {
    name: 'PostgreSQL',
    missing: inject('noPostgres'),
    start: (setup?: ServerSetup): Promise<DatabaseServer> => PostgresServer.start(setup),
  },
] as const;

const TABLE = `
CREATE TABLE vips (
  id INTEGER PRIMARY KEY, service VARCHAR(100), vip VARCHAR(45), port INTEGER, protocol VARCHAR(10),
  server VARCHAR(100), server_port INTEGER, weight INTEGER, state VARCHAR(20)
);`;

/** The three services of the tests of files, as rows. */
export const ROWS = `
INSERT INTO vips VALUES
  (1, 'shop', '10.1.10.50', 443, NULL, '10.0.0.1', 8443, 10, 'enabled'),
  (2, 'shop', '10.1.10.50', 443, NULL, '10.0.0.2', 8443, 20, NULL),
  (3, 'blog', '10.1.10.51', 80, '', '10.0.0.3', 8080, NULL, 'drain'),
  (4, 'dns', '2001:db8::52', 53, 'UDP', '2001:db8::4', 53, NULL, NULL);`;

/** The same, as a file of text. */
export const CSV = `id,service,vip,port,protocol,server,server_port,weight,state
1,shop,10.1.10.50,443,,10.0.0.1,8443,10,enabled
2,shop,10.1.10.50,443,,10.0.0.2,8443,20,
3,blog,10.1.10.51,80,,10.0.0.3,8080,,drain
4,dns,2001:db8::52,53,UDP,2001:db8::4,53,,
`;

/** Makes the database with its table, a user who may read it (`fairlead`) and one who may do more (`writer`). */
export function prepare(server: DatabaseServer): void {
  if (server.driver === 'mysql') {
    server.sql(`
      CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4;
      CREATE USER fairlead IDENTIFIED BY '${PASSWORD}';
      CREATE USER writer IDENTIFIED BY '${PASSWORD}';
      GRANT SELECT ON ${DATABASE}.* TO fairlead;
      GRANT ALL ON ${DATABASE}.* TO writer;`);
    server.sql(TABLE, DATABASE);
  } else {
    server.sql(`CREATE DATABASE ${DATABASE};
      CREATE ROLE fairlead LOGIN PASSWORD '${PASSWORD}';
      CREATE ROLE writer LOGIN PASSWORD '${PASSWORD}';`);
    server.sql(`${TABLE} GRANT SELECT ON vips TO fairlead; GRANT ALL ON vips TO writer;`, DATABASE);
  }
  server.sql(ROWS, DATABASE);
}

/** A prepared server for the tests of a block, which are skipped with the reason where there is none. */
export function useDatabase(
  { missing, start }: (typeof DATABASES)[number],
  { setup, more }: { readonly setup?: ServerSetup; readonly more?: (server: DatabaseServer) => void } = {},
): () => DatabaseServer {
  let server: DatabaseServer | undefined;
  beforeAll(async () => {
    if (missing !== undefined) return;
    server = await start(setup);
    prepare(server);
    more?.(server);
  });
  afterAll(() => server?.close());
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  return () => {
    if (server === undefined) throw new Error('the server is there from the first test on');
    return server;
  };
}

/** Makes the table what it was. */
export function reset(server: DatabaseServer): void {
  server.sql(`DELETE FROM vips; ${ROWS}`, DATABASE);
}

export type Options = Parameters<typeof createSqlSource>[0];

/** A source of that table, quick enough for tests. */
export function optionsFor(server: DatabaseServer, more: Partial<Options> = {}): Options {
  return {
    source: 'cmdb',
    partition: 'k',
    defaults: extractOptions({ source: 'x', partition: 'k' }).defaults,
    mapping: { member: { column: 'server' }, member_port: { column: 'server_port' } },
    badRows: 'freeze',
    allowEmpty: false,
    driver: server.driver,
    address: { host: '127.0.0.1', port: server.port },
    database: DATABASE,
    user: 'fairlead',
    password: () => Promise.resolve(PASSWORD),
    query: QUERY,
    key: ['id'],
    pollMs: 50,
    fullPollMs: 600_000,
    timeoutMs: 10_000,
    maxRows: 1000,
    backoffMs: 20,
    ...more,
  };
}
