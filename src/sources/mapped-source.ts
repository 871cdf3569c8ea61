import type { Contribution } from '../desired/contribution.ts';
import type { Source } from './source.ts';

/** A source that gives something else than another one, made of what that gives. */
export function mappedSource(
  source: Source,
  map: (contributions: readonly Contribution[]) => readonly Contribution[],
): Source {
  return {
    name: source.name,
    ...(source.precedence === undefined ? {} : { precedence: source.precedence }),
    get counters() {
      return source.counters;
    },
    get complete() {
      return source.complete;
    },
    read: async (options) => {
      const result = await source.read(options);
      return { ...result, contributions: map(result.contributions) };
    },
    ...(source.watch === undefined ? {} : { watch: async (options) => await source.watch?.(options) }),
    ...(source.explain === undefined ? {} : { explain: (contribution) => source.explain?.(contribution) ?? new Map() }),
    extract: (cells) => map(source.extract?.(cells) ?? []),
    settle: async (outcomes) => (await source.settle?.(outcomes)) ?? [],
    close: async () => await source.close?.(),
  };
}
