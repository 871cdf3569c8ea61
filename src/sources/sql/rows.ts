import { SqlProblem } from './problem.ts';
import type { SqlValue } from './values.ts';

/** What a query gave. */
export interface SqlResult {
  /** The names of the columns, in order. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Gathers rows while they come, so that a result without end does not fill the memory. */
export class Rows {
  readonly #maxRows: number;
  readonly #rows: (readonly SqlValue[])[] = [];
  #characters = 0;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  get all(): readonly (readonly SqlValue[])[] {
    return this.#rows;
  }

  /** Throws {@link SqlProblem} if that is too much. */
  add(row: readonly SqlValue[]): void {
    this.#rows.push(row);
    if (this.#rows.length > this.#maxRows)
      throw new SqlProblem(`gives more than ${this.#maxRows} rows, expected at most that many (maxRows)`);
    for (const value of row) this.#characters += typeof value === 'string' ? value.length : 0;
    if (this.#characters > MAX_CHARACTERS)
      throw new SqlProblem(`gives more than ${MAX_CHARACTERS} characters, expected at most that many`);
  }
}
