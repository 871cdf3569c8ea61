import { z } from 'zod';
import { compileExpression } from '../sources/http/expression.ts';
import { rule } from './exactly-one.ts';
import { duration } from './scalars.ts';
import { secretReference } from './secret-reference.ts';
import { tableFields } from './table-schema.ts';
import { WHOLE_CLIENT, hasWholeClient, tlsFields } from './tls-schema.ts';

const url = z
  .string()
  .refine((text) => isDocumentUrl(text), { error: 'URL of a document' })
  .meta({ id: 'documentUrl', description: 'the URL of a document, http(s)://HOST/PATH, without user and password' });

function isDocumentUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}

const expression = z.string().superRefine((text, context) => {
  const compiled = compileExpression(text);
  if ('evaluate' in compiled) return;
  context.addIssue({ code: 'custom', message: `a JMESPath expression (${compiled.problem})` });
});

/** Names of headers that are secret whatever stands in them. */
const SECRET_NAMES = /authorization|cookie|token|secret|password|api-?key/i;

const headers = z
  .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), z.union([z.string(), secretReference]))
  .refine(
    (given) => Object.entries(given).every(([name, value]) => typeof value !== 'string' || !SECRET_NAMES.test(name)),
    {
      error: 'references to secrets ({env: NAME}, {file: PATH}) in headers such as Authorization and X-Api-Key',
    },
  )
  .describe('Sent with each request: a text, or a reference to a secret, which is read each time.');

interface Raw {
  readonly url?: unknown;
  readonly username?: unknown;
  readonly password?: unknown;
  readonly bearerToken?: unknown;
  readonly headers?: unknown;
}

/** Credentials must not travel in clear, but on this machine. */
function isSafe({ url: text, bearerToken, password, headers: given }: Raw): boolean {
  if (typeof text !== 'string' || !URL.canParse(text) || new URL(text).protocol === 'https:') return true;
  if (/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(text).hostname)) return true;
  const values = typeof given === 'object' && given !== null ? Object.values(given) : [];
  return bearerToken === undefined && password === undefined && values.every((value) => typeof value === 'string');
}

/** Rows in a JSON document. */
export const httpSourceSchema = z
  .strictObject({
    url,
    rows: expression
      .optional()
      .describe('Where the rows are in the document, in JMESPath; default: the document, or what it has under rows.'),
    nextPage: expression
      .optional()
      .describe(
        'Where the URL of the next page is in the document, in JMESPath; default: next, where that is a URL. A Link header goes before it.',
      ),
    headers: headers.optional(),
    bearerToken: secretReference.optional().describe('Sent as Authorization: Bearer …; read each time.'),
    username: z.string().min(1).optional().describe('Sent with the password as Authorization: Basic ….'),
    password: secretReference.optional().describe('Read each time.'),
    ...tlsFields,
    poll: duration
      .refine((ms) => ms >= 1000, { error: 'a duration of at least 1s' })
      .prefault('30s')
      .describe('How often the server is asked whether something changed.'),
    timeout: duration.prefault('20s').describe('How long one request may take.'),
    maxBytes: z
      .int()
      .min(1)
      .default(64 * 1024 * 1024)
      .describe('A longer page is refused, packed or unpacked.'),
    maxPages: z.int().min(1).default(100).describe('More pages, one leading to the next, are refused.'),
    ...tableFields,
  })
  .refine(hasWholeClient, WHOLE_CLIENT)
  .refine((value) => (value.username === undefined) === (value.password === undefined), rule('username and password'))
  .refine(
    (value) => value.bearerToken === undefined || value.password === undefined,
    rule('one of bearerToken and password, not both'),
  )
  .refine(isSafe, rule('https beside credentials: they must not travel in clear'))
  .meta({ description: 'Rows in a JSON document at a URL.' });

/** A source of rows in a JSON document, as read from the file. */
export type HttpSourceConfig = z.output<typeof httpSourceSchema>;
