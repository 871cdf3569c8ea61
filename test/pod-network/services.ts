import type { FeedHost } from '../../src/sources/kubernetes/feed.ts';
import type { ExtractOptions } from '../../src/sources/kubernetes/extract/options.ts';
import type { Overlay, OverlayUse } from '../../src/sources/kubernetes/overlay.ts';
import type { PodNetworkSource } from '../../src/sources/pod-network/source.ts';
import { Assembly } from '../../src/sources/kubernetes/assembly.ts';
import { extractOptions } from '../../src/sources/kubernetes/extract/options.ts';
import { KubernetesSource } from '../../src/sources/kubernetes/kubernetes-source.ts';
import { HandFeed } from './bed.ts';

/** A source of Services and what a test puts into it. */
export interface Services {
  readonly source: KubernetesSource;
  readonly feed: HandFeed;
}

/** A source of Services whose members are reached through the overlay of a pod network. */
export function serviceSource(network: PodNetworkSource, use: OverlayUse): Services {
  const extract = extractOptions({ source: 'east', partition: 'k8s', members: 'cluster', overlay: use });
  return servicesBy(extract, network.overlay);
}

/** A source of Services with these options. */
export function servicesBy(extract: ExtractOptions, overlay?: Overlay): Services {
  let feed: HandFeed | undefined;
  const assembly = new Assembly({
    extract,
    namespaces: {},
    nodes: false,
    overlay,
    feed: { ready: () => true, doubt: false },
  });
  const source = new KubernetesSource({ name: 'east', assembly }, (host: FeedHost) => {
    feed = new HandFeed(host, 'east', []);
    return feed;
  });
  if (feed === undefined) throw new Error('the source asked for no feed');
  return { source, feed };
}

/** A Service of type LoadBalancer with an address. */
export function service(name: string, more: Readonly<Record<string, string>> = {}, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', annotations: { 'fairlead.io/address': '198.51.100.50', ...more } },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'fairlead.io/bigip',
      ports: [{ port: 80, targetPort: 8080 }],
      ...spec,
    },
  };
}

/** Its pods, by address. */
export function pods(name: string, ...addresses: readonly string[]): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: addresses.some((address) => address.includes(':')) ? 'IPv6' : 'IPv4',
    ports: [{ port: 8080, protocol: 'TCP' }],
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
}
