import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testSource } from '../contract/source.ts';
import { createFileSource } from '../../src/sources/files/index.ts';
import { createSqlSource } from '../../src/sources/sql/index.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SourceResult } from '../../src/sources/source.ts';
import { CSV, DATABASE, DATABASES, type Options, PASSWORD, optionsFor, prepare, reset, useDatabase } from './bed.ts';
import type { DatabaseServer } from './server.ts';

const signal = AbortSignal.timeout(600_000);

async function readOf(options: Options): Promise<SourceResult> {
  const source = createSqlSource(options);
  try {
    return await source.read({ signal });
  } finally {
    await source.close?.();
  }
}

const toldBy = ({ contributions, diagnostics }: SourceResult): string =>
  [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)].map(({ summary }) => summary).join('\n');

const objectsOf = ({ contributions }: SourceResult): unknown =>
  contributions
    .map(({ cell, objects }) => ({ cell, objects: objects.map((object) => ({ ...object, description: '' })) }))
    .sort((a, b) => (a.cell < b.cell ? -1 : 1));

/** A function that writes with the rights of its maker. */
const SWEEP = {
  mysql: `DELIMITER //
    CREATE FUNCTION sweep() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM vips; RETURN 1; END //`,
  postgresql: `CREATE FUNCTION sweep() RETURNS INT LANGUAGE SQL SECURITY DEFINER AS 'DELETE FROM vips; SELECT 1'`,
} as const;

