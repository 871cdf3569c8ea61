import { resources } from '../kubernetes/api/resources.ts';
import type { Scope } from '../kubernetes/api/resources.ts';
import type { RecordKind } from '../kubernetes/records.ts';
import type { PodNetworkOptions } from './options.ts';

/** The ConfigMap with flannel's own configuration. */
export const FLANNEL_CONFIG = 'kube-flannel-cfg';

/** The kinds that a plug-in needs, and no others: rights follow. */
export function kindsOf({ cni, borrowedAddresses, etcd, vxlan }: PodNetworkOptions): ReadonlySet<RecordKind> {
  if (cni === 'none' || etcd) return new Set();
  const more: readonly RecordKind[] =
    cni === 'cilium'
      ? ['CiliumNode']
      : cni === 'openshift-sdn'
        ? ['HostSubnet']
        : cni === 'calico' || cni === 'calico-bgp'
          ? ['BlockAffinity', ...(borrowedAddresses ? (['IPAMBlock'] as const) : [])]
          : vxlan !== undefined && (vxlan.vni === undefined || vxlan.port === undefined)
            ? ['ConfigMap']
            : [];
  return new Set<RecordKind>(['Node', ...more]);
}

/** What is listed and watched. */
export function scopesOf(options: PodNetworkOptions): readonly Scope[] {
  return [...kindsOf(options)].map((kind) =>
    kind === 'ConfigMap'
      ? {
          resource: resources.ConfigMap,
          namespace: options.flannelNamespace,
          name: FLANNEL_CONFIG,
        }
      : { resource: resources[kind] },
  );
}
