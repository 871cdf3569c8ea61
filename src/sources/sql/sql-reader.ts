import { hash } from 'node:crypto';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { TableReader, TablesRead } from '../tables/table-source.ts';
import { Backoff, pause } from '../watching/backoff.ts';
import { nameOfQuery } from './options.ts';
import type { SqlOptions } from './options.ts';
import { SqlProblem, wordsOf } from './problem.ts';
import type { SqlResult } from './rows.ts';
import { SqlSession } from './session.ts';
import { tableOf } from './table.ts';

/** What one look at the database came to. */
interface Look {
  /** Two looks with the same one say the same. */
  readonly id: string;
  readonly read: TablesRead;
}

/** The last good look, and what tells whether it still is one. */
interface Known {
  readonly look: Look;
  /** What `changed` gave in the same moment of the database. */
  readonly stamp: string | undefined;
  /** By the clock of this process, in milliseconds. */
  readonly at: number;
}

const BACKOFF = { firstMs: 1000, capMs: 30_000 };

/**
 * Reads the table of a query, and asks for it again and again. Every look is a connection of its own: none is held in
 * between that a firewall, a restart or a time-out of the server could break.
 */
export class SqlReader implements TableReader {
  readonly #options: SqlOptions;
  readonly #closed = new AbortController();
  #known: Known | undefined;
  /** The look that was given last. */
  #given: string | undefined;
  /** A look that says something new, until it is read. */
  #news: Look | undefined;
  #failing = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SqlOptions) {
    this.#options = options;
  }

  async read(signal: AbortSignal): Promise<TablesRead> {
    const look = this.#news ?? (await this.#look(this.#untilClosed(signal), 'whole'));
    this.#news = undefined;
    this.#given = look.id;
    return look.read;
  }

  async follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    const { pollMs, backoffMs = Math.min(BACKOFF.firstMs, pollMs) } = this.#options;
    const backoff = new Backoff(backoffMs, Math.max(pollMs, BACKOFF.capMs));
    const end = this.#untilClosed(signal);
    try {
      while (!end.aborted) {
        if (!this.#failing) backoff.reset();
        await pause(this.#failing ? backoff.next() : pollMs, end);
        const look = await this.#look(end, 'changes');
        if (look.id === this.#given) continue;
        this.#news = look;
        onChange();
      }
    } catch (error) {
      if (!end.aborted) throw error;
    } finally {
      this.#news = undefined;
    }
  }

  close(): Promise<void> {
    this.#closed.abort(new DOMException('the source is closed', 'AbortError'));
    return this.#turn.then(() => undefined);
  }

  #untilClosed(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closed.signal]);
  }

  /** One at a time. Rejects only if the signal aborts. */
  async #look(signal: AbortSignal, what: 'whole' | 'changes'): Promise<Look> {
    const next = this.#turn.then(async () => {
      signal.throwIfAborted();
      try {
        const look = await this.#visit(signal, what);
        this.#failing = false;
        return look;
      } catch (error) {
        signal.throwIfAborted();
        this.#failing = true;
        return failed(error, this.#options);
      }
    });
    this.#turn = next.catch(() => undefined);
    return await next;
  }

  async #visit(signal: AbortSignal, what: 'whole' | 'changes'): Promise<Look> {
    const { query, changed } = this.#options;
    return await SqlSession.use(this.#options, signal, async (session) => {
      const stamp = changed === undefined ? undefined : stampOf(await session.rows('changed', changed));
      if (what === 'changes' && this.#isCurrent(stamp)) return this.#known?.look as Look;
      const look = this.#lookOf(await session.rows('query', query));
      this.#known = { look, stamp, at: performance.now() };
      return look;
    });
  }

  #isCurrent(stamp: string | undefined): boolean {
    if (stamp === undefined || this.#known?.stamp !== stamp) return false;
    return performance.now() - this.#known.at < this.#options.fullPollMs;
  }

  #lookOf(result: SqlResult): Look {
    const names = { file: nameOfQuery(this.#options), key: this.#options.key };
    const table = named('query', () => tableOf(result, names));
    const rows = table.rows.map(({ place, values, faults = [] }) => [place, [...values], [...faults]]);
    const id = hash('sha256', JSON.stringify([table.columns, rows]));
    return this.#known?.look.id === id ? this.#known.look : { id, read: { tables: [table], failed: [] } };
  }
}

/** What `changed` gave, to compare. Bytes are not read, so nobody could tell whether they changed. */
function stampOf({ columns, rows }: SqlResult): string {
  for (const row of rows) {
    const at = row.findIndex((value) => value !== null && typeof value !== 'string');
    const fault = row[at];
    if (fault !== null && typeof fault === 'object')
      throw new SqlProblem(
        `changed: column ${columns[at]} holds ${fault.found}, expected text or a number; ${fault.remedy}`,
      );
  }
  return JSON.stringify(rows);
}

/** Problems of the table as those of the statement that it comes from. */
function named<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof SqlProblem ? new SqlProblem(`${what}: ${error.message}`) : error;
  }
}

function failed(error: unknown, options: SqlOptions): Look {
  const file = nameOfQuery(options);
  const diagnostic: Diagnostic = {
    code: 'sql-unreadable',
    severity: 'error',
    origin: file,
    summary: `${options.source}: ${wordsOf(error)}`,
    detail: 'what the query gave before stays as it is',
  };
  return { id: diagnostic.summary, read: { tables: [], failed: [{ file, diagnostic }] } };
}
