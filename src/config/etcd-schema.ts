import { z } from 'zod';
import { rule } from './exactly-one.ts';
import { secretReference } from './secret-reference.ts';
import { tableFields } from './table-schema.ts';
import { WHOLE_CLIENT, hasWholeClient, tlsFields } from './tls-schema.ts';

const etcdUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && isBare(new URL(text)), {
    error: 'etcd URL',
  })
  .meta({ id: 'etcdUrl', description: 'the URL of a member of etcd, https://ADDRESS:2379, without user and path' });

function isBare({ username, password, pathname, search }: URL): boolean {
  return username === '' && password === '' && pathname === '/' && search === '';
}

/** How an etcd is reached. */
export const etcdConnection = {
  endpoints: z.array(etcdUrl).min(1).describe('Members of the cluster; the next one is asked when one is away.'),
  ...tlsFields,
  username: z.string().min(1).optional().describe('A user of etcd, if it asks for one.'),
  password: secretReference.optional().describe('Read at each login.'),
} as const;

/** Whether a user has a password, and a password its user. */
export function hasWholeUser(value: { readonly username?: unknown; readonly password?: unknown }): boolean {
  return (value.username === undefined) === (value.password === undefined);
}

/** What {@link hasWholeUser} expects. */
export const WHOLE_USER = rule('username and password');

const keyPattern = z
  .string()
  .min(1)
  .refine((text) => isPattern(text), { error: 'pattern of keys' })
  .meta({
    id: 'keyPattern',
    description: 'a regular expression with named groups, such as ^(?<service>[^/]+)/(?<instance>[^/]+)$',
  });

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source.includes('(?<');
  } catch {
    return false;
  }
}

/** Keys in etcd. */
export const etcdSourceSchema = z
  .strictObject({
    ...etcdConnection,
    api: z
      .enum(['auto', 'v3', 'v2'])
      .default('auto')
      .describe('auto = v3, or v2 where the server is an etcd 2. v2 on later ones: up to 3.5, with --enable-v2.'),
    prefix: z
      .string()
      .regex(/^[^\s]*[^/\s]$/)
      .describe('what the keys begin with, without the slash behind it, such as /services'),
    format: z
      .enum(['auto', 'json', 'yaml', 'address', 'skydns'])
      .default('auto')
      .describe(
        'What values are. auto = JSON or YAML where that is a map or a list, else an address (host:port, as registrator writes it).',
      ),
    key: keyPattern
      .optional()
      .describe(
        'How keys are read, behind the prefix: named groups are columns, keys that do not match are left out. Default: SERVICE/INSTANCE for addresses and skydns, else SERVICE.',
      ),
    ...tableFields,
  })
  .refine(hasWholeClient, WHOLE_CLIENT)
  .refine(hasWholeUser, WHOLE_USER)
  .meta({ description: 'Keys in etcd: JSON, YAML, addresses, skydns.' });

/** A source of keys in etcd, as read from the file. */
export type EtcdSourceConfig = z.output<typeof etcdSourceSchema>;
