import type { RequestOptions } from 'node:https';

import { KubeConfig } from '@kubernetes/client-node';

import type { Access } from './access.ts';
import { ApiError } from './errors.ts';

/**
 * Access by a kubeconfig: contexts, tokens, client certificates, exec plug-ins, OIDC. Rejects with {@link ApiError}
 * of failure `credentials`; its message never quotes the file or what a plug-in printed, which may be secrets.
 */
export async function kubeconfigAccess(from: {
  readonly path: string | undefined;
  readonly context: string | undefined;
}): Promise<Access> {
  const config = load(from.path);
  if (from.context !== undefined) config.setCurrentContext(from.context);
  const where = from.path === undefined ? 'the kubeconfig' : `kubeconfig ${from.path}`;
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  if (context === null) {
    const known = config.getContexts().map((each) => each.name);
    throw refuse(`${where} has no context ${JSON.stringify(name ?? '')}; it has: ${known.join(', ') || 'none'}`);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw refuse(`${where}: context ${name} names the cluster ${context.cluster}, which is not there`);
  prepare(config);
  const options = await authenticate(config, where);
  return {
    server: cluster.server,
    headers: headersOf(options),
    tls: tlsOf(options, cluster.skipTLSVerify),
    ...(cluster.proxyUrl ? { proxyUrl: cluster.proxyUrl } : {}),
  };
}

function load(path: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (error) {
    throw refuse(`${path === undefined ? 'the kubeconfig' : `kubeconfig ${path}`} cannot be read: ${why(error)}`);
  }
  return config;
}

// Parsers quote the text around an error: take the reason and the line, never the quote.
function why(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const { reason, mark } = error as { reason?: unknown; mark?: { line?: unknown } };
  const line = typeof mark?.line === 'number' ? ` at line ${mark.line + 1}` : '';
  return typeof reason === 'string' ? `${reason}${line}` : `not a kubeconfig${line}`;
}

function prepare(config: KubeConfig): void {
  // The library refuses plain http unless TLS verification is off; http has no TLS to verify.
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  // Plug-ins read this variable, as the exec credential protocol says; the library does not set it.
  for (const { exec } of config.users as {
    exec?: { apiVersion?: string; env?: { name: string; value: string }[] };
  }[]) {
    if (exec === undefined || exec === null) continue;
    const apiVersion = exec.apiVersion ?? 'client.authentication.k8s.io/v1';
    const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false } };
    exec.env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
  }
}

async function authenticate(config: KubeConfig, where: string): Promise<RequestOptions> {
  const options: RequestOptions = {};
  const user = config.getCurrentUser();
  const command = (user?.exec as { command?: unknown } | undefined)?.command;
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
    const what =
      typeof command === 'string'
        ? `the credential command ${JSON.stringify(command)} of user ${user?.name ?? ''} failed${code}; run it by hand to see why`
        : `the credentials of user ${user?.name ?? ''} cannot be used${code}`;
    throw refuse(`${where}: ${what}`);
  }
  return options;
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  if (typeof options.auth === 'string')
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}

function tlsOf(options: RequestOptions, skip: boolean | undefined): Access['tls'] {
  const pick = (value: unknown) => (typeof value === 'string' || Buffer.isBuffer(value) ? value : undefined);
  const [ca, cert, key] = [pick(options.ca), pick(options.cert), pick(options.key)];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(typeof options.servername === 'string' ? { servername: options.servername } : {}),
    rejectUnauthorized: skip !== true,
  };
}

function refuse(message: string): ApiError {
  return new ApiError(message, { failure: 'credentials' });
}
