import type { FieldSpec } from './descriptor.ts';

/** A parent of one's own may set what it likes: what is not asked for is not compared then. */
export function hasOwnParent(object: Readonly<Record<string, unknown>>): boolean {
  return object['defaultsFrom'] !== undefined;
}

/** A field that has this value with the device's own parent. */
export function inheritedValue(value: string | number | boolean): FieldSpec {
  return {
    compare: 'value',
    defaultOf: (object) => (hasOwnParent(object) ? undefined : value),
    inherited: hasOwnParent,
  };
}
