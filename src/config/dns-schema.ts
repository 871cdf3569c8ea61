import { z } from 'zod';
import { fullPath, ipAddress } from './scalars.ts';

/** The name of an object in `/Common`. */
const objectName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
  .meta({ id: 'objectName', description: 'a name in /Common, without the path: letters, digits, dots, dashes, _' });

const serverAddress = z.union([
  ipAddress,
  z.strictObject({
    address: ipAddress.describe('Where the box is reached: a self IP, or what it is translated to.'),
    device: objectName.optional().describe('The device of a pair that has it; default: named as the server.'),
    translation: ipAddress.optional().describe('What the address is translated to.'),
  }),
]);

const server = z.union([
  objectName,
  z.strictObject({
    name: objectName.describe('The GTM server.'),
    addresses: z
      .array(serverAddress)
      .min(1)
      .describe('Of the box: with them, server and data center are made if missing.'),
    product: z
      .enum(['bigip', 'generic-host', 'generic-load-balancer'])
      .default('bigip')
      .describe('What the box is; bigip is asked for the state of its virtual servers (iQuery).'),
  }),
]);

const datacenter = z
  .strictObject({
    name: objectName.describe('The data center; it stands in the names of pools.'),
    server: server.describe(
      'The GTM server that virtual servers are put into: its name, or all that is needed to make it.',
    ),
  })
  .meta({ description: 'A data center, and the GTM server in it that stands for this device.' });

const MODES = {
  pools: ['round-robin', 'global-availability', 'ratio', 'topology', 'random'],
  members: [
    'round-robin',
    'global-availability',
    'ratio',
    'topology',
    'least-connections',
    'virtual-server-capacity',
    'virtual-server-score',
    'completion-rate',
    'lowest-round-trip-time',
    'static-persistence',
  ],
} as const;

/** How a device answers DNS. */
export const targetDnsSchema = z
  .strictObject({
    datacenters: z
      .array(datacenter)
      .min(1)
      .describe('Where virtual servers stand: each wide IP gets a pool for each, the first is preferred.'),
    monitor: z
      .union([fullPath, z.array(fullPath).min(1)])
      .optional()
      .describe('Monitors (of gtm, such as /Common/tcp) of the virtual servers; default: that of their server.'),
    loadBalancing: z
      .strictObject({
        datacenters: z.enum(MODES.pools).default('round-robin').describe('How a data center is chosen.'),
        virtualServers: z
          .enum(MODES.members)
          .default('round-robin')
          .describe('How one of several in a data center is.'),
      })
      .describe('How one answer among several is chosen.')
      .prefault({}),
    ttl: z.int().min(0).max(2_147_483_647).default(30).describe('Seconds that an answer may be kept.'),
  })
  .meta({ description: 'Hosts become wide IPs of BIG-IP DNS (module gtm); see dns.md.' });

const zone = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/)
  .meta({ id: 'dnsZone', description: 'a DNS name in lower case, without dots at its ends, such as example.com' });

/** Which hosts of a source are answered. */
export const sourceDnsSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Answer hosts of this source, on devices with a section dns.'),
    datacenters: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('The data centers where this cluster’s virtual servers stand; default: all of the device.'),
    suffix: z
      .string()
      .max(253)
      .regex(/^[a-z0-9{][a-z0-9{}.-]*[a-z0-9}]$/)
      .optional()
      .describe(
        'a DNS name such as example.com or {namespace}.example.com: every exposed Service without a host of its own is <name>.<suffix>',
      ),
    zones: z.array(zone).min(1).optional().describe('Only hosts in these zones are answered; default: all.'),
    externalDns: z.boolean().default(true).describe('Read annotations of external-dns, too (hostname, ttl, target).'),
    ingress: z.boolean().default(true).describe('Answer hosts of Ingresses.'),
  })
  .meta({ description: 'Which hosts of this source are answered.' });
