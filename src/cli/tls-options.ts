import type { ReadTls } from '../sources/tls-files.ts';
import { readPem } from './read-pem.ts';

/** How a server is known and how we are known to it, as the config names files. */
interface TlsSettings {
  readonly caFile?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecureSkipVerify: boolean;
}

/**
 * Reads the PEM files of a connection, each time that it is asked.
 * @param field names the setting in errors: `source east: etcd`.
 */
export function tlsReader(files: TlsSettings, field: string): ReadTls {
  const pem = async (name: 'caFile' | 'clientCertificate' | 'clientKey'): Promise<string | undefined> => {
    const path = files[name];
    return path === undefined ? undefined : await readPem(path, `${field}.${name}`);
  };
  return async () => ({
    ...given('ca', await pem('caFile')),
    ...given('cert', await pem('clientCertificate')),
    ...given('key', await pem('clientKey')),
    rejectUnauthorized: !files.insecureSkipVerify,
  });
}

function given<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: string });
}
