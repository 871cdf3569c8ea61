import { identityOf, type Identity } from '../names/full-path.ts';
import { parseEndpoint } from '../names/service.ts';

/** The full path of the node of a member: same folder, name without the port. */
export function nodePathOf(member: Identity): string {
  const host = parseEndpoint(member.name)?.host ?? member.name;
  return identityOf(member.partition ?? 'Common', member.subPath, host).fullPath;
}
