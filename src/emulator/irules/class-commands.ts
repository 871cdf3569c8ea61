import { inNetwork, parseBits } from '../dataplane/addresses.ts';
import { makeList, TclError, type Command } from '../tcl/index.ts';
import type { DataGroup, RuleHost } from './flow.ts';
import { resolveName } from './names.ts';

type Entry = DataGroup['records'][number];
type Test = (item: string, name: string) => boolean;

const tests: Readonly<Record<string, Test>> = {
  equals: (item, name) => item === name,
  starts_with: (item, name) => item.startsWith(name),
  ends_with: (item, name) => item.endsWith(name),
  contains: (item, name) => item.includes(name),
};

function isWithin(item: string, network: string): boolean {
  const address = item.replace(/%\d+$/v, '');
  return parseBits(address) !== undefined && parseBits(network.split('/', 1)[0] ?? '') !== undefined
    ? inNetwork(address, network)
    : false;
}

/** The record that an item matches: of networks and of `starts_with` the longest, else the first. */
function find({ type, records }: DataGroup, item: string, operator: string): Entry | undefined {
  const test = type === 'ip' ? isWithin : tests[operator];
  if (test === undefined) {
    throw new TclError(`bad operator "${operator}"`);
  }
  const matching = records.filter(({ name }) => test(item, name));
  const length = ({ name }: Entry): number => (type === 'ip' ? Number(name.split('/')[1] ?? 128) : name.length);
  return matching.reduce<Entry | undefined>((best, each) => {
    const isBetter = best === undefined || (operator !== 'equals' && length(each) > length(best));
    return isBetter || (type === 'ip' && length(each) > length(best)) ? each : best;
  }, undefined);
}

function shown(entry: Entry | undefined, options: readonly string[]): string {
  if (options.includes('-value')) return entry?.data ?? '';
  if (options.includes('-name')) return entry?.name ?? '';
  if (options.includes('-element')) return entry === undefined ? '' : makeList([entry.name, entry.data]);
  return entry === undefined ? '0' : '1';
}

/** `class`, `matchclass` and `findclass` on data-groups, for a rule. */
export function classCommands(host: RuleHost, rule: string): Readonly<Record<string, Command>> {
  const look = (name: string): DataGroup | undefined =>
    host.dataGroup(resolveName(name, rule, (path) => host.dataGroup(path) !== undefined));
  const group = (name: string): DataGroup => {
    const found = look(name);
    if (found === undefined) {
      throw new TclError(`class "${name}" does not exist`);
    }
    return found;
  };
  const match = (args: readonly string[]): string => {
    const end = args.findIndex((word) => !word.startsWith('-') || word === '--');
    const options = args.slice(0, Math.max(end, 0));
    const [item = '', operator = '', name = ''] = args.slice(args[end] === '--' ? end + 1 : end);
    return shown(find(group(name), item, operator), options);
  };
  const actions: Readonly<Record<string, (args: readonly string[]) => string>> = {
    match,
    search: (args) => {
      const end = args.findIndex((word) => !word.startsWith('-') || word === '--');
      const [name = '', operator = '', item = ''] = args.slice(args[end] === '--' ? end + 1 : end);
      return match([...args.slice(0, Math.max(end, 0)), '--', item, operator, name]);
    },
    lookup: ([item = '', name = '']) => shown(find(group(name), item, 'equals'), ['-value']),
    exists: ([name = '']) => (look(name) === undefined ? '0' : '1'),
    size: ([name = '']) => String(group(name).records.length),
    type: ([name = '']) => group(name).type,
    names: ([name = '']) => makeList(group(name).records.map((entry) => entry.name)),
    get: ([name = '']) => makeList(group(name).records.map((entry) => makeList([entry.name, entry.data]))),
    element: (args) => {
      const [index = '0', name = ''] = args.filter((word) => !word.startsWith('-'));
      return shown(group(name).records[Number(index)], args[0]?.startsWith('-') === true ? args : ['-element']);
    },
  };
  return {
    class: ([action = '', ...args]) => {
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (run === undefined) {
        throw new TclError(`bad option "${action}": must be ${Object.keys(actions).join(', ')}`);
      }
      return run(args);
    },
    matchclass: ([item = '', operator = '', name = '']) => shown(find(group(name), item, operator), []),
    findclass: ([item = '', name = '', separator]) => {
      const entry = find(group(name), item, 'equals');
      if (entry === undefined) return '';
      return separator === undefined ? makeList([entry.name, entry.data]) : entry.data;
    },
  };
}
