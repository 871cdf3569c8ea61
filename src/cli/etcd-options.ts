import type { Config } from '../config/schema.ts';
import type { EtcdSourceConfig } from '../config/etcd-schema.ts';
import type { EtcdSourceOptions } from '../sources/etcd/index.ts';
import type { TablePlace } from './table-options.ts';
import { tableOptions } from './table-options.ts';
import type { ReadSecret } from './cluster-secret.ts';
import { etcdConnection } from './etcd-connection.ts';

/** What a source of keys in etcd is made with, from the config. */
export function etcdSourceOptions(
  config: Config,
  place: TablePlace,
  { etcd, readSecret }: { readonly etcd: EtcdSourceConfig; readonly readSecret: ReadSecret },
): EtcdSourceOptions {
  const { api, prefix, format, key } = etcd;
  const connection = etcdConnection(etcd, `source ${place.source.name}: etcd`, readSecret);
  return {
    ...tableOptions(config, place, etcd),
    etcd: { ...connection, api, prefix },
    format,
    ...(key === undefined ? {} : { key }),
  };
}
