import { TclError } from './error.ts';
import { Unwind, type Command, type Tcl } from './interpreter.ts';
import { splitList } from './list.ts';

/** How a script ended, as `try` and `catch` number it. */
interface Outcome {
  readonly code: number;
  readonly value: string;
  readonly thrown?: unknown;
}

const codes: Readonly<Record<Exclude<Unwind['kind'], 'exit'>, number>> = { return: 2, break: 3, continue: 4 };
const named: Readonly<Record<string, number>> = { ok: 0, error: 1, return: 2, break: 3, continue: 4 };

/** Runs a script; what ends all of it goes on. */
export function outcomeOf(script: string, tcl: Tcl): Outcome {
  try {
    return { code: 0, value: tcl.eval(script) };
  } catch (thrown) {
    if (thrown instanceof TclError) {
      return { code: 1, value: thrown.message, thrown };
    }
    if (thrown instanceof Unwind && thrown.kind !== 'exit') {
      return { code: codes[thrown.kind], value: thrown.value, thrown };
    }
    throw thrown;
  }
}

interface Handler {
  readonly codes: readonly number[];
  readonly variables: readonly string[];
  readonly script: string;
}

/** `on code vars script` and `trap pattern vars script`; error codes are not kept, so that `trap` takes every error. */
function handlersIn(words: readonly string[]): readonly Handler[] {
  const handlers: Handler[] = [];
  for (let at = 0; at < words.length; at += 4) {
    const [kind = '', code = '', variables = '', script = ''] = words.slice(at, at + 4);
    if (kind !== 'on' && kind !== 'trap') {
      throw new TclError(`bad handler type "${kind}": must be finally, on, or trap`);
    }
    const number = kind === 'trap' ? 1 : (named[code] ?? Number(code));
    handlers.push({ codes: [number], variables: splitList(variables), script });
  }
  return handlers;
}

function handled(outcome: Outcome, handlers: readonly Handler[], tcl: Tcl): Outcome {
  const at = handlers.findIndex((handler) => handler.codes.includes(outcome.code));
  const handler = handlers[at];
  if (handler === undefined) {
    return outcome;
  }
  const [message, options] = handler.variables;
  if (message !== undefined) {
    tcl.set(message, outcome.value);
  }
  if (options !== undefined) {
    tcl.set(options, `-code ${outcome.code} -level 0`);
  }
  const script =
    handler.script === '-' ? handlers.slice(at).find((each) => each.script !== '-')?.script : handler.script;
  return outcomeOf(script ?? '', tcl);
}

/** `try body ?on code vars script ...? ?trap pattern vars script ...? ?finally script?`. */
export const attemptWith: Command = ([body = '', ...words], tcl) => {
  const end = words.at(-2) === 'finally' ? -2 : words.length;
  const handlers = handlersIn(words.slice(0, end));
  let outcome: Outcome;
  try {
    outcome = handled(outcomeOf(body, tcl), handlers, tcl);
  } finally {
    if (end === -2) {
      tcl.eval(words.at(-1) ?? '');
    }
  }
  if (outcome.thrown !== undefined) {
    throw outcome.thrown;
  }
  return outcome.value;
};
