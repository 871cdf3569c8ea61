import type { Api, Manifest } from './api.ts';
import { until } from './wait.ts';

let namespaces = 0;

/** Makes a namespace with a name of its own, ready to take pods, and gives its name. */
export async function createNamespace(api: Api, labels: Readonly<Record<string, string>> = {}): Promise<string> {
  namespaces += 1;
  const name = `test-${process.pid}-${namespaces}`;
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  // A pod is refused until the controllers have made the namespace's service account.
  const account = { kind: 'ServiceAccount', namespace: name, name: 'default' };
  await until(`namespace ${name} has its service account`, async () => (await api.get(account)) !== undefined);
  return name;
}

/** Makes a ready node. The endpoints of a pod on a node that does not exist are left out of EndpointSlices. */
export async function createNode(api: Api, name: string, addresses: readonly string[]): Promise<void> {
  await api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const status = {
    addresses: addresses.map((address) => ({ type: 'InternalIP', address })),
    conditions: [{ type: 'Ready', status: 'True' }],
  };
  await api.patch({ kind: 'Node', name }, { status }, 'status');
}

/** A Service; `spec` is taken as it is. */
export interface ServiceFixture {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export function createService<T = Manifest>(
  api: Api,
  { namespace, name, annotations, spec }: ServiceFixture,
): Promise<T> {
  const metadata = { namespace, name, annotations: annotations ?? {} };
  return api.create({ apiVersion: 'v1', kind: 'Service', metadata, spec });
}

/** A pod as a kubelet would show it. */
export interface PodFixture {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Must exist. A pod without node would be removed at once, with no time to terminate. */
  readonly node: string;
  /** Not loopback; the first is the main one. */
  readonly ips: readonly string[];
  /** Container ports, for Services that name them. */
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: string }[];
  /** Left out: true. */
  readonly ready?: boolean;
}

/** Makes a pod that runs. */
export async function runPod(api: Api, pod: PodFixture): Promise<void> {
  const { namespace, name, labels, node, ips, ports = [] } = pod;
  await api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { nodeName: node, containers: [{ name: 'main', image: 'none', ports }] },
  });
  const status = { phase: 'Running', podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) };
  await api.patch({ kind: 'Pod', namespace, name }, { status }, 'status');
  await setReady(api, pod, pod.ready ?? true);
}

/** Says whether a pod is ready. */
export async function setReady(api: Api, pod: { namespace: string; name: string }, ready: boolean): Promise<void> {
  const status = { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] };
  await api.patch({ kind: 'Pod', namespace: pod.namespace, name: pod.name }, { status }, 'status');
}

/** Asks a pod to end: with time to spare it terminates until it is deleted again with none. */
export function deletePod(api: Api, pod: { namespace: string; name: string }, graceSeconds: number): Promise<void> {
  return api.delete({ kind: 'Pod', namespace: pod.namespace, name: pod.name }, graceSeconds);
}

/** A Service of type LoadBalancer that Fairlead serves, at this address, for pods with the label `app: NAME`. */
export function exposed(namespace: string, name: string, address: string): ServiceFixture {
  return {
    namespace,
    name,
    annotations: { 'fairlead.io/address': address },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'fairlead.io/bigip',
      allocateLoadBalancerNodePorts: false,
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: 'web' }],
    },
  };
}

/** A ready pod of {@link exposed}, with its container port. */
export function webPod(
  namespace: string,
  name: string,
  where: { app?: string; node?: string; ip: string },
): PodFixture {
  return {
    namespace,
    name,
    labels: { app: where.app ?? 'web' },
    node: where.node ?? 'node-1',
    ips: [where.ip],
    ports: [{ name: 'web', containerPort: 8080 }],
  };
}

/** How many ready endpoints the EndpointSlices of a namespace hold: an endpoint comes first, and gets ready later. */
export async function readyEndpoints(api: Api, namespace: string): Promise<number> {
  const slices = await api.list<{ readonly endpoints: readonly Endpoint[] | null }>('EndpointSlice', { namespace });
  return slices.items.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready === true)
    .length;
}

interface Endpoint {
  readonly conditions?: { readonly ready?: boolean };
}
