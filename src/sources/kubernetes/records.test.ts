import { describe, expect, it } from 'vitest';

import { cut, identify, isRead } from './records.ts';
import { printPath } from './records/fields.ts';
import { nodeObject, serviceObject, sliceObject } from './testing/objects.ts';

const options = { annotationPrefixes: ['fairlead.io/'] };

function problems(kind: 'Service' | 'EndpointSlice', object: unknown): readonly string[] {
  const found = cut(kind, object, options).problems ?? [];
  return found.map((problem) => `${printPath(problem.path)}: found ${problem.found}, expected ${problem.expected}`);
}

describe('a Service', () => {
  it('is cut down to what extraction reads', () => {
    const object = serviceObject('default/web', { loadBalancerIP: '10.1.10.50', externalTrafficPolicy: 'Local' });
    const annotations = { 'fairlead.io/type': 'http', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    const metadata = {
      ...object.metadata,
      annotations,
      managedFields: [{}],
      deletionTimestamp: '2026-01-02T00:00:00Z',
    };
    const status = { loadBalancer: { ingress: [{ ip: '10.1.10.50', ipMode: 'VIP' }, { hostname: 'a.b' }] } };
    expect(cut('Service', { ...object, metadata, status }, options).record).toEqual({
      kind: 'Service',
      namespace: 'default',
      name: 'web',
      uid: 'uid-default/web',
      creationTimestamp: '2026-01-01T00:00:00Z',
      deleting: true,
      annotations: { 'fairlead.io/type': 'http' },
      type: 'LoadBalancer',
      loadBalancerClass: 'fairlead.io/bigip',
      loadBalancerIP: '10.1.10.50',
      clusterIP: '10.96.0.10',
      externalTrafficPolicy: 'Local',
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
      ingressIps: ['10.1.10.50'],
    });
  });

  it('gets the API server defaults where a manifest is silent', () => {
    const object = { metadata: { name: 'web' }, spec: { ports: [{ port: 80, nodePort: 0 }] } };
    expect(cut('Service', object, options).record).toMatchObject({
      namespace: 'default',
      uid: '',
      creationTimestamp: '',
      type: 'ClusterIP',
      ipFamilies: ['IPv4'],
      ports: [{ protocol: 'TCP', port: 80 }],
    });
  });

  it.each([
    [{ ipFamilyPolicy: 'RequireDualStack' }, ['IPv4', 'IPv6']],
    [{ clusterIP: 'fd00::1' }, ['IPv6']],
    [{ loadBalancerIP: '2001:db8::1' }, ['IPv6']],
  ])('without families takes them from %j', (spec, families) => {
    const object = serviceObject('default/web', { clusterIP: undefined, ipFamilies: undefined, ...spec });
    expect(cut('Service', object, options).record).toMatchObject({ ipFamilies: families });
  });

  it('names every field that does not hold what it must', () => {
    const ports = [{ port: 'eighty' }, { port: 70_000, protocol: 'ICMP' }, { name: 'x' }];
    expect(problems('Service', serviceObject('a/b', { type: 'Balancer', ports, ipFamilies: ['IPv5'] }))).toEqual([
      'spec.type: found "Balancer", expected ClusterIP, NodePort, LoadBalancer, ExternalName',
      'spec.ports[0].port: found "eighty", expected a port number from 1 to 65535',
      'spec.ports[1].port: found 70000, expected a port number from 1 to 65535',
      'spec.ports[1].protocol: found "ICMP", expected TCP, UDP, SCTP',
      'spec.ports[2].port: found nothing, expected a port number from 1 to 65535',
      'spec.ipFamilies[0]: found "IPv5", expected IPv4, IPv6',
    ]);
  });

  it('has names that are fit for the device, and ports that can be told apart', () => {
    const named = (name: string, namespace = 'default') => ({ metadata: { name, namespace }, spec: { ports: [] } });
    const form = 'a name of a-z, 0-9 and - that starts and ends with a letter or digit';
    expect(problems('Service', named('../Common/x'))).toEqual([`metadata.name: found "../Common/x", expected ${form}`]);
    expect(problems('Service', named('web', 'a_b'))).toEqual([`metadata.namespace: found "a_b", expected ${form}`]);
    expect(problems('Service', named('1-web'))).toEqual([]);
    const ports = [{ port: 53 }, { port: 53, protocol: 'UDP' }, { name: 'x y', port: 1 }, { name: 'a', port: 2 }];
    expect(problems('Service', serviceObject('a/b', { ports: [...ports, { name: 'a', port: 3 }] }))).toEqual([
      'spec.ports[1].name: found nothing, expected a name, as another port has this number',
      `spec.ports[2].name: found "x y", expected ${form}`,
      'spec.ports[4].name: found "a", expected a name that no other port has',
    ]);
    const twice = [
      { name: 'a', port: 80 },
      { name: 'b', port: 80 },
      { name: 'c', port: 80, protocol: 'UDP' },
    ];
    expect(problems('Service', serviceObject('a/b', { ports: twice }))).toEqual([
      'spec.ports[1].port: found 80, expected a number that no other TCP port of the Service has',
    ]);
  });

  it('has session affinity for three hours, or for as long as it says', () => {
    const affinity = (spec: object): unknown => {
      const { record } = cut('Service', serviceObject('a/b', { sessionAffinity: 'ClientIP', ...spec }), options);
      return record?.kind === 'Service' ? record.affinitySeconds : undefined;
    };
    const lasting = (timeoutSeconds: unknown) => ({ sessionAffinityConfig: { clientIP: { timeoutSeconds } } });
    expect([affinity({}), affinity(lasting(60)), affinity({ sessionAffinity: 'None' })]).toEqual([
      10_800,
      60,
      undefined,
    ]);
    expect(problems('Service', serviceObject('a/b', { sessionAffinity: 'ClientIP', ...lasting(90_000) }))).toEqual([
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: found 90000, expected seconds, a whole number from 1 to 86400',
    ]);
    expect(problems('Service', serviceObject('a/b', { sessionAffinity: 'Cookie' }))).toEqual([
      'spec.sessionAffinity: found "Cookie", expected None, ClientIP',
    ]);
  });

  it.each([undefined, null, 'text', [], { metadata: 5 }, { spec: [] }])('never throws: %j', (object) => {
    expect(problems('Service', object).length).toBeGreaterThan(0);
  });
});

describe('an EndpointSlice', () => {
  it('keeps its endpoints with their conditions, and its Service', () => {
    const slice = {
      ...sliceObject('default/web', []),
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: null } }],
    };
    expect(cut('EndpointSlice', slice, options).record).toEqual({
      kind: 'EndpointSlice',
      namespace: 'default',
      name: 'web-a',
      service: 'web',
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: [{ addresses: ['10.0.0.1'] }],
    });
  });

  it('may have no endpoints (null), and ports without a number', () => {
    const slice = { ...sliceObject('default/web', []), endpoints: null, ports: [{}] };
    expect(cut('EndpointSlice', slice, options).record).toMatchObject({ endpoints: [], ports: [{}] });
  });
});

