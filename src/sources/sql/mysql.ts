import { isIP } from 'node:net';

import type { Connection, FieldPacket, ResultSetHeader } from 'mysql2';
import type { Connect, Login, LoginTls, SqlConnection } from './connection.ts';
import { encryption } from './connection.ts';
import { foreignRights } from './mysql-grants.ts';
import { SqlProblem } from './problem.ts';
import { Rows } from './rows.ts';
import type { SqlResult } from './rows.ts';
import { binaryFault, jsonText, numberText } from './values.ts';
import type { SqlValue } from './values.ts';

/** Logs in to MariaDB or MySQL. */
export const connectMysql: Connect = async (login) => {
  const { default: mysql } = await import('mysql2');
  const { socket, address, database, user, password, tls } = login;
  const { promise, resolve, reject } = Promise.withResolvers<SqlConnection>();
  socket.setNoDelay(true);
  if ('socket' in address) socket.connect(address.socket);
  else socket.connect(address.port, address.host);
  const connection = mysql.createConnection({
    stream: tls === undefined ? socket : withIdentity(socket, tls),
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { host: tls.identity, ssl: sslOf(tls) }),
    charset: 'utf8mb4',
    // The session ends with a time-out of its own.
    connectTimeout: 0,
    // A server must not be able to ask for files of this machine.
    flags: ['-LOCAL_FILES'],
    disableEval: true,
    connectAttributes: { program_name: 'fairlead' },
  });
  connection.on('error', reject);
  connection.connect((error) => (error === null ? resolve(new MysqlConnection(connection)) : reject(error)));
  return await promise;
};

function sslOf(tls: LoginTls): object {
  return { ...encryption(tls), verifyIdentity: tls.verify };
}

/**
 * The library names no host to TLS where that is an address (SNI takes none), and then the certificate is compared with
 * what the socket says that it was connected to, else with `localhost`.
 */
function withIdentity(socket: Login['socket'], { identity }: LoginTls): Login['socket'] {
  return isIP(identity) === 0 ? socket : Object.assign(socket, { _host: identity });
}

class MysqlConnection implements SqlConnection {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async begin(timeoutMs: number): Promise<void> {
    // MariaDB alone runs the first comment, MySQL alone the second: each has its own name for the time-out.
    await this.#run(
      `SET SESSION time_zone = '+00:00' /*M!100101 , max_statement_time = ${timeoutMs / 1000} */ /*!50708 , max_execution_time = ${Math.ceil(timeoutMs)} */`,
    );
    // What commits in between begins again without writing.
    await this.#run('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await this.#run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  }

  query(sql: string, rows: Rows): Promise<SqlResult> {
    const { promise, resolve, reject } = Promise.withResolvers<SqlResult>();
    // The text of every value as the server sends it: what it means is told by the columns.
    const command = this.#connection.query({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() });
    let fields: readonly FieldPacket[] | undefined;
    command.on('fields', (found: readonly FieldPacket[] | undefined) => {
      if (fields === undefined) fields = found;
      else if (found !== undefined) reject(new SqlProblem('gives several results, expected one'));
    });
    command.on('result', (row: readonly (Buffer | null)[] | ResultSetHeader) => {
      if (fields === undefined || !Array.isArray(row)) return;
      try {
        rows.add(fields.map((field, index) => valueOf(row[index] as Buffer | null, field)));
      } catch (error) {
        reject(error);
      }
    });
    command.on('error', reject);
    this.#connection.on('error', reject);
    command.on('end', () => {
      this.#connection.off('error', reject);
      if (fields === undefined) reject(new SqlProblem('gives no columns, expected those of a query'));
      else resolve({ columns: fields.map(({ name }) => name), rows: rows.all });
    });
    return promise;
  }

  async version(): Promise<string> {
    const [version = ''] = await this.#texts('SELECT VERSION()');
    return version.includes('MariaDB') ? `MariaDB ${version.split('-')[0]}` : `MySQL ${version}`;
  }

  async encryption(): Promise<string | undefined> {
    const [, version = ''] = await this.#texts(`SHOW SESSION STATUS LIKE 'Ssl_version'`);
    return version === '' ? undefined : version;
  }

  async writeRights(): Promise<readonly string[]> {
    return foreignRights(await this.#texts('SHOW GRANTS'));
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#connection.end(() => resolve());
    });
  }

  async #run(sql: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#connection.query(sql, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** All values of a statement of this file. */
  async #texts(sql: string): Promise<readonly string[]> {
    const { rows } = await this.query(sql, new Rows(1000));
    return rows.flat().filter((value) => typeof value === 'string');
  }
}

/** Types of columns, and the character set of bytes that are no text, as the protocol numbers them. */
const TYPE = { decimal: 0, float: 4, double: 5, bit: 16, vector: 242, json: 245, newDecimal: 246, geometry: 255 };
const STRINGS: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254]);
const NUMBERS: ReadonlySet<number> = new Set([TYPE.decimal, TYPE.float, TYPE.double, TYPE.newDecimal]);
const BINARY = 63;
const REMEDY = 'have the query give text, as with INET6_NTOA(…), HEX(…) or CONVERT(… USING utf8mb4)';

type Field = FieldPacket & { readonly extendedFormat?: string };

function valueOf(bytes: Buffer | null, field: Field): SqlValue {
  if (bytes === null) return null;
  const { columnType: type = TYPE.decimal, characterSet, extendedFormat } = field;
  if (type === TYPE.bit) return BigInt(`0x${bytes.toString('hex') || '0'}`).toString();
  const isText = !STRINGS.has(type) || characterSet !== BINARY;
  if (type === TYPE.geometry || type === TYPE.vector || !isText) return binaryFault(bytes.length, REMEDY);
  const text = bytes.toString('utf8');
  if (type === TYPE.json || extendedFormat === 'json') return jsonText(text);
  return NUMBERS.has(type) ? numberText(text) : text;
}
