import { accessProvider } from '../kubernetes/api/access.ts';
import { ApiClient } from '../kubernetes/api/client.ts';
import { ApiFeed } from '../kubernetes/api/feed.ts';
import { ManifestFeed } from '../kubernetes/manifests/feed.ts';
import { defaultTiming } from '../kubernetes/options.ts';
import type { ApiServerOptions, ManifestOptions } from '../kubernetes/options.ts';
import type { EtcdOptions } from '../etcd/client.ts';
import { flannelFeed } from './etcd/feed.ts';
import type { PodNetworkOptions } from './options.ts';
import { systemGraceClock } from './overdue.ts';
import type { GraceClock } from './overdue.ts';
import type { NetworkPeers } from './peers.ts';
import { kindsOf, scopesOf } from './scopes.ts';
import { PodNetworkSource } from './source.ts';

export { NetworkPeers } from './peers.ts';

/** A source of the pod network of one cluster. Connects when it is first read. */
export function createPodNetworkSource(given: {
  readonly from: ApiServerOptions | ManifestOptions;
  readonly options: PodNetworkOptions;
  /** Where flannel keeps its subnets, if it is etcd. */
  readonly etcd?: EtcdOptions;
  /** Shared by the pod networks of one device, made in the order of the configuration. */
  readonly peers: NetworkPeers;
  readonly clock?: GraceClock;
}): PodNetworkSource {
  const { from, options, etcd, peers, clock = systemGraceClock } = given;
  const { source } = options;
  const parts = { options, peers, clock, kinds: kindsOf(options) };
  if (etcd !== undefined) {
    return new PodNetworkSource(parts, (host) => flannelFeed({ host, source, options: etcd }));
  }
  const context = { source, annotationPrefixes: [], network: [options.annotationPrefix] };
  if (from.kind === 'manifests') {
    return new PodNetworkSource(parts, (host) => new ManifestFeed({ from, context, host }));
  }
  const client = new ApiClient(accessProvider(from), { ...defaultTiming, ...from.timing });
  return new PodNetworkSource(parts, (host) => new ApiFeed({ client, from, scopes: scopesOf(options), context, host }));
}
