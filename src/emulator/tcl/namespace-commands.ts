import { globPattern } from './glob.ts';
import { TclError } from './error.ts';
import { Frame, type Command, type Tcl } from './interpreter.ts';
import { makeList } from './list.ts';

type Table = Readonly<Record<string, Command>>;

function bare(name: string): string {
  return name.replace(/^:+/v, '');
}

/** The namespace of a full name; `` is the global one. */
export function qualifiers(name: string): string {
  const end = name.lastIndexOf('::');
  return end < 0 ? '' : name.slice(0, end).replace(/:+$/v, '');
}

/** The last part of a name. */
export function tail(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** The full name, without colons at its beginning, that a name has in the namespace that a script is in. */
export function fullName(name: string, tcl: Tcl): string {
  const { namespace } = tcl.frame;
  return name.startsWith('::') || namespace === '' ? bare(name) : `${namespace}::${name}`;
}

function names(tcl: Tcl): readonly string[] {
  return [...tcl.commands.keys(), ...tcl.globals.variables.keys()];
}

function exists(name: string, tcl: Tcl): boolean {
  return name === '' || tcl.namespaces.has(name) || names(tcl).some((each) => each.startsWith(`${name}::`));
}

function requireNamespace(name: string, tcl: Tcl): string {
  const full = fullName(name, tcl);
  if (!exists(full, tcl)) {
    throw new TclError(`namespace "${name}" not found in "::${tcl.frame.namespace}"`);
  }
  return full;
}

function make(name: string, tcl: Tcl): void {
  for (let at = name; at !== ''; at = qualifiers(at)) {
    tcl.namespaces.add(at);
  }
}

function forget(name: string, tcl: Tcl): void {
  for (const map of [tcl.commands, tcl.globals.variables, tcl.procedures]) {
    for (const key of map.keys()) {
      if (key.startsWith(`${name}::`)) {
        map.delete(key);
      }
    }
  }
  for (const each of tcl.namespaces) {
    if (each === name || each.startsWith(`${name}::`)) {
      tcl.namespaces.delete(each);
    }
  }
}

function children(name: string, pattern: string | undefined, tcl: Tcl): readonly string[] {
  const prefix = name === '' ? '' : `${name}::`;
  const below = [...tcl.namespaces, ...names(tcl).map((each) => qualifiers(each))]
    .filter((each) => each.startsWith(prefix) && each.length > prefix.length)
    .map((each) => `::${prefix}${each.slice(prefix.length).split('::', 1)[0] ?? ''}`);
  const matching =
    pattern === undefined ? undefined : globPattern(pattern.startsWith('::') ? pattern : `::${prefix}${pattern}`);
  return [...new Set(below)].filter((each) => matching?.test(each) !== false);
}

/** Makes commands of other namespaces known by their last name; `*` stands for many. */
function take(patterns: readonly string[], tcl: Tcl): void {
  for (const pattern of patterns.filter((each) => each !== '-force')) {
    const matching = globPattern(bare(pattern));
    for (const [name, command] of Array.from(tcl.commands)) {
      if (matching.test(name) && qualifiers(name) === qualifiers(bare(pattern))) {
        tcl.commands.set(fullName(tail(name), tcl), command);
      }
    }
  }
}

function which(args: readonly string[], tcl: Tcl): string {
  const name = args.at(-1) ?? '';
  if (args[0] === '-variable') {
    const full = [fullName(name, tcl), bare(name)].find((each) => tcl.globals.variables.has(each));
    return full === undefined ? '' : `::${full}`;
  }
  const command = tcl.commandName(name);
  return tcl.commands.has(command) ? `::${command}` : '';
}

const actions: Table = {
  children: ([name = '', pattern], tcl) => makeList(children(requireNamespace(name, tcl), pattern, tcl)),
  code: ([script = ''], tcl) => makeList(['::namespace', 'inscope', `::${tcl.frame.namespace}`, script]),
  current: (_args, tcl) => `::${tcl.frame.namespace}`,
  delete: (given, tcl) => {
    given.forEach((name) => forget(requireNamespace(name, tcl), tcl));
    return '';
  },
  eval: ([name = '', ...scripts], tcl) => {
    const full = fullName(name, tcl);
    make(full, tcl);
    return tcl.within(new Frame(full, true), () => tcl.eval(scripts.join(' ')));
  },
  exists: ([name = ''], tcl) => (exists(fullName(name, tcl), tcl) ? '1' : '0'),
  export: () => '',
  import: (patterns, tcl) => {
    take(patterns, tcl);
    return '';
  },
  inscope: ([name = '', script = '', ...args], tcl) =>
    tcl.within(new Frame(requireNamespace(name, tcl), true), () => tcl.eval([script, makeList(args)].join(' '))),
  origin: (args, tcl) => which(args, tcl),
  parent: ([name], tcl) => {
    const of = name === undefined ? tcl.frame.namespace : requireNamespace(name, tcl);
    return of === '' ? '' : `::${qualifiers(of)}`;
  },
  qualifiers: ([name = '']) => {
    const end = name.lastIndexOf('::');
    return end < 0 ? '' : name.slice(0, end).replace(/:+$/v, '');
  },
  tail: ([name = '']) => tail(name),
  which: (args, tcl) => which(args, tcl),
};

const namespace: Command = ([action = '', ...args], tcl) => {
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (run === undefined) {
    const known = Object.keys(actions);
    throw new TclError(
      `unknown or ambiguous subcommand "${action}": must be ${known.slice(0, -1).join(', ')}, or ${known.at(-1) ?? ''}`,
    );
  }
  return run(args, tcl);
};

/** `variable name ?value name value ...?`: variables of the namespace, which a procedure of it then sees. */
const variable: Command = (args, tcl) => {
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at] ?? '';
    const value = args[at + 1];
    const full = fullName(name, tcl);
    if (!tcl.frame.whole && tcl.frame !== tcl.globals) {
      tcl.link(tcl.globals, `::${full}`, tail(name));
    }
    if (value !== undefined) {
      tcl.set(`::${full}`, value);
    }
  }
  return '';
};

/** `global name ...`: variables of the global namespace, seen in a procedure. */
const global: Command = (given, tcl) => {
  for (const name of tcl.level === 0 ? [] : given) {
    tcl.link(tcl.globals, `::${bare(name)}`, tail(name));
  }
  return '';
};

/** Namespaces and the variables that are seen across procedures. */
export const namespaceCommands: Table = { global, namespace, variable };
