import { grammarError } from '../../errors/device-error.ts';
import { appService } from '../fields/app-service.ts';
import { text, word } from '../fields/scalars.ts';
import type { Field } from '../field.ts';
import { defineKind, type StockObject } from '../kind.ts';
import { normalRecords, records, type DataRecord } from './records.ts';

/** `type`: what the names of records are; it stays. */
export function dataGroupType(): Field {
  const { default: _none, ...field } = word('type', ['string', 'ip', 'integer'], { createOnly: true });
  return field;
}

/** Refuses a data-group without a type (K). */
function requireType(values: Readonly<Record<string, unknown>>): void {
  if (values['type'] === undefined) {
    throw grammarError('"type" must be specified');
  }
}

function stock(name: string, type: string, names: readonly string[]): StockObject {
  return {
    name,
    values: { type, ...(names.length === 0 ? {} : { records: names.map((each) => ({ name: each, data: '' })) }) },
  };
}

/** Data-groups that hold their records (fact sheet 8.10). */
export const internalDataGroupKind = defineKind({
  path: 'ltm/data-group/internal',
  type: 'value list',
  class: 'ltm/data-group',
  fields: [appService(), text('description'), dataGroupType(), records()],
  stock: [
    // As recorded; real boxes may list more networks here.
    stock('aol', 'ip', ['64.12.96.0/19', '195.93.16.0/20']),
    stock('images', 'string', ['.bmp', '.gif', '.jpg']),
    stock('private_net', 'ip', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']),
    stock('sys_APM_MS_Office_OFBA_DG', 'string', []),
  ],
  hooks: {
    prepare: ({ values }) => {
      requireType(values);
      const given = values['records'];
      if (Array.isArray(given)) {
        values['records'] = normalRecords(String(values['type']), given as readonly DataRecord[]);
      }
    },
  },
});
