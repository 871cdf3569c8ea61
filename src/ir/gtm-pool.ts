import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { OriginKey } from './origin.ts';
import type { FullPath, Ref } from './ref.ts';
import { refOf } from './ref.ts';

/** The types of DNS records that pools and wide IPs are made for. */
export const RECORD_TYPES = ['a', 'aaaa', 'cname'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** What a pool answers with. */
export interface GtmPoolMember {
  /** `/Common/<server>:<virtual server>`; of a `cname` pool a domain name. */
  readonly name: string;
  /** Left out: 1. */
  readonly ratio?: number;
  /** Who gave it, kept in the member's description on the device. */
  readonly origin?: OriginKey;
}

/**
 * `gtm pool <type>`. Types are kinds of their own: the device keeps each in a collection of its own, and the same name may
 * stand in several.
 */
export interface GtmPool<T extends RecordType> {
  readonly kind: `gtm-pool-${T}`;
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: round-robin. */
  readonly loadBalancingMode?: string;
  /** Seconds; left out: 30. */
  readonly ttl?: number;
  /** Sorted by name. */
  readonly members?: readonly GtmPoolMember[];
  readonly mark?: Mark;
}

/** A pool of any type. */
export type AnyGtmPool = { readonly [T in RecordType]: GtmPool<T> }[RecordType];

/** How pools of a type are read, compared and ordered. Defaults: recorded from 12.0 to 14.1. */
export function gtmPoolDescriptor<T extends RecordType>(type: T): Descriptor<GtmPool<T>> {
  const needs = (name: string): readonly Ref[] => (type === 'cname' ? [] : [refOf('gtm-virtual-server', name)]);
  return {
    kind: `gtm-pool-${type}`,
    noun: `GTM pool (${type.toUpperCase()})`,
    order: 66,
    marked: 'metadata',
    module: 'gtm',
    fields: {
      description: { compare: 'value' },
      loadBalancingMode: { compare: 'value', default: 'round-robin' },
      ttl: { compare: 'value', default: 30 },
      members: {
        compare: 'keyed',
        key: (item) => (item as GtmPoolMember).name,
        itemDefaults: { ratio: 1 },
        parts: {
          owner: (item) => (item as GtmPoolMember).origin,
          references: (item) => needs((item as GtmPoolMember).name),
        },
      },
      mark: { compare: 'value', sortItems: ['origins'] },
    },
    references: ({ members = [] }) => members.flatMap(({ name }) => needs(name)),
  };
}
