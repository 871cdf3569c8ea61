import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { codeOf } from '../../watching/stamp.ts';
import type { Access, AccessProvider } from './access.ts';
import { ApiError } from './errors.ts';
import { ExecCredentials } from './exec-credentials.ts';
import type { Credential } from './exec-credentials.ts';
import { asRaw, selectContext, text } from './kubeconfig.ts';
import type { Raw, Selected } from './kubeconfig.ts';

interface Place {
  readonly value: Raw;
  readonly folder: string;
  readonly where: string;
}

/**
 * Access by a kubeconfig: tokens, token files, passwords, client certificates, exec plug-ins; all read anew each time,
 * except what a plug-in gave, which lasts as long as it said. Users of an `auth-provider` (OIDC) go through the client
 * library, which is loaded only for them: it brings all generated API classes along.
 */
export function kubeconfigProvider(path: string | undefined, context: string | undefined): AccessProvider {
  const exec = new ExecCredentials();
  return async (refresh) => {
    if (refresh) exec.forget();
    const selected = await selectContext(path, context);
    const provider = asRaw(selected.user.value['auth-provider']);
    const credential =
      provider['name'] === undefined ? await credentialOf(selected, exec) : await credentialOfProvider(path, context);
    return accessOf(selected, credential);
  };
}

async function accessOf({ cluster, where }: Selected, credential: Credential): Promise<Access> {
  const place = { ...cluster, where };
  const ca = await content(place, 'certificate-authority');
  const servername = text(cluster.value['tls-server-name']);
  const proxyUrl = text(cluster.value['proxy-url']);
  const { cert, key } = credential;
  return {
    server: text(cluster.value['server']),
    headers: credential.headers,
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === '' ? {} : { servername }),
      rejectUnauthorized: cluster.value['insecure-skip-tls-verify'] !== true,
    },
    ...(proxyUrl === '' ? {} : { proxyUrl }),
  };
}

async function credentialOf({ user, cluster, where }: Selected, exec: ExecCredentials): Promise<Credential> {
  const place = { ...user, where };
  const given =
    user.value['exec'] === undefined || user.value['exec'] === null
      ? { headers: {} }
      : await exec.get(asRaw(user.value['exec']), { user: user.name, folder: user.folder, cluster: cluster.value });
  const [cert, key] = [await content(place, 'client-certificate'), await content(place, 'client-key')];
  const headers: Record<string, string> = { ...given.headers };
  const token = text(user.value['token']) || ((await content(place, 'tokenFile'))?.toString('utf8') ?? '');
  const username = text(user.value['username']);
  if (username !== '') {
    const pair = `${username}:${text(user.value['password'])}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  if (token !== '') headers['authorization'] = `Bearer ${token.trim()}`;
  const somebody = text(user.value['as']);
  if (somebody !== '') headers['impersonate-user'] = somebody;
  return { ...given, ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }), headers };
}

async function credentialOfProvider(path: string | undefined, context: string | undefined): Promise<Credential> {
  const { libraryCredential } = await import('./kubeconfig-library.ts');
  return libraryCredential(path, context);
}

/** The data beside a file's name wins over the file, as it does for kubectl. */
async function content({ value, folder, where }: Place, field: string): Promise<Buffer | undefined> {
  const data = text(value[`${field}-data`]);
  if (data !== '') return Buffer.from(data, 'base64');
  const file = text(value[field]);
  if (file === '') return undefined;
  return readFile(resolve(folder, file)).catch((error: unknown) => {
    const message = `${where}: ${field} ${resolve(folder, file)} cannot be read (${codeOf(error)})`;
    throw new ApiError(message, { failure: 'credentials' });
  });
}
