/** One endpoint of an EndpointSlice: its address, or all of it. */
export type Endpoint = string | { readonly address: string; readonly conditions: Readonly<Record<string, boolean>> };

/** What a Service of the tests is made of. */
export interface ServiceSpec {
  readonly namespace?: string;
  readonly address?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly created?: string;
  readonly protocol?: string;
  readonly port?: number;
}

/** A Service of type LoadBalancer, port 80 to the port named `http` of its pods. */
export function service(name: string, given: ServiceSpec = {}): object {
  const { namespace = 'shop', address, annotations = {}, spec = {}, created = '2026-01-01T00:00:00Z' } = given;
  const { protocol = 'TCP', port = 80 } = given;
  const asked = address === undefined ? {} : { 'fairlead.io/address': address };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      creationTimestamp: created,
      annotations: { ...asked, ...annotations },
    },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'fairlead.io/bigip',
      ports: [{ name: 'http', protocol, port, targetPort: 'http' }],
      ...spec,
    },
  };
}

/** What an EndpointSlice of the tests is made of. */
export interface SliceSpec {
  readonly namespace?: string;
  readonly suffix?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly addressType?: 'IPv4' | 'IPv6';
}

/** An EndpointSlice of a Service, one port named `http`. */
export function slice(name: string, endpoints: readonly Endpoint[], given: SliceSpec = {}): object {
  const { namespace = 'shop', suffix = '1', port = 8080, protocol = 'TCP', addressType = 'IPv4' } = given;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-${suffix}`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType,
    ports: [{ name: 'http', port, protocol }],
    endpoints: endpoints.map((endpoint) =>
      typeof endpoint === 'string'
        ? { addresses: [endpoint], conditions: { ready: true, serving: true, terminating: false } }
        : { addresses: [endpoint.address], conditions: endpoint.conditions },
    ),
  };
}

/** A pod that is going away and still answers. */
export function terminating(address: string): Endpoint {
  return { address, conditions: { ready: false, serving: true, terminating: true } };
}

/** A pod that is not ready. */
export function notReady(address: string): Endpoint {
  return { address, conditions: { ready: false, serving: false, terminating: false } };
}

/** The class of Ingresses that is ours. */
export const INGRESS_CLASS: object = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'bigip' },
  spec: { controller: 'fairlead.io/bigip' },
};

/** An Ingress of that class in namespace `shop`, at 10.1.10.60: `{ 'a.example.com/cart': 'cart' }` says which Service answers. */
export function ingress(name: string, routes: Readonly<Record<string, string>>): object {
  const rules = Object.entries(routes).map(([route, service]) => {
    const at = route.indexOf('/');
    const backend = { service: { name: service, port: { number: 80 } } };
    return { host: route.slice(0, at), http: { paths: [{ path: route.slice(at), pathType: 'Prefix', backend }] } };
  });
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations: { 'fairlead.io/address': '10.1.10.60' },
    },
    spec: { ingressClassName: 'bigip', rules },
  };
}
