import type { PodNetworkConfig } from '../config/pod-network-schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { Address } from '../ir/address.ts';
import type { Interface } from '../ir/network.ts';
import type { PodNetworkOptions, VxlanOptions } from '../sources/pod-network/options.ts';
import { parseAddress } from '../ir/address.ts';
import { parseInterface, parseNetwork } from '../ir/network.ts';
import { networkSourceName } from '../sources/pod-network/options.ts';
import { Failure } from './failure.ts';

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
  const { cni, mode, gatewayAddressType, nodeNetworks = [], notReadyGrace, borrowedAddresses, flannel } = podNetwork;
  const routeDomain = podNetwork.routeDomain ?? target.bigip.routeDomain;
  return {
    cluster: source.name,
    source: networkSourceName(source.name),
    partition: target.bigip.partition,
    cni,
    mode,
    gatewayAddressType,
    nodeNetworks: nodeNetworks.flatMap((text) => parseNetwork(text) ?? []),
    ...(routeDomain === undefined ? {} : { routeDomain }),
    notReadyGraceMs: notReadyGrace,
    borrowedAddresses,
    annotationPrefix: flannel.annotationPrefix,
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
  const { floating, vni, port, pods } = vxlan;
  return {
    localAddress: addressOf(unit.localAddress),
    selfIp: interfaceOf(unit.selfIp),
    ...(floating === undefined
      ? {}
      : { floating: { address: interfaceOf(floating.address), trafficGroup: floating.trafficGroup } }),
    ...(vni === undefined ? {} : { vni }),
    ...(port === undefined ? {} : { port }),
    tunnelName: vxlan.tunnelName ?? `${source.name}_flannel`,
    pods,
  };
}

/** The schema has seen to it that these are what they are to be. */
function addressOf(text: string): Address {
  return parseAddress(text) ?? { ip: text };
}

function interfaceOf(text: string): Interface {
  return parseInterface(text) ?? { address: { ip: text }, length: 32 };
}
