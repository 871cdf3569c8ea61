import type { Parse } from './annotation-parsers.ts';
import { MONITOR_TYPES } from '../../../ir/monitor.ts';
import {
  addresses,
  dnsTarget,
  fullPaths,
  hostnames,
  integer,
  monitorRule,
  monitorText,
  oneOf,
  pathOrNone,
  profileUses,
  snat,
  ttl,
  vlanChoice,
  word,
} from './annotation-parsers.ts';

/** One annotation: how it is read, and all that its documentation says. */
export interface AnnotationSpec<T> {
  /** `Service`: for the whole Service. `port`: also for one port, with `.<port name or number>` after the name. */
  readonly on: 'Service' | 'port';
  /** What a valid value looks like; ends messages about invalid ones. */
  readonly form: string;
  /** What holds without it. */
  readonly default: string;
  readonly example: string;
  readonly effect: string;
  readonly parse: Parse<T>;
}

const spec = <T>(given: AnnotationSpec<T>): AnnotationSpec<T> => given;

const LOAD_BALANCING_MODES = [
  'round-robin',
  'ratio-member',
  'ratio-node',
  'ratio-session',
  'least-connections-member',
  'least-connections-node',
  'ratio-least-connections-member',
  'ratio-least-connections-node',
  'weighted-least-connections-member',
  'weighted-least-connections-node',
  'least-sessions',
  'fastest-node',
  'fastest-app-response',
  'observed-member',
  'observed-node',
  'predictive-member',
  'predictive-node',
  'dynamic-ratio-member',
  'dynamic-ratio-node',
] as const;

