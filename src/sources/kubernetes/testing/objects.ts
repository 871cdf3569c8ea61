import type { FakeObject } from './fake-objects.ts';

/** A Service of type LoadBalancer with one TCP port `http`, 80 to 8080. `spec` is merged in. */
export function serviceObject(key: string, spec: Readonly<Record<string, unknown>> = {}): FakeObject {
  const [namespace = '', name = ''] = key.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, uid: `uid-${key}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'fairlead.io/bigip',
      clusterIP: '10.96.0.10',
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
      ...spec,
    },
    status: { loadBalancer: {} },
  };
}

/** An EndpointSlice of a Service: ready endpoints with these addresses, port `http` 8080. */
export function sliceObject(service: string, addresses: readonly string[], suffix = 'a'): FakeObject {
  const [namespace = '', name = ''] = service.split('/');
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${name}-${suffix}`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: addresses.map((address) => ({
      addresses: [address],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'node-1',
    })),
  };
}

/** A Namespace with labels. */
export function namespaceObject(name: string, labels: Readonly<Record<string, string>> = {}): FakeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A ready Node with an InternalIP. */
export function nodeObject(name: string, address: string, spec: Readonly<Record<string, unknown>> = {}): FakeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec,
    status: { addresses: [{ type: 'InternalIP', address }], conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** An Ingress of class `bigip` with one host and all its paths to port 80 of one Service. */
export function ingressObject(
  key: string,
  to: { readonly host: string; readonly service: string; readonly spec?: object; readonly annotations?: object },
): FakeObject {
  const [namespace = '', name = ''] = key.split('/');
  const backend = { service: { name: to.service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      namespace,
      name,
      uid: `uid-${key}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations: to.annotations ?? {},
    },
    spec: {
      ingressClassName: 'bigip',
      rules: [{ host: to.host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      ...to.spec,
    },
    status: { loadBalancer: {} },
  };
}

/** The IngressClass `bigip` of ours. */
export function classObject(name = 'bigip', controller = 'fairlead.io/bigip'): FakeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name }, spec: { controller } };
}