it('a Node that is labelled is excluded, one that is cordoned or about to be deleted is leaving', () => {
  const labels = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
  const plain = nodeObject('n', '10.0.0.1');
  const excluded = { ...plain, metadata: { name: 'n', labels } };
  expect(cut('Node', plain, options).record).toMatchObject({ ready: true, excluded: false });
  expect(cut('Node', plain, options).record).not.toHaveProperty('leaving');
  expect(cut('Node', excluded, options).record).toMatchObject({ excluded: true });
  const taints = [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' }];
  for (const spec of [{ unschedulable: true }, { taints }]) {
    const leaving = cut('Node', nodeObject('n', '10.0.0.1', spec), options).record;
    expect(leaving).toMatchObject({ excluded: false, leaving: true });
  }
});

it('tells what it reads by apiVersion and kind', () => {
  expect(isRead({ apiVersion: 'v1', kind: 'Service' }, options)).toBe(true);
  expect(isRead({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' }, options)).toBe(false);
  expect(isRead({ apiVersion: 'v1', kind: 'toString' }, options)).toBe(false);
  expect(identify(sliceObject('shop/cart', []))).toEqual({
    kind: 'EndpointSlice',
    key: 'shop/cart-a',
    namespace: 'shop',
    name: 'cart-a',
    service: 'shop/cart',
  });
});
