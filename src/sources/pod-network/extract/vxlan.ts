import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Address } from '../../../ir/address.ts';
import type { TunnelFdb } from '../../../ir/fdb.ts';
import type { Interface } from '../../../ir/network.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { SelfIp } from '../../../ir/self.ts';
import type { Read } from '../../cells.ts';
import type { FlannelLease, LeaseEnd, ReadLease } from '../flannel/lease.ts';
import type { SeenNetConf } from '../flannel/net-conf.ts';
import type { NodeRecord } from '../../kubernetes/model.ts';
import { endsOf } from '../options.ts';
import type { PodNetworkOptions, VxlanEnd, VxlanOptions } from '../options.ts';
import { familyOf } from '../../../ir/address.ts';
import { holdsAddress, printNetwork } from '../../../ir/network.ts';
import { canonical } from '../../../ir/canonical.ts';
import { originKey } from '../../../ir/origin.ts';
import { refOf } from '../../../ir/ref.ts';
import { endOf, isLeaseOf, readNodeLease } from '../flannel/lease.ts';
import { fitName } from '../../values/names.ts';
import { keys } from '../keys.ts';
import { Findings } from './findings.ts';
import { describeNode, routePath } from './routes.ts';

/** What Linux takes if nobody says otherwise (flannel Documentation/backends.md). */
const DEFAULT_VNI = 1;
const DEFAULT_PORT = 8472;

/** The extraction of an overlay works with these. */
export interface VxlanContext {
  readonly read: Read;
  readonly options: PodNetworkOptions;
  readonly vxlan: VxlanOptions;
}

/** Flannel's configuration, of which nothing matters where ours says all that is taken from it. */
function netConfFor({ vni, port }: VxlanOptions, read: Read): SeenNetConf {
  const seen = (read(keys.netConf) ?? {}) as SeenNetConf;
  return vni !== undefined && port !== undefined && seen.problem !== undefined ? {} : seen;
}

/** The cell of what the device has but once: profile, tunnel, self IPs, and the tables that machines put records into. */
export function overlayCell({ source, cluster }: PodNetworkOptions): CellKey {
  return originKey(source, 'PodNetwork', cluster);
}

export function tunnelPath({ partition }: PodNetworkOptions, { tunnelName }: VxlanEnd): FullPath {
  return `/${partition}/${tunnelName}`;
}

/** Profile, tunnels, self IPs and empty tables: the device as one more machine of the overlay. */
export function extractOverlay(cell: CellKey, { read, options, vxlan }: VxlanContext): Contribution {
  const origin = originKey(options.source, 'PodNetwork', options.cluster);
  const findings = new Findings(origin);
  const { conf: known, problem } = netConfFor(vxlan, read);
  const conf = known ?? {};
  const isLost = problem !== undefined && known === undefined;
  if (problem !== undefined) {
    const text = `${problem}; VNI and port of the tunnel stay as they are`;
    findings.add({ code: 'flannel-config-invalid', severity: 'error', text });
  }
  if (conf.backend !== undefined && conf.backend !== 'vxlan') {
    const text = `flannel’s backend is ${conf.backend}, expected vxlan; use podNetwork.mode: routes`;
    findings.add({ code: 'flannel-backend', severity: 'error', text });
  }
  const description = describeOverlay(options);
  const profile = `${tunnelPath(options, vxlan)}_profile`;
  const key = vxlan.vni ?? conf.vni ?? DEFAULT_VNI;
  const port = vxlan.port ?? conf.port ?? DEFAULT_PORT;
  const ends = endsOf(vxlan);
  const objects: readonly BigipObject[] = [
    { kind: 'vxlan-profile', path: profile, description, floodingType: 'none', port },
    ...ends.flatMap((end) => endObjects(end, { profile, key, options })),
  ];
  return {
    cell,
    origin,
    since: '',
    objects: isLost ? [] : objects.map((object) => canonical(object)),
    joins: ends.map((end) => refOf('fdb', tunnelPath(options, end))),
    ...(isLost ? { frozen: true } : {}),
    diagnostics: findings.list,
  };
}

function endObjects(
  end: VxlanEnd,
  { profile, key, options }: { readonly profile: FullPath; readonly key: number; readonly options: PodNetworkOptions },
): readonly BigipObject[] {
  const path = tunnelPath(options, end);
  const description = describeOverlay(options);
  const self = (name: string, address: Interface): SelfIp => ({
    kind: 'self',
    path: `${path}_${name}`,
    description,
    address: { ...address, address: placed(address.address, options) },
    vlan: path,
  });
  const { localAddress, selfIp, floating } = end;
  return [
    { kind: 'tunnel', path, description, profile, key, localAddress: placed(localAddress, options) },
    self('self', selfIp),
    { kind: 'fdb', path },
    ...(floating === undefined ? [] : [{ ...self('floating', floating.address), trafficGroup: floating.trafficGroup }]),
  ];
}

