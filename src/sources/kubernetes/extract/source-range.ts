import type { Address } from '../../../ir/address.ts';
import type { Cidr } from './ip-range.ts';
import type { Scope } from './scope.ts';
import { familyName } from './families.ts';
import { bitsOf, compareValues, ipText, parseCidr } from './ip-range.ts';

/** The clients that a virtual server serves: all, those of one network or of several, or none of its family. */
export type Clients = 'all' | 'none' | { readonly source: string } | { readonly networks: readonly string[] };

/** So many stand in an iRule, with room to spare: it may have 64 KiB. */
const NETWORKS_MAX = 1000;

const FIELD = 'spec.loadBalancerSourceRanges';

/**
 * Reads `spec.loadBalancerSourceRanges` for one address, in as few networks as hold the same clients. What cannot be read
 * freezes the cell: never open wider than asked.
 */
export function clientsOf(scope: Scope, address: Address): Clients {
  const texts = (scope.record.loadBalancerSourceRanges ?? []).map((text) => text.trim()).filter((text) => text !== '');
  if (texts.length === 0) return 'all';
  const ranges = texts.flatMap((text, index) => {
    const range = parseCidr(text);
    if (range === undefined) reportInvalid(scope, text, index);
    return range ?? [];
  });
  const family = familyName(address);
  const own = joinCidrs(ranges.filter((range) => range.family === family));
  const [only, ...others] = own;
  if (only === undefined) return ranges.length === texts.length ? reportNone(scope, address) : 'none';
  if (others.length > 0) {
    if (own.length > NETWORKS_MAX) reportMany(scope, own.length);
    return { networks: own.map((range) => printCidr(range, {})) };
  }
  return only.prefix === 0 ? 'all' : { source: printCidr(only, address) };
}

function printCidr({ low, family, prefix }: Cidr, { routeDomain }: Pick<Address, 'routeDomain'>): string {
  return `${ipText(low, family)}${routeDomain === undefined ? '' : `%${routeDomain}`}/${prefix}`;
}

/** The least number of networks that hold the same addresses. All must be of one family. */
export function joinCidrs(cidrs: readonly Cidr[]): readonly Cidr[] {
  const joined: Cidr[] = [];
  for (const cidr of [...cidrs].sort((a, b) => compareValues(a.low, b.low) || a.prefix - b.prefix)) {
    const last = joined.at(-1);
    if (last !== undefined && cidr.high <= last.high) continue;
    joined.push(cidr);
    joinLast(joined);
  }
  return joined;
}

/** As long as the last two are the halves of one network, they become it. */
function joinLast(joined: Cidr[]): void {
  for (;;) {
    const [left, right] = joined.slice(-2);
    if (left === undefined || right === undefined || left.prefix !== right.prefix) return;
    const size = 1n << BigInt(bitsOf(left.family) - left.prefix + 1);
    if (left.low % size !== 0n || right.low !== left.high + 1n) return;
    joined.splice(-2, 2, { ...left, high: right.high, prefix: left.prefix - 1 });
  }
}

function reportInvalid(scope: Scope, text: string, index: number): void {
  scope.problems.freeze({
    code: 'source-range-invalid',
    text: `${FIELD}[${index}] is ${JSON.stringify(text)}, expected a network such as 10.0.0.0/8 or 2001:db8::/32`,
    field: `${FIELD}[${index}]`,
  });
}

function reportMany(scope: Scope, count: number): void {
  scope.problems.freeze({
    code: 'source-ranges-many',
    text: `${FIELD} holds ${count} networks of one family that do not join, expected at most ${NETWORKS_MAX}`,
    field: FIELD,
  });
}

function reportNone(scope: Scope, { ip }: Address): Clients {
  scope.problems.add({
    code: 'source-ranges-other-family',
    severity: 'warning',
    text: `${FIELD} allows no client of the family of ${ip}, so it gets no virtual server`,
    field: FIELD,
  });
  return 'none';
}
