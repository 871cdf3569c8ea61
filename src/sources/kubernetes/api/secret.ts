import { defaultTiming } from '../options.ts';
import type { ApiServerOptions } from '../options.ts';
import { accessProvider } from './access.ts';
import { ApiClient } from './client.ts';
import { ApiError } from './errors.ts';

/** An entry of a Secret. */
export interface SecretEntry {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** Reads one entry of a Secret, decoded. Rejects with a reason that names the Secret, never its content. */
export async function readKubernetesSecret(
  from: ApiServerOptions,
  entry: SecretEntry,
  signal: AbortSignal,
): Promise<string> {
  const where = `Secret ${entry.namespace}/${entry.name}`;
  const client = new ApiClient(accessProvider(from), { ...defaultTiming, ...from.timing });
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(entry.namespace)}/secrets/${encodeURIComponent(entry.name)}`;
    const { data } = (await client.json({ path, signal })) as { data?: Readonly<Record<string, unknown>> | null };
    const value = data?.[entry.key];
    if (typeof value === 'string') return Buffer.from(value, 'base64').toString('utf8');
    throw new ApiError(`${where} has no key ${entry.key}`, { failure: 'protocol' });
  } catch (error) {
    if (error instanceof ApiError && error.failure !== 'protocol') {
      throw new ApiError(`${where} cannot be read: ${error.message}`, error);
    }
    throw error;
  } finally {
    await client.close();
  }
}
