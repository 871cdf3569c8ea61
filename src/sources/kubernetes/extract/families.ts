import type { Address } from '../../../ir/address.ts';
import type { ServiceRecord } from '../model.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import { familyOf, parseAddress } from '../../../ir/address.ts';
import { familySuffix } from './names.ts';

/** The families of a Service. */
export interface Stack {
  readonly primary: Family;
  /** In the Service's order. */
  readonly families: readonly Family[];
  /** False: a manifest that no API server has completed, so members of both families are taken. */
  readonly declared: boolean;
}

/**
 * What `spec.ipFamilies` says. The API server always fills it in; a manifest without it is taken as dual stack if its
 * `ipFamilyPolicy` says so, else as the family of its `clusterIP`, else as IPv4.
 */
export function stackOf(record: ServiceRecord): Stack {
  const declared = record.ipFamilies;
  if (declared[0] !== undefined) return { primary: declared[0], families: declared, declared: true };
  const clusterIp = parseAddress(record.clusterIP ?? '');
  const primary = clusterIp === undefined ? 'IPv4' : familyName(clusterIp);
  const dual = record.ipFamilyPolicy === 'RequireDualStack' || record.ipFamilyPolicy === 'PreferDualStack';
  if (!dual) return { primary, families: [primary], declared: false };
  return { primary, families: primary === 'IPv4' ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'], declared: true };
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

/** The family of the members behind a virtual server on this address: its own, or the only one that there is. */
export function memberFamily(stack: Stack, address: Address): Family {
  const family = familyName(address);
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
