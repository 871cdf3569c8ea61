import { appService } from './fields/app-service.ts';
import { asText, readOnly, text, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** Scripts of tmsh (fact sheet 10.3): Tcl text, kept as given and trimmed. The words about signing have no recording (K). */
export const cliScriptKind = defineKind({
  path: 'cli/script',
  type: 'script',
  fields: [
    {
      name: 'apiAnonymous',
      parse: (value) => {
        const code = asText(value, 'api-anonymous').trim();
        return code === '' ? undefined : code;
      },
    },
    appService(),
    text('description'),
    word('ignoreVerification', ['false', 'true']),
    readOnly('totalSigningStatus', 'not-all-signed'),
  ],
});
