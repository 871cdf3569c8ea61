import type { Contribution } from '../desired/contribution.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { AdminState, PoolMember } from '../ir/pool.ts';
import type { Said } from '../desired/provenance.ts';
import type { Source } from './source.ts';
import { mappedSource } from './mapped-source.ts';
import { memberName } from '../ir/pool.ts';
import { refOf } from '../ir/ref.ts';

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
  if (precedence === 0 && isSilent(poolMembers)) return source;
  const settle = (given: readonly Contribution[]): readonly Contribution[] =>
    given.map((contribution) => settled(contribution, settings));
  const explain: Source['explain'] = (contribution) =>
    explained(contribution, { settings, said: source.explain?.(contribution) });
  return Object.assign(mappedSource(source, settle), { precedence, explain });
}

/** Where the source says it, and of members what the configuration does. */
function explained(
  { objects }: Contribution,
  { settings, said }: { readonly settings: SourceSettings; readonly said: Said | undefined },
): Said {
  const all = new Map(said);
  for (const object of objects) {
    if (object.kind !== 'pool') continue;
    const ref = refOf(object.kind, object.path);
    const known = new Map(all.get(ref));
    for (const member of object.members ?? []) {
      const key = `members ${memberName(member)}`;
      const set = settingsOf(member, settings.poolMembers);
      const own = known.get(key) ?? known.get('members');
      if (set.length > 0) known.set(key, [own, `${set.join(' and ')} by poolMembers`].filter(Boolean).join('; '));
    }
    all.set(ref, known);
  }
  return all;
}

/** The settings that a member has. */
function settingsOf(
  member: PoolMember,
  { ratio, priorityGroup, connectionLimit, state }: MemberSettings,
): readonly string[] {
  return [
    ...(ratio !== undefined && member.ratio === ratio ? ['ratio'] : []),
    ...(priorityGroup !== undefined && member.priorityGroup === priorityGroup ? ['priorityGroup'] : []),
    ...(connectionLimit !== undefined && member.connectionLimit === connectionLimit ? ['connectionLimit'] : []),
    ...(state !== undefined && member.adminState === state ? ['state'] : []),
  ];
}

function isSilent(settings: MemberSettings): boolean {
  return Object.values(settings).every((value) => value === undefined);
}

function settled(contribution: Contribution, { precedence, poolMembers }: SourceSettings): Contribution {
  if (isSilent(poolMembers)) return { ...contribution, rank: precedence };
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
