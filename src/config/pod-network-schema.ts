import { z } from 'zod';
import { parseNetwork } from '../ir/network.ts';
import { WHOLE_USER, etcdConnection, hasWholeUser } from './etcd-schema.ts';
import { rule } from './exactly-one.ts';
import { duration, ipAddress } from './scalars.ts';
import { WHOLE_CLIENT, hasWholeClient } from './tls-schema.ts';
import { vxlanSchema } from './vxlan-schema.ts';

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

const etcd = z
  .strictObject({
    ...etcdConnection,
    api: z
      .enum(['v3', 'v2'])
      .default('v3')
      .describe('v2 for etcd up to 3.5 with --enable-v2, as old flannel wrote it.'),
    prefix: z
      .string()
      .regex(/^\/[^\s]*[^/\s]$/)
      .default('/coreos.com/network')
      .describe('the path of flannel in etcd (--etcd-prefix), such as /coreos.com/network'),
  })
  .refine(hasWholeClient, WHOLE_CLIENT)
  .refine(hasWholeUser, WHOLE_USER)
  .describe('Where flannel keeps its subnets, if it keeps them in etcd; default: annotations of Nodes.');

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
    deviceAddresses: z
      .array(ipAddress)
      .min(1)
      .optional()
      .describe('Self IPs of the devices: a Node or lease with one of them stands for the device, and has no route.'),
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
        vxlan: vxlanSchema.optional(),
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
