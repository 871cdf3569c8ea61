import type { RequestHead, ResponseHead } from '../http/head.ts';
import { availableParallelism, loadavg } from 'node:os';
import { cookieValues } from '../http/cookies.ts';
import { headerValues } from '../http/head.ts';
import type { PolicyCondition } from './model.ts';

/** What a policy can look at. What is not known yet (the response, say) is undefined. */
export interface PolicyView {
  readonly client: { readonly address: string; readonly port: number };
  readonly local: { readonly address: string; readonly port: number };
  readonly routeDomain: number;
  /** Protocol and cipher of a client's TLS connection. */
  readonly tls?: { readonly protocol: string; readonly cipher: string; readonly cipherBits: number };
  /** What a client asked for in its TLS hello. */
  readonly hello?: { readonly serverName: string; readonly alpn: readonly string[] };
  readonly request?: RequestHead;
  readonly response?: ResponseHead;
  /** Variables that policies of the connection have set. */
  readonly variables?: ReadonlyMap<string, string>;
  /** A line for the log of the device. */
  readonly log?: (line: string) => void;
  /** Sets a variable of the connection. */
  readonly setVariable?: (name: string, value: string) => void;
}

type Reader = (view: PolicyView, condition: PolicyCondition) => readonly string[];

/** The parts of a URI as conditions name them. */
interface UriParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

/** Reads an origin form (`/a?b`) or an absolute URI; anything else is all path. */
export function uriParts(target: string): UriParts {
  const match =
    /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#]*))?(?<path>[^?#]*)(?:\?(?<query>[^#]*))?/i.exec(target);
  const { scheme = '', authority = '', path = '', query = '' } = match?.groups ?? {};
  const { host, port } = hostAndPort(authority);
  return { scheme, host, port, path, query };
}

/** `example.com:8080`, `[2001:db8::1]:80`, or a host alone. */
export function hostAndPort(text: string): { readonly host: string; readonly port: string } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text.trim());
  return { host: match?.[1] ?? text, port: match?.[2] ?? '' };
}

function one(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [value];
}

function at(list: readonly string[], index: number): readonly string[] {
  if (index === 0) return list;
  return one(list.at(index > 0 ? index - 1 : index));
}

function queryParameters(query: string): readonly (readonly [string, string | undefined])[] {
  const pairs = query === '' ? [] : query.split('&');
  return pairs.map((pair) => {
    const cut = pair.indexOf('=');
    return cut < 0 ? [pair, undefined] : [pair.slice(0, cut), pair.slice(cut + 1)];
  });
}

function uriValues(target: string, { selector, tmName, index }: PolicyCondition): readonly string[] {
  const { scheme, host, port, path, query } = uriParts(target);
  switch (selector) {
    case 'scheme':
      return one(scheme);
    case 'host':
      return one(host);
    case 'port':
      return one(port);
    case 'path':
      return one(path);
    case 'pathSegment':
      return at(
        path.split('/').filter((each) => each !== ''),
        index,
      );
    case 'extension':
      return one(/\.([^./]+)$/.exec(path)?.[1]);
    case 'queryString':
      return one(query);
    case 'queryParameter':
      return queryParameters(query).flatMap(([name, value]) => (name === tmName ? [value ?? ''] : []));
    case 'unnamedQueryParameter':
      return at(
        queryParameters(query).flatMap(([name, value]) => (value === undefined ? [name] : [])),
        index,
      );
    default:
      return one(target);
  }
}

function basicAuth(request: RequestHead, part: string): readonly string[] {
  const encoded = /^basic\s+(\S+)/i.exec(headerValues(request, 'authorization')[0] ?? '')?.[1];
  if (encoded === undefined) return [];
  const text = Buffer.from(encoded, 'base64').toString();
  const cut = text.indexOf(':');
  return part === 'password' ? [text.slice(cut + 1)] : [text.slice(0, Math.max(cut, 0))];
}

function version({ minor }: { readonly minor: number }, selector: string): readonly string[] {
  if (selector === 'major') return ['1'];
  if (selector === 'minor') return [String(minor)];
  return selector === 'protocol' ? ['HTTP'] : [`HTTP/1.${minor}`];
}

/** `Set-Cookie` lines of the response, those of one name if the condition has one. */
function setCookies(response: ResponseHead, { selector, tmName }: PolicyCondition): readonly string[] {
  return headerValues(response, 'set-cookie').flatMap((line) => {
    const [pair = '', ...attributes] = line.split(';').map((each) => each.trim());
    const cut = pair.indexOf('=');
    if (tmName !== undefined && pair.slice(0, Math.max(cut, 0)) !== tmName) return [];
    if (selector === 'value') return [pair.slice(cut + 1)];
    const name = selector === 'expiry' ? 'expires' : selector;
    return attributes.flatMap((each) => {
      const [key = '', ...rest] = each.split('=');
      return key.toLowerCase() === name ? [rest.join('=')] : [];
    });
  });
}

