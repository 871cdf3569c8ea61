import type { PodNetworkConfig } from '../config/pod-network-schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { Address } from '../ir/address.ts';
import type { Interface } from '../ir/network.ts';
import type { PodNetworkOptions, VxlanEnd, VxlanOptions } from '../sources/pod-network/options.ts';
import { parseAddress } from '../ir/address.ts';
import type { SecretReference } from '../config/secret-reference.ts';
import type { OverlayUse } from '../sources/kubernetes/overlay.ts';
import type { EtcdOptions } from '../sources/etcd/client.ts';
import { networkOf, parseInterface, parseNetwork } from '../ir/network.ts';
import { endsOf, networkSourceName } from '../sources/pod-network/options.ts';
import { Failure } from './failure.ts';
import { etcdConnection } from './etcd-connection.ts';

/** What the source of a pod network is made with, from the config; undefined: the source has none. */
export function podNetworkOptions({
  source,
  target,
}: {
  readonly source: SourceConfig;
  readonly target: TargetConfig;
}): PodNetworkOptions | undefined {
  const { podNetwork } = source;
  if (podNetwork === undefined) return undefined;
  const { cni, mode, gatewayAddressType, nodeNetworks = [], deviceAddresses = [] } = podNetwork;
  const { notReadyGrace, borrowedAddresses, flannel } = podNetwork;
  const routeDomain = podNetwork.routeDomain ?? target.bigip.routeDomain;
  return {
    cluster: source.name,
    source: networkSourceName(source.name),
    partition: target.bigip.partition,
    naming: source.naming,
    cni,
    mode,
    gatewayAddressType,
    nodeNetworks: nodeNetworks.flatMap((text) => parseNetwork(text) ?? []),
    deviceAddresses: deviceAddresses.map(addressOf),
    ...(routeDomain === undefined ? {} : { routeDomain }),
    notReadyGraceMs: notReadyGrace,
    borrowedAddresses,
    annotationPrefix: flannel.annotationPrefix,
    flannelNamespace: flannel.namespace,
    etcd: flannel.etcd !== undefined,
    ...(flannel.vxlan === undefined ? {} : { vxlan: vxlanOptions(flannel.vxlan, { source, target }) }),
  };
}

function vxlanOptions(
  vxlan: NonNullable<PodNetworkConfig['flannel']['vxlan']>,
  { source, target }: { readonly source: SourceConfig; readonly target: TargetConfig },
): VxlanOptions {
  const unit = vxlan.perTarget === undefined ? vxlan : vxlan.perTarget[target.name];
  if (unit?.localAddress === undefined || unit.selfIp === undefined) {
    const field = `source ${source.name}: podNetwork.flannel.vxlan.perTarget`;
    throw new Failure(`${field} names no target ${target.name}; expected localAddress and selfIp for each target`);
  }
  const { floating, vni, port, pods, tunnelName = `${source.name}_flannel` } = vxlan;
  const end = (given: { localAddress: string; selfIp: string }, name: string, floats?: string): VxlanEnd => ({
    localAddress: addressOf(given.localAddress),
    selfIp: interfaceOf(given.selfIp),
    ...(floats === undefined || floating === undefined
      ? {}
      : { floating: { address: interfaceOf(floats), trafficGroup: floating.trafficGroup } }),
    tunnelName: name,
  });
  const { localAddress, selfIp, ipv6 } = unit;
  return {
    ...end({ localAddress, selfIp }, tunnelName, floating?.address),
    ...(ipv6 === undefined ? {} : { ipv6: end(ipv6, `${tunnelName}_v6`, floating?.ipv6Address) }),
    ...(vni === undefined ? {} : { vni }),
    ...(port === undefined ? {} : { port }),
    pods,
  };
}

/** How members of pools stand in the overlay; undefined: they are reached without one. */
export function overlayUse({ vxlan }: PodNetworkOptions): OverlayUse | undefined {
  if (vxlan === undefined) return undefined;
  return { networks: endsOf(vxlan).map(({ selfIp }) => networkOf(selfIp)), arp: vxlan.pods === 'arp' };
}

/** How flannel's etcd is reached; PEM files are read at each connect. Undefined: flannel keeps its subnets elsewhere. */
export function etcdOptions(
  source: SourceConfig,
  readPassword: (reference: SecretReference) => Promise<string>,
): EtcdOptions | undefined {
  const etcd = source.podNetwork?.flannel.etcd;
  if (etcd === undefined) return undefined;
  const field = `source ${source.name}: podNetwork.flannel.etcd`;
  return { ...etcdConnection(etcd, field, readPassword), api: etcd.api, prefix: etcd.prefix };
}

/** The schema has seen to it that these are what they are to be. */
function addressOf(text: string): Address {
  return parseAddress(text) ?? { ip: text };
}

function interfaceOf(text: string): Interface {
  return parseInterface(text) ?? { address: { ip: text }, length: 32 };
}
