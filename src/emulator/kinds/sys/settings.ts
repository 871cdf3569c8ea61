import type { Field } from '../field.ts';
import { defineKind, type Hooks, type Kind } from '../kind.ts';

/** Settings of the device: one object without a name, always there. `label` is how errors call them. */
export function settingsKind(
  path: string,
  fields: readonly Field[],
  more: { readonly label?: string; readonly values?: Readonly<Record<string, unknown>>; readonly hooks?: Hooks } = {},
): Kind {
  const { label = path.slice(path.lastIndexOf('/') + 1).replaceAll('-', ' '), values = {}, hooks = {} } = more;
  return defineKind({
    path,
    type: label,
    naming: 'singleton',
    fixed: true,
    fields,
    stock: [{ name: path, values }],
    hooks,
  });
}
