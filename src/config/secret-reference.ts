import { z } from 'zod';
import { hasExactlyOne, oneOfRequired, rule } from './exactly-one.ts';

/** The id of the definition in the published JSON Schema: whatever stands below it is never repeated in a message. */
export const SECRET_SCHEMA_ID = 'secretReference';

/** The same for secrets of the emulator, which has no Kubernetes to ask. */
export const PASSWORD_SCHEMA_ID = 'passwordReference';

const kubernetesSecret = z
  .strictObject({
    source: z
      .string()
      .optional()
      .describe('The source whose API connection reads it; may be left out if one Kubernetes source has an API.'),
    namespace: z.string().min(1).describe('Namespace of the Secret.'),
    name: z.string().min(1).describe('Name of the Secret.'),
    key: z.string().min(1).describe('The entry of `data` to use.'),
  })
  .describe('A Kubernetes Secret, read through the API connection of a source.');

const KINDS = ['env', 'file', 'secret'] as const;

const env = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .optional()
  .describe('the name of an environment variable');

const file = z
  .string()
  .min(1)
  .optional()
  .describe('A file; a newline at its end is left out. Relative to the config file.');

/** Where a secret is kept. The config file itself never holds one. */
export const secretReference = z
  .strictObject({ env, file, secret: kubernetesSecret.optional() })
  .refine((reference) => hasExactlyOne(reference, KINDS), rule('exactly one of env, file, secret'))
  .meta({
    id: SECRET_SCHEMA_ID,
    description: 'a reference to a secret: {env: NAME}, {file: PATH} or {secret: {namespace, name, key}}',
    ...oneOfRequired(KINDS),
  });

/** Where a secret is kept. */
export type SecretReference = z.output<typeof secretReference>;

const PLACES = ['env', 'file'] as const;

/** Where a password of an emulated device is kept. */
export const passwordReference = z
  .strictObject({ env, file })
  .refine((reference) => hasExactlyOne(reference, PLACES), rule('exactly one of env, file'))
  .meta({
    id: PASSWORD_SCHEMA_ID,
    description: 'a reference to a password: {env: NAME} or {file: PATH}',
    ...oneOfRequired(PLACES),
  });
