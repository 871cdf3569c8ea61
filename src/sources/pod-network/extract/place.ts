import type { Address } from '../../../ir/address.ts';
import type { Network } from '../../../ir/network.ts';
import type { NodeRecord } from '../../kubernetes/model.ts';
import type { Read } from '../../cells.ts';
import type { PodNetworkOptions } from '../options.ts';
import type { Findings } from './findings.ts';
import { familyOf, parseAddress } from '../../../ir/address.ts';
import { holdsAddress, parseInterface } from '../../../ir/network.ts';

/** One node's part of the pod network, and where it is reached. */
export interface Place {
  readonly networks: readonly Network[];
  /** Of each family the first counts. */
  readonly gateways: readonly Address[];
}

/** What reading one node's place works with. */
export interface NodeView {
  readonly name: string;
  readonly node: NodeRecord | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly read: Read;
  readonly findings: Findings;
  readonly options: PodNetworkOptions;
}

/** The addresses of these that a node may be reached at, in their order. Route domains are none of Kubernetes' business. */
export function usable(texts: readonly string[], { nodeNetworks }: PodNetworkOptions): readonly Address[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text) ?? parseInterface(text)?.address;
    if (address === undefined || address.routeDomain !== undefined) return [];
    const isChosen = nodeNetworks.length === 0 || nodeNetworks.some((network) => holdsAddress(network, address));
    return isChosen ? [address] : [];
  });
}

/** The node's own addresses of the chosen type. */
export function nodeAddresses(
  addresses: readonly { readonly type: string; readonly address: string }[],
  options: PodNetworkOptions,
): readonly Address[] {
  const texts = addresses.filter(({ type }) => type === options.gatewayAddressType).map(({ address }) => address);
  return usable(texts, options);
}

/** The gateway for a network: of its family. */
export function gatewayFor(network: Network, gateways: readonly Address[]): Address | undefined {
  return gateways.find((gateway) => familyOf(gateway) === familyOf(network.address));
}
