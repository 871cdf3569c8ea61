import { mcpError } from '../errors/device-error.ts';
import { notFound } from '../errors/mcp.ts';
import { makeList, makeTcl, TclError, Unwind } from '../tcl/index.ts';
import { textOf } from '../store/object.ts';
import { scriptCommands } from './script-commands.ts';
import type { Shell } from './shell.ts';

/**
 * Runs a `cli script`: its procedures are defined, then `script::run`. Gives what it printed; its last uncaught error is
 * the error of the command.
 */
export function runScript(path: string, args: readonly string[], shell: Shell): string {
  const { device } = shell.context;
  const script = device.store.lookup('cli/script', path);
  if (script === undefined) {
    throw notFound('script', path);
  }
  const tcl = makeTcl(scriptCommands(shell), () => device.clock.now());
  tcl.set('tmsh::argc', String(args.length));
  tcl.set('tmsh::argv', makeList(args));
  tcl.set('tmsh::csh', 'bash');
  try {
    tcl.eval(textOf(script, 'apiAnonymous') ?? '');
    tcl.eval('script::run');
  } catch (error) {
    if (error instanceof TclError) {
      throw mcpError(`01070734:3: Configuration error: script ${path}: ${error.message}`);
    }
    if (!(error instanceof Unwind)) {
      throw error;
    }
  } finally {
    shell.cancel();
  }
  return tcl.output;
}
