import type { HttpSourceConfig } from '../config/http-source-schema.ts';
import type { Config } from '../config/schema.ts';
import type { HttpSourceOptions } from '../sources/http/index.ts';
import type { HttpHeader } from '../sources/http/options.ts';
import type { ReadSecret } from './cluster-secret.ts';
import type { TablePlace } from './table-options.ts';
import { tableOptions } from './table-options.ts';
import { tlsReader } from './tls-options.ts';

/** What a source of rows in a JSON document is made with, from the config; PEM files are read at each connect, secrets each time. */
export function httpSourceOptions(
  config: Config,
  place: TablePlace,
  { http, readSecret }: { readonly http: HttpSourceConfig; readonly readSecret: ReadSecret },
): HttpSourceOptions {
  const { url, rows, nextPage, poll, timeout, maxBytes, maxPages } = http;
  return {
    ...tableOptions(config, place, http),
    url,
    ...(rows === undefined ? {} : { rows }),
    ...(nextPage === undefined ? {} : { nextPage }),
    headers: headersOf(http, readSecret),
    pollMs: poll,
    timeoutMs: timeout,
    maxBytes,
    maxPages,
    tls: tlsReader(http, `source ${place.source.name}: http`),
  };
}

function headersOf(http: HttpSourceConfig, readSecret: ReadSecret): readonly HttpHeader[] {
  const { headers = {}, bearerToken, username, password } = http;
  const given = Object.entries(headers).map(([name, value]) => ({
    name,
    value: () => (typeof value === 'string' ? Promise.resolve(value) : readSecret(value)),
  }));
  if (bearerToken !== undefined)
    return [...given, { name: 'Authorization', value: async () => `Bearer ${await readSecret(bearerToken)}` }];
  if (username === undefined || password === undefined) return given;
  const basic = async (): Promise<string> =>
    `Basic ${Buffer.from(`${username}:${await readSecret(password)}`).toString('base64')}`;
  return [...given, { name: 'Authorization', value: basic }];
}