function describeOverlay({ cluster }: PodNetworkOptions): string {
  return `Pod network (cluster ${cluster})`;
}

/** Whose lease it is. */
interface LeaseOwner {
  readonly kind: string;
  readonly id: string;
  readonly since: string;
}

/**
 * A machine's record in the table of each end, and where pods are reached by routes its route and one entry. A machine that
 * has no record stops nobody (CIS #2168); the device itself has none.
 */
function extractLease(
  cell: CellKey,
  lease: FlannelLease,
  { owner, context }: { readonly owner: LeaseOwner; readonly context: VxlanContext },
): Contribution {
  const { options, vxlan } = context;
  const { kind, id, since } = owner;
  const origin = originKey(options.source, kind, id);
  const findings = new Findings(origin);
  if (isLeaseOf(lease, endsOf(vxlan))) judgeOwn(lease, vxlan, findings);
  const objects = spokenEnds(lease, vxlan).flatMap((end): readonly BigipObject[] => {
    const its = endOf(lease, familyOf(end.localAddress));
    const table = recordOf(lease, end, { findings, context });
    const ways = waysTo(its, { owner, context });
    return table === undefined ? [] : [table as BigipObject].concat(ways);
  });
  const tables = objects.filter((object) => object.kind === 'fdb');
  return {
    cell,
    origin,
    since,
    objects: objects.map((object) => canonical(object)),
    joins: tables.map(({ path }) => refOf('fdb', path)),
    diagnostics: findings.list,
  };
}

/** The device's own machine: nodes send to its self IP what is in the subnet that it has there, and nothing else. */
function judgeOwn(lease: FlannelLease, vxlan: VxlanOptions, findings: Findings): void {
  for (const { localAddress, selfIp } of endsOf(vxlan)) {
    const { networks } = endOf(lease, familyOf(localAddress));
    if (networks.length === 0 || networks.some((network) => holdsAddress(network, selfIp.address))) continue;
    const found = networks.map((network) => printNetwork(network)).join(', ');
    const text = `it stands for the device, and its subnet is ${found}, expected one that holds the selfIp ${selfIp.address.ip}: no answer finds its way to the device`;
    findings.add({ code: 'vtep-subnet', severity: 'error', text });
  }
}

/** The ends that a machine has something for: in a dual-stack network one of IPv4 alone lacks nothing. Its own has none. */
function spokenEnds(lease: FlannelLease, vxlan: VxlanOptions): readonly VxlanEnd[] {
  const ends = endsOf(vxlan);
  if (isLeaseOf(lease, ends)) return [];
  const spoken = ends.filter(({ localAddress }) => {
    const { networks, publicIp, mac } = endOf(lease, familyOf(localAddress));
    return networks.length > 0 || publicIp !== undefined || mac !== undefined;
  });
  return spoken.length === 0 ? ends.slice(0, 1) : spoken;
}

/** What flannel calls these, by family. */
const WORDS = {
  4: { data: 'backend data', device: 'flannel.1', address: 'public-ip', family: 'IPv4' },
  6: { data: 'backend data of IPv6', device: 'flannel-v6.1', address: 'public-ipv6', family: 'IPv6' },
} as const;

function recordOf(
  lease: FlannelLease,
  end: VxlanEnd,
  { findings, context: { read, options, vxlan } }: { readonly findings: Findings; readonly context: VxlanContext },
): TunnelFdb | undefined {
  const { backend } = lease;
  const family = familyOf(end.localAddress);
  const { mac, publicIp, vni } = endOf(lease, family);
  const words = WORDS[family];
  const path = tunnelPath(options, end);
  if (backend !== 'vxlan') {
    const text = `its backend is ${JSON.stringify(backend)}, expected vxlan; ${LEFT_OUT}`;
    findings.add({ code: 'flannel-backend', text });
    return undefined;
  }
  if (mac === undefined) {
    const text = `it has no VtepMAC in its ${words.data}, expected that of its ${words.device}; ${LEFT_OUT}`;
    findings.add({ code: 'vtep-missing', text });
    return undefined;
  }
  if (publicIp === undefined || familyOf(publicIp) !== family) {
    const text = `it has no ${words.address}, expected an ${words.family} address; ${LEFT_OUT}`;
    findings.add({ code: 'vtep-missing', text });
    return undefined;
  }
  const { conf, problem } = netConfFor(vxlan, read);
  const wanted = vxlan.vni ?? conf?.vni ?? (problem === undefined ? DEFAULT_VNI : undefined);
  if (vni !== undefined && wanted !== undefined && vni !== wanted) {
    const text = `its VNI is ${vni} and that of the tunnel ${wanted}: nothing gets through; expected podNetwork.flannel.vxlan.vni: ${vni}`;
    findings.add({ code: 'vni-mismatch', severity: 'error', text });
  }
  return { kind: 'fdb', path, records: [{ mac, endpoint: placed(publicIp, options) }] };
}

