import type { Source } from './source.ts';
import type { FullPath } from '../ir/ref.ts';
import { mappedSource } from './mapped-source.ts';

/** A source without what it says of some pools: another target of the configuration writes their members. */
export function withoutPools(source: Source, pools: ReadonlySet<FullPath>): Source {
  if (pools.size === 0) return source;
  return mappedSource(source, (contributions) =>
    contributions.map((given) => {
      const objects = given.objects.filter(({ kind, path }) => kind !== 'pool' || !pools.has(path));
      return objects.length === given.objects.length ? given : { ...given, objects };
    }),
  );
}
