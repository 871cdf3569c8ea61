import type { ReadTls } from '../tls-files.ts';

/** A header whose value is read when it is sent. */
export interface HttpHeader {
  readonly name: string;
  readonly value: () => Promise<string>;
}

/** Where a document is read, and how. */
export interface HttpOptions {
  /** The name of the source, for messages. */
  readonly source: string;
  readonly url: string;
  readonly headers: readonly HttpHeader[];
  /** Where the rows are in the document (JMESPath); left out: the document, or what it has under `rows`. */
  readonly rows?: string;
  /** Where the URL of the next page is in it (JMESPath); left out: what it has under `next`, where that is a URL. */
  readonly nextPage?: string;
  readonly pollMs: number;
  /** One request, from start to its last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** How many pages a document may have, one leading to the next. */
  readonly maxPages: number;
  readonly tls?: ReadTls;
}

/** A URL as messages show it: what stands behind `?` may be nobody's business. */
export function printUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
