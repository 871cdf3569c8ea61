import type { FullPath } from '../../../ir/ref.ts';
import type { Cidr } from './ip-range.ts';
import { fullPath, integer, oneOf, ttl, type Parse, word } from '../../values/parsers.ts';
import { spec } from './annotation-spec.ts';
import { parseCidr } from './ip-range.ts';

/** What `Strict-Transport-Security` says. */
export interface Hsts {
  /** Seconds. */
  readonly maxAge: number;
  readonly includeSubDomains: boolean;
  readonly preload: boolean;
}

/** The headers that tell a server of its client. */
export type ForwardedHeader = 'for' | 'proto' | 'host' | 'port';

const FORWARDED: readonly ForwardedHeader[] = ['for', 'proto', 'host', 'port'];
const TEN_YEARS = 315_360_000;

/** `31536000 includeSubDomains preload`. */
function hsts(text: string): Hsts | undefined {
  const [age = '', ...flags] = text.trim().split(/[\s,]+/);
  const maxAge = integer(0, TEN_YEARS)(age);
  const known = flags.map((flag) => flag.toLowerCase());
  const isValid = known.every((flag) => flag === 'includesubdomains' || flag === 'preload');
  if (maxAge === undefined || !isValid || new Set(known).size !== known.length) return undefined;
  return { maxAge, includeSubDomains: known.includes('includesubdomains'), preload: known.includes('preload') };
}

/** `none`, or some of the words with commas between them; in a fixed order. */
function forwarded(text: string): readonly ForwardedHeader[] | undefined {
  if (text.trim() === 'none') return [];
  const words = text.split(',').map((part) => part.trim());
  const found = FORWARDED.filter((header) => words.includes(header));
  return found.length === words.length ? found : undefined;
}

/** Networks with commas between them, at least one. */
function cidrs(text: string): readonly Cidr[] | undefined {
  const found = text.split(',').map((part) => parseCidr(part.trim()));
  const valid = found.filter((range) => range !== undefined);
  return valid.length === found.length ? valid : undefined;
}

/** A path that stands in a Tcl expression on the device, so nothing in it may mean anything there. */
function plainPath(text: string): string | undefined {
  const trimmed = text.trim();
  return /^\/[A-Za-z0-9/_.~%+@:-]*$/.test(trimmed) ? trimmed : undefined;
}

/** `300`, `5m`: seconds within bounds. */
function secondsOf(min: number, max: number): Parse<number> {
  return (text) => {
    const seconds = ttl(text);
    return seconds !== undefined && seconds >= min && seconds <= max ? seconds : undefined;
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `1048576`, `1024k`, `1m`, `1g`. */
function byteSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,13})([kmg]?)$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  return digits !== '' && bytes >= 1 && bytes <= 1024 ** 4 ? bytes : undefined;
}

function port(text: string): number | 'none' | undefined {
  return text.trim() === 'none' ? 'none' : integer(1, 65_535)(text);
}

function cookieName(text: string): string | undefined {
  const trimmed = text.trim();
  return /^[A-Za-z0-9_.-]{1,64}$/.test(trimmed) ? trimmed : undefined;
}

function hostName(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(trimmed) ? trimmed : undefined;
}

