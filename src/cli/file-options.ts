import type { Config } from '../config/schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { createFileSource } from '../sources/files/index.ts';
import type { TablePlace } from './table-options.ts';
import { tableOptions } from './table-options.ts';

/** What a source of files is made with, from the config. */
export function fileOptions(
  config: Config,
  place: TablePlace,
  files: NonNullable<SourceConfig['files']>,
): Parameters<typeof createFileSource>[0] {
  return { ...files, ...tableOptions(config, place, files) };
}
