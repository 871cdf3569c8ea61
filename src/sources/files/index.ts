import type { Source } from '../source.ts';
import type { TableSourceOptions } from '../tables/table-source.ts';
import type { FileOptions } from './options.ts';
import { TableSource } from '../tables/table-source.ts';
import { FileReader } from './file-reader.ts';

/** Files with tables as a source. Opens nothing until it is first read. */
export function createFileSource(options: TableSourceOptions & FileOptions): Source {
  return new TableSource(new FileReader(options), options);
}
