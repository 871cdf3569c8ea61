import { TclError } from './error.ts';
import { globPattern } from './glob.ts';
import type { Command, Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';
import { fullName } from './namespace-commands.ts';
import { parseScript, TclSyntaxError } from './parse.ts';

function procedure(name: string, tcl: Tcl): { readonly parameters: string; readonly body: string } {
  const found = tcl.procedures.get(tcl.commandName(name));
  if (found === undefined) {
    throw new TclError(`"${name}" isn't a procedure`);
  }
  return found;
}

/** Names that a pattern matches: a bare one those of the namespace that the script is in, shown without it. */
function named(all: Iterable<string>, pattern: string | undefined, tcl: Tcl): string {
  const { namespace } = tcl.frame;
  const prefix = namespace === '' ? '' : `${namespace}::`;
  if (pattern?.includes('::') === true) {
    const matching = globPattern(fullName(pattern, tcl));
    const lead = pattern.startsWith('::') ? '::' : '';
    return makeList([...all].filter((each) => matching.test(each)).map((each) => `${lead}${each}`));
  }
  const near = [...all].filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  const matching = globPattern(pattern ?? '*');
  return makeList([...new Set([...near, ...all])].filter((each) => !each.includes('::') && matching.test(each)));
}

/** Variables that a script sees under their last name. */
function visible(tcl: Tcl, pattern = '*'): string {
  const { frame } = tcl;
  const prefix = frame.namespace === '' ? '' : `${frame.namespace}::`;
  const own = frame.whole
    ? [...tcl.globals.variables.keys()]
        .filter((each) => each.startsWith(prefix))
        .map((each) => each.slice(prefix.length))
    : [];
  const matching = globPattern(pattern);
  return makeList(
    [...new Set([...own, ...frame.variables.keys()])].filter((each) => !each.includes('::') && matching.test(each)),
  );
}

function isComplete(script: string): boolean {
  try {
    parseScript(script);
    return true;
  } catch (error) {
    if (error instanceof TclSyntaxError) {
      return false;
    }
    throw error;
  }
}

const actions: Readonly<Record<string, Command>> = {
  args: ([name = ''], tcl) =>
    makeList(splitList(procedure(name, tcl).parameters).map((each) => splitList(each)[0] ?? '')),
  body: ([name = ''], tcl) => procedure(name, tcl).body,
  commands: ([pattern], tcl) => named(tcl.commands.keys(), pattern, tcl),
  complete: ([script = '']) => (isComplete(script) ? '1' : '0'),
  default: ([name = '', parameter = '', variable = ''], tcl) => {
    const found = splitList(procedure(name, tcl).parameters)
      .map(splitList)
      .find(([each]) => each === parameter);
    if (found === undefined) {
      throw new TclError(`procedure "${name}" doesn't have an argument "${parameter}"`);
    }
    tcl.set(variable, found[1] ?? '');
    return found.length > 1 ? '1' : '0';
  },
  exists: ([name = ''], tcl) =>
    tcl.peek(name) === undefined && (name.endsWith(')') || tcl.variable(name)?.array === undefined) ? '0' : '1',
  globals: ([pattern = '*'], tcl) =>
    makeList(
      [...tcl.globals.variables.keys()].filter((each) => !each.includes('::') && globPattern(pattern).test(each)),
    ),
  level: (_args, tcl) => String(tcl.level),
  locals: ([pattern = '*'], tcl) =>
    tcl.level === 0 || tcl.frame.whole
      ? ''
      : makeList([...tcl.frame.variables.keys()].filter((each) => globPattern(pattern).test(each))),
  patchlevel: () => '8.4',
  procs: ([pattern], tcl) => named(tcl.procedures.keys(), pattern, tcl),
  script: () => '',
  tclversion: () => '8.4',
  vars: ([pattern], tcl) => visible(tcl, pattern),
};

/** `info`: what a script asks of the interpreter. */
export const info: Command = ([action = '', ...args], tcl) => {
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (run === undefined) {
    const known = Object.keys(actions);
    throw new TclError(
      `unknown or ambiguous subcommand "${action}": must be ${known.slice(0, -1).join(', ')}, or ${known.at(-1) ?? ''}`,
    );
  }
  return run(args, tcl);
};
