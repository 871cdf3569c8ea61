import { readPem } from './read-pem.ts';

/** How a server is known and how we are known to it, as the config names files. */
interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecureSkipVerify: boolean;
}

/** What a connection by TLS is made with. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/**
 * Reads the PEM files of a connection, now.
 * @param field names the setting in errors: `source east: etcd`.
 */
export async function tlsOptions(files: TlsFiles, field: string): Promise<TlsOptions> {
  const pem = async (name: 'caFile' | 'clientCertificate' | 'clientKey'): Promise<string | undefined> => {
    const path = files[name];
    return path === undefined ? undefined : await readPem(path, `${field}.${name}`);
  };
  return {
    ...given('ca', await pem('caFile')),
    ...given('cert', await pem('clientCertificate')),
    ...given('key', await pem('clientKey')),
    rejectUnauthorized: !files.insecureSkipVerify,
  };
}

function given<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: string });
}
