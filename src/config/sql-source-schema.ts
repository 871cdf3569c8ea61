import { z } from 'zod';
import { hasExactlyOne, oneOfRequired, rule } from './exactly-one.ts';
import { duration, filePath } from './scalars.ts';
import { secretReference } from './secret-reference.ts';
import { tableFields } from './table-schema.ts';

const PLACES = ['host', 'socket'] as const;

/** A statement that can give rows; whether it writes is the database's to refuse. */
const query = z
  .string()
  .regex(/^(?:\s|\(|--.*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:select|with|values|table)\b/i)
  .meta({ id: 'sqlQuery', description: 'one SQL statement that begins with SELECT, WITH, VALUES or TABLE' });

const interval = duration
  .refine((ms) => ms >= 100)
  .meta({ id: 'interval', description: 'a duration of at least 100ms, such as 500ms, 30s, 5m or 1h' });

const columnNames = z
  .union([
    z
      .string()
      .min(1)
      .transform((column) => [column]),
    z.array(z.string().min(1)).min(1),
  ])
  .meta({ id: 'columnNames', description: 'the name of a column, or a list of them' });

const tls = z
  .strictObject({
    disabled: z.literal(true).optional().describe('The password and the rows travel as they are.'),
    caFile: filePath.optional().describe('The authority that signed the certificate, in PEM; default: those of Node.'),
    serverName: z.string().min(1).optional().describe('The name that the certificate is for; default: the host.'),
    certFile: filePath.optional().describe('A certificate of our own, in PEM, for servers that ask for one.'),
    keyFile: filePath.optional().describe('Its key, in PEM.'),
    insecureSkipVerify: z.boolean().default(false).describe('Take any certificate: anybody may be the server then.'),
  })
  .refine(
    (value) => (value.certFile === undefined) === (value.keyFile === undefined),
    rule('certFile and keyFile, or neither'),
  )
  .refine(
    ({ disabled, insecureSkipVerify, ...files }) =>
      disabled === undefined || (!insecureSkipVerify && Object.values(files).every((value) => value === undefined)),
    rule('nothing beside disabled'),
  );

/** The rows of a query. */
export const sqlSourceSchema = z
  .strictObject({
    driver: z
      .enum(['mysql', 'mariadb', 'postgresql'])
      .describe('The kind of database; mysql and mariadb are the same.'),
    host: z.string().min(1).optional().describe('The name or the address of the server.'),
    port: z.int().min(1).max(65_535).optional().describe('Its port; default: 3306, for postgresql 5432.'),
    socket: filePath
      .optional()
      .describe('A Unix socket in place of host; for postgresql the folder that it is in, as /var/run/postgresql.'),
    database: z.string().min(1).describe('The database.'),
    user: z.string().min(1).describe('The user; one who may only read is enough.'),
    password: secretReference.optional().describe('The password; read at each connect.'),
    tls: tls.prefault({}).describe('TLS is on, and certificates are verified.'),
    query: query.describe('The query whose rows are the table.'),
    key: columnNames
      .default([])
      .describe('The column, or columns, that tell one row from the others; messages name rows by them.'),
    poll: interval.prefault('30s').describe('How often the database is asked.'),
    changed: query
      .optional()
      .describe(
        'A cheap query, as SELECT MAX(updated_at) FROM vips: the other one runs only when its result is another.',
      ),
    fullPoll: interval
      .prefault('10m')
      .describe('With changed: the query runs at least this often, for what changed does not show, as deleted rows.'),
    timeout: interval.prefault('30s').describe('How long connecting, and each statement, may take.'),
    maxRows: z.int().min(1).default(100_000).describe('A result with more rows is not used at all.'),
    ...tableFields,
  })
  .refine((value) => hasExactlyOne(value, PLACES), rule('exactly one of host, socket'))
  .refine(
    ({ socket, tls: given }) => socket === undefined || Object.keys(given).length <= 1,
    rule('host beside tls: a Unix socket has none'),
  )
  .meta({
    description: 'The rows of a query: MySQL, MariaDB, PostgreSQL.',
    ...oneOfRequired(PLACES),
  });

/** A database as a source, as read from the file. */
export type SqlSourceConfig = z.output<typeof sqlSourceSchema>;
