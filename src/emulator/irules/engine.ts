import { makeTcl, TclError, Unwind, type Command, type Tcl } from '../tcl/index.ts';
import { afterCommand } from './after.ts';
import { classCommands } from './class-commands.ts';
import type { CompiledRule, RuleHandler } from './compile.ts';
import { flowCommands } from './flow-commands.ts';
import { newFlow } from './flow.ts';
import type { Flow, RuleHost, Side } from './flow.ts';
import { httpCommands, uriCommands } from './http-commands.ts';
import { payloadCommands } from './payload-commands.ts';
import { sessionCommand, tableCommand } from './table.ts';
import { textCommands } from './text-commands.ts';

/** Commands that the rules of one event may run; the device has no such limit, but a watchdog of its own. */
const MOST_COMMANDS = 50_000;

/** Events on the side of the server; all others are on that of the client. */
const SERVER_SIDE = /^(?:SERVER_.*|HTTP_RESPONSE(?:_DATA)?|HTTP_REQUEST_(?:SEND|RELEASE))$/v;

/** A rule failed while it ran; the device resets the connection. */
export class RuleFailure extends Error {
  override readonly name = 'RuleFailure';
}

interface Due {
  readonly rule: CompiledRule;
  readonly handler: RuleHandler;
}

/** The rules of a virtual server, and what their `static::` variables hold. */
export class RuleSet {
  readonly host: RuleHost;
  readonly statics: Tcl['globals']['variables'] = new Map();
  readonly #rules: readonly CompiledRule[];
  readonly #due = new Map<string, Due[]>();

  /** Runs `RULE_INIT` at once. */
  constructor(rules: readonly CompiledRule[], host: RuleHost) {
    this.#rules = rules;
    this.host = host;
    for (const rule of rules) {
      for (const handler of rule.handlers) {
        const due = [...(this.#due.get(handler.event) ?? []), { rule, handler }];
        this.#due.set(
          handler.event,
          due.toSorted((a, b) => a.handler.priority - b.handler.priority),
        );
      }
    }
    const flow = noFlow();
    try {
      this.begin(flow).fire('RULE_INIT');
    } catch (error) {
      if (!(error instanceof RuleFailure)) throw error;
    }
  }

  /** Handlers of an event, small priorities first, then in the order of the virtual server. */
  due(event: string): readonly Due[] {
    return this.#due.get(event) ?? [];
  }

  /** Procedures under the names that other rules call them by: `/Common/rule::name`, `rule::name`. */
  get procedures(): readonly (readonly [name: string, args: string, body: string])[] {
    return this.#rules.flatMap(({ fullPath, procedures }) =>
      procedures.flatMap(([name, args, body]) =>
        [fullPath, fullPath.slice(fullPath.lastIndexOf('/') + 1)].map(
          (rule) => [`${rule}::${name}`, args, body] as const,
        ),
      ),
    );
  }

  /** The rules of one connection. */
  begin(flow: Flow): RuleConnection {
    return new RuleConnection(this, flow);
  }
}

function noFlow(): Flow {
  const none = { address: '', port: 0 };
  return newFlow({ virtual: '', defaultPool: undefined, client: none, local: none });
}

/** Rules at work on one connection: variables live as long as it does, and are shared by all its rules. */
export class RuleConnection {
  readonly flow: Flow;
  readonly #set: RuleSet;
  readonly #off = new Set<string>();
  readonly #own = new Map<string, readonly (readonly [string, Command])[]>();
  #tcl: Tcl | undefined;
  #event = '';
  #rule = '';

  constructor(set: RuleSet, flow: Flow) {
    this.#set = set;
    this.flow = flow;
  }

  /** Whether a rule waits for an event. */
  awaits(event: string): boolean {
    return !this.#off.has('all') && !this.#off.has(event) && this.#set.due(event).length > 0;
  }

