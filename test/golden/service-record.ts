import type { ServiceRecord } from '../../src/sources/kubernetes/model.ts';

/** A Service of type LoadBalancer with one TCP port that Fairlead serves, in namespace `default`. */
export function serviceRecord(name: string, given: Partial<ServiceRecord> = {}): ServiceRecord {
  return {
    kind: 'Service',
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    creationTimestamp: '2026-01-01T10:00:00Z',
    annotations: {},
    type: 'LoadBalancer',
    loadBalancerClass: 'fairlead.io/bigip',
    ipFamilies: ['IPv4'],
    ports: [{ protocol: 'TCP', port: 80, targetPort: 8080 }],
    ingressIps: [],
    ...given,
  };
}
