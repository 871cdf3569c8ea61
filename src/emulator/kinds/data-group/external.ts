import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { text } from '../fields/scalars.ts';
import { fileMissing } from '../files/errors.ts';
import { defineKind } from '../kind.ts';
import { dataGroupType } from './internal.ts';

/** Data-groups whose records are in a file (fact sheet 8.10). */
export const externalDataGroupKind = defineKind({
  path: 'ltm/data-group/external',
  type: 'value list',
  class: 'ltm/data-group',
  fields: [
    appService(),
    text('description'),
    reference('externalFileName', { target: 'sys/file/data-group', missing: (_owner, file) => fileMissing(file) }),
    dataGroupType(),
  ],
  hooks: {
    // What the names are is known from the file (f5_modules gives no type).
    prepare: ({ values }, session) => {
      const file = values['externalFileName'];
      const found = typeof file === 'string' ? session.store.lookup('sys/file/data-group', file) : undefined;
      values['type'] ??= found?.values['type'] ?? 'string';
    },
  },
});