function ofRequest(read: (request: RequestHead, condition: PolicyCondition) => readonly string[]): Reader {
  return ({ request }, condition) => (request === undefined ? [] : read(request, condition));
}

function ofHost(text: string | undefined, selector: string): readonly string[] {
  if (text === undefined) return [];
  if (selector === 'port') return one(hostAndPort(text).port);
  return selector === 'host' ? one(hostAndPort(text).host) : one(text);
}

function side({ client, local }: PolicyView, condition: PolicyCondition): PolicyView['client'] {
  return condition.local ? local : client;
}

/** Headers of a WebSocket handshake. */
const HANDSHAKE: Readonly<Record<string, string>> = {
  protocol: 'sec-websocket-protocol',
  extension: 'sec-websocket-extensions',
  version: 'sec-websocket-version',
  key: 'sec-websocket-key',
};

/** Load of this machine in percent; of the last 15 seconds there is none, and that of the last minute stands for it. */
function cpuUsage(selector: string): number {
  const [minute = 0, fiveMinutes = 0] = loadavg();
  const load = selector === 'last_5mins' ? fiveMinutes : minute;
  return Math.min(100, Math.round((load / availableParallelism()) * 100));
}

/** How each operand is read. Operands that are not here (geoip, classification) never match. */
const readers: Readonly<Record<string, Reader>> = {
  httpUri: ofRequest((request, condition) => uriValues(request.target, condition)),
  httpReferer: ofRequest((request, condition) =>
    headerValues(request, 'referer').flatMap((each) => uriValues(each, condition)),
  ),
  httpHost: ofRequest((request, { selector }) => ofHost(headerValues(request, 'host')[0], selector)),
  httpConnect: ofRequest((request, { selector }) =>
    request.method === 'CONNECT' ? ofHost(request.target, selector) : [],
  ),
  httpMethod: ofRequest((request) => [request.method]),
  httpCookie: ofRequest((request, { tmName = '' }) => cookieValues(request, tmName)),
  httpBasicAuth: ofRequest((request, { selector }) => basicAuth(request, selector)),
  httpUserAgent: ofRequest((request, { selector }) =>
    selector === 'userAgentToken'
      ? headerValues(request, 'user-agent').flatMap((each) => each.split(/[\s();]+/).filter((token) => token !== ''))
      : [],
  ),
  httpHeader: ({ request, response }, { event, tmName = '' }) => {
    const head = event === 'response' || event === 'proxyResponse' ? response : request;
    return head === undefined ? [] : headerValues(head, tmName.toLowerCase());
  },
  httpVersion: ({ request, response }, { event, selector }) => {
    const head = event === 'response' || event === 'proxyResponse' ? response : request;
    return head === undefined ? [] : version(head, selector);
  },
  httpStatus: ({ response }, { selector }) => {
    if (response === undefined) return [];
    const text = response.startLine.replace(/^\S+ \d+ ?/, '');
    if (selector === 'text') return one(text);
    return selector === 'code' ? [String(response.status)] : [`${response.status} ${text}`.trim()];
  },
  httpSetCookie: ({ response }, condition) => (response === undefined ? [] : setCookies(response, condition)),
  sslExtension: ({ hello }, { selector, event }) => {
    if (hello === undefined || event !== 'sslClientHello') return [];
    return selector === 'serverName' ? one(hello.serverName) : selector === 'alpn' ? hello.alpn : [];
  },
  clientSsl: ({ tls }, { selector }) => {
    if (tls === undefined) return [];
    return [selector === 'cipher' ? tls.cipher : selector === 'cipherBits' ? String(tls.cipherBits) : tls.protocol];
  },
  websocket: ({ request, response }, { event, selector }) => {
    const head = event === 'wsResponse' ? response : request;
    return head === undefined ? [] : headerValues(head, HANDSHAKE[selector] ?? '');
  },
  cpuUsage: (_view, { selector }) => [String(cpuUsage(selector))],
  tcp: (view, condition) => {
    const { selector } = condition;
    if (selector === 'address') return [side(view, condition).address];
    if (selector === 'port') return [String(side(view, condition).port)];
    return selector === 'routeDomain' ? [String(view.routeDomain)] : [];
  },
};

/** The values that a condition looks at; none if the thing is not there. */
export function valuesOf(view: PolicyView, condition: PolicyCondition): readonly string[] {
  return readers[condition.operand]?.(view, condition) ?? [];
}
