import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ChangeContext } from '../changes.ts';
import type { Feed, FeedHost } from '../feed.ts';
import { defaultTiming } from '../options.ts';
import type { ApiServerOptions, NamespaceChoice, Timing } from '../options.ts';
import type { ApiClient } from './client.ts';
import type { IngressOptions } from '../extract/index.ts';
import type { ObjectKey, OwnerKey } from '../model.ts';
import { namespaceOf, partsOfOwner } from '../model.ts';
import { INGRESS_KINDS } from '../records.ts';
import type { RecordKind } from '../records.ts';
import { TLS_SECRET } from '../records/secret.ts';
import { Reflector } from './reflector.ts';
import { resources } from './resources.ts';
import type { Scope } from './resources.ts';

/** What the feed of an API server needs. */
export interface ApiFeedOptions {
  readonly client: ApiClient;
  readonly from: ApiServerOptions;
  readonly scopes: readonly Scope[];
  readonly context: ChangeContext;
  readonly host: FeedHost;
}

// Lists that run at once; each holds a page of whole objects.
const PARALLEL = 4;

/** What is read beside Services and their endpoints. */
export interface ScopeChoice {
  readonly namespaces: NamespaceChoice;
  readonly nodes: boolean;
  readonly pods?: boolean;
  /** Left out: Ingresses are not read. */
  readonly ingress?: IngressOptions | undefined;
}

/** The scopes that a choice asks for. */
export function scopesOf({ namespaces, nodes, pods = false, ingress }: ScopeChoice): readonly Scope[] {
  const { names, labels } = namespaces;
  const cluster: Scope[] = nodes ? [{ resource: resources.Node }] : [];
  if (labels !== undefined) {
    const labelSelector = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(',');
    cluster.push({ resource: resources.Namespace, labelSelector });
  }
  if (ingress !== undefined && ingress.className === undefined) cluster.push({ resource: resources.IngressClass });
  const where =
    names !== undefined && labels === undefined ? [...new Set(names)].map((namespace) => ({ namespace })) : [{}];
  const kinds = [
    resources.Service,
    resources.EndpointSlice,
    ...(pods ? [resources.Pod] : []),
    ...(ingress === undefined ? [] : [resources.Ingress]),
  ];
  return [
    ...cluster,
    ...where.flatMap((part) => kinds.map((resource) => Object.assign({ resource }, part))),
    ...(ingress === undefined ? [] : secretScopes(where, ingress)),
  ];
}

/** TLS Secrets alone: where Ingresses are, and where the default certificate is. */
function secretScopes(
  where: readonly { readonly namespace?: string }[],
  { defaultSecret, secrets }: IngressOptions,
): readonly Scope[] {
  if (secrets !== undefined) return namedSecrets(defaultSecret === undefined ? secrets : [...secrets, defaultSecret]);
  const own = defaultSecret?.split('/')[0];
  const isCovered = own === undefined || where.some(({ namespace }) => namespace === undefined || namespace === own);
  const all = isCovered ? where : [...where, { namespace: own }];
  const scope = { resource: resources.Secret, fieldSelector: `type=${TLS_SECRET}` };
  return all.map((part) => Object.assign({}, scope, part));
}

/** These alone, one by one. */
function namedSecrets(keys: readonly ObjectKey[]): readonly Scope[] {
  return [...new Set(keys)].map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    return { resource: resources.Secret, fieldSelector: `type=${TLS_SECRET}`, namespace, name };
  });
}

/** Whether an owner can say nothing of itself before all objects of a kind were listed. */
function bearsOn(owner: 'Service' | 'Ingress' | 'Secret', kind: RecordKind): boolean {
  if (owner === 'Secret') return kind === 'Secret' || kind === 'Namespace';
  return !INGRESS_KINDS.has(kind) || (owner === 'Ingress' && kind !== 'Secret');
}

/** The way in from an API server: one reflector per scope. */
export class ApiFeed implements Feed {
  readonly doubt = false;
  readonly #reflectors: readonly Reflector[];
  readonly #client: ApiClient;
  readonly #timing: Timing;
  #following = false;

  constructor(options: ApiFeedOptions) {
    this.#client = options.client;
    this.#timing = { ...defaultTiming, ...options.from.timing };
    this.#reflectors = options.scopes.map(
      (scope) =>
        new Reflector({
          client: options.client,
          scope,
          host: options.host,
          context: options.context,
          timing: this.#timing,
          pageSize: options.from.pageSize ?? 250,
        }),
    );
  }

  get complete(): boolean {
    return this.#reflectors.every((reflector) => reflector.current);
  }

  get problems(): readonly Diagnostic[] {
    return this.#reflectors.map((reflector) => reflector.problem).filter((problem) => problem !== undefined);
  }

  ready(owner: OwnerKey): boolean {
    const { kind, key } = partsOfOwner(owner);
    const namespace = namespaceOf(owner);
    return this.#reflectors.every(
      ({ scope, listed }) =>
        listed ||
        !bearsOn(kind, scope.resource.kind) ||
        (scope.namespace !== undefined && scope.namespace !== namespace) ||
        (scope.name !== undefined && `${scope.namespace}/${scope.name}` !== key),
    );
  }

  async load(signal: AbortSignal): Promise<void> {
    // While watches run, what is held is as new as a list would be.
    if (!this.#following) {
      const queue = [...this.#reflectors];
      const worker = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          await next.load(signal, this.#timing.readRetries);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
    }
    signal.throwIfAborted();
  }

  async follow(signal: AbortSignal): Promise<void> {
    this.#following = true;
    try {
      await Promise.all(this.#reflectors.map((reflector) => reflector.follow(signal)));
    } finally {
      this.#following = false;
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
