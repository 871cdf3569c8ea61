import { isDeepStrictEqual } from 'node:util';

import type { ApiClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { OwnerKey } from '../model.ts';
import { partsOfOwner } from '../model.ts';
import { objectPath, resources } from '../api/resources.ts';

/** What the `status.loadBalancer.ingress` of a Service or Ingress shall say. */
export interface StatusWish {
  readonly owner: OwnerKey;
  /** IPs that shall stand there. */
  readonly wanted: readonly string[];
  /** IPs that we wrote, or would write: those of them that are not wanted go. All others are somebody else's. */
  readonly own: ReadonlySet<string>;
}

type Ingress = Readonly<Record<string, unknown>>;

const ATTEMPTS = 4;

/** True if the IPs that stand there already say what is wished: then nothing is asked of the server. */
export function isSettled(wish: StatusWish, ips: readonly string[]): boolean {
  const missing = wish.wanted.some((ip) => !ips.includes(ip));
  return !missing && !ips.some((ip) => wish.own.has(ip) && !wish.wanted.includes(ip));
}

/** The entries as they shall be: those of others as they are, ours as wanted. */
function mergeIngress(entries: readonly Ingress[], wish: StatusWish): readonly Ingress[] {
  const kept = entries.filter(({ ip }) => typeof ip !== 'string' || wish.wanted.includes(ip) || !wish.own.has(ip));
  const missing = wish.wanted.filter((wanted) => !kept.some(({ ip }) => ip === wanted));
  return [...kept, ...missing.map((ip) => ({ ip }))];
}

/**
 * Writes a status, only if it differs, and only over the version that was read. True if it wrote. Rejects with
 * {@link ApiError}; an object that is gone is no error.
 */
export async function writeStatus(client: ApiClient, wish: StatusWish, signal: AbortSignal): Promise<boolean> {
  const { kind, key } = partsOfOwner(wish.owner);
  const path = objectPath(resources[kind], key);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeOnce(client, { path, wish, signal });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) return false;
      if (error.status !== 409 || attempt === ATTEMPTS) throw error;
    }
  }
}

async function writeOnce(
  client: ApiClient,
  { path, wish, signal }: { readonly path: string; readonly wish: StatusWish; readonly signal: AbortSignal },
): Promise<boolean> {
  const object = (await client.json({ path, signal })) as {
    metadata?: { uid?: string; resourceVersion?: string };
    status?: { loadBalancer?: { ingress?: readonly Ingress[] } };
  };
  const entries = object.status?.loadBalancer?.ingress ?? [];
  const ingress = mergeIngress(entries, wish);
  if (isDeepStrictEqual(ingress, entries)) return false;
  const { uid, resourceVersion } = object.metadata ?? {};
  await client.json({
    method: 'PATCH',
    path: `${path}/status`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { uid, resourceVersion }, status: { loadBalancer: { ingress } } },
    signal,
  });
  return true;
}
