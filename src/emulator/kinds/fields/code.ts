import { invalidValue } from '../../errors/mcp.ts';
import { tmshName, type Field } from '../field.ts';

/** Code between braces, kept as it is given whatever its length; `""` and `none` unset it. */
export function code(name: string): Field {
  return {
    name,
    shape: 'code',
    parse: (value) => {
      if (value === null || value === '' || value === 'none') {
        return undefined;
      }
      if (typeof value !== 'string') {
        throw invalidValue(tmshName(name), value);
      }
      return value;
    },
  };
}
