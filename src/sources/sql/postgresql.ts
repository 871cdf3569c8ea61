import type { Client, FieldDef, Query, types } from 'pg';
import type { Connect, LoginTls, SqlConnection } from './connection.ts';
import { encryption } from './connection.ts';
import { SqlProblem } from './problem.ts';
import type { Rows, SqlResult } from './rows.ts';
import { binaryFault, hostText, jsonText, listText, numberText } from './values.ts';
import type { SqlValue } from './values.ts';

interface Library {
  readonly Query: typeof Query;
  readonly types: typeof types;
}

/** Logs in to PostgreSQL. */
export const connectPostgresql: Connect = async ({ socket, address, database, user, password, tls }) => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    stream: () => socket,
    host: 'socket' in address ? address.socket : address.host,
    port: address.port,
    database,
    user,
    // As a function, so that nothing in the environment of the process takes its place.
    password: () => password as string,
    ssl: tls === undefined ? false : await sslOf(tls),
    application_name: 'fairlead',
    // The text of every value as the server sends it: what it means is told by the columns.
    types: { getTypeParser: () => (text: string) => text },
  });
  // A connection that breaks while nothing is asked is told by the next question.
  client.on('error', () => undefined);
  await client.connect();
  return new PostgresqlConnection(client, pg);
};

async function sslOf(tls: LoginTls): Promise<object> {
  const { checkServerIdentity } = await import('node:tls');
  return {
    ...encryption(tls),
    checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(tls.identity, certificate),
  };
}

const SETTINGS = `SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'`;

const RIGHTS = `
  SELECT CASE WHEN rolsuper THEN 'everything (superuser)' END FROM pg_catalog.pg_roles WHERE rolname = current_user
  UNION ALL
  (SELECT 'writing on ' || n.nspname || '.' || c.relname
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_%'
      AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      AND pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    ORDER BY 1 LIMIT 4)`;

class PostgresqlConnection implements SqlConnection {
  readonly #client: Client;
  readonly #library: Library;

  constructor(client: Client, library: Library) {
    this.#client = client;
    this.#library = library;
  }

  async begin(timeoutMs: number): Promise<void> {
    const timeout = `SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`;
    await this.#client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${timeout}; ${SETTINGS}`);
  }

  async query(sql: string, rows: Rows): Promise<SqlResult> {
    const raw: (readonly (string | null)[])[] = [];
    const fields = await this.#stream(sql, (row) => {
      rows.add(row);
      raw.push(row);
    });
    const arrays = await this.#arraysOf(fields);
    const columns = fields.map(({ name }) => name);
    const toArray = this.#library.types.getTypeParser(TYPE.textArray, 'text') as (text: string) => readonly unknown[];
    const read = (text: string | null, { dataTypeID: type }: FieldDef): SqlValue => {
      if (text === null) return null;
      if (!arrays.has(type)) return valueOf(text, type);
      return listText(toArray(text).map((one) => (typeof one === 'string' ? hostText(one) : one)));
    };
    return { columns, rows: raw.map((row) => fields.map((field, index) => read(row[index] ?? null, field))) };
  }

  async version(): Promise<string> {
    const [version = ''] = await this.#texts('SHOW server_version');
    return `PostgreSQL ${version.split(' ')[0]}`;
  }

  async encryption(): Promise<string | undefined> {
    const [version] = await this.#texts(
      'SELECT version FROM pg_catalog.pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()',
    );
    return version;
  }

  async writeRights(): Promise<readonly string[]> {
    return await this.#texts(RIGHTS);
  }

  async end(): Promise<void> {
    await this.#client.end();
  }

  /** Runs a statement by the extended protocol, which takes one alone; gives its columns when all rows came. */
  #stream(sql: string, onRow: (row: readonly (string | null)[]) => void): Promise<readonly FieldDef[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly FieldDef[]>();
    const config = { text: sql, rowMode: 'array', queryMode: 'extended' };
    const query = new this.#library.Query(config) as Query<(string | null)[]>;
    query.on('row', (row) => {
      try {
        onRow(row);
      } catch (error) {
        reject(error);
      }
    });
    query.on('error', reject);
    query.on('end', ({ fields }) => {
      if (fields.length === 0) reject(new SqlProblem('gives no columns, expected those of a query'));
      else resolve(fields);
    });
    this.#client.query(query);
    return promise;
  }

  /** Which of the columns' types are arrays. */
  async #arraysOf(fields: readonly FieldDef[]): Promise<ReadonlySet<number>> {
    const unknown = [...new Set(fields.map(({ dataTypeID }) => dataTypeID))].filter((type) => !SCALARS.has(type));
    if (unknown.length === 0) return new Set();
    const found = await this.#texts(
      `SELECT oid FROM pg_catalog.pg_type WHERE typcategory = 'A' AND oid IN (${unknown.join(', ')})`,
    );
    return new Set(found.map(Number));
  }

  /** All values of a statement of this file. */
  async #texts(sql: string): Promise<readonly string[]> {
    const values: (string | null)[] = [];
    await this.#stream(sql, (row) => values.push(...row));
    return values.filter((value) => value !== null);
  }
}

/** Types as the catalogue of every server numbers them (pg_type). */
const TYPE = { bool: 16, bytea: 17, json: 114, cidr: 650, inet: 869, numeric: 1700, textArray: 1009, jsonb: 3802 };
const NUMBERS: ReadonlySet<number> = new Set([700, 701, TYPE.numeric]);
/** Common types that need no look into the catalogue: text, integers, dates and times, uuid, and the ones above. */
const SCALARS: ReadonlySet<number> = new Set([
  18,
  19,
  20,
  21,
  23,
  25,
  1042,
  1043,
  1082,
  1083,
  1114,
  1184,
  2950,
  TYPE.bool,
  TYPE.bytea,
  TYPE.json,
  TYPE.jsonb,
  TYPE.cidr,
  TYPE.inet,
  ...NUMBERS,
]);
const REMEDY = `have the query give text, as with encode(…, 'hex') or convert_from(…, 'UTF8')`;

function valueOf(text: string, type: number): SqlValue {
  if (type === TYPE.bool) return text === 't' ? 'true' : 'false';
  if (type === TYPE.bytea) return binaryFault((text.length - 2) / 2, REMEDY);
  if (type === TYPE.inet || type === TYPE.cidr) return hostText(text);
  if (type === TYPE.json || type === TYPE.jsonb) return jsonText(text);
  return NUMBERS.has(type) ? numberText(text) : text;
}
