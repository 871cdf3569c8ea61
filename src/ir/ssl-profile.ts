import type { Descriptor, FieldSpec } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath, Ref } from './ref.ts';
import { hasOwnParent, inheritedValue } from './inherited.ts';
import { refOf } from './ref.ts';

/** What SSL profiles of both sides say. What is left out comes from the profile that it is made from. */
interface SslProfile {
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: `/Common/clientssl` or `/Common/serverssl`. */
  readonly defaultsFrom?: FullPath;
  /** Left out: `DEFAULT`. */
  readonly ciphers?: string;
  /** What OpenSSL calls options: `no-tlsv1`, `no-tlsv1.1` … Sorted. Left out: as the parent has them, which differs by version. */
  readonly options?: readonly string[];
  readonly mark?: Mark;
}

/** `ltm profile client-ssl`: how clients are spoken to. */
export interface ClientSsl extends SslProfile {
  readonly kind: 'client-ssl';
  readonly cert: FullPath;
  readonly key: FullPath;
  readonly chain?: FullPath;
  /** The name in a TLS hello that chooses it; may begin with `*.`. */
  readonly serverName?: string;
  /** True for the one profile of a virtual server that is taken where no name fits (01071809). */
  readonly sniDefault?: boolean;
}

/** `ltm profile server-ssl`: how servers are spoken to. */
export interface ServerSsl extends SslProfile {
  readonly kind: 'server-ssl';
  /** Authorities that may have signed the server's certificate. */
  readonly caFile?: FullPath;
  /** Left out: `ignore`, any certificate will do. */
  readonly peerCertMode?: 'ignore' | 'require';
  /** The name that the server's certificate must hold. */
  readonly authenticateName?: string;
  /** The name in the TLS hello. */
  readonly serverName?: string;
  /** The certificate and key that we show to the server. */
  readonly cert?: FullPath;
  readonly key?: FullPath;
}

const common = {
  description: { compare: 'value' },
  defaultsFrom: { compare: 'value' },
  ciphers: inheritedValue('DEFAULT'),
  options: { compare: 'set', inherited: () => true },
  mark: { compare: 'value', sortItems: ['origins'] },
} as const satisfies Readonly<Record<string, FieldSpec>>;

/** How client SSL profiles are read, compared and ordered. */
export const clientSslDescriptor: Descriptor<ClientSsl> = {
  kind: 'client-ssl',
  noun: 'client SSL profile',
  order: 20,
  marked: 'description',
  shared: true,
  byField: true,
  fields: {
    ...common,
    cert: { compare: 'value' },
    key: { compare: 'value' },
    chain: { compare: 'value' },
    serverName: { compare: 'value' },
    sniDefault: { compare: 'value', default: false },
  },
  references: ({ cert, key, chain }) => files({ certs: [cert, chain], keys: [key] }),
};

/** How server SSL profiles are read, compared and ordered. */
export const serverSslDescriptor: Descriptor<ServerSsl> = {
  kind: 'server-ssl',
  noun: 'server SSL profile',
  order: 20,
  marked: 'description',
  shared: true,
  fields: {
    ...common,
    caFile: { compare: 'value', inherited: hasOwnParent },
    peerCertMode: inheritedValue('ignore'),
    authenticateName: { compare: 'value', inherited: hasOwnParent },
    serverName: { compare: 'value', inherited: hasOwnParent },
    cert: { compare: 'value', inherited: hasOwnParent },
    key: { compare: 'value', inherited: hasOwnParent },
  },
  references: ({ caFile, cert, key }) => files({ certs: [caFile, cert], keys: [key] }),
};

interface Files {
  readonly certs: readonly (FullPath | undefined)[];
  readonly keys: readonly (FullPath | undefined)[];
}

function files({ certs, keys }: Files): readonly Ref[] {
  const isThere = (path: FullPath | undefined): path is FullPath => path !== undefined;
  return [
    ...new Set([
      ...certs.filter(isThere).map((path) => refOf('ssl-cert', path)),
      ...keys.filter(isThere).map((path) => refOf('ssl-key', path)),
    ]),
  ];
}
