import type { FullPath, Ref } from './ref.ts';
import { partitionOf, refOf } from './ref.ts';

/**
 * The refs of a profile that is used under this name. Where it is used does not say its type, but names are one space for
 * all types (facts 8.9). Stock profiles are not among them: their types are none of ours to know.
 */
export function profileRefs(path: FullPath): readonly Ref[] {
  if (partitionOf(path) === 'Common') return [];
  return [
    refOf('client-ssl', path),
    refOf('server-ssl', path),
    refOf('http-profile', path),
    refOf('tcp-profile', path),
  ];
}

/** The same for a persistence profile. */
export function persistenceRefs(path: FullPath | undefined): readonly Ref[] {
  if (path === undefined || partitionOf(path) === 'Common') return [];
  return [refOf('persistence-cookie', path), refOf('persistence-source-addr', path)];
}
