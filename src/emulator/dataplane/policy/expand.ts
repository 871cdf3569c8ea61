import { connectionCommands } from '../../irules/flow-commands.ts';
import { newFlow } from '../../irules/flow.ts';
import type { Flow } from '../../irules/flow.ts';
import { httpCommands, uriCommands } from '../../irules/http-commands.ts';
import { textCommands } from '../../irules/text-commands.ts';
import { makeTcl, TclError } from '../../tcl/index.ts';
import type { PolicyView } from './values.ts';

/** How many commands a value may run. */
const MOST_COMMANDS = 1000;

/** The connection as the commands of iRules look at it; what they would change is forgotten. */
function flowOf({ client, local, tls, hello, request, response }: PolicyView): Flow {
  const fixed = { virtual: '', defaultPool: undefined, client, local, tls, serverName: hello?.serverName };
  return { ...newFlow(fixed), request, response };
}

/**
 * A parameter of an action. One that begins with `tcl:` is Tcl text, filled in with the commands that iRules have for a
 * request and its connection.
 * @returns undefined if it cannot be filled in: then the action can't be done.
 */
export function expand(text: string, view: PolicyView): string | undefined {
  if (!text.startsWith('tcl:')) return text;
  const flow = flowOf(view);
  const http = Object.entries(httpCommands).map(([name, make]) => [name, make(flow)] as const);
  const commands = { ...Object.fromEntries(http), ...connectionCommands(flow), ...uriCommands, ...textCommands };
  try {
    const tcl = makeTcl(commands, () => Date.now(), MOST_COMMANDS);
    for (const [name, value] of view.variables ?? []) tcl.set(name, value);
    return tcl.subst(text.slice('tcl:'.length));
  } catch (error) {
    if (error instanceof TclError) return undefined;
    throw error;
  }
}
