import {
  parseScript,
  sourceOf,
  TclParser,
  type Part,
  type Substituted,
  type TclCommand,
  type TclWord,
} from './parse.ts';
import { TclError } from './error.ts';
import { splitList } from './list.ts';

/** `return`, `break` and `continue` on their way up. */
export class Unwind extends Error {
  readonly kind: 'return' | 'break' | 'continue' | 'exit';
  readonly value: string;

  constructor(kind: Unwind['kind'], value = '') {
    super(kind);
    this.kind = kind;
    this.value = value;
  }
}

/** A variable: one value, or an array. */
interface Variable {
  value?: string;
  array?: Map<string, string>;
}

/** The variables of a procedure that runs, or with `whole` those of a namespace that a script works in. */
export class Frame {
  /** Of a namespace only what `global` and `upvar` linked; its own variables are the global frame's, by full name. */
  readonly variables = new Map<string, Variable>();
  /** Without colons at its beginning; `` is the global one. */
  readonly namespace: string;
  readonly whole: boolean;

  constructor(namespace = '', whole = false) {
    this.namespace = namespace;
    this.whole = whole;
  }
}

/** A procedure as `info` tells of it. */
interface Procedure {
  readonly parameters: string;
  readonly body: string;
}

/** Where a variable is, or would be made. */
interface Home {
  readonly variables: Map<string, Variable>;
  readonly key: string;
  readonly index: string | undefined;
}

/** A command: gets its arguments, without its name. */
export type Command = (args: readonly string[], tcl: Tcl) => string;

/** What a script may use up. */
const limits = { commands: 500_000, depth: 200, text: 16 * 1024 * 1024 };

/** An interpreter of Tcl, with the commands that it is given. Scripts end at limits of commands, depth and size. */
export class Tcl {
  readonly commands: Map<string, Command>;
  readonly globals = new Frame();
  readonly procedures = new Map<string, Procedure>();
  /** Namespaces that were made. */
  readonly namespaces = new Set<string>();
  readonly #frames: Frame[] = [this.globals];
  readonly #most: number;
  #left: number;
  #depth = 0;
  /** What `puts` wrote. */
  output = '';

  /** `most`: how many commands may run until {@link refill}. */
  constructor(commands: Iterable<readonly [string, Command]>, most: number = limits.commands) {
    this.commands = new Map(commands);
    this.#most = most;
    this.#left = most;
  }

  /** Lets as many commands run again as at the beginning. */
  refill(): void {
    this.#left = this.#most;
  }

  get frame(): Frame {
    return this.#frames.at(-1) ?? this.globals;
  }

  get level(): number {
    return this.#frames.length - 1;
  }

  /** The frame of a level: `1` is the caller, `#0` the global one. */
  frameAt(level: string): Frame {
    const at = level.startsWith('#') ? Number(level.slice(1)) : this.level - Number(level);
    const found = this.#frames[at];
    if (found === undefined) {
      throw new TclError(`bad level "${level}"`);
    }
    return found;
  }

  /** Runs work with another frame on top. */
  within<T>(frame: Frame, work: () => T): T {
    if (this.#frames.length > limits.depth) {
      throw new TclError('too many nested evaluations (infinite loop?)');
    }
    this.#frames.push(frame);
    try {
      return work();
    } finally {
      this.#frames.pop();
    }
  }

  /** Runs a script; gives the result of its last command. */
  eval(script: string): string {
    this.#depth += 1;
    try {
      if (this.#depth > limits.depth * 5) {
        throw new TclError('too many nested evaluations (infinite loop?)');
      }
      this.spend();
      let result = '';
      for (const words of parseScript(script)) {
        result = this.#execute(words);
      }
      return result;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Counts one step; a script that takes too many of them ends. */
  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) {
      throw new TclError('the script runs too long');
    }
  }

  /** Runs one command. */
  call(words: readonly string[]): string {
    const [name = '', ...args] = words;
    this.spend();
    const command = this.commands.get(this.commandName(name));
    if (command === undefined) {
      throw new TclError(`invalid command name "${name}"`);
    }
    const result = command(args, this);
    if (result.length > limits.text) {
      throw new TclError('a value is too large');
    }
    return result;
  }

