import type { Source } from '../source.ts';
import type { TableSourceOptions } from '../tables/table-source.ts';
import { TableSource } from '../tables/table-source.ts';
import type { SqlOptions } from './options.ts';
import { SqlReader } from './sql-reader.ts';

export { checkSql } from './check.ts';

/** The rows of a query as a source. Opens nothing until it is first read. */
export function createSqlSource(options: TableSourceOptions & SqlOptions): Source {
  return new TableSource(new SqlReader(options), options);
}
