import ipaddr from 'ipaddr.js';
import type { Network } from '../../ir/network.ts';
import { familyOf } from '../../ir/address.ts';

/** No machine has more of a network: what is shorter is a mistake, and would take what belongs to others. */
const SHORTEST = { 4: 8, 6: 48 } as const;

/** Ranges (RFC 6890) that no pods are in. */
const NO_PODS: ReadonlySet<string> = new Set(['unspecified', 'loopback', 'linkLocal', 'multicast', 'broadcast']);

/** What is expected of the part of a pod network that one machine has; undefined: this is one. */
export function expectedPart({ address, length }: Network): string | undefined {
  const least = SHORTEST[familyOf(address)];
  if (length < least) return `the part of one machine: /${least} or longer`;
  return NO_PODS.has(ipaddr.parse(address.ip).range()) ? 'unicast addresses that pods can have' : undefined;
}
