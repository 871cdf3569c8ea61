import { isCluster } from '../config/source-schema.ts';
import type { Config } from '../config/schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { KubernetesOptions } from '../sources/kubernetes/options.ts';
import type { PodNetworkOptions } from '../sources/pod-network/options.ts';
import type { PodNetworkSource } from '../sources/pod-network/source.ts';
import type { LaneContext } from './assemble.ts';
import { secretsOf } from './cluster-secret.ts';
import { connectionOf } from './kubernetes-options.ts';
import { etcdOptions, overlayUse, podNetworkOptions } from './pod-network-options.ts';

/** The pod network of a source. */
export interface PodNetwork {
  readonly options: PodNetworkOptions;
  readonly source: PodNetworkSource;
}

/**
 * The pod networks of all sources; those of one device must not overlap, so they know of each other. They come before
 * the sources whose members are reached through them.
 */
export async function makePodNetworks(
  config: Config,
  target: TargetConfig,
  context: LaneContext,
): Promise<ReadonlyMap<string, PodNetwork>> {
  const made = new Map<string, PodNetwork>();
  const sources = config.sources.filter(isCluster).filter(({ podNetwork }) => podNetwork !== undefined);
  if (sources.length === 0) return made;
  const { createPodNetworkSource, NetworkPeers } = await import('../sources/pod-network/index.ts');
  const peers = new NetworkPeers();
  const read = secretsOf(config, context.env);
  for (const source of sources) {
    const options = podNetworkOptions({ source, target });
    if (options === undefined) continue;
    const etcd = etcdOptions(source, read);
    const given = { options, peers, from: connectionOf(source), ...(etcd === undefined ? {} : { etcd }) };
    made.set(source.name, { options, source: createPodNetworkSource(given) });
  }
  return made;
}

/** The options of a source whose members may be reached through the overlay of its pod network. */
export function throughOverlay(options: KubernetesOptions, network: PodNetwork): KubernetesOptions {
  const use = overlayUse(network.options);
  const { overlay } = network.source;
  if (use === undefined || overlay === undefined) return options;
  return { ...options, overlay, extract: { ...options.extract, overlay: use } };
}
