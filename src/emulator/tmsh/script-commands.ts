import { DeviceError } from '../errors/device-error.ts';
import { notFound } from '../errors/mcp.ts';
import { closingBrace, makeList, splitList, TclError, type Command, type Tcl } from '../tcl/index.ts';
import { qualify } from '../names/full-path.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { readListRequest } from './commands/list.ts';
import { shownObjects, statLines } from './commands/show.ts';
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

function isItems(items: readonly Token[]): boolean {
  return (
    items.length > 0 && items.length % 2 === 0 && items.every((item, at) => (item.type === 'group') === (at % 2 === 1))
  );
}

/** What is between the braces of a property: items are objects themselves, `{profiles /Common/http {context all}}`. */
function nestedOf(property: string, items: readonly Token[]): string {
  if (!isItems(items)) {
    return listOf(items);
  }
  const objects: string[] = [];
  for (let at = 0; at + 1 < items.length; at += 2) {
    const [name, body] = items.slice(at);
    const inside = body?.type === 'group' ? body.items : [];
    objects.push(makeList([property, name?.type === 'word' ? name.text : '', listOf(inside)]));
  }
  return makeList(objects);
}

/** Properties as a list of names and values, as `get_field_value` looks for them. */
function listOf(tokens: readonly Token[]): string {
  let name = '';
  return makeList(
    tokens.map((token) => {
      if (token.type === 'group') {
        return nestedOf(name, token.items);
      }
      name = token.text;
      return token.text;
    }),
  );
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

/** Names of the fields of an object: all, or those that hold texts (`value`) or something nested (`nested`). */
const fieldNames: Command = (args) => {
  const [object = '', type] = args.toReversed();
  const items = splitList(splitList(object).at(-1) ?? '');
  const isNested = (value: string): boolean => /[\s\{]/v.test(value);
  return makeList(
    items.filter(
      (_item, at) => at % 2 === 0 && (type === undefined || isNested(items[at + 1] ?? '') === (type === 'nested')),
    ),
  );
};

/** What scripts ask of objects that they hold, and what does nothing here. */
const readers: Readonly<Record<string, Command>> = {
  'tmsh::get_field_value': getField,
  'tmsh::get_name': ([object = '']) => splitList(object).at(-2) ?? '',
  'tmsh::get_type': ([object = '']) => splitList(object).slice(0, -2).join(' '),
  'tmsh::get_field_names': fieldNames,
  ...Object.fromEntries(
    ['clear_screen', 'display', 'display_threshold', 'log', 'log_dest', 'log_level', 'reset_stats', 'stateless'].map(
      (name) => [`tmsh::${name}`, () => ''],
    ),
  ),
};

/** Words of a command that came as arguments or as one text; the module may start with a slash. */
function wordsOf(args: readonly string[]): readonly string[] {
  return args
    .flatMap((arg) => arg.split(/\s+/v))
    .filter((each) => each !== '')
    .map((each, at) => (at === 0 ? each.replace(/^\//v, '') : each));
}

/** `{ltm pool p {status.availability-state unknown ...}}`: objects with their statistics. */
function statusOf(words: readonly string[], shell: Shell): string {
  const objects = shownObjects(words, shell.view);
  return makeList(
    objects.map((object) => {
      const lines = statLines(object, shell.view, shell.context.stats);
      return makeList([
        ...object.kind.path.split('/'),
        relative(object.fullPath, shell.folder),
        makeList(lines.flat()),
      ]);
    }),
  );
}

const codeHead =
  /^\s*\/?\s*(?<head>(?:(?:ltm|gtm)\s+rule|cli\s+script|sys\s+application\s+apl-script)\s+\S+|sys\s+icall\s+script\s+\S+\s+definition)\s+(?<rest>\S[\s\S]*)$/v;

/** What stands between the braces at the beginning of a text, and what follows them. */
function bracesOf(text: string): { readonly code: string; readonly after: string } | undefined {
  if (!text.startsWith('{')) {
    return undefined;
  }
  const end = closingBrace(text, 0);
  return { code: text.slice(1, end), after: text.slice(end + 1).trim() };
}

/** Stands for code while the words around it are read. */
const codeMark = '\u0002code\u0002';

/** Code and the arguments behind it. */
interface CodeArguments {
  readonly code: string;
  readonly more: readonly string[];
}

/** Code in arguments of its own, between some that are braces or alone; undefined when it is within another one. */
function codeApart([first = '', second = '', third, ...rest]: readonly string[]): CodeArguments | undefined {
  if (first === '{' && third === '}') {
    return { code: second, more: rest };
  }
  const more = [second, third, ...rest].filter((each) => each !== undefined);
  return first === '' || first.startsWith('{') ? undefined : { code: first, more: second === '' ? [] : more };
}

function codeWithin(text: string): CodeArguments {
  const braced = bracesOf(text);
  return { code: braced?.code ?? text, more: braced === undefined || braced.after === '' ? [] : [braced.after] };
}

/**
 * The tokens of a write of code, which comes as an argument whose braces Tcl took away, between arguments that are
 * braces, or within the one argument that is all of the command. Undefined for any other command.
 */
function codeTokens(args: readonly string[], tcl: Tcl): readonly Token[] | undefined {
  const groups = codeHead.exec(args.join(' '))?.groups;
  if (groups === undefined) {
    return undefined;
  }
  const { head = '', rest = '' } = groups;
  const words = head.split(/\s+/v);
  const isApart = args.slice(0, words.length).join(' ') === words.join(' ');
  const { code, more } = (isApart ? codeApart(args.slice(words.length)) : undefined) ?? codeWithin(rest.trim());
  return tokensOf([...words, codeMark, ...more], tcl).map((token) =>
    token.type === 'word' && token.text === codeMark ? { type: 'group', items: [], raw: code, line: 1 } : token,
  );
}

/** The text of a `cli script`, which another script takes its procedures from. */
function scriptText(name: string, shell: Shell): string {
  const { store } = shell.context.device;
  const path = [qualify(name, shell.folder), qualify(name, '/Common')].find(
    (each) => store.lookup('cli/script', each) !== undefined,
  );
  const script = path === undefined ? undefined : store.lookup('cli/script', path);
  if (script === undefined) {
    throw notFound('script', name);
  }
  return textOf(script, 'apiAnonymous') ?? '';
}

/** The `tmsh::` commands of scripts, over one tmsh; errors of the device are errors of Tcl, which `catch` gets. */
export function scriptCommands(shell: Shell): Record<string, Command> {
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
    'generate',
    'submit',
    'cd',
    'pwd',
  ];
  const verbs = Object.fromEntries(
    plain.map((verb) => [
      `tmsh::${verb}`,
      guarded((args, tcl) => shell.command([word(verb), ...(codeTokens(args, tcl) ?? tokensOf(args, tcl))]).trimEnd()),
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
      const { objects, properties } = readListRequest(wordsOf(args), shell.view);
      return makeList(objects.map((object) => asTcl(object, shell, properties)));
    }),
    'tmsh::get_status': guarded((args) => statusOf(wordsOf(args), shell)),
    'tmsh::include': guarded(([name = ''], tcl) => tcl.eval(scriptText(name, shell))),
    ...readers,
    'tmsh::version': () => shell.context.device.version.full,
  };
}
