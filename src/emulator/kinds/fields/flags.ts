import { exclusive, invalidValue } from '../../errors/mcp.ts';
import { tmshName, type Field, type FieldOptions } from '../field.ts';

/** Whether a JSON value sets a flag: `true`, and the texts that clients send for it. */
function isSet(value: unknown, property: string): boolean {
  if (value === true || value === 'true' || value === 'yes' || value === '' || value === 'enabled' || value === null) {
    return true;
  }
  if (value === false || value === 'false' || value === 'no' || value === 'disabled') {
    return false;
  }
  throw invalidValue(property, value);
}

/**
 * A group of exclusive flags, stored as the name of the one that is set, printed as `{<name>: true}`.
 * `false` is ignored, as the device does: the positive twin has to be sent. With `removable`, `false` clears it.
 */
export function flags(
  names: readonly [string, ...string[]],
  options: FieldOptions & { readonly removable?: boolean } = {},
): Field {
  const { removable = false, ...rest } = options;
  return {
    ...rest,
    name: names[0],
    flags: names,
    parse: (value) => {
      const given = Object.entries(value as Record<string, unknown>);
      const on = given.filter(([name, setting]) => isSet(setting, tmshName(name))).map(([name]) => name);
      const [first, second] = on;
      if (first !== undefined && second !== undefined) {
        throw exclusive(tmshName(first), tmshName(second));
      }
      return first ?? (removable ? undefined : unchanged);
    },
  };
}

/** What `parse` gives when the body holds the field but means no change. */
export const unchanged = Symbol('unchanged');
