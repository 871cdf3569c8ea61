import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ObjectKey } from '../model.ts';
import { clusterWide } from '../records.ts';
import type { RecordKind } from '../records.ts';
import { ApiError } from './errors.ts';

/** How a kind is reached. */
export interface Resource {
  readonly kind: RecordKind;
  /** API group; empty for core. */
  readonly group: string;
  readonly plural: string;
  /** `/api/v1` or `/apis/<group>/<version>`. */
  readonly base: string;
}

/** One stream of a kind: of one namespace, or of all. */
export interface Scope {
  readonly resource: Resource;
  readonly namespace?: string;
  /** Of one object alone: a role can name it. */
  readonly name?: string;
  /** `team=web,tier=front`. */
  readonly labelSelector?: string;
  /** `type=kubernetes.io/tls`. */
  readonly fieldSelector?: string;
}

const CORE = { group: '', base: '/api/v1' } as const;
const NETWORKING = { group: 'networking.k8s.io', base: '/apis/networking.k8s.io/v1' } as const;
const CALICO = { group: 'crd.projectcalico.org', base: '/apis/crd.projectcalico.org/v1' } as const;

/** The kinds that the source lists and watches. */
export const resources: Readonly<Record<RecordKind, Resource>> = {
  Service: { kind: 'Service', plural: 'services', ...CORE },
  Namespace: { kind: 'Namespace', plural: 'namespaces', ...CORE },
  Pod: { kind: 'Pod', plural: 'pods', ...CORE },
  Node: { kind: 'Node', plural: 'nodes', ...CORE },
  EndpointSlice: {
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    group: 'discovery.k8s.io',
    base: '/apis/discovery.k8s.io/v1',
  },
  Ingress: { kind: 'Ingress', plural: 'ingresses', ...NETWORKING },
  IngressClass: { kind: 'IngressClass', plural: 'ingressclasses', ...NETWORKING },
  Secret: { kind: 'Secret', plural: 'secrets', ...CORE },
  CiliumNode: { kind: 'CiliumNode', plural: 'ciliumnodes', group: 'cilium.io', base: '/apis/cilium.io/v2' },
  BlockAffinity: { kind: 'BlockAffinity', plural: 'blockaffinities', ...CALICO },
  IPAMBlock: { kind: 'IPAMBlock', plural: 'ipamblocks', ...CALICO },
  HostSubnet: {
    kind: 'HostSubnet',
    plural: 'hostsubnets',
    group: 'network.openshift.io',
    base: '/apis/network.openshift.io/v1',
  },
  ConfigMap: { kind: 'ConfigMap', plural: 'configmaps', ...CORE },
};

/** What chooses the objects of a scope, as parameters of its list and watch. */
export function selectorsOf({ labelSelector, fieldSelector, name }: Scope): Readonly<Record<string, string>> {
  const fields = [name === undefined ? undefined : `metadata.name=${name}`, fieldSelector];
  const given = fields.filter((field) => field !== undefined).join(',');
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(given === '' ? {} : { fieldSelector: given }),
  };
}

/** The path of a scope's collection. */
export function pathOf(scope: Scope): string {
  const { base, plural } = scope.resource;
  return scope.namespace === undefined ? `${base}/${plural}` : `${base}/namespaces/${scope.namespace}/${plural}`;
}

/** The path of one object, by its `namespace/name`. */
export function objectPath({ base, plural }: Resource, key: ObjectKey): string {
  const [namespace = '', name = ''] = key.split('/');
  return `${base}/namespaces/${namespace}/${plural}/${name}`;
}

/** For people: `endpointslices.discovery.k8s.io in namespace web`. */
export function describeScope(scope: Scope): string {
  const { group, plural, kind } = scope.resource;
  const name = group === '' ? plural : `${plural}.${group}`;
  if (clusterWide(kind)) return name;
  const what = scope.name === undefined ? name : `${name} ${scope.name}`;
  return scope.namespace === undefined ? `${what} in all namespaces` : `${what} in namespace ${scope.namespace}`;
}

/** What a rule allows; with a name on one object alone. */
export interface RbacRule {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly name?: string;
}

/** The RBAC rule that allows verbs on a resource, as YAML in one line. */
export function rbacRule({ group, resource, verbs, name }: RbacRule): string {
  const quoted = verbs.map((verb) => JSON.stringify(verb)).join(', ');
  const named = name === undefined ? '' : `, resourceNames: ["${name}"]`;
  return `{apiGroups: ["${group}"], resources: ["${resource}"]${named}, verbs: [${quoted}]}`;
}

/** The rule that allows verbs on a scope. */
function rbacRuleOf({ resource: { group, plural }, name }: Scope, verbs: readonly string[]): string {
  return rbacRule({ group, resource: plural, verbs, ...(name === undefined ? {} : { name }) });
}

/** The diagnostic of a list or watch that failed: names verb, resource, and for 403 the missing rule. */
export function scopeProblem(
  source: string,
  scope: Scope,
  failed: { verb: 'list' | 'watch'; error: unknown },
): Diagnostic {
  const { verb, error } = failed;
  const what = `cannot ${verb} ${describeScope(scope)}`;
  const said = error instanceof Error ? error.message : 'unknown error';
  const base = { severity: 'error', origin: source, summary: `${source}: ${what}: ${said}` } as const;
  if (error instanceof ApiError && error.status === 403) {
    const role = scope.namespace === undefined ? 'ClusterRole' : `Role in namespace ${scope.namespace}`;
    const rule = rbacRuleOf(scope, ['list', 'watch']);
    return { ...base, code: 'kubernetes-forbidden', detail: `missing RBAC rule in a ${role}: ${rule}` };
  }
  if (error instanceof ApiError && (error.status === 401 || error.failure === 'credentials')) {
    return {
      ...base,
      code: 'kubernetes-unauthorized',
      detail: 'check the token, certificate or exec plug-in of the kubeconfig',
    };
  }
  return { ...base, code: verb === 'list' ? 'kubernetes-list-failed' : 'kubernetes-watch-failed' };
}
