import { text } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { fileInUse } from './errors.ts';
import { fileFields, takeContent } from './file-fields.ts';

/** Files that the device keeps and does not look into. */
function plainFileKind(name: string, type: string): Kind {
  return defineKind({
    path: `sys/file/${name}`,
    type,
    fields: [...fileFields(33_188), text('description')],
    hooks: {
      prepare: (draft, session) => {
        takeContent(draft, session);
      },
      inUse: (file) => fileInUse(file.fullPath),
    },
  });
}

/** Files of iRules, of lightweight 4over6, revocation lists and signing requests, with what every file object has (fact sheet 8.11). */
export const plainFileKinds: readonly Kind[] = [
  plainFileKind('ifile', 'iFile file'),
  plainFileKind('lwtunneltbl', 'lw4o6 table file'),
  plainFileKind('ssl-crl', 'Certificate Revocation List File'),
  plainFileKind('ssl-csr', 'Certificate Signing Request File'),
];
