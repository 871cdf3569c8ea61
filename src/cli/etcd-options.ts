import type { Config } from '../config/schema.ts';
import type { SecretReference } from '../config/secret-reference.ts';
import type { EtcdSourceConfig } from '../config/etcd-schema.ts';
import type { EtcdOptions } from '../sources/etcd/client.ts';
import type { EtcdSourceOptions } from '../sources/etcd/index.ts';
import type { TablePlace } from './table-options.ts';
import { tableOptions } from './table-options.ts';
import { tlsOptions } from './tls-options.ts';

/** Reads a secret when it is needed. */
export type ReadSecret = (reference: SecretReference) => Promise<string>;

/** How an etcd is reached; PEM files are read now, the password at each login. */
export async function etcdConnection(
  etcd: Pick<
    EtcdSourceConfig,
    'endpoints' | 'caFile' | 'clientCertificate' | 'clientKey' | 'insecureSkipVerify' | 'username' | 'password'
  >,
  field: string,
  readPassword: ReadSecret,
): Promise<Pick<EtcdOptions, 'endpoints' | 'tls' | 'user'>> {
  const { username, password } = etcd;
  return {
    endpoints: etcd.endpoints,
    tls: await tlsOptions(etcd, field),
    ...(username === undefined || password === undefined
      ? {}
      : { user: { name: username, password: () => readPassword(password) } }),
  };
}

/** What a source of keys in etcd is made with, from the config. */
export async function etcdSourceOptions(
  config: Config,
  place: TablePlace,
  { etcd, readSecret }: { readonly etcd: EtcdSourceConfig; readonly readSecret: ReadSecret },
): Promise<EtcdSourceOptions> {
  const { api, prefix, format, key } = etcd;
  const connection = await etcdConnection(etcd, `source ${place.source.name}: etcd`, readSecret);
  return {
    ...tableOptions(config, place, etcd),
    etcd: { ...connection, api, prefix },
    format,
    ...(key === undefined ? {} : { key }),
  };
}
