import type { Arbitrary } from 'fast-check';
import type { Address } from '../../src/ir/address.ts';
import type { BigipObject, Kind, ObjectOf } from '../../src/ir/objects.ts';
import type { FullPath } from '../../src/ir/ref.ts';
import fc from 'fast-check';
import { parseAddress, printAddress } from '../../src/ir/address.ts';
import { canonical } from '../../src/ir/canonical.ts';
import { MONITOR_TYPES } from '../../src/ir/monitor.ts';
import { networkOf } from '../../src/ir/network.ts';
import { loneMemberPath } from '../../src/ir/pool-member.ts';
import { memberName } from '../../src/ir/pool.ts';
import { iruleArbitrary } from './irules.ts';
import { policyArbitrary } from './policies.ts';
import { profileArbitraries } from './profiles.ts';

/** The partition that arbitrary objects live in. */
const PARTITION = 'kubernetes';

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/);
const pathIn = (partition: string): Arbitrary<FullPath> => word.map((name) => `/${partition}/${name}`);
const path = fc.oneof(
  pathIn(PARTITION),
  fc.tuple(word, word).map(([folder, name]) => `/${PARTITION}/${folder}/${name}`),
);
const common = pathIn('Common');
const port = fc.oneof(fc.constantFrom(80, 443, 8080), fc.integer({ min: 0, max: 65_535 }));

/** Texts that people write, with all that is awkward on a device: tags, quotes, braces, line breaks, `none`. */
export const awkwardText: Arbitrary<string> = fc.oneof(
  fc.constantFrom('none', 'Service default/web (cluster east)', '<b>x</b>', String.raw`a\\b "c" {d} e?`, '&lt;', ' x '),
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }),
);

/** IPv4 and IPv6 unicast addresses, some in a route domain of their own (never 0, the default). */
const address: Arbitrary<Address> = fc
  .record(
    {
      ip: fc.oneof(
        fc.tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255)).map((p) => p.join('.')),
        fc
          .array(fc.nat(0xff_ff), { minLength: 7, maxLength: 7 })
          .map((p) => `2001:${p.map((n) => n.toString(16)).join(':')}`),
      ),
      routeDomain: fc.integer({ min: 1, max: 65_534 }),
    },
    { requiredKeys: ['ip'] },
  )
  .map(({ ip, routeDomain }) => {
    const parsed = parseAddress(routeDomain === undefined ? ip : `${ip}%${routeDomain}`);
    if (parsed === undefined) throw new Error(`the generator made no address: ${ip}`);
    return parsed;
  });

const network = fc
  .tuple(address, fc.integer({ min: 1, max: 32 }))
  .map(([at, bits]) => ({ address: at, length: at.ip.includes(':') ? bits * 4 : bits }));
/** Of one station: the lowest bit of the first byte is not set. */
const mac = fc
  .array(fc.nat(255), { minLength: 6, maxLength: 6 })
  .map(([first = 0, ...rest]) => [(first & 0xfe) | 2, ...rest].map((byte) => byte.toString(16).padStart(2, '0')))
  .map((parts) => parts.join(':'));

const origin = fc.oneof(
  fc.tuple(word, word).map(([namespace, name]) => `east:Service/${namespace}/${name}`),
  fc.nat(999).map((row) => `sheet:Row/my vips 100%.csv#${row}`),
);
const mark = fc.record({ instance: word, origins: fc.uniqueArray(origin, { minLength: 1, maxLength: 4 }) });
const description = awkwardText;

const member = fc.record(
  {
    address,
    port,
    node: common,
    adminState: fc.constantFrom('enabled' as const, 'disabled' as const, 'offline' as const),
    ratio: fc.integer({ min: 1, max: 100 }),
    priorityGroup: fc.nat(100),
    connectionLimit: fc.nat(10_000),
  },
  { requiredKeys: ['address', 'port'] },
);

