import { TclError } from '../tcl/error.ts';
import { Tcl, type Command } from '../tcl/interpreter.ts';

/** What an iRule does on an event. */
export interface RuleHandler {
  readonly event: string;
  /** 0 to 1000, small ones first; 500 if the rule names none. */
  readonly priority: number;
  readonly script: string;
}

/** An iRule, taken apart. */
export interface CompiledRule {
  readonly fullPath: string;
  readonly handlers: readonly RuleHandler[];
  /** `proc name {args} body`, as words. */
  readonly procedures: readonly (readonly [name: string, args: string, body: string])[];
}

/** An iRule that cannot be read; the message is in the words of Tcl. */
export class RuleSyntaxError extends Error {
  override readonly name = 'RuleSyntaxError';
}

const DEFAULT_PRIORITY = 500;
const LONGEST = 65_535;

function priorityOf(text: string): number {
  const priority = Number(text);
  if (!/^\d{1,4}$/v.test(text) || priority > 1000) {
    throw new TclError(`invalid argument "${text}"; expecting a priority from 0 to 1000`);
  }
  return priority;
}

/** `when EVENT ?priority N? ?timing on|off? script`. */
function readWhen(args: readonly string[], byDefault: number): RuleHandler {
  const [event = '', ...rest] = args;
  const script = rest.pop();
  if (!/^[A-Z][A-Z0-9_]*$/v.test(event)) {
    throw new TclError(`invalid event "${event}"`);
  }
  if (script === undefined) {
    throw new TclError('missing a script after "when"');
  }
  let priority = byDefault;
  for (let at = 0; at < rest.length; at += 2) {
    const [option = '', value = ''] = rest.slice(at, at + 2);
    if (option === 'priority') {
      priority = priorityOf(value);
    } else if (option !== 'timing') {
      throw new TclError(`unexpected argument "${option}"`);
    }
  }
  return { event, priority, script };
}

/**
 * Reads the text of an iRule: events and procedures; anything else at its top is refused. Scripts within are read only when
 * they run.
 * @throws {RuleSyntaxError}
 */
export function compileRule(fullPath: string, text: string): CompiledRule {
  const handlers: RuleHandler[] = [];
  const procedures: [string, string, string][] = [];
  let priority = DEFAULT_PRIORITY;
  const done = (): string => '';
  const commands: Readonly<Record<string, Command>> = {
    when: (args) => {
      handlers.push(readWhen(args, priority));
      return '';
    },
    proc: ([name = '', args = '', body = '']) => {
      procedures.push([name, args, body]);
      return '';
    },
    priority: ([value = '']) => {
      priority = priorityOf(value);
      return '';
    },
    timing: done,
    // Flags in front of the rules of the system.
    nodelete: done,
    nowrite: done,
  };
  try {
    new Tcl(Object.entries(commands)).eval(text.slice(0, LONGEST));
  } catch (error) {
    if (error instanceof TclError) {
      throw new RuleSyntaxError(error.message.replace(/^invalid command name "(.*)"$/v, 'undefined procedure: $1'));
    }
    throw error;
  }
  return { fullPath, handlers, procedures };
}
