import type { Diagnostic, Severity } from '../../../diagnostics/diagnostic.ts';
import type { Network } from '../../../ir/network.ts';
import type { OriginKey } from '../../../ir/origin.ts';
import { parseAddress } from '../../../ir/address.ts';
import { parseInterface, parseNetwork } from '../../../ir/network.ts';
import { parseOrigin } from '../../../ir/origin.ts';
import { expectedPart } from '../machine-part.ts';

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

  /** A field holds something else than is expected: the device keeps what it has of the origin. */
  invalid(field: string, found: unknown, expected: string): void {
    const text = `${field} is ${JSON.stringify(found)}, expected ${expected}; its routes stay as they are`;
    this.freeze({ code: 'pod-network-invalid', text, field });
  }

  /** Addresses out of texts, with the length of their network behind them or without; one that is none freezes, too. */
  addresses(texts: readonly string[], field: string): readonly string[] {
    return texts.filter((text) => {
      const isAddress = (parseAddress(text) ?? parseInterface(text)) !== undefined;
      if (!isAddress) this.invalid(field, text, 'an address such as 10.1.20.11 or 10.1.20.11/24');
      return isAddress;
    });
  }

  /** Networks out of texts; one that is none freezes the whole, so that no route is lost to a slip. */
  networks(texts: readonly string[], field: string): readonly Network[] {
    return texts.flatMap((text) => {
      const network = parseNetwork(text);
      const expected = network === undefined ? 'a network such as 10.244.1.0/24' : expectedPart(network);
      if (network !== undefined && expected === undefined) return [network];
      this.invalid(field, text, expected ?? '');
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

  /** The same of one that holds a map, as `example` does; undefined, and told, if it holds something else. */
  jsonMap(text: string | undefined, field: string, example: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.json(text, field);
    if (value === undefined) return undefined;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
    this.invalid(field, value, `a map such as ${example}`);
    return undefined;
  }

  /** Texts, one or a list of them, as JSON has them at a place; one that is something else is told and left out. */
  texts(value: unknown, field: string): readonly string[] {
    const isList = Array.isArray(value);
    const items: readonly unknown[] = isList ? value : [value];
    return items.flatMap((item) => {
      if (typeof item === 'string') return [item];
      this.invalid(field, item, isList ? 'texts in its list' : 'a text or a list of texts');
      return [];
    });
  }
}
