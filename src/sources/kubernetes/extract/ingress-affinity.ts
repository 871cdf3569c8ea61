import type { BigipObject } from '../../../ir/objects.ts';
import type { VirtualServer } from '../../../ir/virtual.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { describe, frontPath } from './names.ts';

/** How clients stay with their pods: fields of the virtual server, and the profile that they need. */
export interface Affinity {
  readonly fields: Pick<VirtualServer, 'persistence' | 'fallbackPersistence'>;
  readonly objects: readonly BigipObject[];
}

const STOCK = { none: undefined, cookie: '/Common/cookie', 'source-address': '/Common/source_addr' } as const;

/**
 * Persistence holds for a whole virtual server: the oldest Ingress that asks for some decides. A cookie with a name needs
 * a profile; those that ask for the same name give the same.
 */
export function persistenceOf(scope: IngressScope, front: Front): Affinity {
  const { annotations, options, record } = scope;
  const named = annotations.get('persistence');
  const kind = annotations.get('affinity') ?? 'none';
  const cookie = annotations.get('affinity-cookie');
  const fallback = annotations.get('fallback-persistence');
  const withFallback = fallback === undefined || fallback === 'none' ? {} : { fallbackPersistence: fallback };
  if (kind !== 'cookie' || cookie === undefined) {
    const path = named === undefined || named === 'none' ? STOCK[kind] : named;
    return { fields: path === undefined ? {} : { persistence: path, ...withFallback }, objects: [] };
  }
  const path = frontPath(front.name, options, '_cookie');
  const profile = {
    kind: 'persistence-cookie',
    path,
    description: describe(record, options),
    cookieName: cookie,
  } as const;
  return { fields: { persistence: path, ...withFallback }, objects: [profile] };
}