const monitorRule = fc.oneof(
  fc.record({ monitors: fc.uniqueArray(fc.oneof(common, path), { minLength: 1, maxLength: 3 }) }),
  fc.record({
    minimum: fc.constantFrom(1, 2),
    monitors: fc.uniqueArray(fc.oneof(common, path), { minLength: 2, maxLength: 4 }),
  }),
);

const nodeLedger = fc
  .record({
    foreign: fc.uniqueArray(address.map(printAddress), { maxLength: 3 }),
    unused: fc.uniqueArray(address.map(printAddress), { maxLength: 3 }),
  })
  .filter(({ foreign, unused }) => foreign.length + unused.length > 0);

/** A virtual address and the destinations on it: of our own partition, named by the address; or somebody else's. */
const target = fc.tuple(address, port, fc.constantFrom(PARTITION, 'Common')).map(([address, port, partition]) => ({
  destination: { address, port },
  virtualAddress: `/${partition}/${printAddress(address)}`,
}));

const translation = fc.oneof(
  fc.constant({ type: 'none' as const }),
  fc.constant({ type: 'automap' as const }),
  common.map((pool) => ({ type: 'snat' as const, pool })),
);

const virtual = fc
  .tuple(
    target,
    fc.record(
      {
        kind: fc.constant('virtual' as const),
        path,
        description,
        source: fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32'),
        ipProtocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const, 'any' as const),
        pool: path,
        profiles: fc.uniqueArray(
          fc.record({
            path: common,
            context: fc.constantFrom('all' as const, 'clientside' as const, 'serverside' as const),
          }),
          { minLength: 1, maxLength: 4, selector: (profile) => profile.path },
        ),
        persistence: common,
        fallbackPersistence: common,
        sourceAddressTranslation: translation,
        rules: fc.uniqueArray(common, { maxLength: 3 }),
        policies: fc.uniqueArray(fc.oneof(common, path), { maxLength: 3 }),
        vlans: fc.record({
          mode: fc.constantFrom('only' as const, 'except' as const),
          vlans: fc.uniqueArray(common, { minLength: 1, maxLength: 3 }),
        }),
        connectionLimit: fc.nat(1000),
        enabled: fc.boolean(),
        mark,
      },
      { requiredKeys: ['kind', 'path', 'ipProtocol', 'profiles'] },
    ),
  )
  .map(([where, rest]) => Object.assign({}, rest, where));

const gtmPoolBase = (name: Arbitrary<string>) => ({
  path,
  description,
  loadBalancingMode: fc.constantFrom('round-robin', 'global-availability', 'ratio'),
  ttl: fc.nat(86_400),
  members: fc.uniqueArray(
    fc.record({ name, ratio: fc.integer({ min: 1, max: 100 }), origin }, { requiredKeys: ['name'] }),
    { maxLength: 4, selector: ({ name }) => name },
  ),
  mark,
});
const onServer = fc.tuple(common, word).map(([server, name]) => `${server}:${name}`);
const domain = fc.tuple(word, word).map(([host, zone]) => `${host}.${zone}.example`);

const wideIpPools = fc
  .uniqueArray(fc.record({ path, ratio: fc.integer({ min: 1, max: 100 }) }, { requiredKeys: ['path'] }), {
    maxLength: 4,
    selector: (pool) => pool.path,
  })
  .map((pools) => pools.map((pool, order) => Object.assign({ order }, pool)));

const wideIpBase = {
  path: fc
    .oneof(
      domain,
      domain.map((name) => `*.${name}`),
    )
    .map((name) => `/${PARTITION}/${name}`),
  description,
  poolLbMode: fc.constantFrom('round-robin', 'global-availability', 'ratio'),
  pools: wideIpPools,
  cnamePools: wideIpPools,
  mark,
};
const needed: { requiredKeys: ('kind' | 'path')[] } = { requiredKeys: ['kind', 'path'] };

