import type { Diagnostic, Severity } from '../../../diagnostics/diagnostic.ts';
import type { Network } from '../../../ir/network.ts';
import type { OriginKey } from '../../../ir/origin.ts';
import { parseNetwork } from '../../../ir/network.ts';
import { parseOrigin } from '../../../ir/origin.ts';

/** A problem before it knows whose it is. */
interface Finding {
  readonly code: string;
  /** Left out: warning, for the rest of the network goes on. */
  readonly severity?: Severity;
  /** What was found and what was expected; the origin's name is put in front. */
  readonly text: string;
  readonly field?: string;
}

/** Collects what is wrong with one origin. */
export class Findings {
  readonly list: Diagnostic[] = [];
  readonly #origin: OriginKey;
  #frozen = false;

  constructor(origin: OriginKey) {
    this.#origin = origin;
  }

  /** Something of it could not be understood: what the device has of it stays as it is. */
  get frozen(): boolean {
    return this.#frozen;
  }

  add({ code, severity = 'warning', text, field }: Finding): void {
    const { kind, id } = parseOrigin(this.#origin);
    this.list.push({
      code,
      severity,
      summary: `${kind} ${id}: ${text}`,
      origin: this.#origin,
      ...(field === undefined ? {} : { field }),
    });
  }

  freeze(finding: Finding): void {
    this.add({ severity: 'error', ...finding });
    this.#frozen = true;
  }

  /** Networks out of texts; one that is none freezes the whole, so that no route is lost to a slip. */
  networks(texts: readonly string[], field: string): readonly Network[] {
    return texts.flatMap((text) => {
      const network = parseNetwork(text);
      if (network !== undefined) return [network];
      const expected = 'expected a network such as 10.244.1.0/24; its routes stay as they are';
      this.freeze({ code: 'pod-network-invalid', text: `${field} is ${JSON.stringify(text)}, ${expected}`, field });
      return [];
    });
  }

  /** What a text of JSON holds; undefined if there is no text, or (told) if it is no JSON. */
  json(text: string | undefined, field: string): unknown {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      this.freeze({ code: 'pod-network-invalid', text: `${field} is no JSON; its routes stay as they are`, field });
      return undefined;
    }
  }
}
