import { clockCommand } from './clock.ts';
import { controlCommands } from './control-commands.ts';
import { Tcl, type Command } from './interpreter.ts';
import { namespaceCommands } from './namespace-commands.ts';
import { listCommands } from './list-commands.ts';
import { textCommands } from './text-commands.ts';
import { withUsage } from './usage.ts';

/**
 * An interpreter with the core commands and others of the caller. Time is the caller's, in milliseconds; `most` is how many
 * commands may run.
 */
export function makeTcl(more: Readonly<Record<string, Command>>, now: () => number, most?: number): Tcl {
  const core = Object.entries({
    ...controlCommands,
    ...namespaceCommands,
    ...listCommands,
    ...textCommands,
    clock: clockCommand(now),
  });
  const checked = core.map(([name, command]) => [name, withUsage(name, command)] as const);
  return new Tcl([...checked, ...Object.entries(more)], most);
}

export { TclError } from './error.ts';
export { Frame, Unwind, type Command, type Tcl } from './interpreter.ts';
export { makeList, splitList } from './list.ts';
export { closingBrace } from './parse.ts';