  /** Runs one command of a script; an error tells which one it was. */
  #execute(words: TclCommand): string {
    try {
      return this.call(this.#words(words));
    } catch (error) {
      if (error instanceof TclError && error.command === undefined) {
        const source = sourceOf(words);
        if (source !== undefined) error.command = source;
      }
      throw error;
    }
  }

  /** The full name of a command: one of the namespace that a script is in goes before a global one. */
  commandName(name: string): string {
    if (name.startsWith('::')) {
      return name.replace(/^:+/v, '');
    }
    const { namespace } = this.frame;
    const near = namespace === '' ? name : `${namespace}::${name}`;
    return namespace !== '' && this.commands.has(near) ? near : name;
  }

  #words(words: readonly TclWord[]): string[] {
    const values: string[] = [];
    for (const { parts, expand } of words) {
      const value = this.join(parts);
      if (expand) {
        values.push(...splitList(value));
      } else {
        values.push(value);
      }
    }
    return values;
  }

  /** The text that pieces make. */
  join(parts: readonly Part[]): string {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) {
      return this.#part(only);
    }
    return parts.map((part) => this.#part(part)).join('');
  }

  #part(part: Part): string {
    switch (part.type) {
      case 'text':
        return part.text;
      case 'command':
        return this.eval(part.script);
      default:
        return this.get(part.index === undefined ? part.name : `${part.name}(${this.join(part.index)})`);
    }
  }

  /** Substitutes variables, commands and backslashes, or only some of them. */
  subst(text: string, which?: Substituted): string {
    return this.join(new TclParser(text, 0, which).parts(() => false));
  }

  /** Where a name points from a frame; `within` is the one on top unless told otherwise. */
  #home(name: string, within = this.frame): Home {
    const open = name.endsWith(')') ? name.indexOf('(') : -1;
    const base = open > 0 ? name.slice(0, open) : name;
    const index = open > 0 ? name.slice(open + 1, -1) : undefined;
    const { variables } = this.globals;
    if (base.startsWith('::')) {
      return { variables, key: base.replace(/^:+/v, ''), index };
    }
    if (within.variables.has(base) || (!within.whole && !base.includes('::'))) {
      return { variables: within.variables, key: base, index };
    }
    const near = within.namespace === '' ? base : `${within.namespace}::${base}`;
    const isMine = variables.has(near) || !variables.has(base);
    return { variables, key: isMine && (within.whole || variables.has(near)) ? near : base, index };
  }

  /** The variable behind a name, if it is there. */
  variable(name: string): Variable | undefined {
    const { variables, key } = this.#home(name);
    return variables.get(key);
  }

  /** The value of a variable or of an element of an array; undefined when it has none. */
  peek(name: string): string | undefined {
    const { variables, key, index } = this.#home(name);
    const variable = variables.get(key);
    return index === undefined ? variable?.value : variable?.array?.get(index);
  }

  /** The value of a variable. */
  get(name: string): string {
    const value = this.peek(name);
    if (value === undefined) {
      const isArray = this.variable(name)?.array !== undefined && !name.includes('(');
      throw new TclError(`can't read "${name}": ${isArray ? 'variable is array' : 'no such variable'}`);
    }
    return value;
  }

  /** Sets a variable or an element of an array. */
  set(name: string, value: string): string {
    const { variables, key, index } = this.#home(name);
    let variable = variables.get(key);
    if (variable === undefined) {
      variable = {};
      variables.set(key, variable);
    }
    if (index === undefined) {
      if (variable.array !== undefined) {
        throw new TclError(`can't set "${name}": variable is array`);
      }
      variable.value = value;
    } else {
      variable.array ??= new Map();
      variable.array.set(index, value);
    }
    return value;
  }

  /** Forgets a variable or an element; false when it was not there. */
  unset(name: string): boolean {
    const { variables, key, index } = this.#home(name);
    return index === undefined ? variables.delete(key) : (variables.get(key)?.array?.delete(index) ?? false);
  }

  /** Makes a name of this frame stand for a variable of another one. */
  link(from: Frame, name: string, as: string): void {
    const { variables, key } = this.#home(name, from);
    let variable = variables.get(key);
    if (variable === undefined) {
      variable = {};
      variables.set(key, variable);
    }
    this.frame.variables.set(as, variable);
  }
}
