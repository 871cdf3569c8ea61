import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Address } from '../../../ir/address.ts';
import type { TunnelFdb } from '../../../ir/fdb.ts';
import type { Interface } from '../../../ir/network.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Read } from '../../cells.ts';
import type { FlannelLease, FlannelNetConf, ReadLease } from '../flannel/lease.ts';
import type { NodeRecord } from '../../kubernetes/model.ts';
import type { PodNetworkOptions, VxlanOptions } from '../options.ts';
import { familyOf, printAddress } from '../../../ir/address.ts';
import { canonical } from '../../../ir/canonical.ts';
import { originKey } from '../../../ir/origin.ts';
import { refOf } from '../../../ir/ref.ts';
import { readNodeLease } from '../flannel/lease.ts';
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

/** The cell of what the device has but once: profile, tunnel, self IPs, and the table that machines put records into. */
export function overlayCell({ source, cluster }: PodNetworkOptions): CellKey {
  return originKey(source, 'PodNetwork', cluster);
}

export function tunnelPath({ partition }: PodNetworkOptions, { tunnelName }: VxlanOptions): FullPath {
  return `/${partition}/${tunnelName}`;
}

/** Profile, tunnel, self IPs and an empty table: the device as one more machine of the overlay. */
export function extractOverlay(cell: CellKey, { read, options, vxlan }: VxlanContext): Contribution {
  const origin = originKey(options.source, 'PodNetwork', options.cluster);
  const findings = new Findings(origin);
  const conf = (read(keys.netConf) ?? {}) as FlannelNetConf;
  if (conf.backend !== undefined && conf.backend !== 'vxlan') {
    const text = `flannel’s backend is ${conf.backend}, expected vxlan; use podNetwork.mode: routes`;
    findings.add({ code: 'flannel-backend', severity: 'error', text });
  }
  const description = `Pod network (cluster ${options.cluster})`;
  const path = tunnelPath(options, vxlan);
  const profile = `${path}_profile`;
  const self = (name: string, address: Interface): BigipObject => ({
    kind: 'self',
    path: `${path}_${name}`,
    description,
    address: { ...address, address: placed(address.address, options) },
    vlan: path,
  });
  const objects: BigipObject[] = [
    {
      kind: 'vxlan-profile',
      path: profile,
      description,
      floodingType: 'none',
      port: vxlan.port ?? conf.port ?? DEFAULT_PORT,
    },
    {
      kind: 'tunnel',
      path,
      description,
      profile,
      key: vxlan.vni ?? conf.vni ?? DEFAULT_VNI,
      localAddress: placed(vxlan.localAddress, options),
    },
    self('self', vxlan.selfIp),
    { kind: 'fdb', path },
  ];
  if (vxlan.floating !== undefined) {
    const { address, trafficGroup } = vxlan.floating;
    objects.push({ ...self('floating', address), trafficGroup } as BigipObject);
  }
  return {
    cell,
    origin,
    since: '',
    objects: objects.map((object) => canonical(object)),
    joins: [refOf('fdb', path)],
    diagnostics: findings.list,
  };
}

/** Whose lease it is. */
interface LeaseOwner {
  readonly kind: string;
  readonly id: string;
  readonly since: string;
}

/**
 * A machine's record in the table, and where pods are reached by routes its route and one ARP entry. A machine that has no
 * record stops nobody (CIS #2168); the device itself has none.
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
  const path = tunnelPath(options, vxlan);
  const table = recordOf(lease, path, { findings, context });
  const objects = table === undefined ? [] : [table, ...waysTo(lease, { owner, context })];
  return {
    cell,
    origin,
    since,
    objects: objects.map((object) => canonical(object)),
    joins: table === undefined ? [] : [refOf('fdb', path)],
    diagnostics: findings.list,
  };
}

function recordOf(
  { backend, mac, publicIp, vni }: FlannelLease,
  path: FullPath,
  { findings, context: { read, options, vxlan } }: { readonly findings: Findings; readonly context: VxlanContext },
): TunnelFdb | undefined {
  if (publicIp !== undefined && printAddress(publicIp) === printAddress({ ip: vxlan.localAddress.ip }))
    return undefined;
  if (backend !== 'vxlan') {
    findings.add({
      code: 'flannel-backend',
      text: `its backend is ${JSON.stringify(backend)}, expected vxlan; ${LEFT_OUT}`,
    });
    return undefined;
  }
  if (mac === undefined) {
    findings.add({
      code: 'vtep-missing',
      text: `it has no VtepMAC in its backend data, expected that of its flannel.1; ${LEFT_OUT}`,
    });
    return undefined;
  }
  if (publicIp === undefined || familyOf(publicIp) !== 4) {
    findings.add({ code: 'vtep-missing', text: `it has no public-ip, expected an IPv4 address; ${LEFT_OUT}` });
    return undefined;
  }
  const conf = (read(keys.netConf) ?? {}) as FlannelNetConf;
  const wanted = vxlan.vni ?? conf.vni ?? DEFAULT_VNI;
  if (vni !== undefined && vni !== wanted) {
    const text = `its VNI is ${vni} and that of the tunnel ${wanted}: nothing gets through; expected podNetwork.flannel.vxlan.vni: ${vni}`;
    findings.add({ code: 'vni-mismatch', severity: 'error', text });
  }
  return { kind: 'fdb', path, records: [{ mac, endpoint: placed(publicIp, options) }] };
}

const LEFT_OUT = 'its pods cannot be reached, and are no members';

/** With `pods: routes`: the route to its pods leads to the first address of its network, which has one ARP entry. */
function waysTo(
  { networks, mac = '' }: FlannelLease,
  { owner, context: { options, vxlan } }: { readonly owner: LeaseOwner; readonly context: VxlanContext },
): readonly BigipObject[] {
  if (vxlan.pods !== 'routes') return [];
  const description = describeNode(owner.kind, owner.id, options);
  return networks
    .filter(({ address }) => familyOf(address) === 4)
    .flatMap((network): BigipObject[] => {
      const gateway = placed(network.address, options);
      const path = routePath(owner.id, network, options);
      return [
        { kind: 'route', path, description, network: { ...network, address: gateway }, gateway },
        { kind: 'arp', path: arpPath(gateway, options), description, address: gateway, mac },
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
