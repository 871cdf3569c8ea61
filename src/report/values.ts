import type { Address, Endpoint } from '../ir/address.ts';
import type { FieldName } from '../ir/descriptor.ts';
import type { AnyGtmPool, GtmPoolMember } from '../ir/gtm-pool.ts';
import type { GtmServerAddress } from '../ir/gtm-server.ts';
import type { FdbRecord } from '../ir/fdb.ts';
import type { IRuleSection } from '../ir/irule.ts';
import type { Hsts } from '../ir/http-profile.ts';
import type { Mark } from '../ir/mark.ts';
import type { Kind, ObjectOf } from '../ir/objects.ts';
import type { MonitorRule, NodeLedger, PoolMember } from '../ir/pool.ts';
import type { AnyWideIp, WideIpPool } from '../ir/wideip.ts';
import type { PolicyRule } from '../ir/policy-rule.ts';
import type { SslCert } from '../ir/ssl-file.ts';
import type { ClientSsl, ServerSsl } from '../ir/ssl-profile.ts';
import type { ProfileUse, SourceTranslation, VlanChoice } from '../ir/virtual.ts';
import { printAddress, printEndpoint } from '../ir/address.ts';
import { printNetwork } from '../ir/network.ts';
import { describeOrigin } from '../ir/origin.ts';
import { memberName } from '../ir/pool.ts';
import { printRule } from './policy-rule.ts';

/** Prints a field's value; for keyed fields, one item. */
type Printer<V> = (value: V extends readonly (infer Item)[] ? Item | V : V) => string;

/** A printer for every field of every kind: a new field does not compile until it has one. */
type FieldPrinters<T> = { readonly [F in FieldName<T>]-?: Printer<NonNullable<T[F]>> };
type Printers = { readonly [K in Kind]: FieldPrinters<ObjectOf<K>> };

const plain = (value: string | number | boolean): string => String(value);
const quoted = (value: string): string => JSON.stringify(value);
/** Monitor texts hold `\\r\\n` as two characters each, as the device does: they are shown as they are written there. */
const probe = (value: string): string => quoted(value).replaceAll('\\\\', '\\');
const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const gtmPool: FieldPrinters<AnyGtmPool> = {
  description: quoted,
  loadBalancingMode: plain,
  ttl: seconds,
  members: (value) => eachItem<GtmPoolMember>(value, printRatio),
  mark: printMark,
};

const wideIp: FieldPrinters<AnyWideIp> = {
  description: quoted,
  poolLbMode: plain,
  pools: (value) => eachItem<WideIpPool>(value, printPool),
  cnamePools: (value) => eachItem<WideIpPool>(value, printPool),
  mark: printMark,
};

/** Of a content the checksum alone is ever shown. */
const sslFile: FieldPrinters<SslCert> = { checksum: plain, description: quoted, mark: printMark };

const sslProfile: FieldPrinters<Pick<ClientSsl, keyof ClientSsl & keyof ServerSsl>> = {
  description: quoted,
  defaultsFrom: plain,
  ciphers: plain,
  options: (value) => eachItem<string>(value, plain),
  cert: plain,
  key: plain,
  serverName: plain,
  mark: printMark,
};

