import type { Scope } from './api/resources.ts';
import type { Overlay } from './overlay.ts';
import type { ExtractOptions } from './extract/index.ts';
import type { KeepBytes } from './records/secret.ts';

/** A live cluster: list and watch. */
export interface ApiServerOptions {
  readonly kind: 'api';
  /** Path of a kubeconfig file. Left out: `$KUBECONFIG`, then `~/.kube/config`, then in-cluster. */
  readonly kubeconfig?: string;
  /** Context in the kubeconfig. Left out: its current context. */
  readonly context?: string;
  /** Use the service account of the pod that this runs in; then `kubeconfig` is not read. */
  readonly inCluster?: boolean;
  /** Objects per page of a list. Default 250. */
  readonly pageSize?: number;
  readonly timing?: Partial<Timing>;
}

/** A folder of manifests, read recursively and watched. */
export interface ManifestOptions {
  readonly kind: 'manifests';
  readonly folder: string;
  /** How often the folder is looked through even without a notification, milliseconds. Default 5000. */
  readonly pollMs?: number;
  /** A file is read once it has not changed for so long, milliseconds. Default 100. */
  readonly quietMs?: number;
}

/** Which namespaces are read: those named, and those with all of the labels. Both left out: all. */
export interface NamespaceChoice {
  readonly names?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** How a Kubernetes source is set up. */
export interface KubernetesOptions {
  readonly from: ApiServerOptions | ManifestOptions;
  readonly namespaces?: NamespaceChoice;
  /** Read Nodes too. Default: unless the member mode is `cluster`. */
  readonly nodes?: boolean;
  /** How Services become BIG-IP objects; its `source` is the name of this source. */
  readonly extract: ExtractOptions;
  /** Annotations are kept if their name starts with extraction's prefix or one of these. Default: {@link otherAnnotations}. */
  readonly annotationPrefixes?: readonly string[];
  /**
   * Takes the bytes of certificates and keys and gives the checksum that the device would print for them. Left out: they
   * are kept nowhere, which will do for a plan.
   */
  readonly keepBytes?: KeepBytes;
  /** What else is read of this cluster, by its pod network: the rights are asked for together. */
  readonly alsoReads?: readonly Scope[];
  /** The overlay that members are reached through, with `extract.overlay`. */
  readonly overlay?: Overlay;
  /** The name of this instance in Events. Default: the source's name. */
  readonly instance?: string;
  /** Write `status.loadBalancer.ingress`. Default true. Manifests have no status. */
  readonly writeStatus?: boolean;
  /** Write Events. Default true. Manifests have none. */
  readonly writeEvents?: boolean;
}

/** Waits and limits of the conversation with an API server, milliseconds unless said otherwise. */
export interface Timing {
  /** First wait after a failure; doubles with jitter. */
  readonly backoffMs: number;
  /** The longest wait after failures. */
  readonly backoffCapMs: number;
  /** The longest wait after 401, 403 or 404: somebody has to change something first. */
  readonly deniedMs: number;
  /** A watch without a byte for so long is dead. API servers send bookmarks about once a minute. */
  readonly silenceMs: number;
  /** Seconds that a watch may last, asked of the server. */
  readonly watchSeconds: number;
  /** A single request, from start to its last byte. */
  readonly requestMs: number;
  /** How often the first read tries a list again after a passing failure before it gives an incomplete result. */
  readonly readRetries: number;
}

/** The defaults of {@link Timing}. */
export const defaultTiming: Timing = {
  backoffMs: 500,
  backoffCapMs: 30_000,
  deniedMs: 30_000,
  silenceMs: 150_000,
  watchSeconds: 300,
  requestMs: 60_000,
  readRetries: 2,
};

/** Annotations of older tools that are kept beside our own. */
export const otherAnnotations: readonly string[] = ['f5.', 'kubernetes.io/ingress.class'];
