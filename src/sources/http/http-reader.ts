import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokenRow, Row, Table } from '../tables/row.ts';
import type { TableReader, TablesRead } from '../tables/table-source.ts';
import { columnsOf, isMap } from '../tables/document.ts';
import { compileExpression } from './expression.ts';
import type { Compiled } from './expression.ts';
import type { Validators } from './client.ts';
import { HttpClient } from './client.ts';
import type { HttpOptions } from './options.ts';
import { printUrl } from './options.ts';
import { HttpProblem } from './problem.ts';

/** A page as it was last read. */
interface KnownPage {
  readonly text: string;
  readonly validators: Validators;
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

/** What was read, and how: `unchanged` is the one that was read before. */
interface Found {
  readonly read: TablesRead;
  readonly isNew: boolean;
}

/** Reads rows out of a JSON document, and asks for it again and again. What did not change is not read again. */
export class HttpReader implements TableReader {
  readonly #options: HttpOptions;
  readonly #client: HttpClient;
  readonly #rows: Compiled | undefined;
  readonly #label: string;
  #pages: ReadonlyMap<string, KnownPage> = new Map();
  #last: TablesRead | undefined;
  /** `follow` has just asked: the `read` that it wants takes what is there. */
  #isFresh = false;
  #notBefore = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#client = new HttpClient(options);
    this.#label = printUrl(options.url);
    this.#rows = options.rows === undefined ? undefined : compileExpression(options.rows);
  }

  async read(signal: AbortSignal): Promise<TablesRead> {
    signal.throwIfAborted();
    const last = this.#isFresh ? this.#last : undefined;
    this.#isFresh = false;
    return last ?? (await this.#find(signal)).read;
  }

  async follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    while (!signal.aborted) {
      const wait = Math.max(this.#options.pollMs, this.#notBefore - performance.now());
      await sleep(wait, undefined, { signal }).catch(() => undefined);
      const found = signal.aborted ? undefined : await this.#find(signal).catch(() => undefined);
      if (found?.isNew !== true) continue;
      this.#isFresh = true;
      onChange();
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** One at a time: of two answers, the older must not be the last to be taken. */
  #find(signal: AbortSignal): Promise<Found> {
    const next = this.#turn.then(() => this.#ask(signal));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #ask(signal: AbortSignal): Promise<Found> {
    signal.throwIfAborted();
    // The server said when to come back.
    if (this.#last !== undefined && performance.now() < this.#notBefore) return { read: this.#last, isNew: false };
    const before = this.#last;
    try {
      const pages = await this.#fetch(signal);
      const isSame = before !== undefined && before.failed.length === 0 && isEqual(pages, this.#pages);
      this.#pages = pages;
      if (isSame) return { read: before, isNew: false };
      this.#last = { tables: [this.#tableOf([...pages.values()].flatMap(({ items }) => items))], failed: [] };
      return { read: this.#last, isNew: true };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HttpProblem)) throw error;
      this.#notBefore = performance.now() + error.retryAfterMs;
      this.#last = this.#failure(error.message);
      return {
        read: this.#last,
        isNew: before?.failed[0]?.diagnostic.summary !== this.#last.failed[0]?.diagnostic.summary,
      };
    }
  }

  /** All pages, one leading to the next. */
  async #fetch(signal: AbortSignal): Promise<ReadonlyMap<string, KnownPage>> {
    const { url, maxPages } = this.#options;
    const pages = new Map<string, KnownPage>();
    for (let at: string | undefined = url; at !== undefined;) {
      if (pages.has(at)) throw new HttpProblem('its pages lead round in a circle');
      if (pages.size === maxPages) throw new HttpProblem(`it has more than ${maxPages} pages`);
      const known: KnownPage | undefined = this.#pages.get(at);
      const page = await this.#client.get(at, known?.validators ?? {}, signal);
      const read = 'unchanged' in page ? known : this.#readPage(page, known);
      if (read === undefined) break;
      pages.set(at, read);
      at = read.next;
    }
    return pages;
  }

  #readPage(page: Omit<KnownPage, 'items'>, known: KnownPage | undefined): KnownPage {
    if (page.text === known?.text && page.next === known.next) return known;
    return { ...page, items: this.#itemsOf(page.text) };
  }

  #itemsOf(text: string): readonly unknown[] {
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      throw new HttpProblem(`its answer of ${text.length} characters is no JSON`);
    }
    const found = this.#evaluate(document);
    if (Array.isArray(found)) return found;
    const lists = isMap(document) ? Object.keys(document).filter((name) => Array.isArray(document[name])) : [];
    const hint = lists.length === 0 ? '' : `; there are lists under ${lists.slice(0, 5).join(', ')}`;
    const where = this.#options.rows === undefined ? 'its answer' : `rows (${this.#options.rows})`;
    throw new HttpProblem(`${where} gives ${kindOf(found)}, expected a list of maps${hint}`);
  }

  #evaluate(document: unknown): unknown {
    const rows = this.#rows;
    if (rows === undefined) return isMap(document) && Array.isArray(document['rows']) ? document['rows'] : document;
    try {
      if ('evaluate' in rows) return rows.evaluate(document);
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n', 1)[0]?.slice(0, 200) : '';
      throw new HttpProblem(`rows (${this.#options.rows}) cannot be evaluated: ${why}`);
    }
    throw new HttpProblem(`rows (${this.#options.rows}) cannot be used: ${rows.problem}`);
  }

  #tableOf(items: readonly unknown[]): Table {
    const [rows, broken, columns]: [Row[], BrokenRow[], Set<string>] = [[], [], new Set()];
    for (const [index, item] of items.entries()) {
      const place = { file: this.#label, row: index + 1 };
      const values = columnsOf(item);
      if (values === undefined) {
        broken.push({ place, text: `is ${kindOf(item)}, expected a map of columns and values` });
        continue;
      }
      for (const column of values.keys()) columns.add(column);
      rows.push({ place, values });
    }
    return { place: { file: this.#label }, columns: [...columns], rows, broken };
  }

  #failure(problem: string): TablesRead {
    const { source } = this.#options;
    const diagnostic = {
      code: 'http-failed',
      severity: 'error',
      origin: this.#label,
      summary: `${source}: ${this.#label}: ${problem}`,
      detail: 'what it gave before stays as it is',
    } as const;
    return { tables: [], failed: [{ file: this.#label, diagnostic }] };
  }
}

function isEqual(a: ReadonlyMap<string, KnownPage>, b: ReadonlyMap<string, KnownPage>): boolean {
  return a.size === b.size && [...a].every(([url, page]) => page.items === b.get(url)?.items);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
