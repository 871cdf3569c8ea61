import { z } from 'zod';
import { rule } from './exactly-one.ts';
import { filePath, ipAddress } from './scalars.ts';
import { tableFields } from './table-schema.ts';
import { WHOLE_CLIENT, hasWholeClient, tlsFields } from './tls-schema.ts';

const engineUrl = z
  .string()
  .refine((text) => isEngineUrl(text), { error: 'URL of an Engine' })
  .meta({ id: 'engineUrl', description: 'the URL of an Engine, https://HOST:2376; http is for this machine alone' });

/** Who may talk to an Engine owns its host: never in clear over a network. */
function isEngineUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search } = new URL(text);
  const local = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
  const scheme = protocol === 'https:' || (protocol === 'http:' && local);
  return scheme && username === '' && password === '' && pathname === '/' && search === '';
}

const { badRows, allowEmpty } = tableFields;

/** Containers of a Docker Engine. */
export const dockerSourceSchema = z
  .strictObject({
    socket: filePath.optional().describe('The Unix socket of the Engine; default: /var/run/docker.sock.'),
    url: engineUrl.optional().describe('An Engine on another host, by TLS.'),
    ...tlsFields,
    members: z
      .enum(['published', 'network'])
      .default('published')
      .describe('What members are: ports that the host publishes, or addresses of containers in a network.'),
    network: z
      .string()
      .min(1)
      .optional()
      .describe('For members: network, where containers are in several: the one whose addresses are meant.'),
    hostAddress: ipAddress
      .optional()
      .describe('The address of the host, for ports that are published on all of its addresses (0.0.0.0).'),
    unhealthy: z
      .enum(['disabled', 'offline', 'enabled'])
      .default('disabled')
      .describe('What a member is whose container is unhealthy, or does not know yet.'),
    badRows,
    allowEmpty,
  })
  .refine((value) => value.socket === undefined || value.url === undefined, rule('socket or url, not both'))
  .refine(
    (value) => value.network === undefined || value.members === 'network',
    rule('members: network beside network'),
  )
  .refine(hasWholeClient, WHOLE_CLIENT)
  .meta({ description: 'Containers of a Docker Engine, by their labels.' });

/** A source of containers, as read from the file. */
export type DockerSourceConfig = z.output<typeof dockerSourceSchema>;
