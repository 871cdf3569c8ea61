import type { LoneMember } from '../../../ir/pool-member.ts';
import type { PoolMember } from '../../../ir/pool.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { loneMember, loneMemberPath, poolOfLoneMember } from '../../../ir/pool-member.ts';
import { memberName } from '../../../ir/pool.ts';
import { nameOf } from '../../../ir/ref.ts';
import { decodeMarkedDescription } from './metadata.ts';
import { readMember } from './pool.ts';
import { UnreadableAnswer, absolute, itemPath, textOf } from './values.ts';

/**
 * The path of a member as an object of its own; undefined if it has no address. The body does not say in which pool it
 * is: its link does. One whose address is not its own (FQDN: `any6`) goes by its name.
 */
export function loneMemberPathOf(body: Json, context: DecodeContext): FullPath | undefined {
  const link = /\/ltm\/pool\/([^/?]+)\/members\//.exec(textOf(body, 'selfLink') ?? '')?.[1];
  if (link === undefined) return undefined;
  const pool = absolute(decodeURIComponent(link).replaceAll('~', '/'), context);
  const member = readMember(pool, body, context);
  if (member === undefined) return undefined;
  return loneMemberPath(pool, hasAddress(member) ? memberName(member) : nameOf(String(itemPath(body, context))));
}

function hasAddress({ address }: PoolMember): boolean {
  return address.ip !== '::' && address.ip !== '0.0.0.0';
}

/** Reads one member as an object of its own. */
export function decodeLoneMember(path: FullPath, body: Json, context: DecodeContext): LoneMember {
  const pool = poolOfLoneMember(path);
  const member = readMember(pool, body, context);
  if (member === undefined) throw new UnreadableAnswer(`pool member ${path}: the answer has no address`);
  return { ...loneMember(pool, member), path, ...decodeOwnership(body) };
}

/** A mark names an instance and origins; in a pool of ours to which several give members there is the origin alone. */
function decodeOwnership(body: Json): Pick<LoneMember, 'description' | 'mark' | 'origin'> {
  const { description, mark } = decodeMarkedDescription(body);
  if (mark !== undefined && mark.origins.length === 0 && description === undefined) return { origin: mark.instance };
  return { ...(description === undefined ? {} : { description }), ...(mark === undefined ? {} : { mark }) };
}
