/**
 * The REST calls that the example which Fairlead grew from sends for its own sample (routed network, DNS on), as its
 * functions make them: `create_or_update_network`, `_vs`, `_dns`, `_policy`. It needs two runs: the first makes virtual
 * servers before the policy, the second attaches it (F-09, F-10).
 */

/** One call: method, path below `/mgmt/tm/`, body. */
export type Call = readonly [method: 'POST' | 'PUT' | 'PATCH', path: string, body: object];

interface Backend {
  readonly service: string;
  readonly pod: string;
  /** The address of its virtual server: the Service's clusterIP, but for the one with `f5.destination`. */
  readonly destination: string;
}

const BACKENDS: readonly Backend[] = [
  { service: 'echoheadersx', pod: '10.244.1.5', destination: '10.96.1.1' },
  { service: 'echoheadersy', pod: '10.244.1.5', destination: '10.96.1.2' },
  { service: 'ingress-svc', pod: '10.244.2.9', destination: '10.1.10.50' },
];
const RULES = [
  { host: 'foo.bar.com', path: '/foo', service: 'echoheadersx' },
  { host: 'bar.baz.com', path: '/foo', service: 'echoheadersx' },
  { host: 'bar.baz.com', path: '/bar', service: 'echoheadersy' },
] as const;
const HOSTS = ['ingress-svc.f5demo.com', 'foo.bar.com', 'bar.baz.com'] as const;
const COMMON = { partition: 'Common' };

/** What it takes for granted: a network to the nodes, a data centre and a GTM server. */
export const PREPARED: readonly Call[] = [
  ['POST', 'net/vlan', { name: 'internal', ...COMMON }],
  ['POST', 'net/self', { name: 'internal-self', ...COMMON, address: '10.1.20.1/24', vlan: '/Common/internal' }],
  ['POST', 'gtm/datacenter', { name: 'hq', ...COMMON }],
  [
    'POST',
    'gtm/server',
    {
      name: 'bigip1',
      ...COMMON,
      datacenter: '/Common/hq',
      product: 'bigip',
      devices: [{ name: 'bigip1', addresses: [{ name: '10.1.10.240' }] }],
    },
  ],
];

/** The first run, then what the second one adds. */
export const CODESHARE_CALLS: readonly Call[] = [
  ...['1', '2'].map((node): Call => {
    const gateway = `10.1.20.10${node}`;
    return ['POST', 'net/route', { name: gateway, ...COMMON, network: `10.244.${node}.0/24`, gw: gateway }];
  }),
  ...BACKENDS.flatMap(virtualServer),
  ...HOSTS.flatMap((host) => wideIp(host, '10.1.10.50')),
  ...wideIp('echoheadersx.f5demo.com', '10.96.1.1'),
  ...wideIp('echoheadersy.f5demo.com', '10.96.1.2'),
  ['POST', 'ltm/policy', policy()],
  ['POST', 'ltm/virtual/~Common~ingress-svc_80_vs/policies', { name: 'ingress', ...COMMON }],
];

function virtualServer({ service, pod, destination }: Backend): readonly Call[] {
  const [pool, virtual] = [`${service}_80_pool`, `${service}_80_vs`];
  const http: Call = ['POST', `ltm/virtual/~Common~${virtual}/profiles`, { name: 'http', ...COMMON }];
  return [
    ['POST', 'ltm/pool', { name: pool, ...COMMON, monitor: '/Common/tcp' }],
    ['POST', `ltm/pool/~Common~${pool}/members`, { name: `${pod}:8080`, ...COMMON }],
    [
      'POST',
      'ltm/virtual',
      { name: virtual, ...COMMON, destination: `${destination}:80`, pool: `/Common/${pool}`, ipProtocol: 'tcp' },
    ],
    ...(service === 'ingress-svc' ? [http] : []),
  ];
}

function wideIp(host: string, address: string): readonly Call[] {
  const [virtual, pool] = [`${host}_80_vs`, `${host}_80_hq_pool`];
  return [
    [
      'POST',
      'gtm/server/~Common~bigip1/virtual-servers',
      {
        name: virtual,
        destination: `${address}:80`,
        translationAddress: address,
        translationPort: 80,
        monitor: '/Common/bigip',
      },
    ],
    ['POST', 'gtm/pool/a', { name: pool, ...COMMON, members: [{ name: `bigip1:${virtual}`, ...COMMON }] }],
    ['POST', 'gtm/wideip/a', { name: host, ...COMMON, pools: [{ name: pool, ...COMMON }] }],
  ];
}

function policy(): object {
  return {
    name: 'ingress',
    ...COMMON,
    strategy: '/Common/first-match',
    requires: ['http'],
    controls: ['forwarding'],
    legacy: true,
    rules: RULES.map(({ host, path, service }, index) => ({
      name: `rule_0${index + 1}`,
      description: `${host}${path} -> ${service}:80`,
      ordinal: index,
      conditions: [
        { name: '0', httpHost: true, host: true, request: true, equals: true, caseInsensitive: true, values: [host] },
        {
          name: '1',
          httpUri: true,
          path: true,
          request: true,
          startsWith: true,
          caseInsensitive: true,
          values: [path],
        },
      ],
      actions: [{ name: '0', forward: true, select: true, request: true, pool: `/Common/${service}_80_pool` }],
    })),
  };
}
