import { z } from 'zod';
import { targetDnsSchema } from './dns-schema.ts';
import { hasExactlyOne, oneOfRequired, rule } from './exactly-one.ts';
import { deviceUrl, duration, filePath, identifier } from './scalars.ts';
import { scopeSchema } from './scope-schema.ts';
import { secretReference } from './secret-reference.ts';

const tls = z
  .strictObject({
    caFile: filePath.optional().describe('PEM file of the authority that signed the device certificate.'),
    serverName: z.string().min(1).optional().describe('The name in the certificate, if it is not that of the URL.'),
    insecureSkipVerify: z.boolean().default(false).describe('Do not verify the certificate. For laboratories.'),
  })
  .describe('How the certificate of the device is verified. Default: the authorities of the system.');

const timeouts = z
  .strictObject({
    connect: duration.prefault('10s').describe('For a connection.'),
    request: duration.prefault('90s').describe('For one request; the device itself gives up after 60 s.'),
    restart: duration.prefault('5m').describe('How long a device that restarts is waited for.'),
  })
  .describe('Waits. Durations: 500ms, 30s, 5m, 1h.');

const partition = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/)
  .describe('the name of a partition, made if missing: one of its own, or Common to take over what is there');

const bigip = z
  .strictObject({
    url: deviceUrl.optional(),
    urls: z.array(deviceUrl).min(1).optional().describe('The addresses of a pair; the active unit is written to.'),
    username: z.string().min(1).describe('A user with the role manager (partition) or administrator.'),
    password: secretReference.describe('Read at each login.'),
    loginProvider: z
      .string()
      .min(1)
      .default('tmos')
      .describe('Authentication provider; tmos = what the device is set to.'),
    tls: tls.optional(),
    partition: partition.default('kubernetes'),
    routeDomain: z
      .int()
      .min(0)
      .max(65_534)
      .optional()
      .describe('Route domain of virtual servers and members; default: that of the partition.'),
    createPartition: z.boolean().default(true).describe('Make the partition if it is missing.'),
    timeouts: timeouts.prefault({}),
    batchSize: z.int().min(1).max(1000).default(200).describe('Commands in one transaction, at most.'),
  })
  .refine((value) => hasExactlyOne(value, ['url', 'urls']), rule('exactly one of url, urls'))
  .meta({
    description: 'A BIG-IP, or a pair of them.',
    ...oneOfRequired(['url', 'urls']),
  });

/** One device. */
export const targetSchema = z
  .strictObject({
    name: identifier.describe('Unique; for plans and logs.'),
    bigip,
    dns: targetDnsSchema.optional(),
    only: scopeSchema.optional(),
    save: z
      .boolean()
      .optional()
      .describe('Save the configuration on the device after changes (save sys config); true, but with only: false.'),
  })
  .meta({ description: 'One device that configuration goes to.' });

/** Its section `dns`, as read from the file. */
export type TargetDnsConfig = NonNullable<z.output<typeof targetSchema>['dns']>;

/** One target, as read from the file. */
export type TargetConfig = z.output<typeof targetSchema>;
