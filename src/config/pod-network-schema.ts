import { z } from 'zod';
import { parseInterface, parseNetwork } from '../ir/network.ts';
import { hasExactlyOne, rule } from './exactly-one.ts';
import { duration, filePath, fullPath, ipAddress } from './scalars.ts';
import { secretReference } from './secret-reference.ts';

const CNIS = [
  'flannel',
  'ovn-kubernetes',
  'cilium',
  'calico',
  'calico-bgp',
  'openshift-sdn',
  'antrea',
  'default',
  'none',
] as const;

const network = z
  .string()
  .refine((text) => parseNetwork(text) !== undefined, { error: 'network' })
  .meta({ id: 'network', description: 'a network, such as 10.1.20.0/24' });

const interfaceAddress = z
  .string()
  .refine((text) => parseInterface(text) !== undefined, { error: 'address with a prefix length' })
  .meta({
    id: 'interfaceAddress',
    description: 'an address with the length of its network, such as 10.244.20.60/16',
  });

const etcdUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && isBare(new URL(text)), {
    error: 'etcd URL',
  })
  .meta({ id: 'etcdUrl', description: 'the URL of a member of etcd, https://ADDRESS:2379, without user and path' });

function isBare({ username, password, pathname, search }: URL): boolean {
  return username === '' && password === '' && pathname === '/' && search === '';
}

const CLIENT = ['clientCertificate', 'clientKey'] as const;

const etcd = z
  .strictObject({
    endpoints: z.array(etcdUrl).min(1).describe('Members of the cluster; the next one is asked when one is away.'),
    api: z
      .enum(['v3', 'v2'])
      .default('v3')
      .describe('v2 for etcd up to 3.5 with --enable-v2, as old flannel wrote it.'),
    prefix: z
      .string()
      .regex(/^\/[^\s]*[^/\s]$/)
      .default('/coreos.com/network')
      .describe('the path of flannel in etcd (--etcd-prefix), such as /coreos.com/network'),
    caFile: filePath.optional().describe('PEM file of the authority that signed the certificates of etcd.'),
    clientCertificate: filePath.optional().describe('PEM file of a client certificate.'),
    clientKey: filePath.optional().describe('PEM file of its key.'),
    insecureSkipVerify: z.boolean().default(false).describe('Do not verify certificates. For laboratories.'),
    username: z.string().min(1).optional().describe('A user of etcd, if it asks for one.'),
    password: secretReference.optional().describe('Read at each login.'),
  })
  .refine(
    (value) => CLIENT.every((name) => value[name] === undefined) || CLIENT.every((name) => value[name] !== undefined),
    rule('clientCertificate and clientKey together'),
  )
  .refine((value) => (value.username === undefined) === (value.password === undefined), rule('username and password'))
  .describe('Where flannel keeps its subnets, if it keeps them in etcd; default: annotations of Nodes.');

const unit = {
  localAddress: ipAddress.describe('The address of the device on the network of the nodes; flannel’s public-ip of it.'),
  selfIp: interfaceAddress.describe(
    'An address for the device out of its own subnet, with the length of the whole pod network: 10.244.20.60/16.',
  ),
};

const vxlan = z
  .strictObject({
    localAddress: unit.localAddress.optional(),
    selfIp: unit.selfIp.optional(),
    perTarget: z
      .record(z.string(), z.strictObject(unit))
      .optional()
      .describe('For several devices: localAddress and selfIp by the name of the target.'),
    floating: z
      .strictObject({
        address: interfaceAddress.describe('A second self IP, which moves with the traffic group.'),
        trafficGroup: fullPath.default('/Common/traffic-group-1').describe('Its traffic group.'),
      })
      .optional()
      .describe('For a pair.'),
    vni: z.int().min(1).max(16_777_215).optional().describe('Default: what flannel’s configuration says, else 1.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('UDP port. Default: what flannel’s configuration says, else 8472.'),
    tunnelName: z
      .string()
      .max(200)
      .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/)
      .optional()
      .describe('the name of the tunnel, such as fl-vxlan; default: NAME-OF-THE-SOURCE_flannel'),
    pods: z
      .enum(['arp', 'routes'])
      .default('arp')
      .describe('arp = one ARP entry for each pod that is a member; routes = a route and one ARP entry for each node.'),
  })
  .refine(
    (value) => hasExactlyOne(value, ['localAddress', 'perTarget']),
    rule('exactly one of localAddress, perTarget'),
  )
  .refine(
    (value) => (value.localAddress === undefined) === (value.selfIp === undefined),
    rule('localAddress and selfIp together'),
  )
  .describe('The VXLAN of flannel, which the device joins as one more machine.');

/** How the device reaches the pods of a cluster. */
export const podNetworkSchema = z
  .strictObject({
    cni: z
      .enum(CNIS)
      .describe('Which plug-in makes the pod network; default = the podCIDRs of Nodes; none = there is none any more.'),
    mode: z
      .enum(['routes', 'vxlan'])
      .default('routes')
      .describe('routes = a static route to the pods of each node; vxlan = the device joins the overlay of flannel.'),
    gatewayAddressType: z
      .enum(['InternalIP', 'ExternalIP'])
      .default('InternalIP')
      .describe('Which address of a node its pods are reached at.'),
    nodeNetworks: z
      .array(network)
      .min(1)
      .optional()
      .describe('Only addresses of nodes in these networks are taken; for nodes on several networks.'),
    routeDomain: z.int().min(0).max(65_534).optional().describe('Route domain of routes; default: that of the target.'),
    notReadyGrace: duration.prefault('5m').describe('How long a node may be NotReady before its routes are removed.'),
    borrowedAddresses: z
      .boolean()
      .default(true)
      .describe('calico: a route to each address that a node borrowed from the block of another one.'),
    flannel: z
      .strictObject({
        annotationPrefix: z
          .string()
          .regex(/^[a-z0-9][a-z0-9./-]*[-/]$/)
          .default('flannel.alpha.coreos.com/')
          .describe('the prefix of its annotations on Nodes (--kube-annotation-prefix), with the - or / at its end'),
        namespace: z.string().min(1).default('kube-flannel').describe('Where its ConfigMap kube-flannel-cfg is.'),
        etcd: etcd.optional(),
        vxlan: vxlan.optional(),
      })
      .prefault({})
      .describe('flannel: where it keeps its subnets, and its VXLAN.'),
  })
  .refine((value) => value.mode !== 'vxlan' || value.cni === 'flannel', rule('cni: flannel beside mode: vxlan'))
  .refine(
    (value) => value.flannel?.etcd === undefined || value.cni === 'flannel',
    rule('cni: flannel beside flannel.etcd'),
  )
  .refine(
    (value) => (value.mode === 'vxlan') === (value.flannel?.vxlan !== undefined),
    rule('flannel.vxlan beside mode: vxlan, and not without it'),
  )
  .meta({ id: 'podNetwork', description: 'How the device reaches pods. Default: it is not Fairlead’s business.' });

/** The pod network of one source, as read from the file. */
export type PodNetworkConfig = z.output<typeof podNetworkSchema>;
