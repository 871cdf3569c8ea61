import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CellFault } from '../../src/sources/tables/row.ts';
import { SqlReader } from '../../src/sources/sql/sql-reader.ts';
import { createSqlSource } from '../../src/sources/sql/index.ts';
import { DATABASE, optionsFor, prepare } from './bed.ts';
import { MariadbServer } from './mariadb.ts';
import { PostgresServer } from './postgres.ts';
import type { DatabaseServer } from './server.ts';

const signal = AbortSignal.timeout(600_000);

/** What the columns of the only row are: text, null, or what is wrong with it. */
async function valuesOf(server: DatabaseServer, query: string): Promise<Readonly<Record<string, unknown>>> {
  const reader = new SqlReader(optionsFor(server, { query, key: [] }));
  const { tables, failed } = await reader.read(signal);
  await reader.close();
  expect(failed).toEqual([]);
  const { values, faults = new Map<string, CellFault>() } = tables[0]!.rows[0]!;
  return Object.fromEntries([...values, ...[...faults].map(([column, { found }]) => [column, { found }] as const)]);
}

/** A bad row is told by what a value is, and what to do. */
async function toldOf(server: DatabaseServer, query: string): Promise<string> {
  const source = createSqlSource(optionsFor(server, { query, key: [], mapping: {} }));
  const { contributions, diagnostics } = await source.read({ signal });
  await source.close?.();
  return [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)].map(({ summary }) => summary).join('\n');
}

describe.skipIf(inject('noMariadb') !== undefined)('values of MariaDB', () => {
  let server: DatabaseServer;
  beforeAll(async () => {
    server = await MariadbServer.start();
    prepare(server);
  });
  afterAll(() => server.close());

  it('of every type come as text, the same every time', async () => {
    server.sql(
      `CREATE TABLE every (
        tiny TINYINT(1), small SMALLINT UNSIGNED, big BIGINT UNSIGNED, zeros INT(8) ZEROFILL, bits BIT(12),
        whole DECIMAL(12,2), part DECIMAL(12,2), single FLOAT, dbl DOUBLE,
        day DATE, at_time TIME, moment DATETIME(3), stamp TIMESTAMP(6) NULL, yr YEAR,
        chars CHAR(10), words VARCHAR(100), long_text LONGTEXT, choice ENUM('enabled','drain'), flags SET('a','b','c'),
        j JSON, list JSON, u UUID, six INET6, four INET4, nothing VARCHAR(10), blank VARCHAR(10),
        binary_collation VARCHAR(10) COLLATE utf8mb4_bin, latin VARCHAR(10) CHARACTER SET latin1,
        bytes VARBINARY(16), b BLOB, place POINT, ip_bytes BINARY(4))`,
      DATABASE,
    );
    server.sql(
      `SET time_zone = '+05:00'; SET NAMES utf8mb4;
       INSERT INTO every VALUES (1, 65535, 18446744073709551615, 42, b'101', 8080, 10.50, 1.5, 1e20,
        '2026-02-03', '25:00:00', '2026-02-03 04:05:06.789', '2026-02-03 04:05:06.123456', 2026,
        'ab', 'Größe 🚦', 'long', 'drain', 'a,c',
        '{"b": 1, "a": [2]}', '["10.0.0.1", "10.0.0.2", 3]', '123e4567-e89b-12d3-a456-426655440000', '2001:DB8::1',
        '10.0.0.1', NULL, '', 'Ab', 'é',
        'text', x'00ff', POINT(1, 2), INET6_ATON('10.0.0.1'))`,
      DATABASE,
    );
    const values = await valuesOf(server, 'SELECT * FROM every');
    expect(values).toEqual({
      tiny: '1',
      small: '65535',
      big: '18446744073709551615',
      zeros: '00000042',
      bits: '5',
      whole: '8080',
      part: '10.50',
      single: '1.5',
      dbl: '1e20',
      day: '2026-02-03',
      at_time: '25:00:00',
      moment: '2026-02-03 04:05:06.789',
      stamp: '2026-02-02 23:05:06.123456',
      yr: '2026',
      chars: 'ab',
      words: 'Größe 🚦',
      long_text: 'long',
      choice: 'drain',
      flags: 'a,c',
      j: '{"b": 1, "a": [2]}',
      list: '10.0.0.1,10.0.0.2,3',
      u: '123e4567-e89b-12d3-a456-426655440000',
      six: '2001:db8::1',
      four: '10.0.0.1',
      nothing: null,
      blank: '',
      binary_collation: 'Ab',
      latin: 'é',
      bytes: { found: '4 bytes of binary data' },
      b: { found: '2 bytes of binary data' },
      place: { found: '25 bytes of binary data' },
      ip_bytes: { found: '4 bytes of binary data' },
    });
  });

  it('that are computed are what they look like', async () => {
    const query = `SELECT COUNT(*) AS n, CONCAT('10.0.0.', 7) AS c, INET6_NTOA(INET6_ATON('2001:db8::7')) AS six,
      GROUP_CONCAT(server ORDER BY id) AS members, MAX(weight) AS most, 3 / 2 AS half, CAST(80 AS CHAR) AS t,
      TRUE AS yes, NULL AS nothing FROM vips WHERE service = 'shop'`;
    expect(await valuesOf(server, query)).toEqual({
      n: '2',
      c: '10.0.0.7',
      six: '2001:db8::7',
      members: '10.0.0.1,10.0.0.2',
      most: '20',
      half: '1.5000',
      t: '80',
      yes: '1',
      nothing: null,
    });
  });

  it('that are bytes make a bad row where they are read, and no harm elsewhere', async () => {
    const query = `SELECT 'web' AS service, '10.1.1.1' AS vip, 80 AS port, INET6_ATON('10.0.0.1') AS member, x'00' AS other`;
    expect(await toldOf(server, query)).toBe(
      'cmdb: query of inventory, row 1, column member: member: the cell holds 4 bytes of binary data, expected an IP address of one host, with or without a port, or several with commas between them; have the query give text, as with INET6_NTOA(…), HEX(…) or CONVERT(… USING utf8mb4)',
    );
  });
});

