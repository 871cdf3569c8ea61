import type { Config } from '../config/schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { createFileSource } from '../sources/files/index.ts';
import { defaultsOf } from './kubernetes-options.ts';

/** What a source of files is made with, from the config. */
export function fileOptions(
  config: Config,
  { source, target }: { readonly source: SourceConfig; readonly target: TargetConfig },
  files: NonNullable<SourceConfig['files']>,
): Parameters<typeof createFileSource>[0] {
  const { partition, routeDomain } = target.bigip;
  return {
    ...files,
    source: source.name,
    partition,
    defaults: defaultsOf(config),
    ...(routeDomain === undefined ? {} : { routeDomain }),
  };
}
