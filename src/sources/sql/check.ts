import { nameOfServer } from './options.ts';
import type { SqlOptions } from './options.ts';
import { wordsOf } from './problem.ts';
import { SqlSession } from './session.ts';
import { tableOf } from './table.ts';

/** One line of a check. */
export interface SqlFinding {
  readonly subject: 'connection' | 'rights' | 'query';
  readonly ok: boolean;
  readonly text: string;
}

/**
 * Logs in, says what the server and the connection are, what the user may do beside reading, and what the queries give.
 * Ends at the first thing that fails; never rejects but when the signal aborts.
 */
export async function checkSql(options: SqlOptions, signal: AbortSignal): Promise<readonly SqlFinding[]> {
  const findings: SqlFinding[] = [];
  try {
    await SqlSession.use(options, signal, async (session) => {
      const version = await session.ask('version', (to) => to.version());
      const tls = (await session.ask('encryption', (to) => to.encryption())) ?? 'not encrypted';
      findings.push({ subject: 'connection', ok: true, text: `${version}, ${tls}; ${nameOfServer(options)}` });
      if (options.changed !== undefined) await session.rows('changed', options.changed);
      const result = await session.rows('query', options.query);
      tableOf(result, { file: '', key: options.key });
      const count = result.rows.length;
      const text = `${count} ${count === 1 ? 'row' : 'rows'} of ${result.columns.join(', ')}`;
      findings.push({ subject: 'query', ok: true, text });
      findings.push({ subject: 'rights', ok: true, text: await rightsText(session) });
    });
  } catch (error) {
    signal.throwIfAborted();
    findings.push({ subject: findings.length === 0 ? 'connection' : 'query', ok: false, text: wordsOf(error) });
  }
  return findings;
}

/** Asked last: that rights cannot be told is no reason not to read. */
async function rightsText(session: SqlSession): Promise<string> {
  const rights = await session
    .ask('cannot be told', (to) => to.writeRights())
    .catch((error: unknown) => wordsOf(error));
  if (typeof rights === 'string') return rights;
  if (rights.length === 0) return 'reading only';
  return `the user may do more than read: ${rights.join('; ')}; one who may only read would be safer`;
}
