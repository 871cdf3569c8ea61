import type { BigipObject } from '../../../ir/objects.ts';
import type { VirtualServer } from '../../../ir/virtual.ts';
import type { IngressScope } from './ingress-scope.ts';

/** How clients stay with their pods: fields of the virtual server, and the profile that they need. */
export interface Affinity {
  readonly fields: Pick<VirtualServer, 'persistence' | 'fallbackPersistence'>;
  readonly objects: readonly BigipObject[];
}

const STOCK = { none: undefined, cookie: '/Common/cookie', 'source-address': '/Common/source_addr' } as const;

/**
 * Persistence holds for a whole virtual server: the oldest Ingress that asks for some decides. A cookie with a name needs
 * a profile, made by whoever leads the front.
 */
export function persistenceOf(scope: IngressScope): Affinity {
  const { annotations } = scope;
  const named = annotations.get('persistence');
  const kind = annotations.get('affinity') ?? 'none';
  const fallback = annotations.get('fallback-persistence');
  const withFallback = fallback === undefined || fallback === 'none' ? {} : { fallbackPersistence: fallback };
  const path = named === undefined || named === 'none' ? STOCK[kind] : named;
  return { fields: path === undefined ? {} : { persistence: path, ...withFallback }, objects: [] };
}
