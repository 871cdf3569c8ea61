import { text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { fileInUse } from './errors.ts';
import { fileFields, takeContent } from './file-fields.ts';

/** Files behind external data-groups (fact sheet 8.10). */
export const dataGroupFileKind = defineKind({
  path: 'sys/file/data-group',
  type: 'Data Group File',
  fields: [
    ...fileFields(33_188),
    text('dataGroupDescription'),
    text('dataGroupName'),
    text('separator', { default: ':=' }),
    word('type', ['string', 'ip', 'integer']),
  ],
  hooks: {
    prepare: (draft, session) => {
      takeContent(draft, session);
    },
    inUse: (file) => fileInUse(file.fullPath),
  },
});
