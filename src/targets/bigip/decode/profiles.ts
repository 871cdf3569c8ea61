import type { HttpProfile, Hsts } from '../../../ir/http-profile.ts';
import type { CookiePersistence, SourceAddrPersistence } from '../../../ir/persistence.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { SslCert, SslKey } from '../../../ir/ssl-file.ts';
import type { ClientSsl, ServerSsl } from '../../../ir/ssl-profile.ts';
import type { TcpProfile } from '../../../ir/tcp-profile.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { decodeMarkedDescription } from './metadata.ts';
import { unescapeTmsh } from './text.ts';
import { listOf, numberOf, pathIn, textOf } from './values.ts';

/** Reads `sys file ssl-cert` and `ssl-key`. Stock files have no checksum (facts 8.11). */
export function decodeFile<K extends 'ssl-cert' | 'ssl-key'>(
  kind: K,
): (path: FullPath, body: Json) => (SslCert | SslKey) & { readonly kind: K } {
  return (path, body) =>
    ({ kind, path, checksum: textOf(body, 'checksum') ?? 'none' }) as (SslCert | SslKey) & { readonly kind: K };
}

/** Reads `ltm profile client-ssl`. Up to 11.4 there is no list, and the single properties stand alone. */
export function decodeClientSsl(path: FullPath, body: Json, context: DecodeContext): ClientSsl {
  const items = listOf(body, 'certKeyChain');
  const chains = items.length === 0 ? [body] : items;
  // Several certificates of several types: nothing that Fairlead writes, so it differs from what is wanted.
  const all = (property: string): string =>
    chains
      .map((item) => pathIn(item, property, context) ?? '')
      .join(' ')
      .trim();
  const chain = all('chain');
  return {
    kind: 'client-ssl',
    path,
    ...commonOf(body, '/Common/clientssl', context),
    ...given('ciphers', wordIn(body, 'ciphers')),
    ...given('options', optionsOf(body)),
    cert: all('cert'),
    key: all('key'),
    ...(chain === '' ? {} : { chain }),
    ...given('serverName', wordIn(body, 'serverName')),
    sniDefault: body['sniDefault'] === 'true',
  };
}

/** Reads `ltm profile server-ssl`. */
export function decodeServerSsl(path: FullPath, body: Json, context: DecodeContext): ServerSsl {
  return {
    kind: 'server-ssl',
    path,
    ...commonOf(body, '/Common/serverssl', context),
    ...given('ciphers', wordIn(body, 'ciphers')),
    ...given('options', optionsOf(body)),
    ...given('caFile', pathIn(body, 'caFile', context)),
    ...given('peerCertMode', wordIn(body, 'peerCertMode') as ServerSsl['peerCertMode']),
    ...given('authenticateName', wordIn(body, 'authenticateName')),
    ...given('serverName', wordIn(body, 'serverName')),
    ...given('cert', pathIn(body, 'cert', context)),
    ...given('key', pathIn(body, 'key', context)),
  };
}

/** Reads `ltm profile http`. */
export function decodeHttpProfile(path: FullPath, body: Json, context: DecodeContext): HttpProfile {
  const names = body['xffAlternativeNames'];
  const hsts = decodeHsts(body['hsts']);
  return {
    kind: 'http-profile',
    path,
    ...commonOf(body, '/Common/http', context),
    ...given('insertXForwardedFor', switchIn(body, 'insertXforwardedFor')),
    ...given('acceptXForwardedFor', switchIn(body, 'acceptXff')),
    ...(Array.isArray(names) && names.length > 0 ? { xffAlternativeNames: names.map(String) } : {}),
    ...given('hsts', hsts),
    ...given('redirectRewrite', textOf(body, 'redirectRewrite') as HttpProfile['redirectRewrite']),
    ...given('serverAgentName', wordIn(body, 'serverAgentName')),
    ...given('headerInsert', wordIn(body, 'headerInsert')),
    ...given('headerErase', wordIn(body, 'headerErase')),
    ...given('fallbackHost', wordIn(body, 'fallbackHost')),
  };
}

/** Reads `ltm profile tcp`. */
export function decodeTcpProfile(path: FullPath, body: Json, context: DecodeContext): TcpProfile {
  return {
    kind: 'tcp-profile',
    path,
    ...commonOf(body, '/Common/tcp', context),
    ...given('idleTimeout', numberOf(body, 'idleTimeout')),
  };
}

/** What is switched off by default is left out, as it is when it is not asked for. */
function decodeHsts(value: unknown): Hsts | undefined {
  const body = (typeof value === 'object' && value !== null ? value : {}) as Json;
  if (body['mode'] !== 'enabled') return undefined;
  return {
    maximumAge: numberOf(body, 'maximumAge') ?? 0,
    ...(body['includeSubdomains'] === 'enabled' ? { includeSubdomains: true } : {}),
    ...(body['preload'] === 'enabled' ? { preload: true } : {}),
  };
}

/** Reads `ltm persistence cookie`. */
export function decodeCookiePersistence(path: FullPath, body: Json, context: DecodeContext): CookiePersistence {
  return {
    kind: 'persistence-cookie',
    path,
    ...commonOf(body, '/Common/cookie', context),
    ...given('method', textOf(body, 'method') as CookiePersistence['method']),
    ...given('cookieName', wordIn(body, 'cookieName')),
    ...given('expiration', textOf(body, 'expiration')),
    ...given('httpOnly', switchIn(body, 'httponly')),
    ...given('secure', switchIn(body, 'secure')),
  };
}

/** Reads `ltm persistence source-addr`. */
export function decodeSourceAddrPersistence(path: FullPath, body: Json, context: DecodeContext): SourceAddrPersistence {
  return {
    kind: 'persistence-source-addr',
    path,
    ...commonOf(body, '/Common/source_addr', context),
    ...given('timeout', numberOf(body, 'timeout')),
    ...given('mask', wordIn(body, 'mask')),
  };
}

function commonOf(
  body: Json,
  root: FullPath,
  context: DecodeContext,
): Pick<ClientSsl, 'description' | 'mark' | 'defaultsFrom'> {
  const parent = pathIn(body, 'defaultsFrom', context);
  return {
    ...decodeMarkedDescription(body),
    ...(parent === undefined || parent === root ? {} : { defaultsFrom: parent }),
  };
}

/** A text of which `none` means that there is none. */
function wordIn(body: Json, property: string): string | undefined {
  const text = textOf(body, property);
  return text === undefined || text === 'none' ? undefined : unescapeTmsh(text);
}

function switchIn(body: Json, property: string): boolean | undefined {
  const text = textOf(body, property);
  return text === undefined ? undefined : text === 'enabled';
}

/** A list, or (14.1) one text: `{ dont-insert-empty-fragments no-tlsv1.3 }` (facts 8.9). */
function optionsOf(body: Json): readonly string[] | undefined {
  const value = body['tmOptions'];
  const words = Array.isArray(value) ? value.map(String) : (textOf(body, 'tmOptions') ?? '').split(/[\s{}]+/);
  const options = words.filter((word) => word !== '' && word !== 'none');
  return options.length === 0 ? undefined : options;
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: V });
}
