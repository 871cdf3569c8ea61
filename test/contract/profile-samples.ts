import type { BigipObject } from '../../src/ir/objects.ts';
import type { SslCert, SslKey } from '../../src/ir/ssl-file.ts';
import type { Sample } from './sample.ts';
import { selfSigned } from '../../src/emulator/tls/self-signed.ts';
import { createBlobStore } from '../../src/desired/blob-store.ts';
import { MARK } from './target-units.ts';

/** Where targets that are tested find the contents of the samples' files. */
export const blobs = createBlobStore();

function bytes(text: string): string {
  return blobs.put(new TextEncoder().encode(text));
}

/** A certificate and its key, as checksums; for this suite alone. */
function pair(name: string): { readonly cert: string; readonly key: string } {
  const { cert, key } = selfSigned([name], Date.now());
  return { cert: bytes(cert), key: bytes(key) };
}

const [one, two] = [pair('one.example.com'), pair('two.example.com')];

/** What a device has in them where nothing is said differs by version. */
const OPTIONS = ['dont-insert-empty-fragments'];

/** What the samples of other kinds have in common. */
interface Common {
  readonly partition: string;
  readonly descriptions: Readonly<Record<string, Partial<BigipObject>>>;
  readonly otherMark: Partial<BigipObject>;
}

/** Certificates, keys, and the profiles that sources make of their own. */
export function profileSamples(common: Common): readonly Sample[] {
  return [...fileSamples(common), clientSslSample(common), serverSslSample(common), ...plainSamples(common)];
}

function cert(path: string, checksum = one.cert): SslCert {
  return { kind: 'ssl-cert', path, checksum };
}

function key(path: string, checksum = one.key): SslKey {
  return { kind: 'ssl-key', path, checksum };
}

function fileSamples({ partition }: Common): readonly Sample[] {
  const web = `/${partition}/web`;
  return [
    { title: 'certificate file', base: cert(`${web}.crt`), variants: { checksum: { checksum: two.cert } } },
    {
      title: 'certificate key file',
      base: key(`${web}.key`),
      needs: [cert(`${web}.crt`)],
      variants: { checksum: { checksum: two.key } },
    },
  ];
}

function clientSslSample({ partition, descriptions, otherMark }: Common): Sample {
  const [web, other] = [`/${partition}/web`, `/${partition}/other`];
  const needs = [
    cert(`${web}.crt`),
    key(`${web}.key`),
    cert(`${web}.chain.crt`, two.cert),
    cert(`${other}.crt`, two.cert),
    key(`${other}.key`, two.key),
  ];
  return {
    title: 'client SSL profile',
    base: { kind: 'client-ssl', path: web, cert: `${web}.crt`, key: `${web}.key`, options: OPTIONS, mark: MARK },
    needs,
    variants: {
      ...descriptions,
      'cert with its key': { cert: `${other}.crt`, key: `${other}.key` },
      chain: { chain: `${web}.chain.crt` },
      serverName: { serverName: 'shop.example.com' },
      'sniDefault with its name': { serverName: 'shop.example.com', sniDefault: true },
      ciphers: { ciphers: 'ECDHE:!SSLv3' },
      options: { options: ['dont-insert-empty-fragments', 'no-tlsv1', 'no-tlsv1.1'] },
      mark: otherMark,
    },
  };
}

function serverSslSample({ partition, descriptions, otherMark }: Common): Sample {
  const web = `/${partition}/web`;
  return {
    title: 'server SSL profile',
    base: { kind: 'server-ssl', path: web, options: OPTIONS, mark: MARK },
    needs: [cert(`${web}.ca.crt`), cert(`${web}.crt`), key(`${web}.key`)],
    variants: {
      ...descriptions,
      caFile: { caFile: `${web}.ca.crt` },
      'peerCertMode with authorities': { peerCertMode: 'require', caFile: `${web}.ca.crt` },
      authenticateName: { authenticateName: 'inner.example.com' },
      serverName: { serverName: 'inner.example.com' },
      'cert with its key': { cert: `${web}.crt`, key: `${web}.key` },
      ciphers: { ciphers: 'ECDHE:!SSLv3' },
      options: { options: ['dont-insert-empty-fragments', 'no-tlsv1', 'no-tlsv1.1'] },
      mark: otherMark,
    },
  };
}

function plainSamples({ partition, descriptions, otherMark }: Common): readonly Sample[] {
  const path = `/${partition}/web`;
  return [
    {
      title: 'HTTP profile',
      base: { kind: 'http-profile', path, mark: MARK },
      variants: {
        ...descriptions,
        insertXForwardedFor: { insertXForwardedFor: true },
        acceptXForwardedFor: { acceptXForwardedFor: true },
        xffAlternativeNames: { acceptXForwardedFor: true, xffAlternativeNames: ['X-Real-IP'] },
        hsts: { hsts: { maximumAge: 31_536_000 } },
        'hsts with subdomains': { hsts: { maximumAge: 600, includeSubdomains: true } },
        redirectRewrite: { redirectRewrite: 'matching' },
        serverAgentName: { serverAgentName: 'web' },
        headerInsert: { headerInsert: 'X-Scheme: https' },
        headerErase: { headerErase: 'X-Debug' },
        fallbackHost: { fallbackHost: 'sorry.example.com' },
        mark: otherMark,
      },
    },
    {
      title: 'TCP profile',
      base: { kind: 'tcp-profile', path, mark: MARK },
      variants: { ...descriptions, idleTimeout: { idleTimeout: 60 }, mark: otherMark },
    },
    {
      title: 'cookie persistence profile',
      base: { kind: 'persistence-cookie', path, mark: MARK, httpOnly: true, secure: false },
      variants: {
        ...descriptions,
        method: { method: 'passive' },
        cookieName: { cookieName: 'shop' },
        expiration: { expiration: '3600' },
        httpOnly: { httpOnly: false },
        secure: { secure: true },
        mark: otherMark,
      },
    },
    {
      title: 'source address persistence profile',
      base: { kind: 'persistence-source-addr', path, mark: MARK },
      variants: { ...descriptions, timeout: { timeout: 600 }, mask: { mask: '255.255.255.0' }, mark: otherMark },
    },
  ];
}
