import { evaluate } from './expression.ts';
import { TclError } from './error.ts';
import { Frame, Unwind, type Command, type Tcl } from './interpreter.ts';
import { makeList, splitList } from './list.ts';
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

/** Runs the body of a loop; false when it was left. */
function once(body: string, tcl: Tcl): boolean {
  try {
    tcl.eval(body);
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

const each: Command = (args, tcl) => {
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
    if (!once(body, tcl)) {
      break;
    }
  }
  return '';
};

function matcher(options: readonly string[], value: string): (pattern: string) => boolean {
  if (options.includes('-glob')) {
    return (pattern) => globPattern(pattern).test(value);
  }
  if (options.includes('-regexp')) {
    return (pattern) => compileRegex(pattern).test(value);
  }
  return (pattern) => pattern === value;
}

const choice: Command = (given, tcl) => {
  const args = [...given];
  const options: string[] = [];
  while (args[0]?.startsWith('-') === true && args.length > 2) {
    const option = args.shift() ?? '';
    options.push(option);
    if (option === '--') {
      break;
    }
  }
  const value = args.shift() ?? '';
  const cases = args.length === 1 ? splitList(args[0] ?? '') : args;
  const matches = matcher(options, value);
  for (let at = 0; at + 1 < cases.length; at += 2) {
    if (matches(cases[at] ?? '') || (cases[at] === 'default' && at + 2 >= cases.length)) {
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
  tcl.commands.set(name.replace(/^::/v, ''), (args) => {
    const frame = new Frame();
    bind(name, list, { args, frame });
    return asProcedure(tcl, frame, body);
  });
  return '';
};

const attempt: Command = ([script = '', variable], tcl) => {
  try {
    const result = tcl.eval(script);
    if (variable !== undefined) {
      tcl.set(variable, result);
    }
    return '0';
  } catch (error) {
    if (error instanceof Unwind && error.kind !== 'exit') {
      if (variable !== undefined) {
        tcl.set(variable, error.value);
      }
      return { return: '2', break: '3', continue: '4', exit: '0' }[error.kind];
    }
    if (!(error instanceof TclError)) {
      throw error;
    }
    if (variable !== undefined) {
      tcl.set(variable, error.message);
    }
    return '1';
  }
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

const shared: Command = (names, tcl) => {
  for (const name of tcl.level === 0 ? [] : names) {
    const bare = name.replace(/^::/v, '');
    tcl.link(tcl.globals, bare, bare.slice(bare.lastIndexOf(':') + 1));
  }
  return '';
};

const namespace: Command = ([action = '', name = '', ...rest], tcl) => {
  if (action === 'eval') {
    return tcl.eval(rest.join(' '));
  }
  return action === 'current' ? '::' : action === 'exists' ? '1' : name;
};

/** Control flow, procedures and scopes. Namespaces are names with `::`, nothing more. */
export const controlCommands: Table = {
  if: conditional,
  while: loop,
  for: counted,
  foreach: each,
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
  global: shared,
  variable: ([name = '', value], tcl) => {
    shared([name], tcl);
    return value === undefined ? '' : tcl.set(tcl.level === 0 ? name : name.slice(name.lastIndexOf(':') + 1), value);
  },
  namespace,
};
