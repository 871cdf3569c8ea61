import type { Source } from './source.ts';
import type { FullPath } from '../ir/ref.ts';
import { holderOf } from '../ir/objects.ts';
import { kindOf, pathOf, refOf } from '../ir/ref.ts';
import { mappedSource } from './mapped-source.ts';

/** A source without what it says of some pools and their members: another target of the configuration writes their members. */
export function withoutPools(source: Source, pools: ReadonlySet<FullPath>): Source {
  if (pools.size === 0) return source;
  return mappedSource(source, (contributions) =>
    contributions.map((given) => {
      const objects = given.objects.filter(({ kind, path }) => {
        const ref = refOf(kind, path);
        const holder = holderOf(ref) ?? ref;
        return kindOf(holder) !== 'pool' || !pools.has(pathOf(holder));
      });
      return objects.length === given.objects.length ? given : { ...given, objects };
    }),
  );
}
