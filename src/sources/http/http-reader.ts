import { setTimeout as sleep } from 'node:timers/promises';
import { equalValues } from '../../ir/equal.ts';
import type { BrokenRow, Row, Table } from '../tables/row.ts';
import type { TableReader, TablesRead } from '../tables/table-source.ts';
import { columnsOf, isMap } from '../tables/document.ts';
import { compileExpression } from './expression.ts';
import type { Compiled } from './expression.ts';
import type { Page, Validators } from './client.ts';
import { HttpClient, nextPageUrl } from './client.ts';
import type { HttpOptions } from './options.ts';
import { printUrl } from './options.ts';
import { HttpProblem } from './problem.ts';

/** A page as it was last read. */
interface KnownPage {
  readonly text: string;
  readonly link: string | undefined;
  readonly validators: Validators;
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

/** By their URLs, in order. */
type Pages = ReadonlyMap<string, KnownPage>;

/** Pages that go on changing are given up after so many looks. */
const MAX_LOOKS = 4;

type FreshPage = Exclude<Page, { readonly unchanged: true }>;

/** What a page may lead on to, as frameworks write it under `next`: a URL, or one from the same server. */
const LIKE_URL = /^(?:https?:\/\/|[/?])/i;

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
  readonly #nextPage: Compiled | undefined;
  readonly #label: string;
  #pages: Pages = new Map();
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
    this.#nextPage = options.nextPage === undefined ? undefined : compileExpression(options.nextPage);
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
      const pages = await this.#settled(signal);
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

  /**
   * All pages as they are twice in a row, if there are several: between two of them a row that goes pulls another one from
   * the page that comes to the one that was read, and that one would count as gone.
   */
  async #settled(signal: AbortSignal): Promise<Pages> {
    let before = this.#pages;
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      const pages = await this.#fetch(before, signal);
      if (pages.size === 1 || isEqual(pages, before)) return pages;
      before = pages;
    }
    throw new HttpProblem(`its pages change while they are read, ${MAX_LOOKS} times in a row`);
  }

  /** All pages, one leading to the next. */
  async #fetch(before: Pages, signal: AbortSignal): Promise<Pages> {
    const { url, maxPages } = this.#options;
    const pages = new Map<string, KnownPage>();
    for (let at: string | undefined = url; at !== undefined;) {
      if (pages.has(at)) throw new HttpProblem('its pages lead round in a circle');
      if (pages.size === maxPages) throw new HttpProblem(`it has more than ${maxPages} pages`);
      const known: KnownPage | undefined = before.get(at);
      const page = await this.#client.get(at, known?.validators ?? {}, signal);
      const read = 'unchanged' in page ? known : this.#readPage(page, known);
      if (read === undefined) break;
      pages.set(at, read);
      at = read.next;
    }
    return pages;
  }

  #readPage({ text, link, url, validators }: FreshPage, known: KnownPage | undefined): KnownPage {
    if (text === known?.text && link === known.link) return { ...known, validators };
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      throw new HttpProblem(`its answer of ${text.length} characters is no JSON`);
    }
    const target = link ?? this.#nextOf(document);
    const next = target === undefined ? undefined : nextPageUrl(url, target);
    const found = this.#itemsOf(document);
    // What stands beside the rows, the time of day for one, is no change of them.
    const items = known !== undefined && equalValues(found, known.items) ? known.items : found;
    return { text, link, validators, items, next };
  }

  #nextOf(document: unknown): string | undefined {
    if (this.#nextPage === undefined) {
      const next = isMap(document) ? document['next'] : undefined;
      return typeof next === 'string' && LIKE_URL.test(next) ? next : undefined;
    }
    const found = this.#evaluate(this.#nextPage, 'nextPage', document);
    if (typeof found === 'string' && found !== '') return found;
    if (found === null || found === undefined || found === false || found === '') return undefined;
    throw new HttpProblem(`nextPage (${this.#options.nextPage}) gives ${kindOf(found)}, expected a URL, or nothing`);
  }

  #itemsOf(document: unknown): readonly unknown[] {
    const found = this.#rowsOf(document);
    if (Array.isArray(found)) return found;
    const lists = isMap(document) ? Object.keys(document).filter((name) => Array.isArray(document[name])) : [];
    const hint = lists.length === 0 ? '' : `; there are lists under ${lists.slice(0, 5).join(', ')}`;
    const where = this.#options.rows === undefined ? 'its answer' : `rows (${this.#options.rows})`;
    throw new HttpProblem(`${where} gives ${kindOf(found)}, expected a list of maps${hint}`);
  }

  #rowsOf(document: unknown): unknown {
    if (this.#rows !== undefined) return this.#evaluate(this.#rows, 'rows', document);
    return isMap(document) && Array.isArray(document['rows']) ? document['rows'] : document;
  }

  #evaluate(expression: Compiled, field: 'rows' | 'nextPage', document: unknown): unknown {
    const name = `${field} (${this.#options[field]})`;
    if ('problem' in expression) throw new HttpProblem(`${name} cannot be used: ${expression.problem}`);
    try {
      return expression.evaluate(document);
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n', 1)[0]?.slice(0, 200) : '';
      throw new HttpProblem(`${name} cannot be evaluated: ${why}`);
    }
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

/** Whether the rows are the same, page by page: where a page is, a server may call otherwise each time. */
function isEqual(a: Pages, b: Pages): boolean {
  if (a.size !== b.size) return false;
  const others = b.values();
  return [...a.values()].every(({ items }) => equalValues(items, others.next().value?.items));
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
