import type { Address } from '../../../ir/address.ts';
import type { ServiceRecord } from '../model.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import { familyOf } from '../../../ir/address.ts';
import { familySuffix } from './names.ts';

/** The families of a Service. */
export interface Stack {
  readonly primary: Family;
  /** In the Service's order. */
  readonly families: readonly Family[];
}

/** What `spec.ipFamilies` says; the API server, and the reader of manifests, always fill it in. */
export function stackOf(record: ServiceRecord): Stack {
  const [primary = 'IPv4', ...others] = record.ipFamilies;
  return { primary, families: [primary, ...others] };
}

/** `IPv4` or `IPv6`. */
export function familyName(address: Address): Family {
  return familyOf(address) === 6 ? 'IPv6' : 'IPv4';
}

/** The suffix of a virtual server on this address: none in the Service's first family. */
export function virtualSuffix(stack: Stack, address: Address): string | undefined {
  const family = familyName(address);
  return family === stack.primary ? undefined : familySuffix(family);
}

/** The family of the members behind a virtual server of this family: its own, or the only one that there is. */
export function memberFamily(stack: Stack, family: Family): Family {
  return stack.families.includes(family) ? family : stack.primary;
}

/** The suffix of the pool of this family: none in the Service's first family. */
export function poolSuffix(stack: Stack, family: Family): string | undefined {
  return family === stack.primary ? undefined : familySuffix(family);
}

/** An address in the route domain that it names, or else in that of the options. */
export function placed(address: Address, options: ExtractOptions): Address {
  const routeDomain = address.routeDomain ?? options.routeDomain;
  return routeDomain === undefined ? { ip: address.ip } : { ip: address.ip, routeDomain };
}
