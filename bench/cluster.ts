import { FakeApi } from '../src/sources/kubernetes/testing/fake-api.ts';
import type { FakeObject } from '../src/sources/kubernetes/testing/fake-objects.ts';
import { serviceObject, sliceObject } from '../src/sources/kubernetes/testing/objects.ts';

/** Endpoints of each Service. */
export const ENDPOINTS = 10;
/** Addresses of the virtual servers: 65,536, one a Service. */
export const POOL_RANGE = '10.64.0.0/16';
/** Pods are 10.128.0.0/9; these have room for every Service and every change of the bench. */
const FIRST_POD = (10 << 24) | (128 << 16) | 1;
const NAMESPACES = 100;
const NODES = 100;

/** A profile that no device has: a Service with it is refused. */
const MISSING_PROFILE = { 'fairlead.io/profiles': '/Common/no-such-profile' };

/** An API server with as many Services of type LoadBalancer as asked for, each with one EndpointSlice. */
export class Cluster {
  readonly #api = new FakeApi();
  #services = 0;
  #pods = 0;

  /** `namespace/name` of the Service with this number. */
  static key(number: number): string {
    const namespace = String(number % NAMESPACES).padStart(2, '0');
    return `team-${namespace}/service-${String(number).padStart(5, '0')}`;
  }

  /** Starts with these Services, one of them broken if asked for. Gives the URL. */
  async start(services: number, { broken }: { readonly broken: boolean }): Promise<string> {
    for (let count = 0; count < services; count += 1) this.addService(broken && count === services >> 1);
    return this.#api.start();
  }

  /** One more Service with its EndpointSlice. Gives its key. */
  addService(broken = false): string {
    const key = Cluster.key(this.#services);
    this.#services += 1;
    const service = serviceObject(key, { allocateLoadBalancerNodePorts: false });
    const pods = Array.from({ length: ENDPOINTS }, () => this.#newPod());
    this.#api.put(this.#slice(key, pods));
    this.#api.put(broken ? { ...service, metadata: { ...service.metadata, annotations: MISSING_PROFILE } } : service);
    return key;
  }

  /** A pod of the Service goes, and another comes. */
  replacePod(key: string): void {
    const slice = this.#api.collection('endpointslices').get(`${key}-a`);
    if (slice === undefined) throw new Error(`the cluster has no EndpointSlice ${key}-a`);
    const [, ...rest] = slice['endpoints'] as readonly object[];
    this.#api.put({ ...slice, endpoints: [...rest, endpoint(this.#newPod(), key)] });
  }

  async stop(): Promise<void> {
    await this.#api.stop();
  }

  #newPod(): number {
    this.#pods += 1;
    return this.#pods;
  }

  #slice(key: string, pods: readonly number[]): FakeObject {
    return { ...sliceObject(key, []), endpoints: pods.map((pod) => endpoint(pod, key)) };
  }
}

/** As the EndpointSlice controller writes it. */
function endpoint(pod: number, service: string): object {
  const [namespace = '', name = ''] = service.split('/');
  return {
    addresses: [podAddress(pod)],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: `node-${pod % NODES}`,
    targetRef: { kind: 'Pod', namespace, name: `${name}-${pod}`, uid: `00000000-0000-0000-0000-${pod}` },
    zone: `zone-${pod % 3}`,
  };
}

function podAddress(pod: number): string {
  const value = FIRST_POD + pod;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
