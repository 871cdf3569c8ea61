import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Kind } from '../../src/ir/objects.ts';
import type { Feed, FeedHost } from '../../src/sources/kubernetes/feed.ts';
import type { RecordKind } from '../../src/sources/kubernetes/records.ts';
import type { RecordChange } from '../../src/sources/kubernetes/store.ts';
import type { PodNetworkOptions } from '../../src/sources/pod-network/options.ts';
import type { GraceClock } from '../../src/sources/pod-network/overdue.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Applied, Planned } from '../../src/sync/options.ts';
import type { MemoryTarget } from '../../src/targets/memory/index.ts';
import type { Json } from '../../src/targets/bigip/request.ts';
import { refOf } from '../../src/ir/ref.ts';
import { changeOf } from '../../src/sources/kubernetes/changes.ts';
import { identify } from '../../src/sources/kubernetes/records.ts';
import { networkSourceName } from '../../src/sources/pod-network/options.ts';
import { NetworkPeers } from '../../src/sources/pod-network/peers.ts';
import { kindsOf } from '../../src/sources/pod-network/scopes.ts';
import { PodNetworkSource } from '../../src/sources/pod-network/source.ts';
import { Reconciler } from '../../src/sync/reconciler.ts';
import { MemorySnapshot } from '../../src/plan/memory-snapshot.ts';
import { compileUnit } from '../../src/targets/bigip/compile/compile-unit.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';

const signal = new AbortController().signal;

/** A feed that a test puts objects into, as an API server would tell them. */
export class HandFeed implements Feed {
  readonly doubt = false;
  complete = true;
  readonly problems: Diagnostic[] = [];
  readonly #host: FeedHost;
  readonly #network: readonly string[];
  readonly #source: string;

  constructor(host: FeedHost, source: string, network: readonly string[]) {
    this.#host = host;
    this.#source = source;
    this.#network = network;
  }

  put(...objects: readonly object[]): void {
    const context = { source: this.#source, annotationPrefixes: ['fairlead.io/'], network: this.#network };
    this.#tell(objects.map((object) => changeOf(identify(object).kind as RecordKind, object, context)));
  }

  remove(...objects: readonly object[]): void {
    this.#tell(
      objects.map((object) => {
        const { kind, key } = identify(object);
        return { type: 'remove', kind: kind as RecordKind, key };
      }),
    );
  }

  #tell(changes: readonly RecordChange[]): void {
    this.#host.changed(changes);
  }

  ready(): boolean {
    return true;
  }
  async load(): Promise<void> {}
  async follow(): Promise<void> {}
  async close(): Promise<void> {}
}

/** A clock that a test moves. */
export class HandClock implements GraceClock {
  #now = Date.parse('2026-11-28T12:00:00Z');
  readonly #waits = new Set<{ readonly at: number; readonly call: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const wait = { at: this.#now + ms, call };
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    this.#now += seconds * 1000;
    for (const wait of this.#waits) {
      if (wait.at > this.#now) continue;
      this.#waits.delete(wait);
      wait.call();
    }
  }
}

/** One cluster of a bed. */
export interface Cluster {
  readonly source: PodNetworkSource;
  readonly feed: HandFeed;
}

export function networkOptions(given: Partial<PodNetworkOptions> & Pick<PodNetworkOptions, 'cni'>): PodNetworkOptions {
  const cluster = given.cluster ?? 'east';
  return {
    cluster,
    source: networkSourceName(cluster),
    partition: 'k8s',
    mode: 'routes',
    gatewayAddressType: 'InternalIP',
    nodeNetworks: [],
    notReadyGraceMs: 60_000,
    borrowedAddresses: true,
    annotationPrefix: 'flannel.alpha.coreos.com/',
    flannelNamespace: 'kube-flannel',
    etcd: false,
    ...given,
  };
}

/** Clusters and a device in memory, brought together step by step; another bed with the same device is a restart. */
export class Bed {
  readonly clock = new HandClock();
  readonly target: MemoryTarget;
  readonly clusters: readonly Cluster[];
  readonly #others: readonly Source[];
  readonly #reconciler: Reconciler;

