import type { EtcdSourceConfig } from '../config/etcd-schema.ts';
import type { EtcdOptions } from '../sources/etcd/client.ts';
import type { ReadSecret } from './cluster-secret.ts';
import { tlsOptions } from './tls-options.ts';

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
