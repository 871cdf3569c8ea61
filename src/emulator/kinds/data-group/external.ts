import { reference } from '../fields/references.ts';
import { text } from '../fields/scalars.ts';
import { fileMissing } from '../files/errors.ts';
import { defineKind } from '../kind.ts';
import { dataGroupType, requireType } from './internal.ts';

/** Data-groups whose records are in a file (fact sheet 8.10). */
export const externalDataGroupKind = defineKind({
  path: 'ltm/data-group/external',
  type: 'value list',
  class: 'ltm/data-group',
  fields: [
    text('appService'),
    text('description'),
    reference('externalFileName', { target: 'sys/file/data-group', missing: (_owner, file) => fileMissing(file) }),
    dataGroupType(),
  ],
  hooks: { prepare: ({ values }) => requireType(values) },
});
