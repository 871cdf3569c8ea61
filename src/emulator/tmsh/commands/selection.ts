import { notFound } from '../../errors/mcp.ts';
import type { Kind } from '../../kinds/kind.ts';
import { folderOf, qualify, splitFullPath } from '../../names/full-path.ts';
import { globPattern } from '../../names/glob.ts';
import { mayRead } from '../../rest/access.ts';
import { missingObject } from '../../rest/operation.ts';
import type { Principal } from '../../auth/users.ts';
import { Session } from '../../session/session.ts';
import type { Device } from '../../session/device.ts';
import type { ConfigObject } from '../../store/object.ts';
import { identify } from '../../verbs/identify.ts';

/** From where, and by whom, objects are named. */
export interface View {
  readonly device: Device;
  readonly principal: Principal;
  readonly folder: string;
  /** Also objects in folders below. */
  readonly recursive?: boolean;
}

/** The full path that a name of an object means from a folder. */
export function fullPathOf(kind: Kind, name: string, folder: string): string {
  return kind.naming === 'folder' ? qualify(name, folder === '/' ? '' : folder) : name;
}

/** The object of a name, also under another spelling of it; undefined when it is not there. */
export function findNamed(kind: Kind, name: string, view: View): ConfigObject | undefined {
  const { device } = view;
  const { store } = device;
  if (kind.naming === 'singleton') {
    return store.get(kind, kind.path);
  }
  const path = fullPathOf(kind, name, view.folder);
  const found = store.get(kind, path);
  if (found !== undefined) {
    return mayRead(view.principal, found) ? found : undefined;
  }
  const session = new Session(device, false);
  const other = kind.hooks.alias?.(path, session) ?? identify(kind, { name: path }, { session, scope: '' }).fullPath;
  const alias = store.get(kind, other);
  return alias !== undefined && mayRead(view.principal, alias) ? alias : undefined;
}

/** The objects of a kind that are seen from a folder. */
export function objectsIn(kind: Kind, view: View): readonly ConfigObject[] {
  const { device, principal, folder, recursive = false } = view;
  const below = folder === '/' ? '/' : `${folder}/`;
  return [...device.store.collection(kind).list()].filter((object) => {
    const isHere =
      kind.naming !== 'folder' ||
      kind.path === 'sys/folder' ||
      folderOf(splitFullPath(object.fullPath)) === folder ||
      (recursive && object.fullPath.startsWith(below));
    return isHere && mayRead(principal, object);
  });
}

/** The objects that a word names: one, `all`, or those of a pattern. One that is not there is an error. */
export function select(kind: Kind, word: string, view: View): readonly ConfigObject[] {
  if (word === 'all') {
    return objectsIn(kind, view);
  }
  if (/[*?]/v.test(word)) {
    const matching = globPattern(fullPathOf(kind, word, view.folder));
    return [...view.device.store.collection(kind).list()].filter(
      (object) => matching.test(object.fullPath) && mayRead(view.principal, object),
    );
  }
  const found = findNamed(kind, word, view);
  if (found === undefined) {
    const fullPath = fullPathOf(kind, word, view.folder);
    throw kind.naming === 'singleton'
      ? notFound(kind.type, kind.path)
      : missingObject({ type: 'object', kind, scope: '', fullPath, stats: false });
  }
  return [found];
}