describe.each(DATABASES)('$name', (database) => {
  const { name } = database;
  const running = useDatabase(database);
  let server: DatabaseServer;
  beforeEach(() => {
    server = running();
    reset(server);
  });

  it('AC-80 three services in a database give the same objects as in a file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-sql-csv-'));
    writeFileSync(path.join(folder, 'vips.csv'), CSV);
    const files = { paths: [path.join(folder, 'vips.csv')], format: 'auto', encoding: 'auto', header: 1 } as const;
    const file = createFileSource({ ...optionsFor(server), ...files, pollMs: 1000 });
    const wanted = await file.read({ signal });
    await file.close?.();
    rmSync(folder, { recursive: true });
    const found = await readOf(optionsFor(server));
    expect(found).toMatchObject({ complete: true, diagnostics: [] });
    expect(objectsOf(found)).toEqual(objectsOf(wanted));
    expect(objectsOf(await readOf(optionsFor(server, { query: 'SELECT * FROM vips;' })))).toEqual(objectsOf(wanted));
    expect(found.contributions).toHaveLength(6);
  });

  it('AC-83 a query without rows is refused, and taken where it is meant so', async () => {
    server.sql('DELETE FROM vips', DATABASE);
    const refused = await readOf(optionsFor(server));
    expect([refused.complete, toldBy(refused)]).toEqual([
      false,
      'cmdb: query of inventory: has no rows, expected at least one (or allowEmpty)',
    ]);
    expect(await readOf(optionsFor(server, { allowEmpty: true }))).toMatchObject({ complete: true, contributions: [] });
  });

  it('AC-03 a bad row is told by its key, and by its place where there is none', async () => {
    server.sql(`UPDATE vips SET server = '10.0.0.300' WHERE id = 3`, DATABASE);
    const keyed = await readOf(optionsFor(server, { key: ['ID', 'port'] }));
    expect(toldBy(keyed)).toContain(
      'cmdb: query of inventory, row id=3 port=80, column server: member is "10.0.0.300", expected an IP address',
    );
    expect(toldBy(await readOf(optionsFor(server, { key: [] })))).toContain(
      'query of inventory, row 3, column server:',
    );
    const missingKey = await readOf(optionsFor(server, { key: ['idd'] }));
    expect([missingKey.complete, toldBy(missingKey)]).toEqual([
      false,
      expect.stringContaining('query: gives no column "idd", which key names; there are id, service,'),
    ]);
  });

  it('what looks like SQL in a row is data', async () => {
    const evil = `x''; DROP TABLE vips; --`;
    server.sql(`UPDATE vips SET service = '${evil}' WHERE id = 4`, DATABASE);
    server.sql(`UPDATE vips SET server = '${evil}' WHERE id = 3`, DATABASE);
    const found = await readOf(optionsFor(server, { changed: 'SELECT MAX(service) FROM vips' }));
    expect(found.complete).toBe(true);
    expect(found.contributions.map(({ origin }) => origin)).toContain(`cmdb:Service/x'; DROP TABLE vips; --/53`);
    expect(server.sql('SELECT COUNT(*) FROM vips', DATABASE)).toBe('4');
  });

  it('two columns of one name, no columns, and more rows than allowed are refused', async () => {
    const told = async (query: string, more: Partial<Options> = {}): Promise<string> => {
      const found = await readOf(optionsFor(server, { query, ...more }));
      expect([found.complete, found.contributions]).toEqual([false, []]);
      return toldBy(found);
    };
    expect(await told('SELECT id, service, vip AS service FROM vips')).toBe(
      'cmdb: query: gives two columns "service", expected each once (give one another name, with AS)',
    );
    expect(await told('SET @a = 1'.replace('@a = 1', server.driver === 'mysql' ? '@a = 1' : 'timezone = 1'))).toBe(
      'cmdb: query: gives no columns, expected those of a query',
    );
    expect(await told('SELECT * FROM vips', { maxRows: 3 })).toBe(
      'cmdb: query: gives more than 3 rows, expected at most that many (maxRows)',
    );
    expect(await told('SELECT 1 AS id; SELECT 2 AS id')).toMatch(/syntax|multiple commands/);
  });

  it('what is wrong is told in the words of the server, and never with the password', async () => {
    const told = async (more: Partial<Options>): Promise<string> => {
      const found = await readOf(optionsFor(server, more));
      expect([found.complete, found.contributions]).toEqual([false, []]);
      expect(JSON.stringify(found)).not.toContain('Geheimnis');
      return toldBy(found);
    };
    const to = `${server.driver}://127.0.0.1:${server.port}/inventory as fairlead`;
    expect(await told({ password: () => Promise.resolve('Geheimnis-falsch') })).toMatch(
      `cmdb: cannot connect to ${to}: ${server.driver === 'mysql' ? "Access denied for user 'fairlead'" : 'password authentication failed for user "fairlead"'}`,
    );
    const { password: _, ...without } = optionsFor(server);
    expect(toldBy(await readOf(without))).toMatch(/Access denied|password must be a string/);
    expect(await told({ password: () => Promise.reject(new Error('file /x cannot be read (ENOENT)')) })).toBe(
      `cmdb: cannot connect to ${to}: file /x cannot be read (ENOENT)`,
    );
    expect(await told({ query: 'SELECT * FROM gone' })).toMatch(/^cmdb: query: .*gone.*(exist)/);
    expect(await told({ query: 'SELEKT 1' })).toMatch(/^cmdb: query: .*syntax.*SELEKT/);
    expect(await told({ changed: 'SELECT MAX(nothing) FROM vips' })).toMatch(/^cmdb: changed: .*nothing/);
    expect(await told({ database: 'elsewhere' })).toMatch(/elsewhere/);
    expect(await told({ address: { host: '127.0.0.1', port: 1 } })).toMatch(/connect ECONNREFUSED 127\.0\.0\.1:1/);
  });

  it('a statement that writes is refused by the database, whatever the rights of the user', async () => {
    const before = server.sql('SELECT COUNT(*) FROM vips', DATABASE);
    const writer: Partial<Options> = { user: 'writer' };
    const told = async (query: string): Promise<string> =>
      toldBy(await readOf(optionsFor(server, { ...writer, query })));
    const refusal = /read-only transaction|READ ONLY transaction/i;
    for (const query of [
      'DELETE FROM vips',
      'DROP TABLE vips',
      `UPDATE vips SET service = 'x'`,
      'CREATE TABLE t (a INTEGER)',
    ])
      expect(await told(query)).toMatch(refusal);
    server.sql(SWEEP[server.driver], DATABASE);
    // MariaDB knows no such thing.
    const writing = 'WITH gone AS (DELETE FROM vips RETURNING *) SELECT * FROM gone';
    expect(await told(writing)).toMatch(server.driver === 'mysql' ? /syntax/ : refusal);
    expect(await told('SELECT sweep() AS service')).toMatch(refusal);
    expect(server.sql('SELECT COUNT(*) FROM vips', DATABASE)).toBe(before);
  });

  it('a statement that takes too long is ended by the server', async () => {
    const query =
      server.driver === 'mysql' ? 'SELECT SLEEP(30), v.* FROM vips v' : 'SELECT pg_sleep(30), v.* FROM vips v';
    const found = await readOf(optionsFor(server, { query, timeoutMs: 300 }));
    expect([found.complete, toldBy(found)]).toEqual([
      false,
      expect.stringMatching(/max_statement_time exceeded|canceling statement due to statement timeout/),
    ]);
  });

  it('a user who may do more than read is told by a check, beside version, encryption and rows', async () => {
    const { checkSql } = await import('../../src/sources/sql/index.ts');
    const lines = await checkSql(optionsFor(server), signal);
    expect(lines.map(({ ok, subject }) => [ok, subject])).toEqual([
      [true, 'connection'],
      [true, 'query'],
      [true, 'rights'],
    ]);
    expect(lines.map(({ text }) => text).join('\n')).toMatch(
      new RegExp(
        `^${name} \\d+\\.\\d+(\\.\\d+)?, not encrypted; .* as fairlead\n4 rows of id, service, .*\nreading only$`,
      ),
    );
    const more = await checkSql(optionsFor(server, { user: 'writer' }), signal);
    expect(more[2]?.text).toMatch(
      /^the user may do more than read: .*(ALL PRIVILEGES on inventory\.\*|writing on public\.vips)/,
    );
    expect(JSON.stringify(more)).not.toMatch(/Geheimnis|IDENTIFIED/);
    const wrong = await checkSql(optionsFor(server, { query: 'SELECT * FROM gone' }), signal);
    expect(wrong.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('the query runs only when the other one gives something else, and at the latest after the full interval', async () => {
    const count = (marker: string): number => server.log().split(marker).length - 1;
    const marked = optionsFor(server, {
      query: 'SELECT /* whole */ * FROM vips',
      changed: 'SELECT /* cheap */ MAX(weight) FROM vips',
    });
    const source = createSqlSource(marked);
    await source.read({ signal });
    const stop = new AbortController();
    const cells = new Set<string>();
    const ended = source.watch?.({
      signal: stop.signal,
      onChange: (some) => [...some].forEach((one) => cells.add(one)),
    });
    const [whole, cheap] = [count('/* whole */'), count('/* cheap */')];
    await vi.waitFor(() => expect(count('/* cheap */')).toBeGreaterThan(cheap + 3), { timeout: 20_000 });
    expect(count('/* whole */')).toBe(whole);
    server.sql('UPDATE vips SET weight = 30 WHERE id = 2', DATABASE);
    await vi.waitFor(() => expect([...cells]).toEqual(['cmdb:Service/shop/443#pool']), { timeout: 20_000 });
    expect(count('/* whole */')).toBe(whole + 1);
    stop.abort();
    await ended;
    await source.close?.();
    const often = createSqlSource({ ...marked, fullPollMs: 100 });
    await often.read({ signal });
    server.sql(`DELETE FROM vips WHERE service = 'dns'`, DATABASE);
    const until = new AbortController();
    const gone = new Set<string>();
    const done = often.watch?.({ signal: until.signal, onChange: (some) => [...some].forEach((one) => gone.add(one)) });
    await vi.waitFor(() => expect(gone.size).toBe(2), { timeout: 20_000 });
    until.abort();
    await done;
    await often.close?.();
  });

  it('bytes in what tells changes are refused', async () => {
    const changed = server.driver === 'mysql' ? `SELECT UNHEX(MD5('a')) AS sum` : `SELECT decode('00ff', 'hex') AS sum`;
    expect(toldBy(await readOf(optionsFor(server, { changed })))).toMatch(
      /^cmdb: changed: column sum holds \d+ bytes of binary data, expected text or a number; have the query give text/,
    );
  });

  it('a read that is aborted, and a source that is closed, let go of the connection', async () => {
    const query = server.driver === 'mysql' ? 'SELECT SLEEP(30)' : 'SELECT pg_sleep(30)';
    for (const end of ['abort', 'close'] as const) {
      const source = createSqlSource(optionsFor(server, { query, timeoutMs: 60_000 }));
      const stop = new AbortController();
      const reading = source.read({ signal: stop.signal });
      const outcome = reading.then(
        () => 'it was read',
        (error: Error) => error.name,
      );
      const running =
        server.driver === 'mysql'
          ? 'information_schema.processlist WHERE info'
          : `pg_stat_activity WHERE state = 'active' AND query`;
      const count = `SELECT COUNT(*) FROM ${running} LIKE '${query.slice(0, -4)}%'`;
      await vi.waitFor(() => expect(server.sql(count)).toBe('1'), { timeout: 20_000 });
      if (end === 'abort') stop.abort();
      else await source.close?.();
      expect(await outcome).toBe('AbortError');
    }
  });

  it('the password is read at each connect', async () => {
    let password = 'old';
    const source = createSqlSource(optionsFor(server, { password: () => Promise.resolve(password) }));
    expect((await source.read({ signal })).complete).toBe(false);
    password = PASSWORD;
    expect((await source.read({ signal })).complete).toBe(true);
    await source.close?.();
  });

  it('a socket of Unix is as good as a port', async () => {
    const socket = server.driver === 'mysql' ? path.join(server.folder, 'server.sock') : server.folder;
    expect(await readOf(optionsFor(server, { address: { socket, port: server.port } }))).toMatchObject({
      complete: true,
    });
  });
});

describe.each(DATABASES.filter(({ missing }) => missing === undefined))('$name', ({ start, name }) => {
  let server: DatabaseServer;
  beforeAll(async () => {
    server = await start();
    prepare(server);
  });
  afterAll(() => server.close());

  testSource(`a query of ${name}`, () => {
    reset(server);
    server.sql(
      server.driver === 'mysql' ? 'GRANT SELECT ON inventory.* TO fairlead' : 'GRANT SELECT ON vips TO fairlead',
      DATABASE,
    );
    const source = createSqlSource(optionsFor(server));
    const others: (typeof source)[] = [];
    const write = (sql: string): void => void server.sql(sql, DATABASE);
    return Promise.resolve({
      source,
      shuffled: () => {
        const other = createSqlSource(optionsFor(server, { query: 'SELECT * FROM vips ORDER BY id DESC' }));
        others.push(other);
        return Promise.resolve(other);
      },
      change: () => {
        write('UPDATE vips SET weight = COALESCE(weight, 1) + 1 WHERE id = 3');
        return Promise.resolve('cmdb:Service/blog/80#pool');
      },
      remove: () => {
        write(`DELETE FROM vips WHERE service = 'dns'`);
        return Promise.resolve(['cmdb:Service/dns/53', 'cmdb:Service/dns/53#pool']);
      },
      fail: () => Promise.resolve(write('ALTER TABLE vips RENAME TO vips_away')),
      heal: () => Promise.resolve(write('ALTER TABLE vips_away RENAME TO vips')),
      close: async () => {
        await source.close?.();
        for (const other of others) await other.close?.();
        const away = server.sql(
          `SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'vips_away'`,
          DATABASE,
        );
        if (away === '1') write('ALTER TABLE vips_away RENAME TO vips');
      },
    });
  });
});
