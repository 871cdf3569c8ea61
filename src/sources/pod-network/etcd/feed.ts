import type { EtcdOptions } from '../../etcd/client.ts';
import type { EtcdChanges } from '../../etcd/store.ts';
import type { KeyFeed, KeyStore } from '../../watching/key-feed.ts';
import { EtcdError } from '../../etcd/client.ts';
import { etcdFeed } from '../../etcd/feed.ts';
import { openEtcd } from '../../etcd/open.ts';

/** What a feed of subnets tells of what it reads. */
export interface LeaseHost {
  /** Subnets that changed, by key; undefined: gone. */
  leasesChanged(changes: ReadonlyMap<string, string | undefined>): void;
  /** Flannel's own configuration. */
  netConfChanged(text: string | undefined): void;
  /** The keys that are held. */
  knownLeases(): Iterable<string>;
  stateChanged(): void;
}

const CONFIG = 'config';
const SUBNETS = 'subnets/';

/** Flannel's subnets as etcd has them. A list without any subnet is not believed: a flannel network has some. */
export function flannelFeed(given: {
  readonly host: LeaseHost;
  readonly source: string;
  readonly options: EtcdOptions;
}): KeyFeed<string> {
  const { host, source, options } = given;
  return etcdFeed({
    store: withSubnets(openEtcd(options), options.prefix),
    source,
    options,
    subject: 'the subnets of flannel',
    field: 'podNetwork.flannel.etcd',
    host: {
      keysChanged: (changes) => take(host, changes),
      knownKeys: () => [CONFIG, ...[...host.knownLeases()].map((key) => SUBNETS + key)],
      stateChanged: () => host.stateChanged(),
    },
  });
}

/** The store, whose lists are not believed unless there is a subnet. */
function withSubnets(store: KeyStore<string>, prefix: string): KeyStore<string> {
  return {
    list: async (signal) => {
      const list = await store.list(signal);
      if ([...list.items.keys()].some((key) => key.startsWith(SUBNETS))) return list;
      throw new EtcdError(`there is no subnet below ${prefix}/subnets, expected those of flannel`);
    },
    watch: (position, options) => store.watch(position, options),
    close: () => store.close(),
  };
}

function take(host: LeaseHost, changes: EtcdChanges): void {
  const leases = new Map<string, string | undefined>();
  for (const [key, value] of changes) {
    if (key === CONFIG) host.netConfChanged(value);
    else if (key.startsWith(SUBNETS)) leases.set(key.slice(SUBNETS.length), value);
  }
  if (leases.size > 0) host.leasesChanged(leases);
}
