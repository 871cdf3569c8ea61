import { readOnly, text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

function variable(
  name: string,
  value: string,
  valueRange = 'string',
): { name: string; values: Record<string, unknown> } {
  return { name, values: { defaultValue: value, value, valueRange } };
}

/** Database variables: those that clients ask for (fact sheet 8.14). */
export const dbKind = defineKind({
  path: 'sys/db',
  type: 'DB variable',
  naming: 'flat',
  fixed: true,
  fields: [
    readOnly('defaultValue', '<null>'),
    readOnly('scfConfig', 'true'),
    text('value', { default: '<null>' }),
    readOnly('valueRange', 'string'),
  ],
  stock: [
    variable('systemauth.disablebash', 'false', 'false true'),
    variable('dns.cache', 'disable', 'disable enable'),
    variable('statemirror.clustermirroring', 'within', 'within between'),
    variable('icrd.timeout', '60', 'integer min:60 max:600'),
    variable('restjavad.timeout', '60', 'integer min:60 max:600'),
    variable('restnoded.timeout', '60', 'integer min:60 max:600'),
    variable('provision.extramb', '0', 'integer min:0 max:8192'),
    variable('restjavad.useextramb', 'false', 'false true'),
  ],
});
