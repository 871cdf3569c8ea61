import type { Config } from '../config/schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { createStateSource } from '../sources/state/index.ts';
import type { TablePlace } from './table-options.ts';
import { defaultsOf } from './kubernetes-options.ts';

/** What a source of the desired state is made with, from the config. */
export function stateOptions(
  config: Config,
  { source, target, lentPools }: TablePlace,
  state: NonNullable<SourceConfig['state']>,
): Omit<Parameters<typeof createStateSource>[0], 'keepBytes'> {
  const { partition, routeDomain } = target.bigip;
  return {
    ...state,
    source: source.name,
    partition,
    profiles: defaultsOf(config).profiles,
    lentPools,
    ...(routeDomain === undefined ? {} : { routeDomain }),
  };
}
