import type { EtcdSourceConfig } from '../config/etcd-schema.ts';
import type { EtcdOptions } from '../sources/etcd/client.ts';
import type { ReadSecret } from './cluster-secret.ts';
import { tlsReader } from './tls-options.ts';

/** How an etcd is reached; PEM files are read at each connect, the password at each login. */
export function etcdConnection(
  etcd: Pick<
    EtcdSourceConfig,
    'endpoints' | 'caFile' | 'clientCertificate' | 'clientKey' | 'insecureSkipVerify' | 'username' | 'password'
  >,
  field: string,
  readPassword: ReadSecret,
): Pick<EtcdOptions, 'endpoints' | 'tls' | 'user'> {
  const { username, password } = etcd;
  return {
    endpoints: etcd.endpoints,
    tls: tlsReader(etcd, field),
    ...(username === undefined || password === undefined
      ? {}
      : { user: { name: username, password: () => readPassword(password) } }),
  };
}
