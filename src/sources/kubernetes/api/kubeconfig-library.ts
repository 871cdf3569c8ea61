import type { RequestOptions } from 'node:https';

import { KubeConfig } from '@kubernetes/client-node';

import { ApiError } from './errors.ts';
import type { Credential } from './exec-credentials.ts';

/** What the client library makes of a user with an `auth-provider`. Rejects with {@link ApiError} that quotes nothing. */
export async function libraryCredential(path: string | undefined, context: string | undefined): Promise<Credential> {
  const options: RequestOptions = {};
  try {
    const config = new KubeConfig();
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
    if (context !== undefined) config.setCurrentContext(context);
    // The library refuses plain http unless TLS verification is off; only the credentials are taken from it.
    config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
    await config.applyToHTTPSOptions(options);
  } catch {
    throw new ApiError('the auth-provider of the kubeconfig gives no credential; log in again with its own tool', {
      failure: 'credentials',
    });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  return { headers };
}
