import { folderIdentity } from '../verbs/identify.ts';
import { runScript } from '../tmsh/run-script.ts';
import { shellFor } from '../tmsh/shell-for.ts';
import { requireAdministrator } from './commands.ts';
import type { SystemResource } from './system-resource.ts';

/** `POST /cli/script {"command": "run", "name": ...}`, also as a task (fact sheet 5.2); without a command it creates. */
export const cliScriptResource: SystemResource = {
  path: 'cli/script',
  execute: (body, { request, context }) => {
    if (body['command'] !== 'run') {
      return undefined;
    }
    requireAdministrator(request);
    const { fullPath } = folderIdentity(body);
    const args = typeof body['utilCmdArgs'] === 'string' ? body['utilCmdArgs'].split(/\s+/v) : [];
    const output = runScript(fullPath, [fullPath, ...args], shellFor(request, context));
    return { kind: 'tm:cli:script:runstate', ...body, ...(output === '' ? {} : { commandResult: output }) };
  },
};
