import { z } from 'zod';
import { rule } from './exactly-one.ts';
import { filePath } from './scalars.ts';

/** How a server is known, and how we are known to it. */
export const tlsFields = {
  caFile: filePath.optional().describe('PEM file of the authority that signed the certificates of the server.'),
  clientCertificate: filePath.optional().describe('PEM file of a client certificate.'),
  clientKey: filePath.optional().describe('PEM file of its key.'),
  insecureSkipVerify: z.boolean().default(false).describe('Do not verify certificates. For laboratories.'),
} as const;

const CLIENT = ['clientCertificate', 'clientKey'] as const;

/** Whether a client certificate has its key, and a key its certificate. */
export function hasWholeClient(value: object): boolean {
  const record = value as Readonly<Record<string, unknown>>;
  return new Set(CLIENT.map((name) => record[name] === undefined)).size === 1;
}

/** What {@link hasWholeClient} expects. */
export const WHOLE_CLIENT = rule('clientCertificate and clientKey together');
