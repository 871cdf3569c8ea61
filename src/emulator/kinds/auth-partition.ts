import { mcpError } from '../errors/device-error.ts';
import { atLeast } from '../version/version.ts';
import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { integer, text } from './fields/scalars.ts';
import { defineKind } from './kind.ts';
import { folderKind } from './sys-folder.ts';

/** Type ids in `0107082a`: of the first object that is in the way; the recorded ones are those of pool and folder. */
function refuseFull(partition: ConfigObject, session: Session): void {
  for (const kind of session.device.kinds.all) {
    if (kind.naming !== 'folder' || kind === folderKind || session.device.kinds.parents.has(kind.path)) {
      continue;
    }
    for (const object of session.store.collection(kind).list(partition.name)) {
      throw mcpError(fullText(partition.name, session, object));
    }
  }
}

function fullText(name: string, session: Session, by: ConfigObject): string {
  const id = by.kind.path === 'ltm/pool' ? 467 : 4032;
  return atLeast(session.device.version, '17.0')
    ? `0107082a:3: All objects must be removed from a partition (${name}) before the partition may be removed, type ID (${id})`
    : `0107082a:3: You must remove all objects from a partition before removing the partition (${name}), type ID (${id})`;
}

/** Partitions: named without a folder; each makes the folder of its name (fact sheet 8.14). */
export const partitionKind = defineKind({
  path: 'auth/partition',
  type: 'Partition',
  naming: 'flat',
  fields: [integer('defaultRouteDomain', 0, { max: 65_534 }), text('description')],
  stock: [{ name: 'Common', values: { description: 'Repository for system objects and shared objects.' } }],
  hooks: {
    stored: (partition, before, session) => {
      if (before === undefined) {
        session.partitionCreated(partition.name);
        if (session.store.get(folderKind, `/${partition.name}`) === undefined) {
          session.createAlong(folderKind, { name: partition.name, fullPath: `/${partition.name}` }, {});
        }
      }
    },
    check: (partition, session) => {
      const id = session.routeDomainOf(partition.name);
      if (session.store.first('route-domain-id', String(id)) === undefined) {
        throw mcpError(
          `01070734:3: Configuration error: Invalid default route domain (${id}) for partition (${partition.name}).`,
        );
      }
    },
    beforeDelete: (partition, session) => {
      if (partition.name === 'Common') {
        throw mcpError('01070734:3: Configuration error: The Common partition cannot be deleted.');
      }
      refuseFull(partition, session);
    },
    removed: (partition, session) => {
      for (const folder of session.store.collection(folderKind).list()) {
        if (folder.fullPath === `/${partition.name}` || folder.fullPath.startsWith(`/${partition.name}/`)) {
          session.drop(folder);
        }
      }
    },
  },
});
