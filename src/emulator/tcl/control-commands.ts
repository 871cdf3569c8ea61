import { evaluate } from './expression.ts';
import { TclError } from './error.ts';
import { Frame, Unwind, type Command, type Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';
import { fullName, qualifiers } from './namespace-commands.ts';
import { attemptWith, outcomeOf } from './try-command.ts';
import { globPattern } from './glob.ts';
import { isTrue } from './operators.ts';
import { compileRegex } from './regex.ts';

type Table = Readonly<Record<string, Command>>;

function wrongArgs(usage: string): TclError {
  return new TclError(`wrong # args: should be "${usage}"`);
}

function condition(text: string, tcl: Tcl): boolean {
  return isTrue(evaluate(text, tcl));
}

/** Runs the body of a loop; false when it was left. `take` gets what it gave when it came to its end. */
function once(body: string, tcl: Tcl, take?: (result: string) => void): boolean {
  try {
    const result = tcl.eval(body);
    take?.(result);
    return true;
  } catch (error) {
    if (error instanceof Unwind && (error.kind === 'break' || error.kind === 'continue')) {
      return error.kind === 'continue';
    }
    throw error;
  }
}

function scriptAfter(word: string, script: string | undefined): string {
  if (script === undefined) {
    throw new TclError(`wrong # args: no script following "${word}" argument`);
  }
  return script;
}

const conditional: Command = (given, tcl) => {
  const args = [...given];
  let last = 'if';
  for (;;) {
    const test = args.shift();
    if (test === undefined) {
      throw new TclError(`wrong # args: no expression after "${last}" argument`);
    }
    if (args[0] === 'then') {
      args.shift();
    }
    const body = scriptAfter(test, args.shift());
    if (condition(test, tcl)) {
      return tcl.eval(body);
    }
    last = args.shift() ?? '';
    if (last !== 'elseif') {
      return tcl.eval(last === 'else' ? scriptAfter(last, args.shift()) : last);
    }
  }
};

const loop: Command = ([test = '0', body = ''], tcl) => {
  while (condition(test, tcl) && once(body, tcl)) {
    // The body did the work.
  }
  return '';
};

const counted: Command = ([start = '', test = '0', next = '', body = ''], tcl) => {
  tcl.eval(start);
  while (condition(test, tcl) && once(body, tcl)) {
    tcl.eval(next);
  }
  return '';
};

/** Runs a body with the elements of lists, one after another; `take` gets what it gave. */
function forEach(args: readonly string[], tcl: Tcl, take: (result: string) => void): string {
  const body = args.at(-1) ?? '';
  const groups: { names: string[]; items: string[] }[] = [];
  for (let at = 0; at + 1 < args.length; at += 2) {
    groups.push({ names: splitList(args[at] ?? ''), items: splitList(args[at + 1] ?? '') });
  }
  const rounds = Math.max(0, ...groups.map(({ names, items }) => Math.ceil(items.length / Math.max(1, names.length))));
  for (let round = 0; round < rounds; round += 1) {
    for (const { names, items } of groups) {
      names.forEach((name, at) => tcl.set(name, items[round * names.length + at] ?? ''));
    }
    if (!once(body, tcl, take)) {
      break;
    }
  }
  return '';
}

const each: Command = (args, tcl) => forEach(args, tcl, () => undefined);

const mapEach: Command = (args, tcl) => {
  const made: string[] = [];
  forEach(args, tcl, (result) => made.push(result));
  return makeList(made);
};

const switchOptions = ['-exact', '-glob', '-indexvar', '-matchvar', '-nocase', '-regexp', '--'];

interface Choice {
  readonly options: ReadonlySet<string>;
  readonly matchVariable: string | undefined;
  readonly value: string;
  readonly cases: readonly string[];
}

function readChoice(given: readonly string[]): Choice {
  const args = [...given];
  const options = new Set<string>();
  let matchVariable: string | undefined;
  while (args[0]?.startsWith('-') === true && args.length > 2) {
    const option = args.shift() ?? '';
    if (!switchOptions.includes(option)) {
      throw new TclError(`bad option "${option}": must be ${switchOptions.slice(0, -1).join(', ')}, or --`);
    }
    options.add(option);
    if (option === '-matchvar') {
      matchVariable = args.shift();
    }
    if (option === '--') {
      break;
    }
  }
  const value = args.shift() ?? '';
  const cases = args.length === 1 ? splitList(args[0] ?? '') : args;
  return { options, matchVariable, value, cases };
}

/** Tells whether a pattern matches; with `-matchvar` the variable gets what matched. */
function matcher({ options, matchVariable, value }: Choice, tcl: Tcl): (pattern: string) => boolean {
  const nocase = options.has('-nocase');
  if (options.has('-glob')) {
    return (pattern) => globPattern(pattern, nocase ? 'svi' : 'sv').test(value);
  }
  if (options.has('-regexp')) {
    return (pattern) => {
      const match = compileRegex(pattern, { nocase }).exec(value);
      if (match !== null && matchVariable !== undefined) {
        tcl.set(matchVariable, makeList(Array.from(match, (part: string | undefined) => part ?? '')));
      }
      return match !== null;
    };
  }
  return nocase ? (pattern) => pattern.toLowerCase() === value.toLowerCase() : (pattern) => pattern === value;
}

const choice: Command = (given, tcl) => {
  const read = readChoice(given);
  const { cases } = read;
  const matches = matcher(read, tcl);
  for (let at = 0; at + 1 < cases.length; at += 2) {
    const isDefault = cases[at] === 'default' && at + 2 >= cases.length;
    if (isDefault || matches(cases[at] ?? '')) {
      const body = cases.slice(at + 1).find((each, place) => place % 2 === 0 && each !== '-');
      return tcl.eval(body ?? '');
    }
  }
  return '';
};

/** The values of a procedure's parameters. */
function bind(name: string, parameters: readonly string[], of: { args: readonly string[]; frame: Frame }): void {
  const { args, frame } = of;
  parameters.forEach((parameter, at) => {
    const [variable = '', ...fallback] = splitList(parameter);
    if (variable === 'args' && at === parameters.length - 1) {
      frame.variables.set('args', { value: makeList(args.slice(at)) });
      return;
    }
    const value = args[at] ?? fallback[0];
    if (value === undefined) {
      throw wrongArgs([name, ...parameters.map((each) => splitList(each)[0] ?? '')].join(' '));
    }
    frame.variables.set(variable, { value });
  });
  if (args.length > parameters.length && parameters.at(-1) !== 'args') {
    throw wrongArgs([name, ...parameters].join(' '));
  }
}

/** Runs work in a frame of its own; a `return` in it ends it. */
function asProcedure(tcl: Tcl, frame: Frame, body: string): string {
  try {
    return tcl.within(frame, () => tcl.eval(body));
  } catch (error) {
    if (error instanceof Unwind && error.kind === 'return') {
      return error.value;
    }
    if (error instanceof Unwind && error.kind !== 'exit') {
      throw new TclError(`invoked "${error.kind}" outside of a loop`);
    }
    throw error;
  }
}

const procedure: Command = ([name = '', parameters = '', body = ''], tcl) => {
  const list = splitList(parameters);
  const full = fullName(name, tcl);
  const namespace = qualifiers(full);
  tcl.procedures.set(full, { parameters, body });
  tcl.commands.set(full, (args) => {
    const frame = new Frame(namespace);
    bind(name, list, { args, frame });
    return asProcedure(tcl, frame, body);
  });
  return '';
};

const attempt: Command = ([script = '', variable, options], tcl) => {
  const { code, value } = outcomeOf(script, tcl);
  if (variable !== undefined) {
    tcl.set(variable, value);
  }
  if (options !== undefined) {
    tcl.set(options, `-code ${code} -level 0`);
  }
  return String(code);
};

/** `apply {parameters body ?namespace?} ...`: a procedure without a name. */
const apply: Command = ([lambda = '', ...args], tcl) => {
  const [parameters = '', body = '', namespace = ''] = splitList(lambda);
  const frame = new Frame(fullName(`::${namespace}`, tcl));
  bind('apply lambdaExpr', splitList(parameters), { args, frame });
  return asProcedure(tcl, frame, body);
};

/** `rename old new`: without a new name the command goes. */
const rename: Command = ([old = '', name = ''], tcl) => {
  const from = tcl.commandName(old);
  const command = tcl.commands.get(from);
  const what = name === '' ? 'delete' : 'rename';
  if (command === undefined) {
    throw new TclError(`can't ${what} "${old}": command doesn't exist`);
  }
  const to = fullName(name, tcl);
  if (name !== '' && tcl.commands.has(to)) {
    throw new TclError(`can't rename to "${name}": command already exists`);
  }
  const procedure = tcl.procedures.get(from);
  tcl.commands.delete(from);
  tcl.procedures.delete(from);
  if (name !== '') {
    tcl.commands.set(to, command);
    if (procedure !== undefined) {
      tcl.procedures.set(to, procedure);
    }
  }
  return '';
};

const giveBack: Command = (args) => {
  const code = args.indexOf('-code');
  const value = args.length === 0 || (code >= 0 && code === args.length - 2) ? '' : (args.at(-1) ?? '');
  const kind = code < 0 ? 'ok' : (args[code + 1] ?? 'ok');
  if (kind === 'error' || kind === '1') {
    throw new TclError(value);
  }
  throw new Unwind(kind === 'break' || kind === 'continue' ? kind : 'return', value);
};

const up: Command = (given, tcl) => {
  const args = [...given];
  const level = /^#?\d+$/v.test(args[0] ?? '') && args.length > 1 ? (args.shift() ?? '1') : '1';
  return tcl.within(tcl.frameAt(level), () => tcl.eval(args.join(' ')));
};

const upVariable: Command = (given, tcl) => {
  const args = [...given];
  const level = args.length % 2 === 1 ? (args.shift() ?? '1') : '1';
  for (let at = 0; at + 1 < args.length; at += 2) {
    tcl.link(tcl.frameAt(level), args[at] ?? '', args[at + 1] ?? '');
  }
  return '';
};

/** Control flow, procedures and scopes. */
export const controlCommands: Table = {
  if: conditional,
  while: loop,
  for: counted,
  foreach: each,
  lmap: mapEach,
  apply,
  rename,
  try: attemptWith,
  switch: choice,
  proc: procedure,
  catch: attempt,
  return: giveBack,
  break: () => {
    throw new Unwind('break');
  },
  continue: () => {
    throw new Unwind('continue');
  },
  exit: () => {
    throw new Unwind('exit');
  },
  error: ([message = '']) => {
    throw new TclError(message);
  },
  expr: (args, tcl) => evaluate(args.join(' '), tcl),
  eval: (args, tcl) => tcl.eval(args.join(' ')),
  uplevel: up,
  upvar: upVariable,
};
