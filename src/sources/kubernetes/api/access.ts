import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { ApiServerOptions } from '../options.ts';
import { ApiError } from './errors.ts';
import { kubeconfigProvider } from './kubeconfig-access.ts';

/** All that a connection needs. */
export interface Access {
  /** `https://host:6443`, perhaps with a path below which the API lives. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    /** False only if the kubeconfig says `insecure-skip-tls-verify`. */
    readonly rejectUnauthorized: boolean;
  };
  readonly proxyUrl?: string;
}

/**
 * Gives access; called again now and then because tokens and certificates rotate, and with `refresh` after 401: then
 * nothing may come from memory. Rejects with `ApiError` of failure `credentials`.
 */
export type AccessProvider = (refresh: boolean) => Promise<Access>;

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Chooses where access comes from, as kubectl does: kubeconfig by name, `$KUBECONFIG`, `~/.kube/config`, the pod's account. */
export function accessProvider(options: ApiServerOptions): AccessProvider {
  if (options.inCluster === true) return () => inClusterAccess();
  const named = options.kubeconfig ?? process.env['KUBECONFIG'];
  const home = join(homedir(), '.kube', 'config');
  if (!named && !existsSync(home) && existsSync(`${ACCOUNT}/token`)) return () => inClusterAccess();
  return kubeconfigProvider(options.kubeconfig, options.context);
}

/** Access by the service account of a pod. The folder and the environment are parameters for tests. */
export async function inClusterAccess(folder = ACCOUNT, env: NodeJS.ProcessEnv = process.env): Promise<Access> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) {
    throw new ApiError(
      'in-cluster access needs KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which only a pod has',
      {
        failure: 'credentials',
      },
    );
  }
  const [token, ca] = await Promise.all([readAccount(folder, 'token'), readAccount(folder, 'ca.crt')]);
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    headers: { authorization: `Bearer ${token.trim()}` },
    tls: { ca, rejectUnauthorized: true },
  };
}

async function readAccount(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ApiError(`the service account file ${join(folder, name)} cannot be read (${code})`, {
      failure: 'credentials',
    });
  }
}
