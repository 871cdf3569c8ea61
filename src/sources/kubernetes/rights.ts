import { scopesOf } from './api/feed.ts';
import type { KubernetesOptions } from './options.ts';

/** One thing that must be allowed, as a SelfSubjectAccessReview asks it. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  /** Left out: in all namespaces. */
  readonly namespace?: string;
}

type Need = Omit<Right, 'namespace'>;

const STATUS: readonly Need[] = [
  { group: '', resource: 'services', verb: 'get' },
  { group: '', resource: 'services', subresource: 'status', verb: 'patch' },
];
const EVENTS: readonly Need[] = ['create', 'get', 'patch'].map((verb) => ({
  group: 'events.k8s.io',
  resource: 'events',
  verb,
}));

/** True if an API server is asked for Nodes. */
export function readsNodes(options: KubernetesOptions): boolean {
  return options.nodes ?? options.extract.members !== 'cluster';
}

/** All that a source needs to be allowed, by its options. */
export function rightsOf(options: KubernetesOptions): readonly Right[] {
  const rights: Right[] = [];
  for (const { resource, namespace } of scopesOf(options.namespaces ?? {}, readsNodes(options))) {
    const reads = ['list', 'watch'].map((verb) => ({ group: resource.group, resource: resource.plural, verb }));
    const needs: Need[] = resource.kind === 'Service' ? [...reads, ...writesOf(options)] : reads;
    for (const need of needs) rights.push(namespace === undefined ? need : { ...need, namespace });
  }
  return rights;
}

function writesOf(options: KubernetesOptions): readonly Need[] {
  return [...((options.writeStatus ?? true) ? STATUS : []), ...((options.writeEvents ?? true) ? EVENTS : [])];
}
