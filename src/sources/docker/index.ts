import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { Relation } from '../../plan/relation.ts';
import type { Source } from '../source.ts';
import type { EntryFeed, EntryHost } from '../tables/entry-source.ts';
import { EntrySource } from '../tables/entry-source.ts';
import type { Table } from '../tables/row.ts';
import type { TableSourceOptions } from '../tables/table-source.ts';
import type { KeyChanges } from '../watching/key-feed.ts';
import { KeyFeed } from '../watching/key-feed.ts';
import type { Container } from './container.ts';
import { Engine } from './engine.ts';
import { explainFailure } from './explain.ts';
import { readLabels } from './labels.ts';
import type { DockerOptions } from './options.ts';
import { defaultDockerTiming, printEngine } from './options.ts';
import { POOL_LABEL, poolOf, printContainer, tablesOfPool } from './rows.ts';

/** What a source of containers is made with. */
export type DockerSourceOptions = TableSourceOptions & DockerOptions;

/** Containers of a Docker Engine as a source. Opens no connection until it is first read. */
export function createDockerSource(options: DockerSourceOptions): Source {
  const place = { file: `containers of ${printEngine(options)}` };
  return new EntrySource(options, place, (host) => new RowsOfContainers(options, host));
}

/** Turns containers into entries; those of one pool speak together. */
class RowsOfContainers implements EntryFeed {
  readonly #options: DockerSourceOptions;
  readonly #host: EntryHost;
  readonly #feed: KeyFeed<Container>;
  readonly #containers = new Map<string, Container>();
  readonly #idsOf = new Relation<string, string>();
  /** Of containers with labels that nobody knows. */
  readonly #warnings = new Map<string, readonly Diagnostic[]>();

  constructor(options: DockerSourceOptions, host: EntryHost) {
    this.#options = options;
    this.#host = host;
    this.#feed = new KeyFeed({
      store: new Engine(options),
      timing: { ...defaultDockerTiming, ...options.timing },
      explain: (verb, error) => explainFailure(options, verb, error),
      host: {
        keysChanged: (changes) => this.#take(changes),
        knownKeys: () => this.#containers.keys(),
        stateChanged: () => host.stateChanged(),
      },
    });
  }

  get complete(): boolean {
    return this.#feed.complete;
  }

  get problems(): readonly Diagnostic[] {
    return [...this.#feed.problems, ...[...this.#warnings.values()].flat()];
  }

  async load(signal: AbortSignal): Promise<void> {
    await this.#feed.load(signal);
  }

  async follow(signal: AbortSignal): Promise<void> {
    await this.#feed.follow(signal);
  }

  async close(): Promise<void> {
    await this.#feed.close();
  }

  #take(changes: KeyChanges<Container>): void {
    const entries = new Map<string, Table | undefined>();
    const pools = new Set<string>();
    for (const [id, container] of changes) {
      entries.set(id, undefined);
      for (const pool of this.#put(id, container)) pools.add(pool);
    }
    for (const pool of pools) {
      const containers = [...this.#idsOf.of(pool)].flatMap((id) => this.#containers.get(id) ?? []);
      for (const [id, table] of tablesOfPool(containers, this.#options)) entries.set(id, table);
    }
    this.#host.entriesChanged(entries);
  }

  /** Gives the pools that the container left or came to. */
  #put(id: string, container: Container | undefined): readonly string[] {
    const before = this.#containers.get(id);
    const [left, came] = [before, container].map((one) => (one === undefined ? undefined : poolOf(one)));
    if (left !== undefined) this.#idsOf.remove(left, id);
    if (came !== undefined) this.#idsOf.add(came, id);
    if (container === undefined) this.#containers.delete(id);
    else this.#containers.set(id, container);
    const unknown = container === undefined ? [] : strangeLabels(container);
    if (container === undefined || unknown.length === 0) this.#warnings.delete(id);
    else
      this.#warnings.set(
        id,
        unknown.map((text) => this.#warning(container, text)),
      );
    return [left, came].filter((pool) => pool !== undefined);
  }

  #warning(container: Container, text: string): Diagnostic {
    const place = printContainer(container);
    return {
      code: 'label-unknown',
      severity: 'warning',
      origin: place,
      summary: `${this.#options.source}: ${place}: ${text}`,
    };
  }
}

/** What is wrong with the labels of a container, and keeps nobody from taking the others. */
function strangeLabels(container: Container): readonly string[] {
  const { unknown } = readLabels(container.labels);
  if (poolOf(container) !== undefined) return unknown;
  return [...unknown, `label ${POOL_LABEL} is empty, expected the name of a pool: the container is left out`];
}
