/** The identity of an object in a folder. */
export interface Identity {
  readonly name: string;
  /** Undefined for objects outside partitions (partitions, users, provisioned modules). */
  readonly partition?: string;
  /** Folders between the partition and the name, without slashes at the ends. */
  readonly subPath?: string;
  readonly fullPath: string;
}

/** Joins partition, sub-folders and name: `/P/f/name`. */
export function joinFullPath(partition: string, subPath: string | undefined, name: string): string {
  return subPath === undefined ? `/${partition}/${name}` : `/${partition}/${subPath}/${name}`;
}

/** An identity from its parts; an empty sub-path counts as none. */
export function identityOf(partition: string, subPath: string | undefined, name: string): Identity {
  if (subPath === undefined || subPath === '') {
    return { name, partition, fullPath: joinFullPath(partition, undefined, name) };
  }
  return { name, partition, subPath, fullPath: joinFullPath(partition, subPath, name) };
}

/** Splits `/P/f/name`; a text without a leading slash is a name in `partition`. */
export function splitFullPath(text: string, partition = 'Common'): Identity {
  if (!text.startsWith('/')) {
    return identityOf(partition, undefined, text);
  }
  const parts = text.slice(1).split('/');
  const name = parts.pop() ?? '';
  const first = parts.shift();
  return first === undefined ? identityOf(partition, undefined, name) : identityOf(first, parts.join('/'), name);
}

/** The folder of a full path: `/P/f` of `/P/f/name`. */
export function folderOf(identity: Identity): string {
  const partition = identity.partition ?? 'Common';
  return identity.subPath === undefined ? `/${partition}` : `/${partition}/${identity.subPath}`;
}

/** Makes a name absolute: `pool1` seen from `/P` is `/P/pool1`; an absolute one stays. */
export function qualify(name: string, folder: string): string {
  return name.startsWith('/') ? name : `${folder}/${name}`;
}

/** The last segment of a URI of an object: `~P~f~name`, with `%` as `%25` and blanks as `%20`. */
export function encodeSegment(fullPath: string): string {
  const text = /[% ?#]/v.test(fullPath)
    ? fullPath.replaceAll('%', '%25').replaceAll(' ', '%20').replaceAll('?', '%3F').replaceAll('#', '%23')
    : fullPath;
  return text.replaceAll('/', '~');
}

/** The name that a URI segment means: `~P~f~name` is a full path, anything else a bare name. */
export function decodeSegment(segment: string): string {
  return segment.startsWith('~') ? segment.replaceAll('~', '/') : segment;
}
