import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createSqlSource } from '../../src/sources/sql/index.ts';
import { DATABASE, DATABASES, PASSWORD, optionsFor, useDatabase } from './bed.ts';
import type { DatabaseServer } from './server.ts';

const signal = AbortSignal.timeout(600_000);
const patience = { timeout: 20_000, interval: 20 };

/** A query that takes as long as the table `pace` says, in the middle of rows that are already on their way. */
const SLOW = {
  mysql: `SELECT v.*, SLEEP(p.seconds) AS slow, REPEAT('x', 200000) AS pad FROM vips v, pace p`,
  postgresql: `SELECT v.*, pg_sleep(p.seconds) AS slow, repeat('x', 200000) AS pad FROM vips v, pace p`,
} as const;

const KILL = {
  mysql: `SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE info LIKE 'SELECT v.*, SLEEP%'`,
  postgresql: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT v.*, pg_sleep%' AND state = 'active'`,
} as const;

describe.each(DATABASES)('$name', (database) => {
  const more = (made: DatabaseServer): void => {
    made.sql('CREATE TABLE pace (seconds DECIMAL(4,1)); INSERT INTO pace VALUES (0)', DATABASE);
    if (made.driver === 'postgresql') made.sql('GRANT SELECT ON pace TO fairlead', DATABASE);
  };
  const running = useDatabase(database, { more });
  let server: DatabaseServer;
  beforeEach(() => {
    server = running();
  });

  it('AC-84 a connection that is cut in the middle of a result gives nothing, and takes nothing away', async () => {
    const source = createSqlSource(optionsFor(server, { query: SLOW[server.driver] }));
    const good = await source.read({ signal });
    expect([good.complete, good.contributions.length]).toEqual([true, 6]);
    server.sql('UPDATE pace SET seconds = 5', DATABASE);
    server.sql(`DELETE FROM vips WHERE service = 'dns'`, DATABASE);
    const reading = source.read({ signal });
    await vi.waitFor(() => {
      const kill = server.sql(KILL[server.driver]);
      expect(kill).not.toBe('');
      if (server.driver === 'mysql') server.sql(kill);
    }, patience);
    const cut = await reading;
    expect([cut.complete, cut.contributions]).toEqual([false, good.contributions]);
    expect(cut.diagnostics[0]?.summary).toMatch(
      /^cmdb: query: (Connection lost: The server closed the connection|terminating connection due to administrator command|.*killed)/,
    );
    server.sql('UPDATE pace SET seconds = 0', DATABASE);
    const after = await source.read({ signal });
    expect([after.complete, after.contributions.length]).toEqual([true, 4]);
    await source.close?.();
  });

  it('a password that comes too late opens no connection', async () => {
    const late = Promise.withResolvers<string>();
    const source = createSqlSource(optionsFor(server, { password: () => late.promise, timeoutMs: 100 }));
    const { diagnostics } = await source.read({ signal });
    expect(diagnostics[0]?.summary).toMatch(/no answer within 0\.1 s$/);
    const users = {
      mysql: `SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'fairlead'`,
      postgresql: `SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'fairlead'`,
    };
    late.resolve(PASSWORD);
    await source.close?.();
    // A look that works takes longer than one more connection would.
    expect((await createSqlSource(optionsFor(server)).read({ signal })).complete).toBe(true);
    await vi.waitFor(() => expect(server.sql(users[server.driver])).toBe('0'), patience);
  });

  it('a server that says nothing is given up', async () => {
    const { createServer } = await import('node:net');
    const sockets: { destroy(): void }[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(silent.address()).not.toBeNull(), patience);
    const { port } = silent.address() as { port: number };
    const address = { host: '127.0.0.1', port };
    const source = createSqlSource(optionsFor(server, { address, timeoutMs: 200 }));
    const { complete, diagnostics } = await source.read({ signal });
    expect([complete, diagnostics[0]?.summary]).toEqual([
      false,
      `cmdb: cannot connect to ${server.driver}://127.0.0.1:${port}/inventory as fairlead: no answer within 0.2 s`,
    ]);
    await source.close?.();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
