import { makeList, TclError, type Command } from '../tcl/index.ts';

interface Entry {
  value: string;
  /** Seconds without a touch; Infinity: for ever. */
  timeout: number;
  /** Seconds in all. */
  lifetime: number;
  /** Milliseconds. */
  created: number;
  touched: number;
}

/** Seconds that an entry lives if nothing is said; it has no lifetime then. */
const DEFAULT_TIMEOUT = '180';
const FLAGS = new Set(['-notouch', '-mustexist', '-excl', '-georedundancy', '-remaining', '-count']);

/** The session table that all connections share, with its sub-tables. */
export class SessionTable {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string, touch: boolean): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.left(entry, 'timeout') <= 0 || this.left(entry, 'lifetime') <= 0) {
      this.#entries.delete(key);
      return undefined;
    }
    if (touch) entry.touched = this.#now();
    return entry;
  }

  /** Seconds that an entry has left of its time-out or its lifetime. */
  left(entry: Entry, what: 'timeout' | 'lifetime'): number {
    const since = what === 'timeout' ? entry.touched : entry.created;
    return entry[what] - (this.#now() - since) / 1000;
  }

  put(
    key: string,
    value: string,
    [timeout = DEFAULT_TIMEOUT, lifetime = 'indefinite']: readonly string[] = [],
  ): string {
    const now = this.#now();
    const times = { timeout: seconds(timeout), lifetime: seconds(lifetime), created: now, touched: now };
    this.#entries.set(key, { value, ...times });
    return value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Keys that begin so. */
  keys(prefix: string): readonly string[] {
    return [...this.#entries.keys()].filter((key) => key.startsWith(prefix) && this.get(key, false) !== undefined);
  }
}

function seconds(text: string): number {
  if (text.startsWith('indef')) return Infinity;
  if (!/^\d+$/v.test(text)) throw new TclError(`expected integer but got "${text}"`);
  return text === '0' ? Infinity : Number(text);
}

function shown(time: number): string {
  return time === Infinity ? 'indefinite' : String(Math.ceil(time));
}

/** What an action of `table` is about. */
interface Subject {
  readonly table: SessionTable;
  readonly prefix: string;
  readonly key: string;
  readonly args: readonly string[];
  readonly entry: Entry | undefined;
  readonly flags: readonly string[];
}

type Action = (subject: Subject) => string;

/** `set`, also as `add` (`-excl`) and `replace` (`-mustexist`). */
const set: Action = ({ table, key, args, entry, flags }) => {
  if (entry !== undefined && flags.includes('-excl')) return entry.value;
  if (entry === undefined && flags.includes('-mustexist')) return '';
  return table.put(key, args[1] ?? '', args.slice(2));
};

/** Another value for an entry, whose times go on; a new one begins with the usual ones. */
function revalue({ table, key, entry, flags }: Subject, value: string): string {
  if (entry === undefined) return flags.includes('-mustexist') ? '' : table.put(key, value);
  entry.value = value;
  return value;
}

function time(what: 'timeout' | 'lifetime'): Action {
  return ({ table, args, entry, flags }) => {
    if (entry === undefined) return '';
    if (args[1] !== undefined) entry[what] = seconds(args[1]);
    return shown(flags.includes('-remaining') ? table.left(entry, what) : entry[what]);
  };
}

const actions: Readonly<Record<string, Action>> = {
  set,
  add: (subject) => set({ ...subject, flags: [...subject.flags, '-excl'] }),
  replace: (subject) => set({ ...subject, flags: [...subject.flags, '-mustexist'] }),
  lookup: ({ entry }) => entry?.value ?? '',
  incr: (subject) => {
    const { args, entry } = subject;
    const sum = Number(entry?.value ?? 0) + Number(args[1] ?? 1);
    if (!Number.isFinite(sum)) throw new TclError(`expected integer but got "${entry?.value ?? args[1] ?? ''}"`);
    return revalue(subject, String(sum));
  },
  append: (subject) => revalue(subject, `${subject.entry?.value ?? ''}${subject.args[1] ?? ''}`),
  timeout: time('timeout'),
  lifetime: time('lifetime'),
  delete: ({ table, key, args, prefix }) => {
    for (const each of args[0] === '-all' ? table.keys(prefix) : [key]) table.delete(each);
    return '';
  },
  keys: ({ table, flags, prefix }) => {
    const names = table.keys(prefix).map((each) => each.slice(prefix.length));
    return flags.includes('-count') ? String(names.length) : makeList(names);
  },
};

/** Options stand in front; what follows may look like one. */
function split(words: readonly string[]): Pick<Subject, 'flags' | 'prefix' | 'args'> {
  const flags: string[] = [];
  let prefix = '';
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (word === '-subtable') prefix = `${words[(at += 1)] ?? ''}\0`;
    else if (FLAGS.has(word)) flags.push(word);
    else break;
    at += 1;
  }
  return { flags, prefix, args: words.slice(at) };
}

/** `table set|add|replace|lookup|incr|append|delete|keys|timeout|lifetime ?-flags? ?-subtable name? …`. */
export function tableCommand(table: SessionTable): Command {
  return ([action = '', ...given]) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined) throw new TclError(`bad option "${action}": must be ${Object.keys(actions).join(', ')}`);
    const { flags, prefix, args } = split(given);
    const key = `${prefix}${args[0] ?? ''}`;
    const touches = !flags.includes('-notouch') && action !== 'timeout' && action !== 'lifetime';
    return run({ table, prefix, key, args, flags, entry: table.get(key, touches) });
  };
}

/** `session add|lookup|delete MODE KEY ?DATA? ?TIMEOUT?`, the older commands on the same table. */
export function sessionCommand(table: SessionTable): Command {
  return ([action = '', mode = '', name = '', data = '', ...timeout]) => {
    const key = `session ${mode}\0${name}`;
    if (action === 'add') table.put(key, data, timeout);
    else if (action === 'delete') table.delete(key);
    else if (action === 'lookup') return table.get(key, true)?.value ?? '';
    else throw new TclError(`bad option "${action}": must be add, lookup, or delete`);
    return '';
  };
}
