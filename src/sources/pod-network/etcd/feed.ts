import type { EtcdOptions } from '../../etcd/client.ts';
import type { EtcdChanges } from '../../etcd/store.ts';
import { EtcdFeed } from '../../etcd/feed.ts';
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
}): EtcdFeed {
  const { host, source, options } = given;
  return new EtcdFeed({
    store: openEtcd(options),
    source,
    options,
    subject: 'the subnets of flannel',
    field: 'podNetwork.flannel.etcd',
    objectionTo: (items) =>
      [...items.keys()].some((key) => key.startsWith(SUBNETS))
        ? undefined
        : `there is no subnet below ${options.prefix}/subnets, expected those of flannel`,
    host: {
      keysChanged: (changes) => take(host, changes),
      knownKeys: () => [CONFIG, ...[...host.knownLeases()].map((key) => SUBNETS + key)],
      stateChanged: () => host.stateChanged(),
    },
  });
}

function take(host: LeaseHost, changes: EtcdChanges): void {
  const leases = new Map<string, string | undefined>();
  for (const [key, value] of changes) {
    if (key === CONFIG) host.netConfChanged(value);
    else if (key.startsWith(SUBNETS)) leases.set(key.slice(SUBNETS.length), value);
  }
  if (leases.size > 0) host.leasesChanged(leases);
}