const printers: Printers = {
  partition: { description: quoted, defaultRouteDomain: plain, mark: printMark },
  monitor: {
    type: plain,
    description: quoted,
    interval: seconds,
    timeout: seconds,
    send: probe,
    receive: probe,
    mark: printMark,
  },
  node: { description: quoted, address: printAddress, mark: printMark },
  pool: {
    description: quoted,
    loadBalancingMode: plain,
    monitor: printMonitorRule,
    serviceDownAction: plain,
    slowRampTime: seconds,
    minActiveMembers: plain,
    members: (value) => eachItem<PoolMember>(value, printMember),
    mark: printMark,
    nodeLedger: printLedger,
  },
  'pool-member': {
    description: quoted,
    address: printAddress,
    port: plain,
    node: plain,
    adminState: plain,
    ratio: plain,
    priorityGroup: plain,
    connectionLimit: plain,
    mark: printMark,
    origin: describeOrigin,
  },
  'ssl-cert': sslFile,
  'ssl-key': sslFile,
  'client-ssl': {
    ...sslProfile,
    chain: plain,
    sniDefault: yesNo,
  },
  'server-ssl': {
    ...sslProfile,
    caFile: plain,
    peerCertMode: plain,
    authenticateName: plain,
  },
  'http-profile': {
    description: quoted,
    defaultsFrom: plain,
    insertXForwardedFor: yesNo,
    acceptXForwardedFor: yesNo,
    xffAlternativeNames: (value) => eachItem<string>(value, plain),
    hsts: printHsts,
    redirectRewrite: plain,
    serverAgentName: quoted,
    headerInsert: quoted,
    headerErase: quoted,
    fallbackHost: plain,
    mark: printMark,
  },
  'tcp-profile': { description: quoted, defaultsFrom: plain, idleTimeout: seconds, mark: printMark },
  'persistence-cookie': {
    description: quoted,
    defaultsFrom: plain,
    method: plain,
    cookieName: plain,
    expiration: plain,
    httpOnly: yesNo,
    secure: yesNo,
    mark: printMark,
  },
  'persistence-source-addr': {
    description: quoted,
    defaultsFrom: plain,
    timeout: seconds,
    mask: plain,
    mark: printMark,
  },
  policy: {
    description: quoted,
    strategy: plain,
    rules: (value) => eachItem<PolicyRule>(value, printRule),
    mark: printMark,
  },
  irule: {
    description: quoted,
    sections: (value) => eachItem<IRuleSection | string>(value, printSection),
    mark: printMark,
  },
  'virtual-address': {
    description: quoted,
    address: (value: Address) => printAddress(value),
    arp: plain,
    icmpEcho: plain,
    routeAdvertisement: plain,
    trafficGroup: plain,
    mark: printMark,
  },
  virtual: {
    description: quoted,
    destination: (value: Endpoint) => printEndpoint(value),
    virtualAddress: plain,
    source: plain,
    ipProtocol: plain,
    pool: plain,
    profiles: (value) => eachItem<ProfileUse>(value, printProfile),
    persistence: plain,
    fallbackPersistence: plain,
    sourceAddressTranslation: printTranslation,
    rules: (value) => eachItem<string>(value, plain),
    policies: (value) => eachItem<string>(value, plain),
    vlans: printVlans,
    connectionLimit: plain,
    enabled: yesNo,
    mark: printMark,
  },
  'gtm-datacenter': { description: quoted, mark: printMark },
  'gtm-server': {
    description: quoted,
    datacenter: plain,
    product: plain,
    addresses: (value) => eachItem<GtmServerAddress>(value, printServerAddress),
    mark: printMark,
  },
  'gtm-virtual-server': {
    description: quoted,
    destination: (value: Endpoint) => printEndpoint(value),
    translation: (value: Endpoint) => printEndpoint(value),
    monitor: printMonitorRule,
    mark: printMark,
  },
  'gtm-pool-a': gtmPool,
  'gtm-pool-aaaa': gtmPool,
  'gtm-pool-cname': gtmPool,
  'wideip-a': wideIp,
  'wideip-aaaa': wideIp,
  'vxlan-profile': { description: quoted, floodingType: plain, port: plain, mark: printMark },
  tunnel: {
    description: quoted,
    profile: plain,
    key: plain,
    localAddress: printAddress,
    remoteAddress: printAddress,
    mark: printMark,
  },
  self: {
    description: quoted,
    address: printNetwork,
    vlan: plain,
    allowService: (value) => eachItem<string>(value, plain),
    trafficGroup: plain,
    mark: printMark,
  },
  fdb: { description: quoted, records: (value) => eachItem<FdbRecord>(value, printRecord), mark: printMark },
  route: { description: quoted, network: printNetwork, gateway: printAddress, mark: printMark },
  arp: { description: quoted, address: printAddress, mac: plain, mark: printMark },
  ndp: { description: quoted, address: printAddress, mac: plain, mark: printMark },
};