describe.skipIf(inject('noPostgres') !== undefined)('values of PostgreSQL', () => {
  let server: DatabaseServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
    prepare(server);
    // Whatever a database or a role sets for people, values come in one form.
    server.sql(`ALTER ROLE fairlead SET datestyle = 'German, DMY'; ALTER ROLE fairlead SET timezone = 'Asia/Tokyo';
      ALTER DATABASE ${DATABASE} SET bytea_output = 'escape'`);
  });
  afterAll(() => server.close());

  it('of every type come as text, the same every time', async () => {
    server.sql(
      `CREATE TYPE mood AS ENUM ('enabled', 'drain'); CREATE DOMAIN port AS INTEGER; CREATE TYPE pair AS (a INTEGER, b TEXT);
       CREATE EXTENSION IF NOT EXISTS citext`,
      DATABASE,
    );
    const query = `SELECT 1::smallint AS small, 9223372036854775807 AS big, 8080.00::numeric(12,2) AS whole,
      10.50::numeric(12,2) AS part, 1.5::real AS single, 1e20::double precision AS dbl, true AS yes, false AS no,
      '2026-02-03'::date AS day, '04:05:06'::time AS at_time, '2026-02-03 04:05:06.789'::timestamp AS moment,
      '2026-02-03 04:05:06+05'::timestamptz AS stamp, 'ab'::char(4) AS chars, 'Größe 🚦'::text AS words,
      'drain'::mood AS choice, 80::port AS dom, 'CI'::citext AS ci, '{"b": 1, "a": [2]}'::jsonb AS j,
      '["10.0.0.1", "10.0.0.2", 3]'::json AS list, '123e4567-e89b-12d3-a456-426655440000'::uuid AS u,
      '10.0.0.1'::inet AS host, '10.0.0.1/24'::inet AS interface, '10.0.0.1/32'::cidr AS one, '10.0.0.0/24'::cidr AS net,
      '2001:db8::1'::inet AS six, '2001:db8::1/128'::cidr AS six_one,
      ARRAY['10.0.0.1','10.0.0.2']::inet[] AS hosts, ARRAY['a b', 'c,d', NULL] AS texts, '{}'::int[] AS none,
      '{drain,enabled}'::mood[] AS moods, ARRAY[[1,2],[3,4]] AS deep, ARRAY['10.0.0.1/32']::cidr[] AS nets,
      NULL::int AS nothing, ''::text AS blank, ROW(1, 'x')::pair AS composite, '\\x00ff41'::bytea AS bytes,
      '1 day 02:00'::interval AS span`;
    expect(await valuesOf(server, query)).toEqual({
      small: '1',
      big: '9223372036854775807',
      whole: '8080',
      part: '10.50',
      single: '1.5',
      dbl: '1e+20',
      yes: 'true',
      no: 'false',
      day: '2026-02-03',
      at_time: '04:05:06',
      moment: '2026-02-03 04:05:06.789',
      stamp: '2026-02-02 23:05:06+00',
      chars: 'ab  ',
      words: 'Größe 🚦',
      choice: 'drain',
      dom: '80',
      ci: 'CI',
      j: '{"a": [2], "b": 1}',
      list: '10.0.0.1,10.0.0.2,3',
      u: '123e4567-e89b-12d3-a456-426655440000',
      host: '10.0.0.1',
      interface: '10.0.0.1/24',
      one: '10.0.0.1',
      net: '10.0.0.0/24',
      six: '2001:db8::1',
      six_one: '2001:db8::1',
      hosts: '10.0.0.1,10.0.0.2',
      texts: 'a b,c,d',
      none: '',
      moods: 'drain,enabled',
      deep: '1,2,3,4',
      nets: '10.0.0.1',
      nothing: null,
      blank: '',
      composite: '(1,x)',
      bytes: { found: '3 bytes of binary data' },
      span: '1 day 02:00:00',
    });
  });

  it('that are bytes make a bad row where they are read, and no harm elsewhere', async () => {
    const query = `SELECT 'web' AS service, '10.1.1.1' AS vip, 80 AS port, '\\x0a'::bytea AS member, '\\x00'::bytea AS other`;
    expect(await toldOf(server, query)).toMatch(
      /row 1, column member: member: the cell holds 1 byte of binary data, expected an IP address.*encode\(…, 'hex'\)/,
    );
  });
});
