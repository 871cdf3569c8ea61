/** A path of an Ingress: `Exact /foo`, `Prefix /`, or a path alone, which is a prefix. */
export type PathSpec = string;

/** What an Ingress of the tests is made of: hosts, each with paths that lead to Services. */
export interface IngressSpec {
  readonly namespace?: string;
  readonly address?: string;
  readonly created?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Host (empty: any) -> path -> Service; port 80 of it. */
  readonly hosts?: Readonly<Record<string, Readonly<Record<PathSpec, string>>>>;
  readonly defaultBackend?: string;
  /** Secret -> hosts. */
  readonly tls?: Readonly<Record<string, readonly string[]>>;
  readonly className?: string | undefined;
}

/** The IngressClass `bigip` of ours. */
export const INGRESS_CLASS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'bigip' },
  spec: { controller: 'fairlead.io/bigip' },
};

function backend(name: string): object {
  return { service: { name, port: { number: 80 } } };
}

/** An Ingress of class `bigip` on an address. */
export function ingress(name: string, given: IngressSpec = {}): object {
  const { namespace = 'shop', address = '10.1.10.50', created = '2026-01-01T00:00:00Z', annotations = {} } = given;
  const rules = Object.entries(given.hosts ?? {}).map(([host, paths]) => {
    const list = Object.entries(paths).map(([text, service]) => {
      const [pathType, path] = text.includes(' ') ? text.split(' ') : ['Prefix', text];
      return { path, pathType, backend: backend(service) };
    });
    return host === '' ? { http: { paths: list } } : { host, http: { paths: list } };
  });
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      creationTimestamp: created,
      annotations: { 'fairlead.io/address': address, ...annotations },
    },
    spec: {
      ...('className' in given
        ? given.className === undefined
          ? {}
          : { ingressClassName: given.className }
        : { ingressClassName: 'bigip' }),
      ...(given.defaultBackend === undefined ? {} : { defaultBackend: backend(given.defaultBackend) }),
      ...(given.tls === undefined
        ? {}
        : { tls: Object.entries(given.tls).map(([secretName, hosts]) => ({ secretName, hosts })) }),
      ...(rules.length === 0 ? {} : { rules }),
    },
  };
}

/** A Secret of type kubernetes.io/tls. */
export function tlsSecret(
  name: string,
  pair: { readonly cert: string; readonly key: string },
  namespace = 'shop',
): object {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name, namespace },
    data: { 'tls.crt': encode(pair.cert), 'tls.key': encode(pair.key) },
  };
}
