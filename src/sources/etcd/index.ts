import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Source } from '../source.ts';
import type { EntryFeed, EntryHost } from '../tables/entry-source.ts';
import type { Table } from '../tables/row.ts';
import type { TableSourceOptions } from '../tables/table-source.ts';
import type { KeyFeed } from '../watching/key-feed.ts';
import type { EtcdOptions } from './client.ts';
import type { KeyOptions } from './read-key.ts';
import type { EtcdChanges } from './store.ts';
import { EntrySource } from '../tables/entry-source.ts';
import { etcdFeed } from './feed.ts';
import { openEtcd } from './open.ts';
import { keyReader } from './read-key.ts';

/** What a source of keys in etcd is made with. */
export type EtcdSourceOptions = TableSourceOptions & Omit<KeyOptions, 'prefix'> & { readonly etcd: EtcdOptions };

/** Keys of an etcd as a source: each holds rows. Opens no connection until it is first read. */
export function createEtcdSource(options: EtcdSourceOptions): Source {
  const place = { file: `${options.etcd.prefix} in etcd` };
  return new EntrySource(options, place, (host) => new RowsOfKeys(options, host));
}

/** Turns keys into entries, and notes those that are left out. */
class RowsOfKeys implements EntryFeed {
  readonly #options: EtcdSourceOptions;
  readonly #host: EntryHost;
  readonly #feed: KeyFeed<string>;
  readonly #read: (rest: string, value: string) => Table | undefined;
  readonly #leftOut = new Set<string>();

  constructor(options: EtcdSourceOptions, host: EntryHost) {
    const { source, etcd, format, key } = options;
    this.#options = options;
    this.#host = host;
    this.#read = keyReader({ prefix: etcd.prefix, format, ...(key === undefined ? {} : { key }) });
    this.#feed = etcdFeed({
      store: openEtcd(etcd),
      source,
      options: etcd,
      subject: `the keys below ${etcd.prefix}`,
      field: `etcd of source ${source}`,
      host: {
        keysChanged: (changes) => this.#take(changes),
        knownKeys: () => [...host.knownEntries(), ...this.#leftOut],
        stateChanged: () => host.stateChanged(),
      },
    });
  }

  get complete(): boolean {
    return this.#feed.complete;
  }

  get problems(): readonly Diagnostic[] {
    const [first] = this.#leftOut;
    if (first === undefined) return this.#feed.problems;
    const { source, etcd, key } = this.#options;
    const summary = `${source}: ${etcd.prefix}/${first} does not match key (${key ?? ''}): it is left out, and others like it`;
    return [...this.#feed.problems, { code: 'key-left-out', severity: 'warning', origin: source, summary }];
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

  #take(changes: EtcdChanges): void {
    const entries = new Map<string, Table | undefined>();
    for (const [rest, value] of changes) {
      const table = value === undefined ? undefined : this.#read(rest, value);
      if (value !== undefined && table === undefined) this.#leftOut.add(rest);
      else this.#leftOut.delete(rest);
      entries.set(rest, table);
    }
    this.#host.entriesChanged(entries);
  }
}