/** Every annotation that Services may carry, by its name after the prefix. docs/annotations.md is checked against this. */
export const annotations = {
  expose: spec({
    on: 'Service',
    form: '`true` or `false`',
    default: '`true` for Services of type LoadBalancer that are ours, else `false`',
    example: 'true',
    effect: 'Whether the Service gets virtual servers. `false` also keeps a LoadBalancer Service off the device.',
    parse: oneOf('true', 'false'),
  }),
  address: spec({
    on: 'Service',
    form: 'an IP address, or an IPv4 and an IPv6 address with a comma between them; `%<id>` names a route domain',
    default: '`spec.loadBalancerIP`, or else from an address pool',
    example: '10.1.10.50,2001:db8::50',
    effect: 'The addresses of the virtual servers. Exposes a Service of any type.',
    parse: addresses,
  }),
  'address-pool': spec({
    on: 'Service',
    form: 'the name of an address pool of the configuration that is open to the namespace',
    default: 'the first pool that is open to the namespace and has a free address',
    example: 'public',
    effect: 'The pool that the addresses come from.',
    parse: word,
  }),
  members: spec({
    on: 'port',
    form: '`cluster`, `nodeport` or `auto`',
    default: '`members` of the configuration, which is `auto` if not set',
    example: 'cluster',
    effect:
      'Pool members: pods (`cluster`), nodes with the node port (`nodeport`), or nodes if the port has a node port and pods if not (`auto`).',
    parse: oneOf('cluster', 'nodeport', 'auto'),
  }),
  type: spec({
    on: 'port',
    form: '`standard`, `http` or `l4`',
    default: '`http` if the port is TCP and its `appProtocol` is `http`, else `standard`',
    example: 'http',
    effect:
      'The kind of virtual server and with it its default profiles: full proxy, full proxy that reads HTTP (TCP only), or packet by packet (fastL4).',
    parse: oneOf('standard', 'http', 'l4'),
  }),
  profiles: spec({
    on: 'port',
    form: 'full paths with commas between them, each with `:clientside` or `:serverside` if it works on one side only',
    default:
      'those of `type`: `/Common/tcp`, `/Common/udp` or `/Common/sctp`; `/Common/http` with `/Common/tcp`; `/Common/fastL4`',
    example: '/Common/tcp,/Common/http,/Common/clientssl:clientside',
    effect: 'All profiles of the virtual server, in place of those of `type`.',
    parse: profileUses,
  }),
  'http-profile': spec({
    on: 'port',
    form: '`none` or the full path of an HTTP profile',
    default: '`/Common/http` if `type` is `http`, else none',
    example: '/Common/http-acme',
    effect: 'The HTTP profile, in place of that of `type: http`, which it implies. Not beside `profiles`.',
    parse: pathOrNone,
  }),
  snat: spec({
    on: 'port',
    form: '`automap`, `none` or the full path of a SNAT pool',
    default: '`automap`',
    example: '/Common/snat-pods',
    effect: 'How the source address of clients is translated on the way to members.',
    parse: snat,
  }),
  persistence: spec({
    on: 'port',
    form: '`none` or the full path of a persistence profile',
    default: '`/Common/source_addr` if `spec.sessionAffinity` is ClientIP, else none',
    example: '/Common/cookie',
    effect: 'The persistence profile. Cookie persistence needs an HTTP profile.',
    parse: pathOrNone,
  }),
  'fallback-persistence': spec({
    on: 'port',
    form: '`none` or the full path of a persistence profile',
    default: 'none',
    example: '/Common/source_addr',
    effect: 'The persistence profile used when the first one finds nothing.',
    parse: pathOrNone,
  }),
  rules: spec({
    on: 'port',
    form: 'full paths with commas between them',
    default: 'none',
    example: '/Common/log-requests,/Common/redirect',
    effect: 'iRules of the virtual server, in order of priority.',
    parse: fullPaths,
  }),
  policies: spec({
    on: 'port',
    form: 'full paths with commas between them',
    default: 'none',
    example: '/Common/cart-routing',
    effect: 'LTM policies of the virtual server, which has to read what they look at (an HTTP profile, mostly).',
    parse: fullPaths,
  }),
  vlans: spec({
    on: 'port',
    form: 'full paths with commas between them, after the word `except` if it listens on all others',
    default: 'all VLANs',
    example: 'except /Common/internal',
    effect: 'The VLANs that the virtual server listens on.',
    parse: vlanChoice,
  }),
  'connection-limit': spec({
    on: 'port',
    form: 'a whole number from 0 (no limit) to 4294967295',
    default: '0',
    example: '20000',
    effect: 'Most connections that the virtual server has at once.',
    parse: integer(0, 4_294_967_295),
  }),
  hostname: spec({
    on: 'Service',
    form: '`none`, or DNS names with commas between them: each of at least two labels (a-z, 0-9 and -), of which the first may be `*`',
    default:
      '`external-dns.alpha.kubernetes.io/hostname`, or else `<name>.<dns.suffix>` if the configuration has a suffix',
    example: 'shop.example.com,www.example.com',
    effect: 'The hosts that BIG-IP DNS answers with the addresses of the Service.',
    parse: hostnames,
  }),
  'dns-port': spec({
    on: 'Service',
    form: 'the name or number of a port of the Service',
    default: 'the first port',
    example: 'https',
    effect: 'The port whose virtual server tells whether the hosts are up.',
    parse: word,
  }),
  'dns-target': spec({
    on: 'Service',
    form: 'an IP address, or an IPv4 and an IPv6 address with a comma between them; or DNS names with commas between them',
    default: '`external-dns.alpha.kubernetes.io/target`, or else the addresses of the Service',
    example: '203.0.113.50',
    effect:
      'What the hosts are answered with: addresses that something in between translates to those of the Service, or canonical names (CNAME).',
    parse: dnsTarget,
  }),
  'dns-ttl': spec({
    on: 'Service',
    form: 'seconds, a whole number from 0 to 2147483647, or a duration such as `90s`, `5m` or `1h`',
    default: '`external-dns.alpha.kubernetes.io/ttl`, or else `dns.ttl` of the configuration, or else 30',
    example: '60',
    effect: 'How long an answer may be kept.',
    parse: ttl,
  }),
  'load-balancing-mode': spec({
    on: 'port',
    form: `one of ${LOAD_BALANCING_MODES.map((mode) => `\`${mode}\``).join(', ')}`,
    default: '`round-robin`',
    example: 'least-connections-member',
    effect: 'How the pool chooses a member.',
    parse: oneOf(...LOAD_BALANCING_MODES),
  }),
  'service-down-action': spec({
    on: 'port',
    form: '`none`, `reset`, `drop` or `reselect`',
    default: '`none`',
    example: 'reselect',
    effect: 'What happens to connections of a member that goes down.',
    parse: oneOf('none', 'reset', 'drop', 'reselect'),
  }),
  'slow-ramp-time': spec({
    on: 'port',
    form: 'seconds, a whole number from 0 to 900',
    default: '10',
    example: '30',
    effect: 'How long a new member gets less than its share.',
    parse: integer(0, 900),
  }),
  monitor: spec({
    on: 'port',
    form: '`none`, the full path of a monitor, several with `and` between them, or `min <n> of` several with blanks between them',
    default: '`/Common/tcp` for TCP, `/Common/gateway_icmp` for UDP and SCTP',
    example: 'min 1 of /Common/http /Common/tcp',
    effect: 'Existing monitors of the pool.',
    parse: monitorRule,
  }),
  'monitor-type': spec({
    on: 'port',
    form: '`tcp`, `udp`, `http`, `https`, `gateway-icmp` or `none`',
    default:
      'no monitor of its own; with another `monitor-…` annotation: `tcp` or `udp` by protocol, `gateway-icmp` for SCTP',
    example: 'http',
    effect: 'Makes a monitor for this port, in place of an existing one.',
    parse: oneOf(...MONITOR_TYPES, 'none'),
  }),
  'monitor-send': spec({
    on: 'port',
    form: 'a text that is not empty, without control characters but tab and line ends',
    default: "the device's for the type: `GET /\\r\\n` for HTTP",
    example: 'GET /healthz HTTP/1.1\\r\\nHost: shop\\r\\nConnection: close\\r\\n\\r\\n',
    effect: 'What the monitor sends. Not for `gateway-icmp`.',
    parse: monitorText,
  }),
  'monitor-receive': spec({
    on: 'port',
    form: 'a regular expression that is not empty',
    default: 'any answer',
    example: '^HTTP/1.[01] 200',
    effect: 'What the answer must match. Not for `gateway-icmp`.',
    parse: monitorText,
  }),
  'monitor-interval': spec({
    on: 'port',
    form: 'seconds, a whole number from 1 to 86400',
    default: '5',
    example: '10',
    effect: 'How often the monitor asks.',
    parse: integer(1, 86_400),
  }),
  'monitor-timeout': spec({
    on: 'port',
    form: 'seconds, a whole number from 2 to 86400, more than the interval',
    default: 'three times the interval and one: 16',
    example: '31',
    effect: 'How long a member may be silent until it is down.',
    parse: integer(2, 86_400),
  }),
} as const;

/** The names, without prefix and port. */
export type AnnotationName = keyof typeof annotations;

/** What reading an annotation gives. */
export type AnnotationValue<N extends AnnotationName> = NonNullable<ReturnType<(typeof annotations)[N]['parse']>>;
