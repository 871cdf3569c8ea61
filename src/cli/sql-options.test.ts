import { expect, it } from 'vitest';
import { parseConfig } from '../config/parse.ts';
import { secretsOf } from './cluster-secret.ts';
import { sqlOptions } from './sql-options.ts';

function optionsOf(sql: string): ReturnType<typeof sqlOptions> {
  const text = `instance: east
sources: [{ name: cmdb, sql: { database: d, user: u, query: SELECT 1, ${sql} } }]
targets: [{ name: a, bigip: { url: https://a, username: u, password: { env: PW }, partition: k } }]
`;
  const { config, diagnostics } = parseConfig(text, 'fairlead.yaml');
  const [source] = config?.sources ?? [];
  const [target] = config?.targets ?? [];
  if (config === undefined || source?.sql === undefined || target === undefined)
    throw new Error(JSON.stringify(diagnostics));
  const readSecret = secretsOf(config, { DB_PASSWORD: 'geheim' });
  return sqlOptions(config, { source, target, lentPools: new Set() }, { sql: source.sql, readSecret });
}

it.each([
  ['driver: mariadb, host: db', 'mysql', { host: 'db', port: 3306 }],
  ['driver: mysql, host: db, port: 3307', 'mysql', { host: 'db', port: 3307 }],
  ['driver: postgresql, host: db', 'postgresql', { host: 'db', port: 5432 }],
  ['driver: postgresql, socket: /var/run/postgresql', 'postgresql', { socket: '/var/run/postgresql', port: 5432 }],
])('%s is where it is looked for', (sql, driver, address) => {
  expect(optionsOf(sql)).toMatchObject({ driver, address, source: 'cmdb', partition: 'k' });
});

it('TLS is on unless it is turned off by name', async () => {
  const on = optionsOf('driver: mysql, host: db');
  expect(on.tls).toMatchObject({ insecureSkipVerify: false });
  expect(await on.tls?.files()).toEqual({});
  expect(optionsOf('driver: mysql, host: db, tls: { disabled: true }').tls).toBeUndefined();
});

it('a password is read when it is asked for, and there may be none', async () => {
  expect(await optionsOf('driver: mysql, host: db, password: { env: DB_PASSWORD }').password?.()).toBe('geheim');
  await expect(optionsOf('driver: mysql, host: db, password: { env: OTHER }').password?.()).rejects.toThrow(
    'environment variable OTHER is not set',
  );
  expect(optionsOf('driver: mysql, host: db').password).toBeUndefined();
});
