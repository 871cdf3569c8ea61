import type { NodeNetwork } from './model-network.ts';

/**
 * What Fairlead keeps of Kubernetes objects: the fields that extraction reads, and nothing else (memory holds what is
 * used, not whole objects). Both the API server's objects and manifests are cut down to these at the edge.
 */

/** `namespace/name`; cluster-wide objects: `name`. */
export type ObjectKey = string;

/**
 * Whoever has cells and may have addresses: a Service by its key, another object with its kind in front:
 * `Ingress/<ns>/<name>`, `Secret/<ns>/<name>`.
 */
export type OwnerKey = string;

/** The owner key of an object; undefined: objects of this kind own nothing. */
export function ownerKey(kind: string, key: ObjectKey): OwnerKey | undefined {
  if (kind === 'Service') return key;
  return kind === 'Ingress' || kind === 'Secret' ? `${kind}/${key}` : undefined;
}

/** The parts of an owner key. */
export function partsOfOwner(owner: OwnerKey): {
  readonly kind: 'Service' | 'Ingress' | 'Secret';
  readonly key: ObjectKey;
} {
  const [kind, namespace, name] = owner.split('/');
  if (name === undefined || (kind !== 'Ingress' && kind !== 'Secret')) return { kind: 'Service', key: owner };
  return { kind, key: `${namespace}/${name}` };
}

/** For people: `Service default/web`. */
export function describeOwner(owner: OwnerKey): string {
  const { kind, key } = partsOfOwner(owner);
  return `${kind} ${key}`;
}

/** The namespace of an owner. */
export function namespaceOf(owner: OwnerKey): string {
  const { key } = partsOfOwner(owner);
  return key.slice(0, key.indexOf('/'));
}

export interface ServicePort {
  readonly name?: string;
  /** `TCP`, `UDP`, `SCTP`; the API server's default is TCP. */
  readonly protocol: string;
  readonly port: number;
  /** Number or name; left out: the same as `port`. */
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  /** `http`, `kubernetes.io/ws` …; only `http` is read. */
  readonly appProtocol?: string;
}

export interface ServiceRecord {
  readonly kind: 'Service';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** RFC 3339; manifests without one: the empty string, which counts as newest. */
  readonly creationTimestamp: string;
  /** Set while it is being deleted. */
  readonly deleting?: true;
  /** Only those with a prefix that Fairlead reads. */
  readonly annotations: Readonly<Record<string, string>>;
  /** `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`. */
  readonly type: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerIP?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  /** `None` for headless. */
  readonly clusterIP?: string;
  readonly externalTrafficPolicy?: string;
  readonly sessionAffinity?: string;
  /** `sessionAffinityConfig.clientIP.timeoutSeconds`, 10,800 if nothing is said; only with session affinity. */
  readonly affinitySeconds?: number;
  readonly ipFamilies: readonly ('IPv4' | 'IPv6')[];
  readonly ipFamilyPolicy?: string;
  readonly ports: readonly ServicePort[];
  /** `status.loadBalancer.ingress[].ip`. */
  readonly ingressIps: readonly string[];
}

export interface EndpointRecord {
  readonly addresses: readonly string[];
  /** `undefined` counts as ready (EndpointSlice API). */
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  /** It is terminating and not ready, and was not ready before that: it is no member that could be drained. */
  readonly neverMember?: true;
  readonly nodeName?: string;
}

export interface EndpointSliceRecord {
  readonly kind: 'EndpointSlice';
  readonly namespace: string;
  readonly name: string;
  /** The label `kubernetes.io/service-name`. */
  readonly service: string;
  /** `IPv4`, `IPv6`, `FQDN`. */
  readonly addressType: string;
  /** A port without number means "all ports". */
  readonly ports: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[];
  readonly endpoints: readonly EndpointRecord[];
}

export interface NodeRecord {
  readonly kind: 'Node';
  readonly name: string;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  /** Condition Ready is True. */
  readonly ready: boolean;
  /** The label `node.kubernetes.io/exclude-from-external-load-balancers`: it never is a member. */
  readonly excluded: boolean;
  /** It is about to be emptied: `spec.unschedulable` (cordoned), or the cluster autoscaler will delete it. */
  readonly leaving?: true;
  /** Its part of the pod network; only where pod networks are read. */
  readonly network?: NodeNetwork;
}

/** A port of a node that leads to a port of one pod on it (Antrea NodePortLocal). */
export interface LocalPort {
  readonly podPort: number;
  readonly nodeIP: string;
  readonly nodePort: number;
  /** `tcp`, `udp`. */
  readonly protocol: string;
}

/** Only where members are reached by NodePortLocal. */
export interface PodRecord {
  readonly kind: 'Pod';
  readonly namespace: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly localPorts: readonly LocalPort[];
}

export interface NamespaceRecord {
  readonly kind: 'Namespace';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The keys under which extraction reads (see sources/cells.ts). Values:
 * `Service/<ns>/<name>` -> ServiceRecord; `Slices/<ns>/<service>` -> readonly EndpointSliceRecord[], sorted by name;
 * `LocalPorts/<pod IP>` -> readonly LocalPort[] (only member mode `nodeportlocal` reads it);
 * `Vteps/<bucket>` -> Vteps (see overlay.ts): what is known of the overlay around an address;
 * `Nodes` -> readonly NodeRecord[], sorted by name (only member mode `nodeport` reads it);
 * `Addresses/<owner>` -> AddressDecision (see extract/address-book.ts): what the address book gave an owner. Those that
 * have to do with Ingresses alone: see model-ingress.ts.
 */
export const keys = {
  service: (object: ObjectKey): string => `Service/${object}`,
  slices: (service: ObjectKey): string => `Slices/${service}`,
  nodes: 'Nodes',
  localPorts: (ip: string): string => `LocalPorts/${ip}`,
  vteps: (bucket: string): string => `Vteps/${bucket}`,
  addresses: (owner: OwnerKey): string => `Addresses/${owner}`,
} as const;
