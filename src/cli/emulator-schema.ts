import { z } from 'zod';
import type { SchemaNode } from '../config/json-schema.ts';
import type { Fault } from '../emulator/index.ts';
import { filePath } from '../config/scalars.ts';
import { passwordReference } from '../config/secret-reference.ts';
import { faultTypes, problemOfFault, tmosReleases } from '../emulator/index.ts';
import { HOSTNAME, parseListen } from './emulator-listen.ts';

type FaultType = Fault['type'];

/** YAML reads 17.1 as a number: both are understood. */
const tmos = z
  .union([z.enum(tmosReleases as [string, ...string[]]), z.literal(tmosReleases.map(Number))])
  .transform(String)
  .meta({ id: 'tmos', description: `a TMOS release: ${tmosReleases.join(', ')}` });

const listen = z
  .string()
  .refine((text) => parseListen(text) !== undefined, { error: 'address' })
  .meta({ id: 'listen', description: 'ADDRESS:PORT, such as 127.0.0.1:8443 or [::1]:8443; port 0: any that is free' });

const hostname = z
  .string()
  .regex(HOSTNAME)
  .meta({ id: 'hostname', description: 'a host name with a domain, such as bigip1.example.com' });

const user = z.strictObject({
  name: z.string().min(1).describe('Name to log in with.'),
  password: passwordReference,
  role: z.string().min(1).default('admin').describe('admin, resource-admin, manager, operator, guest, ...'),
  partitions: z.array(z.string().min(1)).min(1).optional().describe('Where the role holds; default: everywhere.'),
});

const tls = z
  .strictObject({
    cert: filePath.optional().describe('Certificate, PEM; default: self-signed.'),
    key: filePath.optional().describe('Key of the certificate, PEM.'),
    caOut: filePath.optional().describe('Where the certificate to trust is written (tls.caFile).'),
  })
  .refine((value) => (value.cert === undefined) === (value.key === undefined), {
    error: 'both cert and key, or neither',
  })
  .describe('TLS of the management interface.');

const dataPlane = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: virtual servers do not listen, nothing is probed.'),
    timeScale: z.number().gt(0).default(1).describe('Factor on the times of monitors: 0.01 is 100 times faster.'),
  })
  .describe('Traffic.');

const fault = z
  .strictObject({
    type: z.enum(faultTypes as [FaultType, ...FaultType[]]).describe('What happens (docs/emulator.md).'),
    method: z.string().optional().describe('Only requests with this method.'),
    path: z.string().optional().describe('Only requests whose path and query fit this regular expression.'),
    probability: z.number().optional().describe('Which share of these requests, from 0 to 1.'),
    seed: z.number().optional().describe('Where the dice start; the same seed gives the same run.'),
    count: z.int().optional().describe('Only so many requests.'),
    afterMs: z.number().optional().describe('Only so long after the start.'),
    durationMs: z.number().optional().describe('Only so long.'),
    ms: z.number().optional().describe('latency: milliseconds.'),
    profile: z.string().optional().describe('latency, instead of ms: real-device.'),
    scale: z.number().optional().describe('latency: factor on the times of the profile.'),
    timeoutMs: z.number().optional().describe('latency: milliseconds after which the operation has expired.'),
    shape: z.string().optional().describe('latency, slow-transaction: remote-sender or async-context.'),
    daemon: z.string().optional().describe('restart: all, restjavad or mcpd.'),
    when: z.string().optional().describe('cut: before or after the change is made.'),
    reason: z.string().optional().describe('unauthorized: no-credentials or expired.'),
    seconds: z.number().optional().describe('token-lifetime: seconds from the login.'),
    limit: z.int().optional().describe('token-limit: tokens of one user.'),
    items: z.number().optional().describe('memory: how many objects a list may have.'),
    failures: z.int().optional().describe('memory: after how many of them restjavad restarts.'),
    message: z.string().optional().describe('mcp-error: the words of the error, with its number.'),
    code: z.int().optional().describe('mcp-error: the HTTP status.'),
    kind: z.string().optional().describe('mcp-error: path of the collection, such as ltm/pool/members.'),
    name: z.string().optional().describe('mcp-error: full path of the object; * stands for anything.'),
    verb: z.string().optional().describe('mcp-error: create, modify or delete.'),
    answerAfterMs: z.number().optional().describe('slow-transaction: milliseconds until the answer.'),
    applyAfterMs: z.number().optional().describe('slow-transaction: milliseconds until it is applied.'),
  })
  .superRefine((value, context) => {
    const problem = problemOfFault(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [problem.field], message: problem.expected });
  });

const kernel = z
  .strictObject({
    interfaces: z
      .record(z.string(), z.string())
      .optional()
      .describe('The interface of this machine that an interface of the box (1.1) or a VLAN stands for.'),
    anyNamespace: z.boolean().default(false).describe("true: also in the machine's own network namespace."),
  })
  .describe('The network of this device is applied to the network namespace that the process is in.');

const device = z.strictObject({
  hostname: hostname.default('bigip1.example.com').describe('Its host name, by which messages and the page call it.'),
  listen: listen.default('127.0.0.1:8443').describe('Where the management interface listens.'),
  tmos: tmos.prefault('17.1').describe('The TMOS release to be.'),
  users: z.array(user).min(1).describe('Who may log in, besides users made by clients.'),
  modules: z
    .array(z.string().regex(/^[a-z0-9-]+$/))
    .default([])
    .describe('Modules provisioned besides ltm: gtm, asm, ...'),
  tls: tls.prefault({}),
  dataPlane: dataPlane.prefault({}),
  conf: filePath.optional().describe('A bigip.conf to start from.'),
  state: filePath.optional().describe('A folder to keep the state in, made when it is not there.'),
  kernel: kernel.optional(),
  managementIp: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .meta({ description: 'an IP address: by it, others add this device to their trust domain; default 127.0.0.1' }),
  peerCa: filePath.optional().describe('PEM: certificates to trust when a device of another process is added.'),
  openPage: z.boolean().default(false).describe('true: the page at / asks for no password.'),
  faults: z.array(fault).default([]).describe('Faults that are on from the start.'),
});

/** The config file of `fairlead emulator`. */
export const emulatorSchema = z
  .strictObject({ devices: z.array(device).min(1).describe('The devices of this process.') })
  .meta({ title: 'emulator.yaml', description: 'Configuration of the emulator.' });

/** The file, read, checked and completed with defaults. */
export type EmulatorConfig = z.output<typeof emulatorSchema>;

/** The JSON Schema of the file: what is published, and what messages explain themselves with. */
export function publishedEmulatorSchema(): SchemaNode {
  return z.toJSONSchema(emulatorSchema, { io: 'input', reused: 'inline' }) as SchemaNode;
}
