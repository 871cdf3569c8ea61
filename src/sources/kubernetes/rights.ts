import { scopesOf } from './api/feed.ts';
import type { Scope } from './api/resources.ts';
import type { KubernetesOptions } from './options.ts';
import type { RecordKind } from './records.ts';

/** One thing that must be allowed, as a SelfSubjectAccessReview asks it. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  /** Left out: in all namespaces. */
  readonly namespace?: string;
  /** Left out: all objects. */
  readonly name?: string;
}

type Need = Omit<Right, 'namespace' | 'name'>;

const STATUS: Readonly<Partial<Record<RecordKind, readonly Need[]>>> = {
  Service: statusOf('', 'services'),
  Ingress: statusOf('networking.k8s.io', 'ingresses'),
};
const EVENTS: readonly Need[] = ['create', 'get', 'patch'].map((verb) => ({
  group: 'events.k8s.io',
  resource: 'events',
  verb,
}));

/** True if an API server is asked for Nodes. */
export function readsNodes(options: KubernetesOptions): boolean {
  return options.nodes ?? !['cluster', 'nodeportlocal'].includes(options.extract.members);
}

/** True if Pods are read: it is them that say which port of their node leads to them. */
export function readsPods({ extract }: Pick<KubernetesOptions, 'extract'>): boolean {
  return extract.members === 'nodeportlocal';
}

/** What a source lists and watches. */
export function scopesOfOptions(options: KubernetesOptions): readonly Scope[] {
  const { ingress } = options.extract;
  return scopesOf({
    namespaces: options.namespaces ?? {},
    nodes: readsNodes(options),
    pods: readsPods(options),
    ingress,
  });
}

/** All that a source needs to be allowed, by its options. */
export function rightsOf(options: KubernetesOptions): readonly Right[] {
  const rights: Right[] = [];
  const own = scopesOfOptions(options);
  const others = (options.alsoReads ?? []).filter(({ resource }) => !own.some((one) => one.resource === resource));
  for (const { resource, namespace, name } of [...own, ...others]) {
    const reads = ['list', 'watch'].map((verb) => ({ group: resource.group, resource: resource.plural, verb }));
    const needs: Need[] = [...reads, ...writesOf(resource.kind, options)];
    const where = { ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) };
    for (const need of needs) rights.push({ ...need, ...where });
  }
  return rights;
}

function statusOf(group: string, resource: string): readonly Need[] {
  return [
    { group, resource, verb: 'get' },
    { group, resource, subresource: 'status', verb: 'patch' },
  ];
}

function writesOf(kind: RecordKind, options: KubernetesOptions): readonly Need[] {
  const status = (options.writeStatus ?? true) ? (STATUS[kind] ?? []) : [];
  return kind === 'Service' && (options.writeEvents ?? true) ? [...status, ...EVENTS] : status;
}
