import { TclError } from './error.ts';
import { format } from './format-commands.ts';
import { info } from './info-commands.ts';
import type { Command, Tcl } from './interpreter.ts';
import { parseInteger } from './number.ts';
import { regexp, regsub } from './regexp-commands.ts';
import { scan } from './scan-command.ts';
import { string } from './string-commands.ts';

type Table = Readonly<Record<string, Command>>;

function integer(text: string): bigint {
  const value = parseInteger(text);
  if (value === undefined) {
    throw new TclError(`expected integer but got "${text}"`);
  }
  return value;
}

function switches(given: readonly string[]): { options: ReadonlySet<string>; args: readonly string[] } {
  const options = new Set<string>();
  let at = 0;
  for (; given[at]?.startsWith('-') === true; at += 1) {
    options.add(given[at] ?? '');
    if (given[at] === '--') {
      return { options, args: given.slice(at + 1) };
    }
  }
  return { options, args: given.slice(at) };
}

function refuse(name: string): Command {
  return () => {
    throw new TclError(`${name}: not allowed here`);
  };
}

function put(args: readonly string[], tcl: Tcl): string {
  const isBare = args[0] === '-nonewline';
  const rest = isBare ? args.slice(1) : args;
  const text = rest.at(-1) ?? '';
  if (rest.length === 1 || rest[0] === 'stdout' || rest[0] === 'stderr') {
    tcl.output += isBare ? text : `${text}\n`;
    if (tcl.output.length > 16 * 1024 * 1024) {
      throw new TclError('too much output');
    }
    return '';
  }
  throw new TclError(`can not find channel named "${rest[0] ?? ''}"`);
}

/** Variables, texts, patterns, and what a script asks of the interpreter. Files, sockets and programs are refused. */
export const textCommands: Table = {
  set: ([name = '', value], tcl) => (value === undefined ? tcl.get(name) : tcl.set(name, value)),
  unset: (given, tcl) => {
    const { options, args } = switches(given);
    for (const name of args) {
      if (!tcl.unset(name) && !options.has('-nocomplain')) {
        throw new TclError(`can't unset "${name}": no such variable`);
      }
    }
    return '';
  },
  incr: ([name = '', by = '1'], tcl) => tcl.set(name, String(integer(tcl.peek(name) ?? '0') + integer(by))),
  append: ([name = '', ...texts], tcl) => tcl.set(name, (tcl.peek(name) ?? '') + texts.join('')),
  string,
  format,
  regexp,
  regsub,
  scan,
  info,
  puts: put,
  subst: (given, tcl) => {
    const flags = given.slice(0, -1);
    const unknown = flags.find((flag) => !/^-no(?:backslashes|commands|variables)$/v.test(flag));
    if (unknown !== undefined) {
      throw new TclError(`bad option "${unknown}": must be -nobackslashes, -nocommands, or -novariables`);
    }
    return tcl.subst(given.at(-1) ?? '', {
      backslashes: !flags.includes('-nobackslashes'),
      commands: !flags.includes('-nocommands'),
      variables: !flags.includes('-novariables'),
    });
  },
  package: ([action = '']) => (action === 'require' ? '1.0.0' : ''),
  // A pause changes nothing that a script could wait for.
  after: () => '',
  flush: () => '',
  exec: refuse('exec'),
  open: refuse('open'),
  socket: refuse('socket'),
  source: refuse('source'),
  file: refuse('file'),
  glob: refuse('glob'),
  load: refuse('load'),
};
