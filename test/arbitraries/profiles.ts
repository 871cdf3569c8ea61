import type { Arbitrary } from 'fast-check';
import type { HttpProfile } from '../../src/ir/http-profile.ts';
import type { Mark } from '../../src/ir/mark.ts';
import type { CookiePersistence, SourceAddrPersistence } from '../../src/ir/persistence.ts';
import type { SslCert, SslKey } from '../../src/ir/ssl-file.ts';
import type { ClientSsl, ServerSsl } from '../../src/ir/ssl-profile.ts';
import type { TcpProfile } from '../../src/ir/tcp-profile.ts';
import fc from 'fast-check';
import { checksumOf } from '../../src/desired/blob-store.ts';
import { canonical } from '../../src/ir/canonical.ts';

/** What profiles are made of, as other objects are. */
interface Ingredients {
  readonly path: Arbitrary<string>;
  readonly common: Arbitrary<string>;
  readonly description: Arbitrary<string>;
  readonly word: Arbitrary<string>;
  readonly mark: Arbitrary<Mark>;
}

/** Arbitraries of the kinds that this file is about. */
interface ProfileArbitraries {
  readonly 'ssl-cert': Arbitrary<SslCert>;
  readonly 'ssl-key': Arbitrary<SslKey>;
  readonly 'client-ssl': Arbitrary<ClientSsl>;
  readonly 'server-ssl': Arbitrary<ServerSsl>;
  readonly 'http-profile': Arbitrary<HttpProfile>;
  readonly 'tcp-profile': Arbitrary<TcpProfile>;
  readonly 'persistence-cookie': Arbitrary<CookiePersistence>;
  readonly 'persistence-source-addr': Arbitrary<SourceAddrPersistence>;
}

/** What a parent cannot take back once it is set (it differs by version), so every object sets it. */
const options = fc.uniqueArray(fc.constantFrom('no-tlsv1', 'no-tlsv1.1', 'dont-insert-empty-fragments'), {
  minLength: 1,
});
const ciphers = fc.constantFrom('DEFAULT', 'ECDHE:!SSLv3');

/** All profiles that a parent of one's own may give something to say all that it could give. */
export function profileArbitraries({ path, common, description, word, mark }: Ingredients): ProfileArbitraries {
  const checksum = word.map((text) => checksumOf(new TextEncoder().encode(text)));
  const base = { path, description, mark };
  return {
    'ssl-cert': fc.record({ kind: fc.constant('ssl-cert' as const), path, checksum }).map(canonical),
    'ssl-key': fc.record({ kind: fc.constant('ssl-key' as const), path, checksum }).map(canonical),
    'client-ssl': fc
      .record(
        {
          ...base,
          kind: fc.constant('client-ssl' as const),
          defaultsFrom: common,
          cert: path,
          key: path,
          chain: path,
          serverName: fc.constantFrom('shop.example.com', '*.example.com'),
          sniDefault: fc.boolean(),
          ciphers,
          options,
        },
        { requiredKeys: ['kind', 'path', 'cert', 'key', 'ciphers', 'options'] },
      )
      .map(canonical),
    'server-ssl': fc
      .record(
        {
          ...base,
          kind: fc.constant('server-ssl' as const),
          caFile: path,
          peerCertMode: fc.constantFrom('ignore' as const, 'require' as const),
          authenticateName: word,
          serverName: word,
          cert: path,
          key: path,
          ciphers,
          options,
        },
        { requiredKeys: ['kind', 'path', 'options'] },
      )
      .map(canonical),
    'http-profile': fc
      .record(
        {
          ...base,
          kind: fc.constant('http-profile' as const),
          insertXForwardedFor: fc.boolean(),
          acceptXForwardedFor: fc.boolean(),
          xffAlternativeNames: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
          hsts: fc.record(
            { maximumAge: fc.nat(31_536_000), includeSubdomains: fc.constant(true), preload: fc.constant(true) },
            { requiredKeys: ['maximumAge'] },
          ),
          redirectRewrite: fc.constantFrom('none' as const, 'all' as const, 'matching' as const),
          serverAgentName: word,
          headerInsert: word.map((name) => `${name}: "a" {b}`),
          headerErase: word,
          fallbackHost: word,
        },
        { requiredKeys: ['kind', 'path'] },
      )
      .map(canonical),
    'tcp-profile': fc
      .record(
        { ...base, kind: fc.constant('tcp-profile' as const), idleTimeout: fc.integer({ min: 1, max: 86_400 }) },
        { requiredKeys: ['kind', 'path'] },
      )
      .map(canonical),
    'persistence-cookie': fc
      .record(
        {
          ...base,
          kind: fc.constant('persistence-cookie' as const),
          method: fc.constantFrom('insert' as const, 'rewrite' as const, 'passive' as const),
          cookieName: word,
          expiration: fc.constantFrom('0', '3600', '1:2:3:4'),
          httpOnly: fc.boolean(),
          secure: fc.boolean(),
        },
        { requiredKeys: ['kind', 'path', 'httpOnly', 'secure'] },
      )
      .map(canonical),
    'persistence-source-addr': fc
      .record(
        {
          ...base,
          kind: fc.constant('persistence-source-addr' as const),
          timeout: fc.integer({ min: 1, max: 10_000 }),
          mask: fc.constantFrom('255.255.255.0', 'ffff:ffff::'),
        },
        { requiredKeys: ['kind', 'path'] },
      )
      .map(canonical),
  };
}
