import type { NamespaceRecord, NodeRecord, ObjectKey, PodRecord } from './model.ts';
import type { EndpointSliceRecord, ServiceRecord } from './model.ts';
import type { IngressClassRecord, IngressRecord, SecretRecord } from './model-ingress.ts';
import { cutIngress, cutIngressClass } from './records/ingress.ts';
import { TLS_SECRET, cutSecret } from './records/secret.ts';
import type { KeepBytes } from './records/secret.ts';
import type { NetworkRecord } from './model-network.ts';
import { cutService } from './records/service.ts';
import { cutPod } from './records/pod.ts';
import { cutSlice } from './records/slice.ts';
import { cutNamespace, cutNode } from './records/cluster.ts';
import { cutBlockAffinity, cutCiliumNode, cutFlannelConfig, cutHostSubnet, cutIpamBlock } from './records/network.ts';
import { Fields } from './records/fields.ts';
import { LABEL_FORM, isLabel } from './records/label.ts';
import type { FieldProblem } from './records/fields.ts';

/** Everything that the source keeps. */
export type KubernetesRecord =
  | ServiceRecord
  | EndpointSliceRecord
  | NodeRecord
  | NamespaceRecord
  | IngressRecord
  | IngressClassRecord
  | SecretRecord
  | PodRecord
  | NetworkRecord;
export type RecordKind = KubernetesRecord['kind'];

/** What an object says it is; empty texts where it does not say. */
export interface Identity {
  readonly kind: string;
  readonly key: ObjectKey;
  readonly namespace: string;
  readonly name: string;
  /** The Service that an EndpointSlice belongs to, as `namespace/name`. */
  readonly service?: ObjectKey;
}

/** A record, or why there is none. */
export type Cut =
  | { readonly record: KubernetesRecord; readonly problems?: undefined }
  | { readonly record?: undefined; readonly problems: readonly FieldProblem[] };

/** How objects are cut down. */
export interface CutOptions {
  /** Annotations are kept if their name starts with one of these. */
  readonly annotationPrefixes: readonly string[];
  /** Where the bytes of certificates and keys go. Left out: Secrets are not read. */
  readonly keep?: KeepBytes;
  /** What Nodes say of the pod network is kept, too, with annotations of these prefixes beside the usual ones. */
  readonly network?: readonly string[];
  /** Pods are read. */
  readonly pods?: true;
}

/** The kinds that have to do with Ingresses alone. */
export const INGRESS_KINDS: ReadonlySet<RecordKind> = new Set(['Ingress', 'IngressClass', 'Secret']);

/** The kinds that have to do with pod networks alone. */
const NETWORK_KINDS: ReadonlySet<RecordKind> = new Set([
  'CiliumNode',
  'BlockAffinity',
  'IPAMBlock',
  'HostSubnet',
  'ConfigMap',
]);

const GROUPS: Readonly<Record<RecordKind, string>> = {
  Service: 'v1',
  Namespace: 'v1',
  Node: 'v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  Secret: 'v1',
  Pod: 'v1',
  CiliumNode: 'cilium.io/v2',
  BlockAffinity: 'crd.projectcalico.org/v1',
  IPAMBlock: 'crd.projectcalico.org/v1',
  HostSubnet: 'network.openshift.io/v1',
  ConfigMap: 'v1',
};

type CutOne = (fields: Fields, identity: Identity, options: CutOptions) => KubernetesRecord;

const CUTS: Readonly<Record<RecordKind, CutOne>> = {
  Service: (fields, identity, { annotationPrefixes }) => cutService(fields, identity, annotationPrefixes),
  EndpointSlice: cutSlice,
  Node: (fields, { name }, { network }) => cutNode(fields, name, network),
  Namespace: (fields, { name }) => cutNamespace(fields, name),
  Ingress: (fields, identity, { annotationPrefixes }) => cutIngress(fields, identity, annotationPrefixes),
  IngressClass: cutIngressClass,
  Secret: (fields, identity, { keep = () => '' }) => cutSecret(fields, identity, keep),
  Pod: cutPod,
  CiliumNode: cutCiliumNode,
  BlockAffinity: cutBlockAffinity,
  IPAMBlock: cutIpamBlock,
  HostSubnet: cutHostSubnet,
  ConfigMap: cutFlannelConfig,
};

/** True if the object, by `apiVersion`, `kind` and (of Secrets) `type`, is one that the source reads. */
export function isRead(object: unknown, { keep, network, pods }: CutOptions): boolean {
  const { apiVersion, kind, type } = asObject(object);
  if (typeof kind !== 'string' || !Object.hasOwn(GROUPS, kind) || GROUPS[kind as RecordKind] !== apiVersion)
    return false;
  if (keep === undefined && INGRESS_KINDS.has(kind as RecordKind)) return false;
  if (kind === 'Pod' && pods !== true) return false;
  if (network === undefined && NETWORK_KINDS.has(kind as RecordKind)) return false;
  return kind !== 'Secret' || type === TLS_SECRET;
}

/** Who an object is; a namespaced object without a namespace lives in `default`. */
export function identify(object: unknown, kind?: RecordKind): Identity {
  const fields = new Fields(object);
  const found = kind ?? text(asObject(object)['kind']);
  const metadata = fields.child('metadata');
  const name = text(metadata.raw('name'));
  const namespace = clusterWide(found) ? '' : text(metadata.raw('namespace')) || 'default';
  const identity = { kind: found, key: namespace === '' ? name : `${namespace}/${name}`, namespace, name };
  const service = found === 'EndpointSlice' ? text(metadata.child('labels').raw('kubernetes.io/service-name')) : '';
  return service === '' ? identity : { ...identity, service: `${namespace}/${service}` };
}

/** Cuts an object of a known kind down to its record. Never throws; problems name the field, found and expected. */
export function cut(kind: RecordKind, object: unknown, options: CutOptions): Cut {
  const fields = new Fields(object);
  const identity = identify(object, kind);
  checkNames(fields, identity);
  const record = CUTS[kind](fields, identity, options);
  return fields.problems.length === 0 ? { record } : { problems: fields.problems };
}

// The API server has seen to this; manifests hold anything, and names become names on the device.
function checkNames(fields: Fields, { kind, name, namespace }: Identity): void {
  const found = fields.child('metadata');
  if (name === '') fields.problem('metadata.name', found.raw('name'), 'a name');
  if (clusterWide(kind)) return;
  if (!isLabel(namespace)) fields.problem('metadata.namespace', namespace, LABEL_FORM);
  if (kind === 'Service' && name !== '' && !isLabel(name)) fields.problem('metadata.name', name, LABEL_FORM);
}

/** Who a record is. */
export function identityOf(record: KubernetesRecord): Identity {
  const namespace = 'namespace' in record ? record.namespace : '';
  const identity = { kind: record.kind, key: keyOf(record), namespace, name: record.name };
  const hasService = record.kind === 'EndpointSlice' && record.service !== '';
  return hasService ? { ...identity, service: `${namespace}/${record.service}` } : identity;
}

/** The key of a record in its kind. */
export function keyOf(record: KubernetesRecord): ObjectKey {
  return 'namespace' in record ? `${record.namespace}/${record.name}` : record.name;
}

const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'Node',
  'Namespace',
  'IngressClass',
  'CiliumNode',
  'BlockAffinity',
  'IPAMBlock',
  'HostSubnet',
]);

/** True for kinds that have no namespace. */
export function clusterWide(kind: string): boolean {
  return CLUSTER_WIDE.has(kind);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