/**
 * A field's value in a few words, as the device would write it: `10.0.0.1:80`, `min 1 of /Common/tcp /Common/http`,
 * `10.0.0.1:80 disabled ratio 2`. Not set: `(default)`.
 */
export function printValue(kind: Kind, field: string, value: unknown): string {
  if (value === undefined) return '(default)';
  const byField = printers[kind] as Readonly<Record<string, ((value: unknown) => string) | undefined>>;
  const printer = byField[field];
  return printer === undefined ? JSON.stringify(value) : printer(value);
}

function seconds(value: number): string {
  return `${value} s`;
}

function eachItem<T>(value: T | readonly T[], print: (item: T) => string): string {
  if (!Array.isArray(value)) return print(value as T);
  return value.length === 0 ? 'none' : (value as readonly T[]).map(print).join(', ');
}

/** `10.0.0.1:80 disabled ratio 2 priority 10 limit 100`; defaults are left out. */
export function printMember(member: PoolMember): string {
  return [
    memberName(member),
    member.adminState === undefined || member.adminState === 'enabled' ? '' : member.adminState,
    numbered('ratio', member.ratio, 1),
    numbered('priority', member.priorityGroup, 0),
    numbered('limit', member.connectionLimit, 0),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The text of a section as it is; one name alone (a change of the order shows names) is that name. */
function printSection(section: IRuleSection | string): string {
  return typeof section === 'string' ? section : section.text;
}

function printPool({ path, ...more }: WideIpPool): string {
  return printRatio({ name: path, ...more });
}

function printRatio({ name, ratio }: { readonly name: string; readonly ratio?: number }): string {
  return [name, numbered('ratio', ratio, 1)].filter((part) => part !== '').join(' ');
}

function printServerAddress({ address, device, translation }: GtmServerAddress): string {
  return [address, device ?? '', translation === undefined ? '' : `(${translation})`]
    .filter((part) => part !== '')
    .join(' ');
}

function numbered(word: string, value: number | undefined, byDefault: number): string {
  return value === undefined || value === byDefault ? '' : `${word} ${value}`;
}

/** As TMOS writes it: `/Common/tcp and /Common/http`, `min 1 of /Common/tcp /Common/http`. */
function printMonitorRule({ minimum, monitors }: MonitorRule): string {
  if (minimum === undefined) return monitors.length === 0 ? 'none' : monitors.join(' and ');
  return `min ${minimum} of ${monitors.join(' ')}`;
}

function printRecord({ mac, endpoint }: FdbRecord): string {
  return `${mac} at ${printAddress(endpoint)}`;
}

function printProfile({ path, context }: ProfileUse): string {
  return context === 'all' ? path : `${path} (${context})`;
}

function printTranslation(value: SourceTranslation): string {
  return value.type === 'snat' ? `snat ${value.pool}` : value.type;
}

function printVlans({ mode, vlans }: VlanChoice): string {
  return `${mode === 'only' ? 'only on' : 'all but'} ${vlans.join(', ')}`;
}

/** `max-age 31536000, with subdomains, preload`. */
function printHsts({ maximumAge, includeSubdomains, preload }: Hsts): string {
  const parts = [`max-age ${maximumAge}`];
  if (includeSubdomains === true) parts.push('with subdomains');
  if (preload === true) parts.push('preload');
  return parts.join(', ');
}

function printMark({ instance, origins }: Mark): string {
  return `${instance}: ${origins.map(describeOrigin).join(', ')}`;
}

function printLedger({ foreign = [], unused = [] }: NodeLedger): string {
  const parts = [
    ...(foreign.length > 0 ? [`not ours ${foreign.join(' ')}`] : []),
    ...(unused.length > 0 ? [`to remove ${unused.join(' ')}`] : []),
  ];
  return parts.length === 0 ? 'empty' : parts.join('; ');
}
