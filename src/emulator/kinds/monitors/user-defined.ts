import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';

/** As it is printed; names that end with a hyphen are printed, and given, with the other spelling (recorded). */
const spelling = /^(?:userDefined|user-defined) \S/v;

/**
 * `apiRawValues`: the variables that a monitor hands to its program, each under `userDefined <name>`. A PATCH changes
 * those that it names; `none` takes one away (recorded on 13.0 for snmp-dca).
 */
export function userDefined(): Field {
  return {
    name: 'apiRawValues',
    parse: (value, context) => {
      if (value === null || value === '' || value === 'none') {
        return undefined;
      }
      if (typeof value !== 'object' || Array.isArray(value)) {
        throw invalidValue('user-defined', value);
      }
      const kept = { ...(context.current('apiRawValues') as Record<string, unknown> | undefined) };
      for (const [name, given] of Object.entries(value)) {
        if (!spelling.test(name)) {
          throw invalidValue('user-defined', name);
        }
        const text = asText(given, 'user-defined');
        if (text === 'none') {
          delete kept[name];
        } else {
          kept[name] = text;
        }
      }
      return Object.keys(kept).length === 0 ? undefined : kept;
    },
  };
}
