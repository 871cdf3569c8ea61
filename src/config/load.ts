import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { ParsedConfig } from './parse.ts';
import type { HttpSourceConfig } from './http-source-schema.ts';
import type { PodNetworkConfig } from './pod-network-schema.ts';
import type { Config } from './schema.ts';
import type { SecretReference } from './secret-reference.ts';
import type { SqlSourceConfig } from './sql-source-schema.ts';
import { parseConfig } from './parse.ts';

/**
 * Reads a config file. Paths in it come back absolute. Never throws: a file that cannot be read is a diagnostic, too.
 */
export async function loadConfig(path: string): Promise<ParsedConfig> {
  return await loadFile(path, { parse: parseConfig, resolvePaths, page: 'docs/configuration.md' });
}

/** Reads a file of any kind, as {@link loadConfig} does. `page` tells how to write one. */
export async function loadFile<T>(
  path: string,
  {
    parse,
    resolvePaths,
    page,
  }: {
    readonly parse: (text: string, file: string) => ParsedConfig<T>;
    /** Makes paths absolute, as seen from the folder of the file. */
    readonly resolvePaths: (config: T, folder: string) => T;
    readonly page: string;
  },
): Promise<ParsedConfig<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const summary = whyUnreadable(path, error, page);
    return { diagnostics: [{ code: 'config-unreadable', severity: 'error', summary }] };
  }
  const { config, diagnostics } = parse(text, path);
  return config === undefined ? { diagnostics } : { config: resolvePaths(config, dirname(resolve(path))), diagnostics };
}

function whyUnreadable(path: string, error: unknown, page: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EISDIR')
    return `${path}: found a folder, expected the config file (EISDIR); name it with --config FILE`;
  if (code === 'EACCES')
    return `${path}: this user may not read the config file (EACCES); change its owner or its mode`;
  if (code !== 'ENOENT') return `${path}: the config file cannot be read (${code ?? String(error)})`;
  return `${path}: there is no such file; write one (${page}) or name it with --config FILE`;
}

/** `~/x` is in the home directory; other relative paths start at the folder of the config file. */
export function resolvePath(path: string, folder: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(folder, path);
}

function resolvePaths(config: Config, folder: string): Config {
  const sources = config.sources.map(
    ({ kubernetes, files, state, sql, etcd, http, docker, podNetwork, ...source }) => ({
      ...source,
      ...(kubernetes === undefined ? {} : { kubernetes: mapFields(kubernetes, ['kubeconfig', 'manifests'], folder) }),
      ...(files === undefined ? {} : { files: withPaths(files, folder) }),
      ...(state === undefined ? {} : { state: withPaths(state, folder) }),
      ...(sql === undefined ? {} : { sql: sqlPaths(sql, folder) }),
      ...(etcd === undefined ? {} : { etcd: withConnection(etcd, folder) }),
      ...(http === undefined ? {} : { http: httpPaths(http, folder) }),
      ...(docker === undefined ? {} : { docker: mapFields(withConnection(docker, folder), ['socket'], folder) }),
      ...(podNetwork === undefined ? {} : { podNetwork: podNetworkPaths(podNetwork, folder) }),
    }),
  );
  const targets = config.targets.map((target) => {
    const { tls, password } = target.bigip;
    return {
      ...target,
      bigip: {
        ...target.bigip,
        password: mapFields(password, ['file'], folder),
        ...(tls === undefined ? {} : { tls: mapFields(tls, ['caFile'], folder) }),
      },
    };
  });
  return { ...config, sources, targets };
}

function withPaths<T extends { readonly paths: readonly string[] }>(
  value: T,
  folder: string,
): T & { readonly paths: string[] } {
  return { ...value, paths: value.paths.map((path) => resolvePath(path, folder)) };
}

function sqlPaths(sql: SqlSourceConfig, folder: string): SqlSourceConfig {
  const { password, tls } = sql;
  return {
    ...mapFields(sql, ['socket'], folder),
    tls: mapFields(tls, ['caFile', 'certFile', 'keyFile'], folder),
    ...(password === undefined ? {} : { password: mapFields(password, ['file'], folder) }),
  };
}

interface Connection {
  readonly caFile?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly password?: SecretReference | undefined;
  readonly bearerToken?: SecretReference | undefined;
}

/** A copy with the paths of PEM files and of references to secrets made absolute. */
function withConnection<T extends Connection>(value: T, folder: string): T {
  const { password, bearerToken } = value;
  return {
    ...mapFields<T>(value, ['caFile', 'clientCertificate', 'clientKey'], folder),
    ...(password === undefined ? {} : { password: mapFields(password, ['file'], folder) }),
    ...(bearerToken === undefined ? {} : { bearerToken: mapFields(bearerToken, ['file'], folder) }),
  };
}

function httpPaths(http: HttpSourceConfig, folder: string): HttpSourceConfig {
  const { headers } = http;
  const known = Object.entries(headers ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? value : mapFields(value, ['file'], folder)] as const,
  );
  return { ...withConnection(http, folder), ...(headers === undefined ? {} : { headers: Object.fromEntries(known) }) };
}

function podNetworkPaths(network: PodNetworkConfig, folder: string): PodNetworkConfig {
  const { etcd } = network.flannel;
  if (etcd === undefined) return network;
  return { ...network, flannel: { ...network.flannel, etcd: withConnection(etcd, folder) } };
}

/** A copy with some fields, which hold paths, made absolute. */
export function mapFields<T extends object>(value: T, fields: readonly (keyof T)[], folder: string): T {
  const changed = fields.flatMap((field) => {
    const path = value[field];
    return typeof path === 'string' ? [[field, resolvePath(path, folder)] as const] : [];
  });
  return { ...value, ...Object.fromEntries(changed) };
}