/** Few words, so that a device is now and then named as its server, which is the default. */
const boxName = fc.oneof(fc.constantFrom('bigip1', 'bigip2'), word);
const gtmServer = fc.record(
  {
    kind: fc.constant('gtm-server' as const),
    path: boxName.map((name): FullPath => `/Common/${name}`),
    description,
    datacenter: common,
    product: fc.constantFrom('bigip', 'generic-host'),
    addresses: fc.uniqueArray(
      fc.record(
        { address: address.map(({ ip }) => ip), device: boxName, translation: address.map(({ ip }) => ip) },
        { requiredKeys: ['address'] },
      ),
      { minLength: 1, maxLength: 3, selector: (item) => item.address },
    ),
    mark,
  },
  { requiredKeys: ['kind', 'path', 'datacenter', 'addresses'] },
);
const gtmEndpoint = fc.record({ address: address.map(({ ip }) => ({ ip })), port });

/** One arbitrary per kind; all objects are canonical. */
export const objectOf: { readonly [K in Kind]: Arbitrary<ObjectOf<K>> } = {
  partition: fc
    .record(
      {
        kind: fc.constant('partition' as const),
        path: word.map((name) => `/${name}`),
        description,
        defaultRouteDomain: fc.nat(65_534),
        mark,
      },
      { requiredKeys: ['kind', 'path'] },
    )
    .map(canonical),
  monitor: fc
    .record(
      {
        kind: fc.constant('monitor' as const),
        path,
        type: fc.constantFrom(...MONITOR_TYPES),
        description,
        interval: fc.integer({ min: 1, max: 86_400 }),
        timeout: fc.integer({ min: 1, max: 86_400 }),
        send: fc.constantFrom(String.raw`GET /healthz HTTP/1.0\r\n\r\n`, 'ping'),
        receive: fc.constantFrom('200 OK', String.raw`HTTP/1\.[01] 2\d\d`, '<html>'),
        mark,
      },
      { requiredKeys: ['kind', 'path', 'type'] },
    )
    .map(canonical),
  node: fc
    .record(
      { kind: fc.constant('node' as const), path, description, address, mark },
      { requiredKeys: ['kind', 'path', 'address'] },
    )
    .map(canonical),
  pool: fc
    .record(
      {
        kind: fc.constant('pool' as const),
        path,
        description,
        loadBalancingMode: fc.constantFrom('round-robin', 'least-connections-member', 'ratio-member'),
        monitor: monitorRule,
        serviceDownAction: fc.constantFrom('none', 'reset', 'drop', 'reselect'),
        slowRampTime: fc.nat(300),
        members: fc.uniqueArray(member, { maxLength: 5, selector: memberName }),
        mark,
        nodeLedger,
      },
      { requiredKeys: ['kind', 'path'] },
    )
    .map(canonical),
  'pool-member': fc
    .record(
      {
        kind: fc.constant('pool-member' as const),
        path,
        description,
        address,
        port,
        adminState: fc.constantFrom('enabled' as const, 'disabled' as const, 'offline' as const),
        ratio: fc.integer({ min: 1, max: 100 }),
        priorityGroup: fc.nat(100),
        connectionLimit: fc.nat(10_000),
        mark,
      },
      { requiredKeys: ['kind', 'path', 'address', 'port'] },
    )
    .map((object) => canonical(Object.assign(object, { path: loneMemberPath(object.path, memberName(object)) }))),
  ...profileArbitraries({ path, common, description, word, mark }),
  policy: policyArbitrary({ path, description, word, mark, origin }),
  irule: iruleArbitrary({ path, description, word, mark, origin }),
  'virtual-address': fc
    .record(
      {
        kind: fc.constant('virtual-address' as const),
        path,
        description,
        address,
        arp: fc.constantFrom('enabled' as const, 'disabled' as const),
        icmpEcho: fc.constantFrom('enabled', 'disabled', 'selective'),
        routeAdvertisement: fc.constantFrom('disabled', 'selective', 'always', 'any', 'all'),
        trafficGroup: common,
        mark,
      },
      { requiredKeys: ['kind', 'path', 'address'] },
    )
    .map(canonical),
  virtual: virtual.map(canonical),
  'gtm-datacenter': fc
    .record({ kind: fc.constant('gtm-datacenter' as const), path: common, description, mark }, needed)
    .map(canonical),
  'gtm-server': gtmServer.map(canonical),
  'gtm-virtual-server': fc
    .record(
      {
        kind: fc.constant('gtm-virtual-server' as const),
        path: onServer,
        description,
        destination: gtmEndpoint,
        translation: gtmEndpoint,
        monitor: monitorRule,
        mark,
      },
      { requiredKeys: ['kind', 'path', 'destination'] },
    )
    .map(canonical),
  'gtm-pool-a': fc
    .record({ kind: fc.constant('gtm-pool-a' as const), ...gtmPoolBase(onServer) }, needed)
    .map(canonical),
  'gtm-pool-aaaa': fc
    .record({ kind: fc.constant('gtm-pool-aaaa' as const), ...gtmPoolBase(onServer) }, needed)
    .map(canonical),
  'gtm-pool-cname': fc
    .record({ kind: fc.constant('gtm-pool-cname' as const), ...gtmPoolBase(domain) }, needed)
    .map(canonical),
  'wideip-a': fc.record({ kind: fc.constant('wideip-a' as const), ...wideIpBase }, needed).map(canonical),
  'wideip-aaaa': fc.record({ kind: fc.constant('wideip-aaaa' as const), ...wideIpBase }, needed).map(canonical),
  'vxlan-profile': fc
    .record(
      {
        kind: fc.constant('vxlan-profile' as const),
        path,
        description,
        floodingType: fc.constantFrom('none', 'multicast', 'multipoint', 'replicator'),
        port: fc.integer({ min: 1, max: 65_535 }),
        mark,
      },
      { requiredKeys: ['kind', 'path'] },
    )
    .map(canonical),
  tunnel: fc
    .record(
      {
        kind: fc.constant('tunnel' as const),
        path,
        description,
        profile: fc.oneof(common, path),
        key: fc.nat(16_777_215),
        localAddress: address,
        remoteAddress: address,
        mark,
      },
      { requiredKeys: ['kind', 'path', 'profile'] },
    )
    .map(canonical),
  self: fc
    .record(
      {
        kind: fc.constant('self' as const),
        path,
        description,
        address: network,
        vlan: fc.oneof(common, path),
        allowService: fc.oneof(
          fc.constant(['all']),
          fc.uniqueArray(fc.constantFrom('default', 'tcp:443', 'udp:53', 'gre:0'), { minLength: 1 }),
        ),
        trafficGroup: common,
        mark,
      },
      { requiredKeys: ['kind', 'path', 'address', 'vlan'] },
    )
    .map(canonical),
  fdb: fc
    .record(
      {
        kind: fc.constant('fdb' as const),
        path,
        records: fc.uniqueArray(fc.record({ mac, endpoint: address }), { maxLength: 5, selector: (item) => item.mac }),
      },
      { requiredKeys: ['kind', 'path'] },
    )
    .map(canonical),
  route: fc
    .record(
      {
        kind: fc.constant('route' as const),
        path,
        description,
        network: network.map(networkOf),
        gateway: address,
        mark,
      },
      { requiredKeys: ['kind', 'path', 'network', 'gateway'] },
    )
    .map(canonical),
  arp: neighbourOf('arp'),
  ndp: neighbourOf('ndp'),
};

function neighbourOf<K extends 'arp' | 'ndp'>(kind: K) {
  return fc
    .record(
      { kind: fc.constant(kind), path, description, address, mac, mark },
      { requiredKeys: ['kind', 'path', 'address', 'mac'] },
    )
    .map((entry) => canonical(entry as unknown as ObjectOf<K>));
}

/** Any object of any kind. */
export const anyObject: Arbitrary<BigipObject> = fc.oneof(...Object.values<Arbitrary<BigipObject>>(objectOf));
