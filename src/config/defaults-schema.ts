import { z } from 'zod';
import { fullPath } from './scalars.ts';

const profile = z.union([
  fullPath,
  z.strictObject({
    path: fullPath.describe('The profile.'),
    context: z.enum(['all', 'clientside', 'serverside']).default('all').describe('The side that it works on.'),
  }),
]);

const profiles = z.array(profile).min(1);

const monitors = z.union([
  z.literal('none'),
  fullPath,
  z.array(fullPath).min(1),
  z.strictObject({
    minimum: z.int().min(1).describe('So many must pass.'),
    monitors: z.array(fullPath).min(1).describe('Full paths of monitors.'),
  }),
]);

const MONITOR_WORDS = 'none, a full path, a list of them (all must pass), or {minimum: N, monitors: [...]}';

/** What virtual servers and pools get, unless annotations of the Service say otherwise. */
export const defaultsSchema = z
  .strictObject({
    snat: z
      .union([z.enum(['none', 'automap']), fullPath])
      .default('automap')
      .describe('none, automap, or the full path of a SNAT pool'),
    loadBalancingMode: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .optional()
      .describe('the load balancing mode of pools as tmsh names it, such as least-connections-member'),
    profiles: z
      .strictObject({
        tcp: profiles.default(['/Common/tcp']).describe('Of standard virtual servers for TCP ports.'),
        udp: profiles.default(['/Common/udp']).describe('For UDP ports.'),
        sctp: profiles.default(['/Common/sctp']).describe('For SCTP ports.'),
        http: profiles.default(['/Common/http', '/Common/tcp']).describe('For ports that are read as HTTP.'),
        l4: profiles.default(['/Common/fastL4']).describe('For ports that are passed on packet by packet.'),
      })
      .describe('Profiles of virtual servers: full paths, or {path, context}.')
      .prefault({}),
    monitors: z
      .strictObject({
        tcp: monitors.default('/Common/tcp').describe(MONITOR_WORDS),
        udp: monitors.default('/Common/gateway_icmp').describe(MONITOR_WORDS),
        sctp: monitors.default('/Common/gateway_icmp').describe(MONITOR_WORDS),
      })
      .describe('Monitors of pools, by protocol.')
      .prefault({}),
  })
  .describe('What virtual servers and pools get, unless annotations say otherwise.');
