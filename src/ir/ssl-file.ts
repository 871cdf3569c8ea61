import type { Checksum } from './blob.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath, Ref } from './ref.ts';
import { refOf } from './ref.ts';

/** What both kinds of file say. */
interface SslFile {
  readonly path: FullPath;
  /** Of the content, which stands in the `BlobStore` alone. */
  readonly checksum: Checksum;
  /** Files can hold neither on the device. The profile that they belong to has the mark. */
  readonly description?: string;
  readonly mark?: Mark;
}

/**
 * `sys file ssl-cert`: one or several certificates, PEM. By its name it belongs to a profile: `/P/web.crt` (certificate) and
 * `/P/web.chain.crt` (what follows it) to the client SSL profile `/P/web`, `/P/web.ca.crt` (authorities) to the server SSL
 * profile `/P/web`.
 */
export interface SslCert extends SslFile {
  readonly kind: 'ssl-cert';
}

/** `sys file ssl-key`: a key, PEM, without passphrase. `/P/web.key` belongs to the client SSL profile `/P/web`. */
export interface SslKey extends SslFile {
  readonly kind: 'ssl-key';
}

/** The profile that a file belongs to, whose mark is the file's. */
export function profileOfFile({ path }: { readonly path: FullPath }): Ref {
  const ca = /^(.+)\.ca\.crt$/.exec(path)?.[1];
  if (ca !== undefined) return refOf('server-ssl', ca);
  return refOf('client-ssl', path.replace(/(?:\.chain)?\.(?:crt|key)$/, ''));
}

const fields = {
  checksum: { compare: 'value' },
  description: { compare: 'value', unwritten: true },
  mark: { compare: 'value', unwritten: true },
} as const;

/** How certificate files are read, compared and ordered. */
export const sslCertDescriptor: Descriptor<SslCert> = {
  kind: 'ssl-cert',
  noun: 'certificate file',
  order: 5,
  marked: 'none',
  shared: true,
  fields,
  references: () => [],
  companion: profileOfFile,
};

/**
 * How key files are read, compared and ordered. A key needs its certificate, so that both change in one transaction: the
 * device refuses, and TLS fails, if they do not fit.
 */
export const sslKeyDescriptor: Descriptor<SslKey> = {
  kind: 'ssl-key',
  noun: 'certificate key file',
  order: 6,
  marked: 'none',
  shared: true,
  fields,
  references: ({ path }) => [refOf('ssl-cert', path.replace(/\.key$/, '.crt'))],
  companion: profileOfFile,
};
