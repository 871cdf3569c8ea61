import type { Kind } from '../kinds/kind.ts';

/** An object of the configuration. Immutable: a change stores a new one, so that undo is to put the old one back. */
export interface ConfigObject {
  readonly kind: Kind;
  /** Full path of the parent for items of a sub-collection, else empty. */
  readonly scope: string;
  readonly name: string;
  readonly partition?: string;
  readonly subPath?: string;
  readonly fullPath: string;
  readonly generation: number;
  /** What was set; defaults are not stored. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A text value of an object as it was set; undefined when it is unset or not text. */
export function textOf(object: ConfigObject, name: string): string | undefined {
  const value = object.values[name];
  return typeof value === 'string' ? value : undefined;
}
