import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Bed, type Running, makeBed, until } from '../support/e2e.ts';
import { CSV, DATABASE, DATABASES, PASSWORD, QUERY, reset, useDatabase } from './bed.ts';
import type { DatabaseServer } from './server.ts';

const MAPPING = 'mapping: { member: server, member_port: server_port }';

/** A cluster without Services, and a database. */
async function bedOf(server: DatabaseServer, more = ''): Promise<Bed> {
  const bed = await makeBed({
    source: `  - name: cmdb
    sql:
      driver: ${server.driver}
      host: 127.0.0.1
      port: ${server.port}
      database: ${DATABASE}
      user: fairlead
      password: { file: ./db-password }
      tls: { disabled: true }
      query: ${QUERY}
      key: id
      poll: 100ms
      ${MAPPING}
      ${more}`,
  });
  await writeFile(path.join(bed.folder, 'db-password'), `${PASSWORD}\n`);
  return bed;
}

const has = (bed: Bed, text: string): boolean => [...bed.state().keys()].some((key) => key.includes(text));
const writesOf = (bed: Bed): readonly string[] => bed.writes().filter((write) => write.includes('/ltm/'));

/** Waits until a problem is told from now on, and gives it. */
async function problem(running: Running, pattern: RegExp): Promise<string> {
  const before = running.events().length;
  const found = (): string | undefined =>
    running
      .events()
      .slice(before)
      .flatMap(({ diagnostic }) => (diagnostic === undefined ? [] : [diagnostic.summary]))
      .find((summary) => pattern.test(summary));
  await until(`${pattern} is told`, () => found() !== undefined, 30_000);
  return found() ?? '';
}

describe.each(DATABASES)('a database on a device: $name', (database) => {
  const running = useDatabase(database);
  let server: DatabaseServer;
  beforeEach(() => {
    server = running();
    reset(server);
  });

  it('AC-80 gets what the same rows in a file get, and nothing the second time', async () => {
    const bed = await bedOf(server);
    const file = await makeBed({
      source: `  - name: cmdb\n    files: { paths: [./vips.csv], ${MAPPING} }`,
    });
    await writeFile(path.join(file.folder, 'vips.csv'), CSV);
    await bed.apply();
    await file.apply();
    expect((await bed.view()).replaceAll(`query of ${DATABASE}`, 'vips.csv')).toBe(await file.view());
    expect(has(bed, 'shop_443')).toBe(true);
    bed.emulator.log.clear();
    await bed.apply();
    expect(bed.writes()).toEqual([]);
    expect(bed.printed).not.toContain(PASSWORD);
  });

  it('AC-84 follows a row that is inserted, updated and deleted with one request each', async () => {
    const bed = await bedOf(server);
    const running = await bed.run().started();
    const step = async (sql: string, what: string, done: () => boolean): Promise<void> => {
      bed.emulator.log.clear();
      const cycles = running.cycles('change').length;
      server.sql(sql, DATABASE);
      await until(what, done, 30_000);
      await until('the cycle is over', () => running.cycles('change').length > cycles);
      expect([what, writesOf(bed)]).toEqual([what, [expect.stringMatching(/^(POST|PATCH|DELETE) /)]]);
    };
    const added = `(5, 'shop', '10.1.10.50', 443, NULL, '10.0.0.5', 8443, 5, NULL)`;
    await step(`INSERT INTO vips VALUES ${added}`, 'the member is there', () => has(bed, '10.0.0.5:8443'));
    const ratio = (): string => [...bed.state()].find(([key]) => key.includes('10.0.0.5:8443'))?.[1] ?? '';
    await step('UPDATE vips SET weight = 77 WHERE id = 5', 'the ratio is 77', () => ratio().includes('77'));
    await step('DELETE FROM vips WHERE id = 5', 'the member is gone', () => !has(bed, '10.0.0.5:8443'));
    expect(await running.stop()).toBe(0);
    expect(bed.printed).not.toContain(PASSWORD);
  });

  it('AC-84 a server that is killed, and one that restarts, take nothing away; afterwards rows are followed again', async () => {
    const bed = await bedOf(server);
    const running = await bed.run().started();
    for (const [signal, id] of [
      ['SIGKILL', 6],
      ['SIGTERM', 7],
    ] as const) {
      const before = bed.state();
      bed.emulator.log.clear();
      const told = problem(running, /cannot connect to .* as fairlead: connect ECONNREFUSED/);
      await server.down(signal);
      await told;
      // A restart of Fairlead while the server is away.
      const { out, err } = await bed.cli('apply', '--yes');
      expect(out + err).toContain('connect ECONNREFUSED');
      await server.up();
      expect([bed.state(), writesOf(bed)]).toEqual([before, []]);
      server.sql(
        `INSERT INTO vips VALUES (${id}, 'shop', '10.1.10.50', 443, NULL, '10.0.0.${id}', 8443, 5, NULL)`,
        DATABASE,
      );
      await until('the new member is there', () => has(bed, `10.0.0.${id}:8443`), 60_000);
      expect(writesOf(bed)).toHaveLength(1);
    }
    expect(await running.stop()).toBe(0);
    expect(bed.printed).not.toContain(PASSWORD);
  });

  it('AC-02 a login that is refused, a table that is gone and one that is empty freeze what is there', async () => {
    const bed = await bedOf(server);
    const running = await bed.run().started();
    const before = bed.state();
    bed.emulator.log.clear();
    const password = (text: string): string =>
      server.driver === 'mysql'
        ? `ALTER USER fairlead IDENTIFIED BY '${text}'`
        : `ALTER ROLE fairlead PASSWORD '${text}'`;
    const refused = problem(running, /Access denied|authentication failed/);
    server.sql(password('Neues-0815'));
    expect(await refused).not.toMatch(/0815|4711/);
    const gone = problem(running, /cmdb: query: .*vips.*exist/);
    server.sql('ALTER TABLE vips RENAME TO elsewhere', DATABASE);
    await writeFile(path.join(bed.folder, 'db-password'), 'Neues-0815\n');
    await gone;
    const empty = problem(running, /has no rows, expected at least one \(or allowEmpty\)/);
    server.sql('DELETE FROM elsewhere; ALTER TABLE elsewhere RENAME TO vips', DATABASE);
    await empty;
    expect([bed.state(), writesOf(bed)]).toEqual([before, []]);
    server.sql(`INSERT INTO vips VALUES (1, 'shop', '10.1.10.50', 443, NULL, '10.0.0.9', 8443, 5, NULL)`, DATABASE);
    await until('the table counts again', () => has(bed, '10.0.0.9:8443') && !has(bed, 'dns_53'), 30_000);
    expect(await running.stop()).toBe(0);
    expect(bed.printed).not.toMatch(/0815|4711/);
    server.sql(password(PASSWORD));
  });

  it('a check says what the server is, what the user may do, and how many rows there are', async () => {
    const { code, out } = await (await bedOf(server)).cli('check');
    expect(out).toMatch(/source cmdb: connection +\w+ \d+\.[\d.]+, not encrypted; .* as\s+fairlead/);
    expect(out).toMatch(/source cmdb: query +4 rows of id, service, vip/);
    expect(out).toMatch(/source cmdb: rights +reading only/);
    expect(out).toMatch(/source cmdb: Services +3 for us/);
    expect(code).toBe(0);
    const wrong = await (await bedOf(server, `changed: SELECT MAX(id) FROM gone`)).cli('check');
    expect(wrong.out).toMatch(/FAIL +source cmdb: query +changed: .*gone/);
    expect(wrong.code).toBe(1);
  });
});
