import { z } from 'zod';
import { sourceDnsSchema } from './dns-schema.ts';
import { hasExactlyOne, oneOfRequired, rule } from './exactly-one.ts';
import { podNetworkSchema } from './pod-network-schema.ts';
import { dockerSourceSchema } from './docker-source-schema.ts';
import { etcdSourceSchema } from './etcd-schema.ts';
import { fileSourceSchema } from './file-source-schema.ts';
import { stateSourceSchema } from './state-source-schema.ts';
import { httpSourceSchema } from './http-source-schema.ts';
import { settingFields } from './source-settings-schema.ts';
import { filePath, identifier, listenAddresses } from './scalars.ts';
import { sqlSourceSchema } from './sql-source-schema.ts';

/** Where a source reads from. */
const PLACES = ['kubernetes', 'files', 'state', 'sql', 'etcd', 'http', 'docker'] as const;
const ONE_PLACE = `exactly one of ${PLACES.join(', ')}`;
const CONNECTIONS = ['kubeconfig', 'inCluster', 'manifests'] as const;

const connection = z
  .strictObject({
    kubeconfig: filePath.optional().describe('A kubeconfig file.'),
    context: z.string().min(1).optional().describe('The context of the kubeconfig; default: its current one.'),
    inCluster: z.literal(true).optional().describe('Fairlead runs in the cluster and uses its service account.'),
    manifests: filePath
      .optional()
      .describe('A folder of manifests (YAML or JSON), watched for changes; no API server.'),
  })
  .refine((value) => hasExactlyOne(value, CONNECTIONS), rule('exactly one of kubeconfig, inCluster, manifests'))
  .refine((value) => value.context === undefined || value.kubeconfig !== undefined, rule('a kubeconfig beside context'))
  .meta({
    description: 'How the cluster is reached: exactly one of kubeconfig, inCluster, manifests.',
    ...oneOfRequired(CONNECTIONS),
  });

const labelSelector = z
  .string()
  .regex(/^[\w./-]+=[\w.-]*(,[\w./-]+=[\w.-]*)*$/)
  .transform((text) => Object.fromEntries(text.split(',').map((pair) => splitLabel(pair))));

function splitLabel(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

const namespaces = z
  .strictObject({
    names: z.array(z.string().min(1)).min(1).optional().describe('These namespaces.'),
    labels: labelSelector.optional().describe('namespaces with all of these labels: team=shop,stage=live'),
  })
  .refine((value) => hasExactlyOne(value, ['names', 'labels']), rule('exactly one of names, labels'))
  .meta({
    description: 'Which namespaces are read; default: all.',
    ...oneOfRequired(['names', 'labels']),
  });

const secretName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*\/[a-z0-9][a-z0-9.-]*$/)
  .meta({ id: 'secretName', description: 'a Secret, namespace/name' });

const ingress = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Serve Ingresses; false: they are not even read.'),
    controller: z
      .string()
      .min(1)
      .default('fairlead.io/bigip')
      .describe('Ingresses of IngressClasses with this spec.controller are served.'),
    className: z
      .string()
      .min(1)
      .optional()
      .describe('Serve Ingresses that name this class alone; IngressClasses are not read then.'),
    claimUnclassed: z.boolean().default(false).describe('Serve Ingresses without a class, whatever the default class.'),
    address: listenAddresses
      .optional()
      .describe('What Ingresses share that name no address; default: each gets one from an address pool.'),
    redirect: z.boolean().default(true).describe('Redirect plain HTTP to HTTPS for hosts with TLS.'),
    defaultSecret: secretName
      .optional()
      .describe('A TLS Secret: the certificate for clients that name no host or an unknown one.'),
    secrets: z
      .array(secretName)
      .optional()
      .describe('Only these TLS Secrets are read, by name, so that a role can name them; default: all TLS Secrets.'),
  })
  .describe('Ingresses.');

/** One place that configuration is read from. Fields beside `kubernetes` are about clusters. */
export const sourceSchema = z
  .strictObject({
    name: identifier.describe(
      'Unique. It stands in the marks on the device: a change of name makes the objects foreign.',
    ),
    kubernetes: connection.optional(),
    files: fileSourceSchema.optional(),
    sql: sqlSourceSchema.optional(),
    etcd: etcdSourceSchema.optional(),
    state: stateSourceSchema.optional(),
    http: httpSourceSchema.optional(),
    docker: dockerSourceSchema.optional(),
    ...settingFields,
    namespaces: namespaces.optional(),
    loadBalancerClass: z
      .string()
      .min(1)
      .default('fairlead.io/bigip')
      .describe('Services of type LoadBalancer with this spec.loadBalancerClass are served.'),
    claimUnclassed: z.boolean().default(false).describe('Serve LoadBalancer Services without a class, too.'),
    members: z
      .enum(['cluster', 'nodeport', 'nodeportlocal', 'auto'])
      .default('auto')
      .describe(
        'What pool members are: cluster = pod IPs, nodeport = node IPs and node ports, nodeportlocal = ports of nodes that Antrea leads to single pods, auto = nodes where the port of a Service has a node port, pods where it has none; with podNetwork pods.',
      ),
    nodeAddressType: z
      .enum(['InternalIP', 'ExternalIP'])
      .default('InternalIP')
      .describe('Which address of a node is the member, where members are nodes.'),
    annotationPrefix: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]*\/$/)
      .default('fairlead.io/')
      .describe('the prefix of annotations, with its slash, such as fairlead.io/'),
    annotations: z
      .enum(['fairlead', 'codeshare'])
      .default('fairlead')
      .describe(
        'codeshare = also f5.destination, f5.vs__… and kubernetes.io/ingress.class of the F5 codeshare example.',
      ),
    naming: z
      .enum(['fairlead', 'codeshare'])
      .default('fairlead')
      .describe('How objects are named: fairlead = namespace_name_port, codeshare = name_port_vs and name_port_pool.'),
    dns: sourceDnsSchema.prefault({}),
    ingress: ingress.prefault({}),
    podNetwork: podNetworkSchema.optional(),
    writeStatus: z.boolean().default(true).describe('Write addresses into the status of Services and Ingresses.'),
    writeEvents: z.boolean().default(true).describe('Write Events about Services and Ingresses.'),
  })
  .refine((value) => hasExactlyOne(value, PLACES), rule(ONE_PLACE))
  .meta({
    description: `One place that configuration is read from: ${ONE_PLACE}.`,
    ...oneOfRequired(PLACES),
  });

/** One source, as read from the file. */
export type SourceConfig = z.output<typeof sourceSchema>;

/** One source that is a Kubernetes cluster. */
export type ClusterConfig = SourceConfig & { readonly kubernetes: NonNullable<SourceConfig['kubernetes']> };

/** Whether a source is a Kubernetes cluster. */
export function isCluster(source: SourceConfig): source is ClusterConfig {
  return source.kubernetes !== undefined;
}
