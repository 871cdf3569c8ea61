import type { Address } from '../../../ir/address.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ObjectKey } from '../model.ts';

/** How Ingresses become BIG-IP objects. */
export interface IngressOptions {
  /** Ingresses of classes with this `spec.controller` are ours. */
  readonly controller: string;
  /** Ingresses of this class alone, by name: IngressClasses are not read then. */
  readonly className?: string;
  /** Ingresses that name no class are ours, too, whatever the default class is. */
  readonly claimUnclassed: boolean;
  /** What Ingresses share that name no address: at most one per family. Empty: each gets one from a pool. */
  readonly addresses: readonly Address[];
  /** Plain HTTP to hosts with TLS is redirected, unless an Ingress says otherwise. */
  readonly redirect: boolean;
  /** The Secret with the certificate for clients that name no host or an unknown one, on all addresses. */
  readonly defaultSecret?: ObjectKey;
  /** These Secrets alone are read, each by its name. Left out: all of type kubernetes.io/tls where Ingresses are. */
  readonly secrets?: readonly ObjectKey[];
}

/** The certificate and key that every device comes with: what stands in where there is no other default certificate. */
export const DEVICE_CERTIFICATE: FullPath = '/Common/default.crt';
export const DEVICE_KEY: FullPath = '/Common/default.key';

/** Options with every default filled in. */
export function ingressOptions(given: Partial<IngressOptions> = {}): IngressOptions {
  return { controller: 'fairlead.io/bigip', claimUnclassed: false, addresses: [], redirect: true, ...given };
}
