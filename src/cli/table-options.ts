import type { Config } from '../config/schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { FullPath } from '../ir/ref.ts';
import type { TableSourceOptions } from '../sources/tables/table-source.ts';
import { defaultsOf } from './kubernetes-options.ts';

/** Which source, and for which device. */
export interface TablePlace {
  readonly source: SourceConfig;
  readonly target: TargetConfig;
  /** Pools outside the target's partition to which members may be given. */
  readonly lentPools: ReadonlySet<FullPath>;
}

/** What every source that reads tables is made with, from the config. */
export function tableOptions(
  config: Config,
  { source, target, lentPools }: TablePlace,
  {
    mapping,
    badRows,
    unnamedRows,
    allowEmpty,
  }: Pick<TableSourceOptions, 'mapping' | 'badRows' | 'unnamedRows' | 'allowEmpty'>,
): TableSourceOptions {
  const { partition, routeDomain } = target.bigip;
  return {
    source: source.name,
    partition,
    defaults: defaultsOf(config),
    ...(routeDomain === undefined ? {} : { routeDomain }),
    lentPools,
    mapping,
    badRows,
    unnamedRows,
    allowEmpty,
  };
}
