import type { Source } from '../source.ts';
import type { TableSourceOptions } from '../tables/table-source.ts';
import type { HttpOptions } from './options.ts';
import { TableSource } from '../tables/table-source.ts';
import { HttpReader } from './http-reader.ts';

/** What a source of rows in a JSON document is made with. */
export type HttpSourceOptions = TableSourceOptions & HttpOptions;

/** A JSON document at a URL as a source. Opens no connection until it is first read. */
export function createHttpSource(options: HttpSourceOptions): Source {
  return new TableSource(new HttpReader(options), { ...options, label: options.source });
}
