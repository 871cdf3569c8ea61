import { reference } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { text } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** iFiles: files under a name that iRules use (K). */
export const ifileKind = defineKind({
  path: 'ltm/ifile',
  type: 'iFile',
  fields: [appService(), text('description'), reference('fileName', { target: 'sys/file/ifile' })],
});