const LEFT_OUT = 'its pods cannot be reached, and are no members';

/** With `pods: routes`: the route to its pods leads to the first address of its network, which has one entry. */
function waysTo(
  { networks, mac = '' }: LeaseEnd,
  { owner, context: { options, vxlan } }: { readonly owner: LeaseOwner; readonly context: VxlanContext },
): readonly BigipObject[] {
  if (vxlan.pods !== 'routes') return [];
  const description = describeNode(owner.kind, owner.id, options);
  return networks.flatMap((network): BigipObject[] => {
    const gateway = placed(network.address, options);
    const path = routePath(owner.id, network, options);
    const kind = familyOf(gateway) === 6 ? 'ndp' : 'arp';
    return [
      { kind: 'route', path, description, network: { ...network, address: gateway }, gateway },
      { kind, path: arpPath(gateway, options), description, address: gateway, mac },
    ];
  });
}

/** `/<partition>/<cluster>_<address>`. */
export function arpPath(
  { ip }: Address,
  { partition, cluster }: Pick<PodNetworkOptions, 'partition' | 'cluster'>,
): FullPath {
  return `/${partition}/${fitName(`${cluster}_${ip}`)}`;
}

function placed({ ip }: Address, { routeDomain }: PodNetworkOptions): Address {
  return routeDomain === undefined ? { ip } : { ip, routeDomain };
}

/** The lease that a Node's annotations hold. Undefined: there is no such node. */
export function extractNodeLease(cell: CellKey, name: string, context: VxlanContext): Contribution | undefined {
  const node = context.read(keys.node(name)) as NodeRecord | undefined;
  if (node === undefined) return undefined;
  const { annotations = {}, podCIDRs = [], created = '' } = node.network ?? {};
  const owner = { kind: 'Node', id: name, since: created };
  const prefix = context.options.annotationPrefix;
  const found = readNodeLease(annotations, { prefix, podCIDRs });
  if (found === undefined) {
    const text = `it has no annotation ${prefix}backend-type, expected those of flannel (--kube-subnet-mgr); ${LEFT_OUT}`;
    return withoutLease(cell, owner, { context, problem: { code: 'vtep-missing', text }, frozen: false });
  }
  return extractFound(cell, found, { owner, context });
}

/** The lease that is below a key in etcd. Undefined: there is none. */
export function extractEtcdLease(cell: CellKey, key: string, context: VxlanContext): Contribution | undefined {
  const found = context.read(keys.lease(key)) as ReadLease | undefined;
  if (found === undefined) return undefined;
  return extractFound(cell, found, { owner: { kind: 'Subnet', id: key, since: '' }, context });
}

function extractFound(
  cell: CellKey,
  found: ReadLease,
  { owner, context }: { readonly owner: LeaseOwner; readonly context: VxlanContext },
): Contribution {
  if ('lease' in found) return extractLease(cell, found.lease, { owner, context });
  const problem = {
    code: 'flannel-subnet-invalid',
    text: `${found.problem}; what the device has of it stays as it is`,
  };
  return withoutLease(cell, owner, { context, problem, frozen: true });
}

function withoutLease(
  cell: CellKey,
  { kind, id, since }: LeaseOwner,
  {
    context: { options },
    problem,
    frozen,
  }: {
    readonly context: VxlanContext;
    readonly problem: { readonly code: string; readonly text: string };
    readonly frozen: boolean;
  },
): Contribution {
  const origin = originKey(options.source, kind, id);
  const findings = new Findings(origin);
  if (frozen) findings.freeze(problem);
  else findings.add(problem);
  return { cell, origin, since, objects: [], ...(frozen ? { frozen } : {}), diagnostics: findings.list };
}
