import { grammarError, mcpError } from '../errors/device-error.ts';
import { identityOf, type Identity } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import { nameIn } from '../verbs/identify.ts';
import { reference } from './fields/references.ts';
import { readOnly, text, word } from './fields/scalars.ts';
import { defineKind, type Draft } from './kind.ts';

function clean(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(/^\/+|\/+$/gv, '') : '';
}

/** Folders: `/`, one per partition (`/P`, no partition of its own), and `/P/f` inside (fact sheet 8.14). */
function identifyFolder(body: Readonly<Record<string, unknown>>): Identity {
  const name = nameIn(body);
  const path = name.startsWith('/')
    ? clean(name)
    : [clean(body['partition']), clean(body['subPath']), name].filter((part) => part !== '').join('/');
  const [partition = '', ...rest] = path.split('/');
  const last = rest.pop();
  return last === undefined
    ? { name: partition, fullPath: `/${partition}` }
    : identityOf(partition, rest.join('/'), last);
}

/** What a folder inherits unless it has one of its own, and the flag that says so. */
const heritable = [
  ['deviceGroup', 'inheritedDevicegroup'],
  ['trafficGroup', 'inheritedTrafficGroup'],
] as const;

/** A folder that is given a group of its own, `none` too, inherits none; one that is told to inherit has none of its own (K). */
function settleInheritance({ values, given }: Draft): void {
  for (const [own, flag] of heritable) {
    if (given.has(flag)) {
      if (values[flag] !== 'false') {
        delete values[own];
      }
    } else if (given.has(own)) {
      values[flag] = 'false';
    }
  }
}

function refuseFull(fullPath: string, session: Session): void {
  for (const kind of session.device.kinds.all) {
    if (kind.naming !== 'folder' || session.device.kinds.parents.has(kind.path)) {
      continue;
    }
    const [, partition = ''] = fullPath.split('/');
    for (const object of session.store.collection(kind).list(partition)) {
      if (object.fullPath.startsWith(`${fullPath}/`)) {
        throw mcpError(
          `01070712:3: Folder (${fullPath}) is not empty: it contains the ${kind.type} (${object.fullPath}).`,
        );
      }
    }
  }
}

function dropBelow(fullPath: string, session: Session): void {
  for (const below of session.store.collection(folderKind).list()) {
    if (below.fullPath.startsWith(`${fullPath}/`)) {
      session.drop(below);
    }
  }
}

/** Folders of the configuration. The root folder of a partition comes and goes with the partition, either way. */
export const folderKind = defineKind({
  path: 'sys/folder',
  type: 'folder',
  fields: [
    text('description'),
    reference('deviceGroup', { target: 'cm/device-group' }, { default: 'none' }),
    readOnly('hidden', 'false'),
    word('inheritedDevicegroup', ['true', 'false']),
    word('inheritedTrafficGroup', ['true', 'false']),
    word('noRefCheck', ['false', 'true']),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: '/Common/traffic-group-1' }),
  ],
  stock: [{ name: '/' }, { name: 'Common', partition: '' }],
  hooks: {
    identify: identifyFolder,
    stored: (folder, before, session) => {
      if (before === undefined && folder.partition === undefined) {
        const partitions = session.device.kinds.byPath.get('auth/partition');
        if (partitions !== undefined && session.store.get(partitions, folder.name) === undefined) {
          session.partitionCreated(folder.name);
          session.createAlong(partitions, { name: folder.name, fullPath: folder.name }, {});
        }
      }
    },
    prepare: (draft, session) => {
      settleInheritance(draft);
      const { fullPath } = draft.identity;
      const above = fullPath.slice(0, fullPath.lastIndexOf('/'));
      if (above !== '' && !session.hasFolder(above)) {
        throw grammarError(`The requested folder (${above}) was not found.`);
      }
    },
    beforeDelete: (folder, session) => {
      if (folder.fullPath === '/' || folder.fullPath === '/Common') {
        throw mcpError(`01070734:3: Configuration error: Folder (${folder.fullPath}) cannot be deleted.`);
      }
      const partition =
        folder.partition === undefined ? session.store.lookup('auth/partition', folder.name) : undefined;
      partition?.kind.hooks.beforeDelete?.(partition, session);
      refuseFull(folder.fullPath, session);
      dropBelow(folder.fullPath, session);
      if (partition !== undefined) {
        session.drop(partition);
      }
    },
  },
});
