import type { ObjectKey } from './model.ts';

/** Where requests go: a port of a Service in the Ingress's namespace, by name or number, or something that is no Service. */
export interface IngressBackend {
  readonly service?: string;
  readonly port?: number | string;
  /** `<apiGroup>/<kind> <name>` of a resource backend. */
  readonly resource?: string;
}

export interface IngressPath {
  /** Empty: all paths. */
  readonly path: string;
  /** `Exact`, `Prefix`, `ImplementationSpecific`. */
  readonly pathType: string;
  readonly backend: IngressBackend;
}

export interface IngressRule {
  /** Lower case; empty: any host. */
  readonly host: string;
  readonly paths: readonly IngressPath[];
}

export interface IngressTls {
  /** Lower case. Empty: all hosts of the Ingress. */
  readonly hosts: readonly string[];
  /** Left out: the default certificate. */
  readonly secret?: string;
}

export interface IngressRecord {
  readonly kind: 'Ingress';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** RFC 3339; manifests without one: the empty string, which counts as newest. */
  readonly creationTimestamp: string;
  readonly deleting?: true;
  /** Only those with a prefix that Fairlead reads. */
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.ingressClassName`. */
  readonly className?: string;
  readonly defaultBackend?: IngressBackend;
  readonly rules: readonly IngressRule[];
  readonly tls: readonly IngressTls[];
  /** `status.loadBalancer.ingress[].ip`. */
  readonly ingressIps: readonly string[];
}

export interface IngressClassRecord {
  readonly kind: 'IngressClass';
  readonly name: string;
  readonly controller: string;
  /** The annotation `ingressclass.kubernetes.io/is-default-class` is `true`. */
  readonly isDefault?: true;
}

/**
 * A Secret of type kubernetes.io/tls that was understood: the key fits the certificate. The bytes are in the blob store,
 * under these checksums; no record, message or state holds them.
 */
export interface SecretRecord {
  readonly kind: 'Secret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly creationTimestamp: string;
  /** The server's certificate, PEM. */
  readonly certificate: string;
  readonly key: string;
  /** The certificates after the first, PEM. */
  readonly chain?: string;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
}

/**
 * What is known of a Secret: `unreadable` if it is there and was never understood, `unread` if Secrets could not be listed
 * yet, `unchosen` if it is none of those that the configuration lets in.
 */
export type KnownSecret = SecretRecord | 'unreadable' | 'unread' | 'unchosen';

/** How an Ingress uses the port of a Service: what the backend of that port has to be there for. */
export interface BackendUse {
  readonly port: number | string;
  readonly families: readonly ('IPv4' | 'IPv6')[];
}

/** A TLS host that a Secret serves: which client-ssl profile is made for it. */
export interface HostUse {
  /** The front that it is on, as the names of its objects say it: `10.1.10.50_443`. */
  readonly front: string;
  readonly host: string;
}

/** The default certificate of a front with TLS, and who decides it. */
export interface DefaultCertificate {
  /** The oldest Ingress that asks for one, or else the oldest. */
  readonly by: ObjectKey;
  /** Ingresses that ask for another one, oldest first; the first few. */
  readonly others: readonly ObjectKey[];
  /** The Secrets that it may come from, in order. */
  readonly candidates: readonly ObjectKey[];
  /** The first of them that can be used; left out: the device's own certificate stands in. */
  readonly secret?: ObjectKey;
}

/**
 * The keys under which extraction reads what has to do with Ingresses, beside those of model.ts. Values:
 * `Ingress/<ns>/<name>` -> IngressRecord; `Secret/<ns>/<name>` -> KnownSecret;
 * `Blocked/<ns>/<service>` -> true if a Service (or what belongs to it) is there and was never understood;
 * `Uses/<ns>/<service>` -> readonly BackendUse[]: what Ingresses of ours want of a Service;
 * `Hosts/<ns>/<secret>` -> readonly HostUse[]: the TLS hosts that a Secret serves;
 * `Rivals/<ns>/<ingress>` -> readonly string[]: TLS hosts of an Ingress that an older one serves with another Secret, with
 * that one's key after a blank; `Wildcards/<front>` -> true if a rule of a front (`10.1.10.50_443`) has a wildcard host;
 * `DefaultCertificate/<front>` -> DefaultCertificate;
 * `DefaultFronts/<ns>/<secret>` -> readonly string[]: the fronts whose default certificate is that of a Secret; `Today` -> the date in UTC, `2026-01-31`.
 */
export const ingressKeys = {
  ingress: (object: ObjectKey): string => `Ingress/${object}`,
  secret: (object: ObjectKey): string => `Secret/${object}`,
  blocked: (service: ObjectKey): string => `Blocked/${service}`,
  uses: (service: ObjectKey): string => `Uses/${service}`,
  hosts: (secret: ObjectKey): string => `Hosts/${secret}`,
  rivals: (ingress: ObjectKey): string => `Rivals/${ingress}`,
  wildcards: (front: string): string => `Wildcards/${front}`,
  defaultCertificate: (front: string): string => `DefaultCertificate/${front}`,
  defaultFronts: (secret: ObjectKey): string => `DefaultFronts/${secret}`,
  today: 'Today',
} as const;
