import { mcpError } from '../errors/device-error.ts';
import { configurationError, notFound } from '../errors/mcp.ts';
import { templateActionKind } from '../kinds/application/template.ts';
import { folderOf } from '../names/full-path.ts';
import { placeOf, type Session } from '../session/session.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { Frame, makeTcl, splitList, TclError, Unwind, type Command, type Tcl } from '../tcl/index.ts';
import { runScript } from '../tmsh/run-script.ts';
import { scriptCommands } from '../tmsh/script-commands.ts';
import { Shell, type ShellContext } from '../tmsh/shell.ts';
import { giveInputs } from './inputs.ts';
import { removeOwned } from './remove-owned.ts';
import { utilityCommands } from './utility-commands.ts';

/** How many templates may run within each other. */
const DEEPEST = 5;

/** `tmsh::expand_macro ?-vars {name value ...}?`: the macro of the action, with variables filled in. */
function expandMacro(macro: string): Command {
  return (args, tcl) => {
    const at = args.indexOf('-vars');
    const given = at < 0 ? [] : splitList(args[at + 1] ?? '');
    const frame = new Frame();
    given.forEach((name, place) => {
      if (place % 2 === 0) {
        frame.variables.set(name, { value: given[place + 1] ?? '' });
      }
    });
    return tcl.within(frame, () => tcl.subst(macro));
  };
}

/** Runs the script; `return` and `exit` end it like its last line. */
function run(script: string, tcl: Tcl): void {
  try {
    tcl.eval(script);
  } catch (error) {
    if (error instanceof TclError) {
      const place = error.command === undefined ? '' : `\n    while executing\n"${error.command}"`;
      throw mcpError(`script did not successfully complete: (${error.message}${place})`);
    }
    if (!(error instanceof Unwind)) {
      throw error;
    }
  }
}

/** Takes out what an earlier run made and this one did not. */
function sweep(service: string, made: ReadonlySet<string>, session: Session): void {
  const owned = Array.from(session.store.find('ref:sys/application/service', service));
  const left = owned.filter((object) => object.scope === '' && !made.has(placeOf(object, session.device.kinds)));
  removeOwned(left, session);
}

/**
 * Runs the implementation of a service's template, as a part of a unit of work and for whoever asked for it: what it
 * makes is the service's, and what it no longer makes goes. Throws what the device answers when the script fails; the
 * unit is undone then (words K).
 */
export function runTemplate(
  service: ConfigObject,
  session: Session,
  context: Pick<ShellContext, 'stats' | 'beforeOperation'>,
): void {
  const { device, store } = session;
  const template = textOf(service, 'template') ?? '';
  if (store.lookup('sys/application/template', template) === undefined) {
    throw notFound('application template', template);
  }
  const action = store.get(templateActionKind, 'definition', template);
  const text = (name: string): string => (action === undefined ? '' : (textOf(action, name) ?? ''));
  const made = new Set<string>();
  const outer = session.application;
  const depth = (outer?.depth ?? 0) + 1;
  if (depth > DEEPEST) {
    throw configurationError(`application service (${service.fullPath}): too many templates run templates`);
  }
  session.application = { service: service.fullPath, made, depth };
  try {
    const principal = session.principal ?? { name: 'admin', role: 'admin', partitions: undefined };
    const shell = new Shell({ device, principal, ...context, onChange: () => undefined, runScript }, session);
    shell.folder = folderOf(service);
    const commands = {
      ...scriptCommands(shell),
      ...utilityCommands(shell),
      'tmsh::expand_macro': expandMacro(text('macro')),
    };
    const tcl = makeTcl(commands, () => device.clock.now());
    giveInputs(service, tcl);
    tcl.set('::tmsh::app_name', service.name);
    run(text('implementation'), tcl);
    sweep(service.fullPath, made, session);
  } finally {
    session.application = outer;
  }
}
