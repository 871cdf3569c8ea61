import { mcpError } from '../errors/device-error.ts';
import { grammarError } from '../errors/device-error.ts';
import { invalidValue } from '../errors/mcp.ts';
import { canonicalAddress, parseAddress } from '../names/address.ts';
import { splitFullPath } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import { references } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { text } from './fields/scalars.ts';
import { metadata } from './fields/lists.ts';
import { defineKind, type Draft } from './kind.ts';
import { snatTranslationKind } from './ltm-snat-translation.ts';

/** Makes the translations that the members name and that are not there. */
function prepare(draft: Draft, session: Session): void {
  const members: unknown = draft.values['members'];
  if (!Array.isArray(members)) {
    throw grammarError('one of the following must be specified:\nadd, delete, modify, replace-all-with');
  }
  for (const path of members) {
    const identity = splitFullPath(String(path));
    if (session.store.get(snatTranslationKind, identity.fullPath) === undefined) {
      const parsed = parseAddress(identity.name, session.routeDomainOf(identity.partition));
      if (parsed === undefined) {
        throw invalidValue('members', path);
      }
      session.createAlong(snatTranslationKind, identity, { address: canonicalAddress(parsed) });
    }
  }
}

/** SNAT pools: their members are SNAT translations, made along (fact sheet 8.10). */
export const snatpoolKind = defineKind({
  path: 'ltm/snatpool',
  type: 'Snatpool',
  fields: [appService(), text('description'), references('members', { target: 'ltm/snat-translation' }), metadata()],
  hooks: {
    prepare,
    inUse: (pool) => mcpError(`01070320:3: Snatpool ${pool.fullPath} is still referenced by a virtual server.`),
  },
});
