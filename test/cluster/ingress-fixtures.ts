import type { Manifest } from './api.ts';

/** An IngressClass of ours. */
export function ingressClass(name: string): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: { controller: 'fairlead.io/bigip' },
  };
}

/** What an Ingress of the tests is made of. */
export interface IngressFixture {
  readonly host: string;
  /** All paths lead to its port 80. */
  readonly service: string;
  readonly address: string;
  readonly path?: string;
  /** A Secret for the host. */
  readonly secret?: string;
  readonly className?: string;
}

/** An Ingress with one host. */
export function ingressFor(namespace: string, name: string, fixture: IngressFixture): Manifest {
  const { host, service, address, path = '/', secret, className = 'bigip' } = fixture;
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace, name, annotations: { 'fairlead.io/address': address } },
    spec: {
      ingressClassName: className,
      ...(secret === undefined ? {} : { tls: [{ hosts: [host], secretName: secret }] }),
      rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
    },
  };
}
