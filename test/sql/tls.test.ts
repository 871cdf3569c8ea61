import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkSql } from '../../src/sources/sql/index.ts';
import type { SqlTls, SqlTlsFiles } from '../../src/sources/sql/options.ts';
import { GOOD_CERTIFICATE, SERVER_KEY, TEST_CA } from '../support/certificates.ts';
import { makeBed } from '../support/e2e.ts';
import { DATABASE, DATABASES, type Options, PASSWORD, optionsFor, prepare, useDatabase } from './bed.ts';
import type { DatabaseServer } from './server.ts';

const signal = AbortSignal.timeout(600_000);
/** Signs nothing here: the server's own certificate is no authority, and nobody's. */
const OTHER_CA = GOOD_CERTIFICATE;

function tls(files: SqlTlsFiles, more: Partial<SqlTls> = {}): Pick<Options, 'tls'> {
  return { tls: { files: () => Promise.resolve(files), insecureSkipVerify: false, ...more } };
}

/** The first line of a check: how it is connected, or why not. */
async function connection(server: DatabaseServer, more: Partial<Options>): Promise<string> {
  const [first] = await checkSql(optionsFor(server, more), signal);
  return `${first?.ok === true ? 'ok' : 'refused'}: ${first?.text}`;
}

describe.each(DATABASES)('TLS to $name', (database) => {
  const running = useDatabase(database, {
    setup: { tls: { key: SERVER_KEY, cert: GOOD_CERTIFICATE, ca: TEST_CA } },
  });
  let server: DatabaseServer;
  beforeEach(() => {
    server = running();
  });

  it('is used, and the certificate is verified by the authority that is named', async () => {
    expect(await connection(server, tls({ ca: TEST_CA }))).toMatch(/^ok: .*, TLSv1\.3; /);
    expect(await connection(server, tls({ ca: OTHER_CA }))).toMatch(/^refused: cannot connect to .*certificate/);
    expect(await connection(server, tls({}))).toMatch(/^refused: cannot connect to .*certificate/);
    expect(await connection(server, tls({}, { insecureSkipVerify: true }))).toMatch(/^ok: .*, TLSv1\.3; /);
  });

  it('compares the certificate with the host, be that a name or an address, or with the name that is given', async () => {
    const at = (host: string): Pick<Options, 'address'> => ({ address: { host, port: server.port } });
    const verified = tls({ ca: TEST_CA });
    expect(await connection(server, { ...verified, ...at('127.0.0.1') })).toMatch(/^ok/);
    expect(await connection(server, { ...verified, ...at('localhost') })).toMatch(/^ok/);
    // The certificate is for localhost and 127.0.0.1 alone.
    expect(await connection(server, { ...verified, ...at('127.0.0.2') })).toMatch(
      /^refused: .*(altnames|IP: 127\.0\.0\.2)/,
    );
    const named = (serverName: string): Partial<Options> => ({
      ...tls({ ca: TEST_CA }, { serverName }),
      ...at('127.0.0.2'),
    });
    expect(await connection(server, named('localhost'))).toMatch(/^ok/);
    expect(await connection(server, named('127.0.0.1'))).toMatch(/^ok/);
    expect(await connection(server, named('db.example.com'))).toMatch(/^refused: .*db\.example\.com/);
  });

  it('is what the configuration says, with files beside it', async () => {
    const source = `  - name: cmdb
    sql:
      driver: ${server.driver}
      host: 127.0.0.2
      port: ${server.port}
      database: ${DATABASE}
      user: fairlead
      password: { file: ./db-password }
      tls: { caFile: ./db-ca.pem, serverName: localhost, certFile: ./own.pem, keyFile: ./own.key }
      query: SELECT * FROM vips`;
    const bed = await makeBed({ source });
    const put = (name: string, text: string): Promise<void> => writeFile(path.join(bed.folder, name), text);
    await put('db-password', `${PASSWORD}\n`);
    expect((await bed.cli('check')).out).toMatch(
      /FAIL +source cmdb: connection .*sql\.tls\.caFile .*db-ca\.pem cannot be/,
    );
    await put('db-ca.pem', TEST_CA);
    await put('own.pem', GOOD_CERTIFICATE);
    await put('own.key', SERVER_KEY);
    expect((await bed.cli('check')).out).toMatch(/ok +source cmdb: connection .*TLSv1\.3; /);
    await put('db-ca.pem', OTHER_CA);
    expect((await bed.cli('check')).out).toMatch(/FAIL +source cmdb: connection .*certificate/);
    expect(bed.printed).not.toContain(PASSWORD);
  });

  it('a file that cannot be read is told by its name', async () => {
    const files = (): Promise<SqlTlsFiles> => Promise.reject(new Error('sql.tls.caFile /x cannot be read (ENOENT)'));
    expect(await connection(server, tls({}, { files }))).toMatch(/^refused: .*: sql\.tls\.caFile \/x cannot be read/);
  });

  it('shows a certificate of its own to a server that asks for one', async () => {
    const own = tls({ ca: TEST_CA, cert: GOOD_CERTIFICATE, key: SERVER_KEY });
    server.demandCertificates('fairlead');
    const refusal = /^refused: .*(Access denied|client certificate)/;
    await vi.waitFor(async () => expect(await connection(server, tls({ ca: TEST_CA }))).toMatch(refusal), 20_000);
    expect(await connection(server, own)).toMatch(/^ok: .*, TLSv1\.3; /);
  });
});

describe.each(DATABASES)('$name without TLS', ({ missing, start }) => {
  it('is refused unless TLS is turned off by name', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const server = await start();
    try {
      prepare(server);
      expect(await connection(server, tls({}, { insecureSkipVerify: true }))).toMatch(
        /^refused: .*(does not support secure connection|does not support SSL connections)/,
      );
      expect(server.sql('SELECT 1', DATABASE)).toBe('1');
      expect(await connection(server, {})).toMatch(/^ok: .*, not encrypted; /);
    } finally {
      await server.close();
    }
  });
});
