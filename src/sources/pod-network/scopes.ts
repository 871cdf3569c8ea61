import { resources } from '../kubernetes/api/resources.ts';
import type { Scope } from '../kubernetes/api/resources.ts';
import type { RecordKind } from '../kubernetes/records.ts';
import type { PodNetworkOptions } from './options.ts';

/** The kinds that a plug-in needs, and no others: rights follow. */
export function kindsOf({ cni, borrowedAddresses }: PodNetworkOptions): ReadonlySet<RecordKind> {
  if (cni === 'none' || cni === 'calico-bgp') return new Set();
  const more: readonly RecordKind[] =
    cni === 'cilium'
      ? ['CiliumNode']
      : cni === 'openshift-sdn'
        ? ['HostSubnet']
        : cni === 'calico'
          ? ['BlockAffinity', ...(borrowedAddresses ? (['IPAMBlock'] as const) : [])]
          : [];
  return new Set<RecordKind>(['Node', ...more]);
}

/** What is listed and watched. */
export function scopesOf(options: PodNetworkOptions): readonly Scope[] {
  return [...kindsOf(options)].map((kind) => ({ resource: resources[kind] }));
}
