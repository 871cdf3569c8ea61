import type { ConfigObject } from './object.ts';

/** Stands between the full paths in the scope of nested sub-collections; no name can hold it. */
const separator = '\0';

/** Where an object is: its full path, and the scope that it is in. */
export type Place = Pick<ConfigObject, 'scope' | 'fullPath'>;

/** The scope of what is below an object: `/P/pool`, and for nested sub-collections the path from the top. */
export function scopeBelow(parent: Place): string {
  return parent.scope === '' ? parent.fullPath : `${parent.scope}${separator}${parent.fullPath}`;
}

/** The parent that a scope stands for. */
export function parentPlace(scope: string): Place {
  const cut = scope.lastIndexOf(separator);
  return { scope: cut < 0 ? '' : scope.slice(0, cut), fullPath: scope.slice(cut + 1) };
}

/** Full path of the object at the top of a scope: the policy of a condition. */
export function rootOf(scope: string): string {
  return scope.split(separator, 1)[0] ?? '';
}

/** A scope as errors print it: `/P/policy rule`. */
export function shownScope(scope: string): string {
  return scope.replaceAll(separator, ' ');
}
