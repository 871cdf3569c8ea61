import type { CellKey, Contribution } from '../../src/desired/contribution.ts';
import type { OriginOutcome, Source, SourceResult } from '../../src/sources/source.ts';

/** A source whose contributions a test sets by hand. */
export class MemorySource implements Source {
  readonly name: string;
  readonly cells = new Map<CellKey, Contribution>();
  readonly outcomes: OriginOutcome[] = [];
  complete = true;
  extractions = 0;
  #onChange: ((cells: Iterable<CellKey>) => void) | undefined;

  constructor(name = 'east', contributions: readonly Contribution[] = []) {
    this.name = name;
    for (const contribution of contributions) this.cells.set(contribution.cell, contribution);
  }

  get counters(): { readonly extractions: number } {
    return { extractions: this.extractions };
  }

  /** Sets or removes a cell, and tells whoever watches. */
  set(cell: CellKey, contribution: Contribution | undefined): void {
    if (contribution === undefined) this.cells.delete(cell);
    else this.cells.set(cell, contribution);
    this.#onChange?.([cell]);
  }

  read(): Promise<SourceResult> {
    this.extractions += this.cells.size;
    return Promise.resolve({ contributions: [...this.cells.values()], complete: this.complete, diagnostics: [] });
  }

  extract(cells: Iterable<CellKey>): readonly Contribution[] {
    return [...cells].flatMap((cell) => {
      this.extractions += 1;
      return this.cells.get(cell) ?? [];
    });
  }

  watch({ signal, onChange }: Parameters<NonNullable<Source['watch']>>[0]): Promise<void> {
    this.#onChange = onChange;
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  settle(outcomes: readonly OriginOutcome[]): Promise<[]> {
    this.outcomes.push(...outcomes);
    return Promise.resolve([]);
  }

  /** The last outcome of each origin. */
  get latest(): ReadonlyMap<string, OriginOutcome> {
    return new Map(this.outcomes.map((outcome) => [outcome.origin, outcome]));
  }
}
