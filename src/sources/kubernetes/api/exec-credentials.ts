import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import { ApiError } from './errors.ts';
import { asRaw, text } from './kubeconfig.ts';
import type { Raw } from './kubeconfig.ts';

/** What identifies us. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

const TIMEOUT_MS = 60_000;
// A credential that is about to expire is asked for again.
const MARGIN_MS = 10_000;
const run = promisify(execFile);

/**
 * Credentials of an exec plug-in (client.authentication.k8s.io): asked for once, and again when they expire or are
 * refused. Nothing that a plug-in prints reaches an error.
 */
export class ExecCredentials {
  #held: { readonly credential: Credential; readonly until: number } | undefined;

  /** The next {@link get} runs the plug-in. */
  forget(): void {
    this.#held = undefined;
  }

  /** Rejects with {@link ApiError} of failure `credentials`. */
  async get(
    exec: Raw,
    of: { readonly user: string; readonly folder: string; readonly cluster: Raw },
  ): Promise<Credential> {
    if (this.#held !== undefined && Date.now() < this.#held.until) return this.#held.credential;
    const name = text(exec['command']);
    const fail = (why: string) =>
      new ApiError(
        `the credential command ${JSON.stringify(name)} of user ${of.user} ${why}; run it by hand to see why`,
        {
          failure: 'credentials',
        },
      );
    const stdout = await runPlugin(exec, of).catch((error: unknown) => {
      throw fail(`failed${exitOf(error)}`);
    });
    const status = statusOf(stdout);
    const token = text(status['token']).trim();
    const [cert, key] = [text(status['clientCertificateData']), text(status['clientKeyData'])];
    if (!/^[\x21-\x7e]*$/.test(token) || (token === '' && cert === '')) throw fail('printed no usable credential');
    const expires = Date.parse(text(status['expirationTimestamp']));
    const credential = {
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      ...(cert === '' || key === '' ? {} : { cert, key }),
    };
    this.#held = { credential, until: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - MARGIN_MS };
    return credential;
  }
}

async function runPlugin(exec: Raw, of: { readonly folder: string; readonly cluster: Raw }): Promise<string> {
  const command = text(exec['command']);
  // A command with a slash is relative to the kubeconfig; one without is looked for in the path.
  const program = command.includes('/') ? resolve(of.folder, command) : command;
  const args = Array.isArray(exec['args']) ? exec['args'].map(String) : [];
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const entry of Array.isArray(exec['env']) ? exec['env'].map(asRaw) : [])
    env[text(entry['name'])] = text(entry['value']);
  const cluster = {
    server: of.cluster['server'],
    'certificate-authority-data': of.cluster['certificate-authority-data'],
    'insecure-skip-tls-verify': of.cluster['insecure-skip-tls-verify'],
  };
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: text(exec['apiVersion']) || 'client.authentication.k8s.io/v1',
    spec: { interactive: false, ...(exec['provideClusterInfo'] === true ? { cluster } : {}) },
  });
  const running = run(program, args, { env, timeout: TIMEOUT_MS, maxBuffer: 1024 * 1024 });
  running.child.stdin?.end();
  return (await running).stdout;
}

function statusOf(stdout: string): Raw {
  try {
    return asRaw(asRaw(JSON.parse(stdout))['status']);
  } catch {
    return {};
  }
}

function exitOf(error: unknown): string {
  const { code, killed } = asRaw(error);
  if (killed === true) return ` (no answer within ${TIMEOUT_MS / 1000} s)`;
  return typeof code === 'number' || typeof code === 'string' ? ` (${code})` : '';
}
