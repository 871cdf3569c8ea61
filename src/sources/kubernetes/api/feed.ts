import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ChangeContext } from '../changes.ts';
import type { Feed, FeedHost } from '../feed.ts';
import { defaultTiming } from '../options.ts';
import type { ApiServerOptions, NamespaceChoice, Timing } from '../options.ts';
import type { ApiClient } from './client.ts';
import { Reflector } from './reflector.ts';
import { resources } from './resources.ts';
import type { Scope } from './resources.ts';

/** What the feed of an API server needs. */
export interface ApiFeedOptions {
  readonly client: ApiClient;
  readonly from: ApiServerOptions;
  readonly namespaces: NamespaceChoice;
  readonly nodes: boolean;
  readonly context: ChangeContext;
  readonly host: FeedHost;
}

// Lists that run at once; each holds a page of whole objects.
const PARALLEL = 4;

/** The scopes that a choice of namespaces asks for. */
export function scopesOf(namespaces: NamespaceChoice, nodes: boolean): readonly Scope[] {
  const { names, labels } = namespaces;
  const cluster: Scope[] = nodes ? [{ resource: resources.Node }] : [];
  if (labels !== undefined) {
    const labelSelector = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(',');
    cluster.push({ resource: resources.Namespace, labelSelector });
  }
  const where =
    names !== undefined && labels === undefined ? [...new Set(names)].map((namespace) => ({ namespace })) : [{}];
  return [
    ...cluster,
    ...where.flatMap((part) => [
      { resource: resources.Service, ...part },
      { resource: resources.EndpointSlice, ...part },
    ]),
  ];
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
    this.#reflectors = scopesOf(options.namespaces, options.nodes).map(
      (scope) =>
        new Reflector({
          client: options.client,
          scope,
          host: options.host,
          context: options.context,
          timing: this.#timing,
          pageSize: options.from.pageSize ?? 500,
        }),
    );
  }

  get complete(): boolean {
    return this.#reflectors.every((reflector) => reflector.current);
  }

  get problems(): readonly Diagnostic[] {
    return this.#reflectors.map((reflector) => reflector.problem).filter((problem) => problem !== undefined);
  }

  ready(namespace: string): boolean {
    return this.#reflectors.every(
      ({ scope, listed }) => listed || (scope.namespace !== undefined && scope.namespace !== namespace),
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
