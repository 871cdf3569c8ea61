import type { CellKey, Contribution } from '../../src/desired/contribution.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Pool } from '../../src/ir/pool.ts';
import type { VirtualServer } from '../../src/ir/virtual.ts';
import { extractOptions, type ExtractOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { createKubernetesSource, type KubernetesOptions, type Timing } from '../../src/sources/kubernetes/index.ts';
import type { Source, SourceResult } from '../../src/sources/source.ts';
import type { Rule } from './rbac.ts';

const SOURCE = 'east';
export const PARTITION = 'kubernetes';

/** All that a source may do, as its documentation asks for it; a missing right shows in the tests. */
export const SOURCE_RULES: readonly Rule[] = [
  { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['services/status'], verbs: ['patch'] },
  { apiGroups: [''], resources: ['nodes', 'namespaces'], verbs: ['list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['patch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingressclasses'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'get', 'patch'] },
];

/** How a test sets its source up. */
export interface SourceSettings {
  readonly kubeconfig: string;
  readonly pageSize?: number;
  readonly timing?: Partial<Timing>;
  readonly namespaces?: KubernetesOptions['namespaces'];
  readonly extract?: Partial<ExtractOptions>;
}

/** Waits that suit a test: a source that was denied asks again soon. */
const IMPATIENT: Partial<Timing> = { backoffMs: 100, backoffCapMs: 500, deniedMs: 500 };

/** A source as Fairlead's configuration would make it. */
export function createSource({ kubeconfig, pageSize, timing, namespaces, extract }: SourceSettings): Source {
  return createKubernetesSource({
    from: {
      kind: 'api',
      kubeconfig,
      timing: { ...IMPATIENT, ...timing },
      ...(pageSize === undefined ? {} : { pageSize }),
    },
    ...(namespaces === undefined ? {} : { namespaces }),
    extract: extractOptions({ source: SOURCE, partition: PARTITION, members: 'cluster', ...extract }),
  });
}

/** Follows a source by the rules of its interface, and remembers what it said. */
export class Follower {
  readonly source: Source;
  readonly first: SourceResult;
  readonly problems: Diagnostic[];
  /** Cells that were let go of: the source, being complete, named them and gave nothing. */
  readonly gone: CellKey[] = [];
  readonly #cells = new Map<CellKey, Contribution>();
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  /** Reads, and then watches. */
  static async start(settings: SourceSettings): Promise<Follower> {
    const source = createSource(settings);
    return new Follower(source, await source.read({ signal: AbortSignal.timeout(30_000) }));
  }

  private constructor(source: Source, first: SourceResult) {
    this.source = source;
    this.first = first;
    this.problems = [...first.diagnostics];
    this.#take(first.contributions);
    if (source.watch === undefined) throw new Error('the source cannot watch');
    this.#watching = source.watch({
      signal: this.#stop.signal,
      onChange: (cells) => this.#changed(cells),
      onProblem: (diagnostic) => this.problems.push(diagnostic),
    });
  }

  get complete(): boolean {
    return this.source.complete === true;
  }

  /** What one cell contributed last; the key without the source's name. */
  cell(key: string): Contribution | undefined {
    return this.#cells.get(`${SOURCE}:${key}`);
  }

  /** The members of the pool of this name, as `address:port`, and `disabled` after those that go; undefined: no pool. */
  members(pool: string): readonly string[] | undefined {
    const found = this.#objects().find(({ kind, path }) => kind === 'pool' && path === `/${PARTITION}/${pool}`);
    if (found === undefined) return undefined;
    return ((found as Pool).members ?? []).map(({ address, port, adminState }) =>
      [`${address.ip}:${port}`, adminState].filter(Boolean).join(' '),
    );
  }

  /** The virtual servers of one Service, as `address:port/protocol -> pool`. */
  virtuals(service: string): readonly string[] {
    const prefix = `/${PARTITION}/${service}_`;
    return this.#objects()
      .filter((object): object is VirtualServer => object.kind === 'virtual' && object.path.startsWith(prefix))
      .map(({ destination, ipProtocol, pool }) => {
        return `${destination.address.ip}:${destination.port}/${ipProtocol} -> ${pool?.slice(PARTITION.length + 2)}`;
      })
      .sort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await this.source.close?.();
  }

  #objects() {
    return [...this.#cells.values()].flatMap(({ objects }) => objects);
  }

  #changed(cells: Iterable<CellKey>): void {
    const named = [...cells];
    const given = this.source.extract?.(named) ?? [];
    this.#take(given);
    const present = new Set(given.map(({ cell }) => cell));
    for (const cell of named) {
      if (present.has(cell) || !this.complete) continue;
      if (this.#cells.delete(cell)) this.gone.push(cell);
    }
  }

  /** A frozen cell keeps its objects. */
  #take(contributions: readonly Contribution[]): void {
    for (const contribution of contributions) {
      const objects = contribution.frozen === true ? (this.#cells.get(contribution.cell)?.objects ?? []) : undefined;
      this.#cells.set(contribution.cell, objects === undefined ? contribution : { ...contribution, objects });
    }
  }
}
