import type { KubernetesSecretReference } from '../config/read-secret.ts';
import type { SecretReference } from '../config/secret-reference.ts';
import type { Config } from '../config/schema.ts';
import { SecretUnreadable, readSecret } from '../config/read-secret.ts';
import { isCluster } from '../config/source-schema.ts';
import { connectionOf } from './kubernetes-options.ts';

const PATIENCE_MS = 30_000;

/** Reads a secret when it is needed. */
export type ReadSecret = (reference: SecretReference) => Promise<string>;

/** Reads the secrets that a config refers to, wherever they are kept. */
export function secretsOf(config: Config, env: Readonly<Record<string, string | undefined>>): ReadSecret {
  const readers = { env, kubernetes: secretReader(config) };
  return (reference) => readSecret(reference, readers);
}

/**
 * Reads Kubernetes Secrets through the API connection of a source: the one that the reference names, else the one that
 * has an API server.
 */
export function secretReader(config: Config): (reference: KubernetesSecretReference) => Promise<string> {
  return async ({ source: wanted, ...entry }) => {
    const source = config.sources
      .filter(isCluster)
      .find(({ name, kubernetes }) => (wanted === undefined ? kubernetes.manifests === undefined : name === wanted));
    const from = source === undefined ? undefined : connectionOf(source);
    if (from?.kind !== 'api') {
      throw new SecretUnreadable(`Secret ${entry.namespace}/${entry.name}: no source with an API server can read it`);
    }
    const { readKubernetesSecret } = await import('../sources/kubernetes/index.ts');
    return await readKubernetesSecret(from, entry, AbortSignal.timeout(PATIENCE_MS));
  };
}
