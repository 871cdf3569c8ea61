import type { Diagnostic, Severity } from '../../../diagnostics/diagnostic.ts';
import type { Named } from './names.ts';
import type { ExtractOptions } from './options.ts';
import { nounOf, originOf } from './names.ts';

/** A problem before it knows whose it is. */
export interface Problem {
  readonly code: string;
  /** Left out: error. */
  readonly severity?: Severity;
  /** What was found and what was expected; whose problem it is is put in front. */
  readonly text: string;
  readonly detail?: string;
  readonly field?: string;
}

/** Collects what is wrong with one object, each thing once. */
export class Problems {
  readonly #record: Named;
  readonly #options: ExtractOptions;
  readonly #found = new Map<string, Diagnostic>();
  #frozen = false;

  constructor(record: Named, options: ExtractOptions) {
    this.#record = record;
    this.#options = options;
  }

  /** In the order found. */
  get list(): readonly Diagnostic[] {
    return [...this.#found.values()];
  }

  /** The cell cannot be understood. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** Notes a problem that the rest can live with. */
  add({ code, severity = 'error', text, detail, field }: Problem): void {
    const diagnostic: Diagnostic = {
      code,
      severity,
      summary: `${nounOf(this.#record)}: ${text}`,
      ...(detail === undefined ? {} : { detail }),
      origin: originOf(this.#record, this.#options),
      ...(field === undefined ? {} : { field }),
    };
    this.take([diagnostic]);
  }

  /** Notes a problem that leaves the cell as it is on the device. */
  freeze(problem: Problem): void {
    this.add(problem);
    this.#frozen = true;
  }

  /** Takes over what others found. */
  take(diagnostics: readonly Diagnostic[], frozen = false): void {
    for (const diagnostic of diagnostics)
      this.#found.set(`${diagnostic.field ?? ''}\n${diagnostic.summary}`, diagnostic);
    if (frozen) this.#frozen = true;
  }
}
