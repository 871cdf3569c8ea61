import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { LineCounter, parseDocument } from 'yaml';

import { codeOf } from '../../watching/stamp.ts';
import { ApiError } from './errors.ts';

/** The fields of a kubeconfig entry, as they stand there. */
export type Raw = Readonly<Record<string, unknown>>;

/** The cluster and the user of a context, with the folders that their relative paths start from. */
export interface Selected {
  /** The files, for messages. */
  readonly where: string;
  readonly cluster: { readonly value: Raw; readonly folder: string };
  readonly user: { readonly value: Raw; readonly folder: string; readonly name: string };
}

interface Entry {
  readonly name: string;
  readonly value: Raw;
  readonly folder: string;
}

interface Config {
  readonly current: string;
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
}

/**
 * Chooses the context of a kubeconfig: `path`, or `$KUBECONFIG` (several files: the first that names a thing wins), or
 * `~/.kube/config`. Rejects with {@link ApiError} of failure `credentials`, which never quotes a file: it holds secrets.
 */
export async function selectContext(path: string | undefined, context: string | undefined): Promise<Selected> {
  const env = process.env['KUBECONFIG'] ?? '';
  const several =
    env === '' ? [join(homedir(), '.kube', 'config')] : env.split(delimiter).filter((file) => file !== '');
  const files = path === undefined ? several : [path];
  const where = `kubeconfig ${files.join(', ')}`;
  const configs = await Promise.all(files.map(readConfig));
  const all = (part: 'contexts' | 'clusters' | 'users') => configs.flatMap((config) => config[part]);
  const name = context ?? configs.map(({ current }) => current).find((current) => current !== '') ?? '';
  const chosen = all('contexts').find((each) => each.name === name);
  if (chosen === undefined) {
    const known = all('contexts').map((each) => each.name);
    throw refuse(`${where} has no context ${JSON.stringify(name)}; it has: ${known.join(', ') || 'none'}`);
  }
  const clusterName = text(chosen.value['cluster']);
  const cluster = all('clusters').find((each) => each.name === clusterName);
  if (cluster === undefined)
    throw refuse(`${where}: context ${name} names the cluster ${clusterName}, which is not there`);
  if (!/^https?:\/\//.test(text(cluster.value['server']))) {
    throw refuse(`${where}: cluster ${clusterName} has no server, expected https://HOST:PORT`);
  }
  const userName = text(chosen.value['user']);
  const user = all('users').find((each) => each.name === userName) ?? { name: userName, value: {}, folder: '.' };
  return { where, cluster, user };
}

async function readConfig(file: string): Promise<Config> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse(`kubeconfig ${file} cannot be read (${codeOf(error)})`);
  });
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const code = error.code.toLowerCase().replaceAll('_', ' ');
    throw refuse(`kubeconfig ${file} cannot be read: ${code} at line ${lines.linePos(error.pos[0]).line}`);
  }
  const config = asRaw(document.toJS());
  const entries = (list: string, field: string): Entry[] =>
    (Array.isArray(config[list]) ? (config[list] as unknown[]) : [])
      .map(asRaw)
      .map((entry) => ({ name: text(entry['name']), value: asRaw(entry[field]), folder: dirname(file) }));
  return {
    current: text(config['current-context']),
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  };
}

/** An object, or an empty one. */
export function asRaw(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

/** A text, or an empty one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function refuse(message: string): ApiError {
  return new ApiError(message, { failure: 'credentials' });
}
