import type { Contribution } from '../desired/contribution.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { AdminState, PoolMember } from '../ir/pool.ts';
import type { Source } from './source.ts';

/** What the members of a source are in pools, where they say nothing themselves. */
export interface MemberSettings {
  readonly ratio?: number | undefined;
  readonly priorityGroup?: number | undefined;
  readonly connectionLimit?: number | undefined;
  /** Members take no more than this: one that says less itself (offline, or disabled because it is going away) keeps that. */
  readonly state?: AdminState | undefined;
}

/** What the configuration says of a source, whatever its kind. */
export interface SourceSettings {
  /** Who wins where sources contradict each other: the highest. */
  readonly precedence: number;
  readonly poolMembers: MemberSettings;
}

/**
 * A source with its settings: what it contributes carries its precedence, and its pool members what the configuration
 * says of them. Without settings that say anything, the source itself.
 */
export function withSettings(source: Source, settings: SourceSettings): Source {
  const { precedence, poolMembers } = settings;
  const isSilent = Object.values(poolMembers).every((value) => value === undefined);
  if (precedence === 0 && isSilent) return source;
  const settle = (given: readonly Contribution[]): readonly Contribution[] =>
    given.map((contribution) => settled(contribution, settings));
  return {
    name: source.name,
    precedence,
    get counters() {
      return source.counters;
    },
    get complete() {
      return source.complete;
    },
    read: async (options) => {
      const result = await source.read(options);
      return { ...result, contributions: settle(result.contributions) };
    },
    ...(source.watch === undefined ? {} : { watch: async (options) => await source.watch?.(options) }),
    extract: (cells) => settle(source.extract?.(cells) ?? []),
    settle: async (outcomes) => (await source.settle?.(outcomes)) ?? [],
    close: async () => await source.close?.(),
  };
}

function settled(contribution: Contribution, { precedence, poolMembers }: SourceSettings): Contribution {
  const objects = contribution.objects.map((object) => withMembers(object, poolMembers));
  return { ...contribution, rank: precedence, objects };
}

function withMembers(object: BigipObject, settings: MemberSettings): BigipObject {
  if (object.kind !== 'pool' || object.members === undefined) return object;
  return { ...object, members: object.members.map((member) => withMember(member, settings)) };
}

function withMember(member: PoolMember, settings: MemberSettings): PoolMember {
  const { ratio, priorityGroup, connectionLimit, state } = settings;
  const adminState = strictest(member.adminState, state);
  return {
    ...(ratio === undefined ? {} : { ratio }),
    ...(priorityGroup === undefined ? {} : { priorityGroup }),
    ...(connectionLimit === undefined ? {} : { connectionLimit }),
    ...member,
    ...(adminState === undefined ? {} : { adminState }),
  };
}

/** From what takes all connections to what takes none. */
const STATES: readonly AdminState[] = ['enabled', 'disabled', 'offline'];

function strictest(own: AdminState | undefined, wanted: AdminState | undefined): AdminState | undefined {
  if (own === undefined || wanted === undefined) return own ?? wanted;
  return STATES.indexOf(own) > STATES.indexOf(wanted) ? own : wanted;
}
