import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Hsts } from '../../../ir/http-profile.ts';
import type { KindForm } from './kind-form.ts';
import { list, optional, required, shape } from '../forms/compound.ts';
import { scalar } from '../forms/form.ts';
import { flag, integer, oneOf, path, text } from '../forms/scalars.ts';

const checksum = scalar<string>({
  expected: 'a checksum such as SHA1:1024:…, of a content that the device has already',
  schema: { type: 'string', pattern: String.raw`^SHA1:\d+:[0-9a-f]{40}$` },
  parse: (value) => (typeof value === 'string' && /^SHA1:\d+:[0-9a-f]{40}$/.test(value) ? value : undefined),
});

/** Whether something can be made of the bytes. What is wrong with them is not repeated: it may be a key. */
function isMadeOf(make: (bytes: Buffer) => unknown): (bytes: Buffer) => boolean {
  return (bytes) => {
    try {
      return make(bytes) !== undefined;
    } catch {
      return false;
    }
  };
}

/** `sys file ssl-cert`. */
export const sslCertForm: KindForm<'ssl-cert'> = {
  title: 'SslCertificate',
  content: {
    expected: 'PEM with one or several certificates',
    isGood: isMadeOf((bytes) => new X509Certificate(bytes)),
  },
  fields: { checksum: required(checksum), description: optional(text()) },
};

/** `sys file ssl-key`. */
export const sslKeyForm: KindForm<'ssl-key'> = {
  title: 'SslKey',
  content: { expected: 'PEM with a private key, without passphrase', isGood: isMadeOf(createPrivateKey) },
  fields: { checksum: required(checksum), description: optional(text()) },
};

const ssl = {
  description: optional(text()),
  defaultsFrom: optional(path()),
  ciphers: optional(text('a cipher string')),
  options: optional(list(text('an option such as no-tlsv1'))),
} as const;

/** `ltm profile client-ssl`. */
export const clientSslForm: KindForm<'client-ssl'> = {
  title: 'ClientSslProfile',
  byName: { fields: ['cert', 'key'], read: (full) => ({ cert: `${full}.crt`, key: `${full}.key` }) },
  fields: {
    ...ssl,
    cert: required(path('ssl-cert')),
    key: required(path('ssl-key')),
    chain: optional(path('ssl-cert')),
    serverName: optional(text('a host')),
    sniDefault: optional(flag),
  },
};

/** `ltm profile server-ssl`. */
export const serverSslForm: KindForm<'server-ssl'> = {
  title: 'ServerSslProfile',
  fields: {
    ...ssl,
    caFile: optional(path('ssl-cert')),
    peerCertMode: optional(oneOf('ignore', 'require')),
    authenticateName: optional(text('a host')),
    serverName: optional(text('a host')),
    cert: optional(path('ssl-cert')),
    key: optional(path('ssl-key')),
  },
};

const hsts = shape<Hsts>('a mapping with maximumAge', {
  maximumAge: required(integer(0, 4_294_967_295)),
  includeSubdomains: optional(flag),
  preload: optional(flag),
});

/** `ltm profile http`. */
export const httpProfileForm: KindForm<'http-profile'> = {
  title: 'HttpProfile',
  fields: {
    description: optional(text()),
    defaultsFrom: optional(path('http-profile')),
    insertXForwardedFor: optional(flag),
    acceptXForwardedFor: optional(flag),
    xffAlternativeNames: optional(list(text('a header'))),
    hsts: optional(hsts),
    redirectRewrite: optional(oneOf('none', 'all', 'matching', 'nodes')),
    serverAgentName: optional(text()),
    headerInsert: optional(text()),
    headerErase: optional(text()),
    fallbackHost: optional(text()),
  },
};

/** `ltm profile tcp`. */
export const tcpProfileForm: KindForm<'tcp-profile'> = {
  title: 'TcpProfile',
  fields: {
    description: optional(text()),
    defaultsFrom: optional(path('tcp-profile')),
    idleTimeout: optional(integer(1, 4_294_967_295)),
  },
};

/** `ltm persistence cookie`. */
export const cookieForm: KindForm<'persistence-cookie'> = {
  title: 'CookiePersistence',
  fields: {
    description: optional(text()),
    defaultsFrom: optional(path('persistence-cookie')),
    method: optional(oneOf('insert', 'rewrite', 'passive', 'hash')),
    cookieName: optional(text()),
    expiration: optional(text('0, seconds as text, or days:hours:minutes:seconds')),
    httpOnly: optional(flag),
    secure: optional(flag),
  },
};

/** `ltm persistence source-addr`. */
export const sourceAddrForm: KindForm<'persistence-source-addr'> = {
  title: 'SourceAddressPersistence',
  fields: {
    description: optional(text()),
    defaultsFrom: optional(path('persistence-source-addr')),
    timeout: optional(integer(1, 4_294_967_295)),
    mask: optional(text('a mask such as 255.255.255.0')),
  },
};
