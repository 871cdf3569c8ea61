import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { parse } from 'yaml';

/** An object as the API knows it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Names an object; `namespace` is left out for kinds that have none. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A list, or a page of one. */
export interface List<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

/** What the API server answered instead of success. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body}`);
    this.name = 'ApiError';
    this.status = status;
    this.reason = /"reason":\s*"(\w+)"/.exec(body)?.[1] ?? '';
  }
}

/** Where the kinds that the tests use live; `%` stands for the namespace part. */
const PLACES: Readonly<Record<string, string>> = {
  Ingress: '/apis/networking.k8s.io/v1%/ingresses',
  IngressClass: '/apis/networking.k8s.io/v1/ingressclasses',
  Namespace: '/api/v1/namespaces',
  Node: '/api/v1/nodes',
  ConfigMap: '/api/v1%/configmaps',
  Pod: '/api/v1%/pods',
  Deployment: '/apis/apps/v1%/deployments',
  Service: '/api/v1%/services',
  ServiceAccount: '/api/v1%/serviceaccounts',
  Secret: '/api/v1%/secrets',
  Event: '/api/v1%/events',
  EndpointSlice: '/apis/discovery.k8s.io/v1%/endpointslices',
  Role: '/apis/rbac.authorization.k8s.io/v1%/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1%/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  SelfSubjectAccessReview: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
};

function placeOf(kind: string, namespace?: string): string {
  const place = PLACES[kind];
  if (place === undefined) throw new Error(`the test client knows no kind ${kind}`);
  return place.replace('%', namespace === undefined ? '' : `/namespaces/${namespace}`);
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly {
    readonly user: { 'client-certificate-data'?: string; 'client-key-data'?: string; token?: string };
  }[];
}

/**
 * A plain client of the Kubernetes API. It is the tests' own: it judges Fairlead, so it shares no code with it. All
 * methods throw an {@link ApiError} for any answer but success.
 */
export class Api {
  readonly url: string;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  /** Reads a kubeconfig of one cluster and one user, with its certificates inside. */
  constructor(kubeconfig: string) {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const [entry] = config.clusters;
    const user = config.users[0]?.user ?? {};
    if (entry === undefined) throw new Error(`${kubeconfig}: names no cluster`);
    const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
    const { 'client-certificate-data': cert, 'client-key-data': key, token } = user;
    this.url = entry.cluster.server;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#agent = new Agent({
      connect: {
        ca: text(entry.cluster['certificate-authority-data']),
        ...(cert !== undefined && key !== undefined ? { cert: text(cert), key: text(key) } : {}),
      },
    });
  }

  /** Creates an object and gives it as stored. */
  create<T = Manifest>(manifest: Manifest): Promise<T> {
    const { kind, metadata } = manifest;
    return this.call('POST', placeOf(kind, metadata.namespace), { body: manifest });
  }

  get<T = Manifest>({ kind, namespace, name }: ObjectName): Promise<T> {
    return this.call('GET', `${placeOf(kind, namespace)}/${name}`);
  }

  /** Lists one namespace, or all. `query` is sent as it is (`limit`, `continue`, `labelSelector` …). */
  list<T = Manifest>(
    kind: string,
    options: { namespace?: string; query?: Record<string, string> } = {},
  ): Promise<List<T>> {
    return this.call('GET', placeOf(kind, options.namespace), { query: options.query ?? {} });
  }

  /** Changes an object by a merge patch; `subresource` for `status`. */
  patch<T = Manifest>(object: ObjectName, changes: unknown, subresource?: string): Promise<T> {
    const place = [placeOf(object.kind, object.namespace), object.name, subresource].filter(Boolean).join('/');
    return this.call('PATCH', place, { body: changes, contentType: 'application/merge-patch+json' });
  }

  /** Deletes an object; `graceSeconds` for pods. One that is not there is an error. */
  async delete({ kind, namespace, name }: ObjectName, graceSeconds?: number): Promise<void> {
    const body = graceSeconds === undefined ? undefined : { gracePeriodSeconds: graceSeconds };
    await this.call('DELETE', `${placeOf(kind, namespace)}/${name}`, { body });
  }

  /** Any other request. */
  async call<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    place: string,
    options: { readonly body?: unknown; readonly contentType?: string; readonly query?: Record<string, string> } = {},
  ): Promise<T> {
    const { statusCode, body } = await request(`${this.url}${place}`, {
      method,
      dispatcher: this.#agent,
      query: options.query ?? {},
      headers: { ...this.#headers, 'content-type': options.contentType ?? 'application/json' },
      body: options.body === undefined ? null : JSON.stringify(options.body),
    });
    const text = await body.text();
    if (statusCode >= 300) throw new ApiError(`${method} ${place}`, statusCode, text);
    return JSON.parse(text) as T;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
