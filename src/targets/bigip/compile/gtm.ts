import type { Endpoint } from '../../../ir/address.ts';
import type { GtmDatacenter } from '../../../ir/gtm-datacenter.ts';
import type { AnyGtmPool, GtmPoolMember, RecordType } from '../../../ir/gtm-pool.ts';
import type { GtmServer, GtmServerAddress } from '../../../ir/gtm-server.ts';
import type { GtmVirtualServer } from '../../../ir/gtm-virtual-server.ts';
import type { AnyWideIp, WideIpPool } from '../../../ir/wideip.ts';
import type { DeviceContext, Json } from '../request.ts';
import type { Codec, CompileEnv } from './codec.ts';
import { printAddress, printEndpoint } from '../../../ir/address.ts';
import { nameOf } from '../../../ir/ref.ts';
import { identityOf } from '../names.ts';
import { NONE } from './codec.ts';
import { encodeDescription, encodeMarkedDescription, encodeMetadata } from './metadata.ts';
import { encodeMonitorRule } from './pool.ts';
import { joinTokens } from './tokens.ts';

type Marked = Pick<GtmServer, 'mark'>;

function metadata({ mark }: Marked, { otherMetadata }: Pick<CompileEnv, 'otherMetadata'>): Json {
  return encodeMetadata({ mark, other: otherMetadata });
}

/** `gtm datacenter`. */
export const gtmDatacenterCodec: Codec<GtmDatacenter> = {
  properties: { description: encodeDescription, mark: metadata },
};

/** `gtm server`. Its virtual servers are never part of a request to it: the list would replace those of others. */
export const gtmServerCodec: Codec<GtmServer> = {
  always: ['product'],
  properties: {
    description: encodeDescription,
    datacenter: ({ datacenter }) => ({ datacenter }),
    product: ({ product, addresses }, { context }) => ({ product: encodeProduct(product, addresses, context) }),
    addresses: ({ path, addresses }) => ({ addresses: addresses.map((address) => encodeAddress(path, address)) }),
    mark: metadata,
  },
};

/** Before 13.0 a BIG-IP is a single or a redundant one (facts 8.13). */
function encodeProduct(
  product: string | undefined,
  addresses: readonly GtmServerAddress[],
  { version: [major = 0] }: DeviceContext,
): string {
  if ((product ?? 'bigip') !== 'bigip' || major >= 13) return product ?? 'bigip';
  return new Set(addresses.map(({ device }) => device)).size > 1 ? 'redundant-bigip' : 'single-bigip';
}

function encodeAddress(server: string, { address, device, translation }: GtmServerAddress): Json {
  return { name: address, deviceName: device ?? nameOf(server), translation: translation ?? NONE };
}

/**
 * One virtual server below `gtm server <server> virtual-servers`. A translation that is the address itself means none, as
 * long as it is that address: one that moves says anew what it is translated to.
 */
export const gtmVirtualServerCodec: Codec<GtmVirtualServer> = {
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    destination: ({ destination, translation }, { before }) => ({
      destination: printEndpoint(destination),
      ...(before === undefined ? {} : encodeTranslation(translation)),
    }),
    translation: ({ translation }) => encodeTranslation(translation),
    monitor: ({ monitor }) => ({ monitor: encodeMonitorRule(monitor) }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};

function encodeTranslation(translation: Endpoint | undefined): Json {
  return {
    translationAddress: translation === undefined ? NONE : printAddress(translation.address),
    translationPort: translation?.port ?? 0,
  };
}

/** `gtm pool <type>`. The list of members is replaced as a whole: the pool is ours. */
export function gtmPoolCodec(type: RecordType): Codec<AnyGtmPool> {
  return {
    properties: {
      description: encodeDescription,
      loadBalancingMode: ({ loadBalancingMode }) => ({ loadBalancingMode: loadBalancingMode ?? 'round-robin' }),
      ttl: ({ ttl }) => ({ ttl: ttl ?? 30 }),
      members: ({ members = [] }) => ({ members: members.map((member) => encodeMember(type, member)) }),
      mark: metadata,
    },
  };
}

/**
 * The origin stands in the member's description, as `remark` of AS3 does (K). The target of a canonical name is used without a look at it: it is
 * not backed by a wide IP (`static-target`, iControl reference of 12.0).
 */
function encodeMember(type: RecordType, { name, ratio, origin }: GtmPoolMember): Json {
  const identity = type === 'cname' ? { name, staticTarget: 'yes' } : identityOf(name);
  return { ...identity, description: origin === undefined ? NONE : joinTokens([origin]), ratio: ratio ?? 1 };
}

/** `gtm wideip <type>`. */
export const wideIpCodec: Codec<AnyWideIp> = {
  properties: {
    description: encodeDescription,
    poolLbMode: ({ poolLbMode }) => ({ poolLbMode: poolLbMode ?? 'round-robin' }),
    pools: ({ pools }) => ({ pools: encodePools(pools) }),
    cnamePools: ({ cnamePools }) => ({ poolsCname: encodePools(cnamePools) }),
    mark: metadata,
  },
};

function encodePools(pools: readonly WideIpPool[] = []): readonly Json[] {
  return pools.map(({ path, order, ratio }) => ({ ...identityOf(path), order, ratio: ratio ?? 1 }));
}