  /** Sets a variable of the connection from outside. */
  setVariable(name: string, value: string): void {
    (this.#tcl ??= this.#make()).set(name, value);
  }

  /**
   * Runs the handlers of an event, one after the other.
   * @throws {RuleFailure} if one fails; the others do not run then.
   */
  fire(event: string): void {
    if (!this.awaits(event)) return;
    const { host } = this.#set;
    for (const { rule, handler } of this.#set.due(event)) {
      if (!this.awaits(event)) return;
      this.#event = event;
      this.#rule = rule.fullPath;
      this.flow.side = SERVER_SIDE.test(event) ? 'server' : 'client';
      const outcome = this.#run(handler.script);
      host.ran(rule.fullPath, event, outcome === undefined ? 'done' : 'failed');
      if (outcome !== undefined) throw outcome;
    }
  }

  /** Runs a script of the rule at work; gives how it failed, which is logged. */
  #run(script: string): RuleFailure | undefined {
    const tcl = this.#interpreter(this.#rule);
    tcl.refill();
    try {
      tcl.eval(script);
      return undefined;
    } catch (error) {
      if (error instanceof Unwind) return undefined;
      const message = error instanceof Error ? error.message : String(error);
      const command = error instanceof TclError ? error.command : undefined;
      const where = command === undefined ? '' : `\n    while executing\n"${command}"`;
      const text = `${message}${where}`.replaceAll('\n', ' ');
      this.#set.host.log(`01220001:3: TCL error: ${this.#rule} <${this.#event}> - ${text}`);
      return new RuleFailure(message);
    }
  }

  /** A script of later (`after`), with the event and the rule of now. */
  #later(script: string): () => void {
    const [event, rule, { side }] = [this.#event, this.#rule, this.flow];
    return () => {
      this.#event = event;
      this.#rule = rule;
      this.flow.side = side;
      const outcome = this.#run(script);
      if (outcome !== undefined) throw outcome;
    };
  }

  /** One interpreter serves all rules of the connection; commands that resolve names do so for the rule at work. */
  #interpreter(rule: string): Tcl {
    const tcl = (this.#tcl ??= this.#make());
    for (const [name, command] of this.#commandsOf(rule)) tcl.commands.set(name, command);
    return tcl;
  }

  #commandsOf(rule: string): readonly (readonly [string, Command])[] {
    const { host } = this.#set;
    const known = this.#own.get(rule);
    const own = known ?? Object.entries({ ...classCommands(host, rule), ...flowCommands(host, rule, this.flow) });
    this.#own.set(rule, own);
    return own;
  }

  #make(): Tcl {
    const { host, statics, procedures } = this.#set;
    const own = Object.entries({ ...httpCommands, ...payloadCommands }).map(
      ([name, make]) => [name, make(this.flow)] as const,
    );
    const tcl = makeTcl(
      {
        ...Object.fromEntries(own),
        ...uriCommands,
        ...textCommands,
        table: tableCommand(host.table),
        session: sessionCommand(host.table),
        ...this.#control(host),
      },
      () => host.now(),
      MOST_COMMANDS,
    );
    for (const name of ['puts', 'source', 'package']) tcl.commands.delete(name);
    for (const [name, args, body] of procedures) tcl.call(['proc', name, args, body]);
    shareStatics(tcl, statics);
    return tcl;
  }

  /** Runs a script with the commands of a side; without one it tells whether this is the side. */
  #onSide(side: Side, args: readonly string[], tcl: Tcl): string {
    const { flow } = this;
    if (args.length === 0) return flow.side === side ? '1' : '0';
    const before = flow.side;
    flow.side = side;
    try {
      return args.length === 1 ? tcl.eval(args[0] ?? '') : tcl.call(args);
    } finally {
      flow.side = before;
    }
  }

  #control(host: RuleHost): Readonly<Record<string, Command>> {
    return {
      log: (args) => {
        const text = args.at(-1) ?? '';
        host.log(args[0] === '-noname' ? text : `Rule ${this.#rule} <${this.#event}>: ${text}`);
        return '';
      },
      call: ([name = '', ...args], tcl) => tcl.call([name.includes('::') ? name : `${this.#rule}::${name}`, ...args]),
      event: (args) => {
        if (args.length === 0 || args[0] === 'name') return this.#event;
        const [which = ''] = args;
        const name = args.includes('all') ? 'all' : which === 'disable' || which === 'enable' ? this.#event : which;
        if (args.includes('disable')) this.#off.add(name);
        else if (name === 'all') this.#off.clear();
        else this.#off.delete(name);
        return '';
      },
      after: afterCommand(this.flow, (script) => this.#later(script)),
      clientside: (args, tcl) => this.#onSide('client', args, tcl),
      serverside: (args, tcl) => this.#onSide('server', args, tcl),
      whereis: () => '',
    };
  }
}

/** Variables called `static::` are the same in every connection. */
function shareStatics(tcl: Tcl, statics: Tcl['globals']['variables']): void {
  const { variables } = tcl.globals;
  const { get, set } = { get: variables.get.bind(variables), set: variables.set.bind(variables) };
  variables.get = (name) => (name.startsWith('static::') ? statics.get(name) : get(name));
  variables.set = (name, value) => {
    if (!name.startsWith('static::')) return set(name, value);
    statics.set(name, value);
    return variables;
  };
}
