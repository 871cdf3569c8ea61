import type { Kind } from './objects.ts';

/** A full path on the device: `/partition/name` or `/partition/folder/name`; a partition is `/name`. */
export type FullPath = string;

/** Names one object of any kind: `pool:/kubernetes/default_web_http`. */
export type Ref = `${Kind}:${FullPath}`;

/** The ref of an object of this kind at this full path. */
export function refOf(kind: Kind, path: FullPath): Ref {
  return `${kind}:${path}`;
}

/** The kind that a ref names. */
export function kindOf(ref: Ref): Kind {
  return ref.slice(0, ref.indexOf(':')) as Kind;
}

/** The full path that a ref names. */
export function pathOf(ref: Ref): FullPath {
  return ref.slice(ref.indexOf(':') + 1);
}

/** The partition of a full path: `kubernetes` of `/kubernetes/app/web`. */
export function partitionOf(path: FullPath): string {
  return path.split('/')[1] ?? '';
}

/** The last element of a full path: `web` of `/kubernetes/app/web`. */
export function nameOf(path: FullPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
