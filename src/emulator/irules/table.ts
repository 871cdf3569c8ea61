import { makeList, TclError, type Command } from '../tcl/index.ts';

interface Entry {
  value: string;
  /** When it goes, in milliseconds. */
  until: number;
  /** Seconds without a touch. */
  timeout: number;
}

/** Seconds that an entry lives if nothing is said. */
const DEFAULT_TIMEOUT = 180;
const FLAGS = new Set(['-notouch', '-mustexist', '-excl']);

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
    if (entry.until <= this.#now()) {
      this.#entries.delete(key);
      return undefined;
    }
    if (touch) entry.until = this.#now() + entry.timeout * 1000;
    return entry;
  }

  put(key: string, value: string, timeout: string | undefined): string {
    const seconds = timeout === undefined ? DEFAULT_TIMEOUT : timeout.startsWith('indef') ? Infinity : Number(timeout);
    this.#entries.set(key, { value, timeout: seconds, until: this.#now() + seconds * 1000 });
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

/** What an action of `table` is about. */
interface Subject {
  readonly table: SessionTable;
  readonly prefix: string;
  readonly key: string;
  readonly args: readonly string[];
  readonly entry: Entry | undefined;
}

const actions: Readonly<Record<string, (subject: Subject) => string>> = {
  set: ({ table, key, args }) => table.put(key, args[1] ?? '', args[2]),
  add: ({ table, key, args, entry }) => entry?.value ?? table.put(key, args[1] ?? '', args[2]),
  replace: ({ table, key, args, entry }) => (entry === undefined ? '' : table.put(key, args[1] ?? '', args[2])),
  lookup: ({ entry }) => entry?.value ?? '',
  incr: ({ table, key, args, entry }) => {
    const sum = Number(entry?.value ?? 0) + Number(args[1] ?? 1);
    return table.put(key, String(sum), entry === undefined ? undefined : String(entry.timeout));
  },
  append: ({ table, key, args, entry }) => table.put(key, `${entry?.value ?? ''}${args[1] ?? ''}`, args[2]),
  timeout: ({ entry }) => String(entry?.timeout ?? ''),
  delete: ({ table, key, args, prefix }) => {
    for (const each of args[0] === '-all' ? table.keys(prefix) : [key]) table.delete(each);
    return '';
  },
  keys: ({ table, args, prefix }) => {
    const names = table.keys(prefix).map((each) => each.slice(prefix.length));
    return args.includes('-count') ? String(names.length) : makeList(names);
  },
};

/** `table set|add|replace|lookup|incr|append|delete|keys|timeout ?-subtable name? …`. */
export function tableCommand(table: SessionTable): Command {
  return ([action = '', ...given]) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined) throw new TclError(`bad option "${action}": must be ${Object.keys(actions).join(', ')}`);
    const words = given.filter((word) => !FLAGS.has(word));
    const isSub = words[0] === '-subtable';
    const args = isSub ? words.slice(2) : words;
    const prefix = isSub ? `${words[1]}\0` : '';
    const key = `${prefix}${args[0] ?? ''}`;
    return run({ table, prefix, key, args, entry: table.get(key, !given.includes('-notouch')) });
  };
}
