import { DeviceError } from '../errors/device-error.ts';
import { notFound } from '../errors/mcp.ts';
import { mcpError } from '../errors/device-error.ts';
import { makeList, makeTcl, splitList, TclError, Unwind, type Command } from '../tcl/index.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { readListRequest } from './commands/list.ts';
import { headOf, propertyLines, relative } from './print-object.ts';
import { errorText, type Shell } from './shell.ts';
import { tokensOf } from './script-arguments.ts';
import { scan, type Token, type Word } from './tokens.ts';

function word(text: string): Word {
  return { type: 'word', text, quoted: false, line: 1 };
}

/** Errors of the device are errors of Tcl, which `catch` gets. */
function guarded(run: Command): Command {
  return (args, tcl) => {
    try {
      return run(args, tcl);
    } catch (error) {
      throw error instanceof DeviceError ? new TclError(errorText(error)) : error;
    }
  };
}

/** A property as a list of its name and its value, as `get_field_value` looks for it. */
function listOf(tokens: readonly Token[]): string {
  return makeList(tokens.map((token) => (token.type === 'word' ? token.text : listOf(token.items))));
}

/** An object as scripts hold it: `{ltm pool p {monitor http ...}}`. */
function asTcl(object: ConfigObject, shell: Shell, only: ReadonlySet<string>): string {
  const { device } = shell.context;
  const lines = propertyLines(object, {
    device,
    show: 'all',
    folder: shell.folder,
    ...(only.size === 0 ? {} : { only }),
  });
  const text = lines.map((line) => line.replace(/^\0/v, '')).join('\n');
  const body = listOf(
    scan(`x {\n${text}\n}`, 'file')
      .flatMap(({ tokens }) => tokens.slice(1))
      .flatMap((token) => (token.type === 'group' ? token.items : [])),
  );
  const words = headOf(object, shell.folder).split(' ');
  const kind = object.kind.path.split('/');
  const name = object.kind.naming === 'singleton' ? [] : [relative(object.fullPath, shell.folder)];
  return makeList([...(words.length > 0 ? kind : []), ...name, body]);
}

function fieldOf(object: string, name: string): string | undefined {
  const items = splitList(splitList(object).at(-1) ?? '');
  const at = items.indexOf(name);
  return at < 0 ? undefined : items[at + 1];
}

const getField: Command = ([object = '', name = '', variable], tcl) => {
  const value = fieldOf(object, name);
  if (variable !== undefined) {
    if (value !== undefined) {
      tcl.set(variable, value);
    }
    return value === undefined ? '0' : '1';
  }
  if (value === undefined) {
    throw new TclError(`the field "${name}" is not present`);
  }
  return value;
};

/** What scripts ask of objects that they hold, and what does nothing here. */
const readers: Readonly<Record<string, Command>> = {
  'tmsh::get_field_value': getField,
  'tmsh::get_name': ([object = '']) => splitList(object).at(-2) ?? '',
  'tmsh::get_type': ([object = '']) => splitList(object).slice(0, -2).join(' '),
  'tmsh::get_field_names': ([, object = '']) =>
    makeList(splitList(splitList(object).at(-1) ?? '').filter((_item, at) => at % 2 === 0)),
  'tmsh::log': () => '',
  'tmsh::log_level': () => '',
  'tmsh::stateless': () => '',
};

/** The `tmsh::` commands of scripts, over one tmsh. */
function commandsOf(shell: Shell): Record<string, Command> {
  const plain = [
    'create',
    'modify',
    'delete',
    'list',
    'show',
    'save',
    'load',
    'publish',
    'run',
    'install',
    'cd',
    'pwd',
  ];
  const verbs = Object.fromEntries(
    plain.map((verb) => [
      `tmsh::${verb}`,
      guarded((args, tcl) => shell.command([word(verb), ...tokensOf(args, tcl)]).trimEnd()),
    ]),
  );
  return {
    ...verbs,
    'tmsh::begin_transaction': guarded(() => {
      shell.begin();
      return '';
    }),
    'tmsh::commit_transaction': guarded(() => {
      shell.commit();
      return '';
    }),
    'tmsh::cancel_transaction': () => {
      shell.cancel();
      return '';
    },
    'tmsh::get_config': guarded((args) => {
      const words = args
        .flatMap((arg) => arg.split(/\s+/v))
        .map((each, at) => (at === 0 ? each.replace(/^\//v, '') : each));
      const { objects, properties } = readListRequest(words, shell.view);
      return makeList(objects.map((object) => asTcl(object, shell, properties)));
    }),
    ...readers,
    'tmsh::version': () => shell.context.device.version.full,
  };
}

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
  const tcl = makeTcl(commandsOf(shell), () => device.clock.now());
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
