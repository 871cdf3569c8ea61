import { isCluster } from '../config/source-schema.ts';
import { expect, it } from 'vitest';
import type { Config } from '../config/schema.ts';
import { parseConfig } from '../config/parse.ts';
import { ingressOptions } from '../sources/kubernetes/extract/ingress-options.ts';
import { extractOptions } from '../sources/kubernetes/extract/options.ts';
import type { KubernetesOptions } from '../sources/kubernetes/options.ts';
import { kubernetesOptions } from './kubernetes-options.ts';

const BASE = `instance: lab
targets: [{ name: a, bigip: { url: https://a, username: b, password: { env: C }, partition: k, ROUTE } }]
sources: [{ name: east, SOURCE }]
`;

function optionsOf(source: string, { route = 'batchSize: 5', more = '' } = {}): KubernetesOptions {
  const text = BASE.replace('SOURCE', source).replace('ROUTE', route) + more;
  const { config, diagnostics } = parseConfig(text, 'test.yaml');
  expect(diagnostics).toEqual([]);
  const { sources, targets } = config as Config;
  return kubernetesOptions(config as Config, { source: sources.find(isCluster)!, target: targets[0]! });
}

it('an untuned config means what extraction means by default', () => {
  const { extract } = optionsOf('kubernetes: { inCluster: true }');
  expect(extract).toEqual(extractOptions({ source: 'east', partition: 'k', ingress: ingressOptions() }));
});

it('F-14 members are pods where it is said how they are reached, unless the config says otherwise', () => {
  const of = (text: string): string => optionsOf(`kubernetes: { inCluster: true }${text}`).extract.members;
  const network = ', podNetwork: { cni: flannel, mode: routes }';
  expect(of('')).toBe('auto');
  expect(of(network)).toBe('cluster');
  expect(of(`, members: nodeport${network}`)).toBe('nodeport');
});

it('Ingresses are turned off, or chosen by their class, and share an address', () => {
  const kubernetes = 'kubernetes: { inCluster: true }';
  expect(optionsOf(`${kubernetes}, ingress: { enabled: false }`).extract.ingress).toBeUndefined();
  const given =
    'className: bigip, address: "10.1.10.50, 2001:db8::50", redirect: false, defaultSecret: shop/tls, secrets: [shop/a]';
  expect(optionsOf(`${kubernetes}, ingress: { ${given} }`).extract.ingress).toEqual({
    ...ingressOptions(),
    className: 'bigip',
    addresses: [{ ip: '10.1.10.50' }, { ip: '2001:db8::50' }],
    redirect: false,
    defaultSecret: 'shop/tls',
    secrets: ['shop/a'],
  });
});

it('a cluster is reached by kubeconfig and context, from inside, or as manifests', () => {
  expect(optionsOf('kubernetes: { inCluster: true }').from).toEqual({ kind: 'api', inCluster: true });
  expect(optionsOf('kubernetes: { kubeconfig: /k }').from).toEqual({ kind: 'api', kubeconfig: '/k' });
  expect(optionsOf('kubernetes: { kubeconfig: /k, context: c }').from).toEqual({
    kind: 'api',
    kubeconfig: '/k',
    context: 'c',
  });
  expect(optionsOf('kubernetes: { manifests: /m }').from).toEqual({ kind: 'manifests', folder: '/m' });
});

it('namespaces are chosen by name or by labels', () => {
  const kubernetes = 'kubernetes: { inCluster: true }';
  expect(optionsOf(kubernetes).namespaces).toBeUndefined();
  expect(optionsOf(`${kubernetes}, namespaces: { names: [a, b] }`).namespaces).toEqual({ names: ['a', 'b'] });
  expect(optionsOf(`${kubernetes}, namespaces: { labels: "team=shop,tier=" }`).namespaces).toEqual({
    labels: { team: 'shop', tier: '' },
  });
});

it('nodes are read only where members may be nodes', () => {
  expect(optionsOf('kubernetes: { inCluster: true }, members: cluster').nodes).toBe(false);
  expect(optionsOf('kubernetes: { inCluster: true }, members: nodeport').nodes).toBe(true);
});

it('route domain, address pools and defaults reach extraction', () => {
  const more = `addressPools: [{ name: p, ranges: [10.0.0.0/24] }, { name: q, ranges: [10.0.1.1], namespaces: [n] }]
defaults:
  snat: /Common/pool
  loadBalancingMode: least-connections-member
  profiles: { tcp: [/Common/a, { path: /Common/b, context: serverside }] }
  monitors: { tcp: none, udp: [/Common/x, /Common/y], sctp: { minimum: 1, monitors: [/Common/x] } }
`;
  const { extract } = optionsOf('kubernetes: { inCluster: true }', { route: 'routeDomain: 7', more });
  expect(extract.routeDomain).toBe(7);
  expect(extract.addressPools).toEqual([
    { name: 'p', ranges: ['10.0.0.0/24'] },
    { name: 'q', ranges: ['10.0.1.1'], namespaces: ['n'] },
  ]);
  expect(extract.defaults).toMatchObject({
    snat: { type: 'snat', pool: '/Common/pool' },
    loadBalancingMode: 'least-connections-member',
    profiles: {
      tcp: [
        { path: '/Common/a', context: 'all' },
        { path: '/Common/b', context: 'serverside' },
      ],
      udp: [{ path: '/Common/udp', context: 'all' }],
    },
    monitors: {
      tcp: 'none',
      udp: { monitors: ['/Common/x', '/Common/y'] },
      sctp: { minimum: 1, monitors: ['/Common/x'] },
    },
  });
});

it('hosts are answered where the device has a section dns, from the data centers of the source', () => {
  const dns = `{ datacenters: [{ name: hq, server: bigip1 }, { name: west, server: { name: bigip2, addresses: [192.0.2.2] } }], monitor: /Common/tcp, ttl: 5 }`;
  const of = (source: string, target = dns) => {
    const text = BASE.replace('SOURCE', `kubernetes: { inCluster: true }, dns: ${source}`).replace(
      ', ROUTE }',
      ` }, dns: ${target}`,
    );
    const { config, diagnostics } = parseConfig(text, 'test.yaml');
    expect(diagnostics).toEqual([]);
    const { sources, targets } = config as Config;
    return kubernetesOptions(config as Config, { source: sources.find(isCluster)!, target: targets[0]! }).extract.dns;
  };
  expect(of('{ datacenters: [west], suffix: example.com, zones: [example.com], externalDns: false }')).toEqual({
    places: [{ datacenter: 'west', server: '/Common/bigip2', order: 1 }],
    suffix: 'example.com',
    zones: ['example.com'],
    externalDns: false,
    ingress: true,
    monitor: { monitors: ['/Common/tcp'] },
    poolMode: 'round-robin',
    memberMode: 'round-robin',
    ttl: 5,
  });
  expect(of('{}')?.places).toHaveLength(2);
  expect(of('{ enabled: false }')).toBeUndefined();
});