/** The annotations of Ingresses alone, by their name after the prefix; part of the table in annotations.ts. */
export const ingressAnnotations = {
  'http-port': spec<number | 'none'>({
    on: 'Ingress',
    form: 'a port from 1 to 65535, or `none`',
    default: '80',
    example: '8080',
    effect: 'The port for plain HTTP; `none`: there is no plain HTTP.',
    parse: port,
  }),
  'https-port': spec<number>({
    on: 'Ingress',
    form: 'a port from 1 to 65535',
    default: '443',
    example: '8443',
    effect: 'The port for HTTPS, if the Ingress has `spec.tls`.',
    parse: integer(1, 65_535),
  }),
  'ssl-redirect': spec<'true' | 'false'>({
    on: 'Ingress',
    form: '`true` or `false`',
    default: '`ingress.redirect` of the source, which is `true` if not set',
    example: 'false',
    effect: 'Whether plain HTTP to a host with TLS is answered with a redirect to HTTPS.',
    parse: oneOf('true', 'false'),
  }),
  'redirect-code': spec<number>({
    on: 'Ingress',
    form: '`301`, `302`, `303`, `307` or `308`',
    default: "the device's, which is 302",
    example: '308',
    effect: 'The status of that redirect.',
    parse: (text) => [301, 302, 303, 307, 308].find((code) => String(code) === text.trim()),
  }),
  hsts: spec<Hsts>({
    on: 'Ingress',
    form: 'seconds, a whole number from 0 to 315360000, and after it `includeSubDomains`, `preload` or both',
    default: 'no such header',
    example: '31536000 includeSubDomains',
    effect: 'Answers over HTTPS carry `Strict-Transport-Security`.',
    parse: hsts,
  }),
  'source-ranges': spec<readonly Cidr[]>({
    on: 'Ingress',
    form: 'networks with commas between them',
    default: 'all clients',
    example: '10.0.0.0/8,2001:db8::/32',
    effect: 'Clients of other networks are reset where they ask for what this Ingress serves.',
    parse: cidrs,
  }),
  affinity: spec<'none' | 'cookie' | 'source-address'>({
    on: 'Ingress',
    form: '`none`, `cookie` or `source-address`',
    default: '`none`',
    example: 'cookie',
    effect:
      'A client stays with its pod. Holds for all Ingresses of the address; the oldest that says something decides.',
    parse: oneOf('none', 'cookie', 'source-address'),
  }),
  'affinity-cookie': spec<string>({
    on: 'Ingress',
    form: 'up to 64 letters, digits, `_`, `.` and `-`',
    default: "the device's name, which holds that of the pool",
    example: 'SHOPID',
    effect: 'The name of the cookie of `affinity` `cookie`.',
    parse: cookieName,
  }),
  'forwarded-headers': spec<readonly ForwardedHeader[]>({
    on: 'Ingress',
    form: '`none`, or some of `for`, `proto`, `host` and `port` with commas between them',
    default: '`for,proto`',
    example: 'for,proto,host,port',
    effect:
      'Which of X-Forwarded-For, -Proto, -Host and -Port requests carry on to pods; what a client sent under these names is replaced (`for`: the address is added).',
    parse: forwarded,
  }),
  'max-body-size': spec<number>({
    on: 'Ingress',
    form: 'bytes, a whole number from 1, alone or with `k`, `m` or `g` (1024, 1024² and 1024³ of them) behind it; at most `1024g`',
    default: 'no limit',
    example: '8m',
    effect:
      'The largest body of a request; one that says that it is larger gets 413. A chunked one does not say: up to a limit of `1m` it is counted, above that it passes.',
    parse: byteSize,
  }),
  'rewrite-path': spec<string>({
    on: 'Ingress',
    form: 'a path of letters, digits and `/_.~%+@:-`',
    default: 'the path stays',
    example: '/',
    effect:
      'Stands in place of the path of the rule (of pathType Prefix: the rest stays after it) when a request goes on.',
    parse: plainPath,
  }),
  'rewrite-host': spec<string>({
    on: 'Ingress',
    form: 'a DNS name',
    default: 'the host stays',
    example: 'shop.internal',
    effect: 'The host that pods see.',
    parse: hostName,
  }),
  'backend-tls': spec<'off' | 'on' | 'verify'>({
    on: 'Ingress',
    form: '`off`, `on` or `verify`',
    default: '`off`',
    example: 'verify',
    effect:
      'Whether requests go on to pods over TLS, and whether their certificates are checked. Only Ingresses that say the same here share an address: the others are refused there.',
    parse: oneOf('off', 'on', 'verify'),
  }),
  'backend-tls-ca': spec<FullPath>({
    on: 'Ingress',
    form: 'the full path of a certificate file on the device',
    default: '`/Common/ca-bundle.crt`',
    example: '/Common/pods-ca.crt',
    effect: 'The authorities that `backend-tls` `verify` trusts.',
    parse: fullPath,
  }),
  'backend-tls-name': spec<string>({
    on: 'Ingress',
    form: 'a DNS name',
    default: 'none is sent',
    example: 'shop.internal',
    effect: 'The server name (SNI) that pods are asked for, and that `verify` expects in the certificate.',
    parse: hostName,
  }),
  'tcp-profile': spec<FullPath>({
    on: 'Ingress',
    form: 'the full path of a TCP profile',
    default: '`defaults.profiles.http` of the configuration: `/Common/tcp`',
    example: '/Common/tcp-wan-optimized',
    effect:
      'The TCP profile of the virtual servers: LTM keeps timeouts there (`idle-timeout`). Holds for all Ingresses of the address; the oldest that says something decides.',
    parse: fullPath,
  }),
  'idle-timeout': spec<number>({
    on: 'Ingress',
    form: 'seconds, a whole number from 1 to 86400, or a duration such as `90s`, `5m` or `1h`',
    default: "the TCP profile's: 300 s",
    example: '5m',
    effect:
      'How long a connection of a client, or one to a pod, may be silent until it is closed: a TCP profile of its own, made from that of `tcp-profile`. Holds for all Ingresses of the address; the oldest that says something decides.',
    parse: secondsOf(1, 86_400),
  }),
  'default-certificate': spec<string>({
    on: 'Ingress',
    form: 'the name of a Secret of the same namespace',
    default: 'the first Secret of `spec.tls` of the oldest Ingress of the address',
    example: 'shop-tls',
    effect:
      'The certificate for clients that name no host or an unknown one. Holds for the address; the oldest Ingress that says something decides.',
    parse: word,
  }),
} as const;
