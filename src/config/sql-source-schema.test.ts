import { expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const SQL = 'driver: mysql, host: db, database: d, user: u, query: SELECT * FROM vips';

function parsed(sql: string): ReturnType<typeof parseConfig> {
  const text = `instance: east
sources: [{ name: cmdb, sql: { ${sql} } }]
targets: [{ name: a, bigip: { url: https://a, username: u, password: { env: PW } } }]
`;
  return parseConfig(text, 'fairlead.yaml');
}

const problems = (sql: string): string =>
  parsed(sql)
    .diagnostics.map(({ summary }) => summary)
    .join('\n');

it('a database needs little: TLS is on and verified, rows are asked for every 30 s', () => {
  const { config, diagnostics } = parsed(SQL);
  expect(diagnostics).toEqual([]);
  expect(config?.sources[0]?.sql).toMatchObject({
    tls: { insecureSkipVerify: false },
    key: [],
    poll: 30_000,
    fullPoll: 600_000,
    timeout: 30_000,
    maxRows: 100_000,
    badRows: 'freeze',
    allowEmpty: false,
  });
  expect(parsed(`${SQL}, key: id`).config?.sources[0]?.sql?.key).toEqual(['id']);
});

it('a Unix socket needs nothing said of TLS', () => {
  expect(problems(SQL.replace('host: db', 'socket: /run/mysqld/mysqld.sock'))).toBe('');
});

it.each([
  'with v as (select 1) select * from v',
  '(SELECT 1) UNION (SELECT 2)',
  'VALUES (1)',
  'TABLE vips',
  '-- all of them\\n/* of both\\n sites */ SELECT 1',
])('%s is a query', (query) => {
  expect(problems(SQL.replace('SELECT * FROM vips', `"${query}"`))).toBe('');
});

it.each(['DELETE FROM vips', 'CALL sweep()', 'SET a = 1', 'selection', '-- SELECT 1'])('%s is none', (query) => {
  expect(problems(SQL.replace('SELECT * FROM vips', `"${query}"`))).toMatch(
    /sql\.query`: found .*, expected one SQL statement that begins with SELECT, WITH, VALUES or TABLE/,
  );
});

it.each([
  ['neither host nor socket', SQL.replace('host: db, ', ''), 'exactly one of host, socket'],
  ['both', `${SQL}, socket: /run/s`, 'exactly one of host, socket'],
  ['a poll without pause', `${SQL}, poll: 0s`, 'a duration of at least 100ms'],
  ['a certificate without its key', `${SQL}, tls: { certFile: a }`, 'certFile and keyFile, or neither'],
  ['TLS that is off, with an authority', `${SQL}, tls: { disabled: true, caFile: a }`, 'nothing beside disabled'],
  ['TLS that is off and not verified', `${SQL}, tls: { disabled: true, insecureSkipVerify: true }`, 'nothing beside'],
  [
    'TLS on a Unix socket',
    `${SQL.replace('host: db', 'socket: /run/s')}, tls: { caFile: a }`,
    'a Unix socket has none',
  ],
  ['a password in the file', `${SQL}, password: geheim`, 'a reference to a secret'],
  [
    'a Secret that no source can read',
    `${SQL}, password: { secret: { namespace: a, name: b, key: c } }`,
    'there is none',
  ],
])('%s is refused', (_, sql, expected) => {
  expect(problems(sql)).toContain(expected);
  expect(problems(sql)).not.toContain('geheim');
});