  constructor(
    options: readonly PodNetworkOptions[],
    given: {
      readonly target?: MemoryTarget;
      /** Sources that come after these networks. */
      readonly after?: (clusters: readonly Cluster[]) => readonly Source[];
    } = {},
  ) {
    const peers = new NetworkPeers();
    this.target = given.target ?? createMemoryTarget();
    this.clusters = options.map((one) => clusterOf(one, peers, this.clock));
    this.#others = given.after?.(this.clusters) ?? [];
    this.#reconciler = this.#reconcilerWith({});
  }

  get feed(): HandFeed {
    return this.clusters[0]!.feed;
  }

  /** Reads everything, plans and applies, as a start does. */
  async sync(more: { readonly allowDeletes?: boolean } = {}): Promise<Planned & Applied> {
    const reconciler = more.allowDeletes === true ? this.#reconcilerWith(more) : this.#reconciler;
    await reconciler.readDevice(signal);
    await reconciler.readSources(signal);
    const planned = await reconciler.planAll();
    const described = reconciler.describe(planned);
    return { ...described, ...(await reconciler.apply(planned.plan, { signal })), diagnostics: described.diagnostics };
  }

  #reconcilerWith(more: { readonly allowDeletes?: boolean }): Reconciler {
    return new Reconciler({
      instance: 'test',
      partition: 'k8s',
      sources: [...this.clusters.map(({ source }) => source), ...this.#others],
      target: this.target,
      threshold: { objects: 1000, share: 1 },
      ...more,
    });
  }

  /** What a GET of the collection would show, without marks: the body of each object's POST, sorted by name. */
  bodies(kind: Kind): readonly Json[] {
    const snapshot = this.target.device.snapshot();
    const objects = [...snapshot.refs()].flatMap((ref) => snapshot.get(ref)?.object ?? []);
    const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k8s' };
    return objects
      .filter((object) => object.kind === kind)
      .flatMap((object) => {
        const after = { ...object, mark: undefined } as unknown as typeof object;
        const change = { op: 'create', ref: refOf(after.kind, after.path), after, origins: [] } as const;
        return compileUnit({ id: '', wave: 0, changes: [change], origins: [] }, new MemorySnapshot(), context);
      })
      .map(({ body }) => body ?? {})
      .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
  }

  /** Routes in short: `10.244.1.0/24 > 10.1.20.101`, sorted. */
  routes(): readonly string[] {
    return this.bodies('route').map(({ network, gw }) => `${String(network)} > ${String(gw)}`);
  }
}

function clusterOf(options: PodNetworkOptions, peers: NetworkPeers, clock: GraceClock): Cluster {
  let feed: HandFeed | undefined;
  const parts = { options, peers, clock, kinds: kindsOf(options) };
  const source = new PodNetworkSource(parts, (host) => {
    feed = new HandFeed(host, options.source, [options.annotationPrefix]);
    return feed;
  });
  if (feed === undefined) throw new Error('the source asked for no feed');
  return { source, feed };
}

/** What a Node of a test says beside its name and address. */
export interface NodeParts {
  readonly podCIDRs?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly notReadySince?: string;
  readonly created?: string;
}

/** `node1` at 10.1.20.101. */
export function node(number: number, parts: NodeParts = {}): object {
  const { podCIDRs, annotations, addresses, notReadySince, created } = parts;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node${number}`,
      creationTimestamp: created ?? `2026-11-01T00:00:0${number}Z`,
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: podCIDRs === undefined ? {} : { podCIDR: podCIDRs[0], podCIDRs },
    status: {
      addresses: addresses ?? [
        { type: 'InternalIP', address: `10.1.20.10${number}` },
        { type: 'ExternalIP', address: `198.51.100.10${number}` },
        { type: 'Hostname', address: `node${number}` },
      ],
      conditions: [
        notReadySince === undefined
          ? { type: 'Ready', status: 'True', lastTransitionTime: '2026-11-01T00:00:00Z' }
          : { type: 'Ready', status: 'Unknown', lastTransitionTime: notReadySince },
      ],
    },
  };
}
