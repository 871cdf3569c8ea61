import type { ShownRecord } from '../../dataplane/persistence/shown.ts';
import { grammarError } from '../../errors/device-error.ts';
import { qualify, splitFullPath } from '../../names/full-path.ts';
import { maySee } from '../../rest/access.ts';
import type { StatsSource } from '../../stats/stats-source.ts';
import { unexpectedArgument } from '../names.ts';
import type { View } from './selection.ts';

/** What `persist-records` calls modes, where that differs. */
const MODES: Readonly<Record<string, string>> = {
  'source-addr': 'source-address',
  'dest-addr': 'destination-address',
  ssl: 'ssl-session-id',
};

function modeOf({ mode }: ShownRecord): string {
  return MODES[mode] ?? mode;
}

/** What a record is looked up by: the options of the component. */
const options: Readonly<Record<string, (record: ShownRecord) => string>> = {
  'client-addr': ({ client }) => client,
  key: ({ value }) => value,
  mode: modeOf,
  'node-addr': ({ nodeAddress }) => nodeAddress,
  'node-port': ({ nodePort }) => String(nodePort),
  pool: ({ pool }) => pool,
  virtual: ({ virtual }) => virtual,
};

/** `ltm persistence persist-records`; the words behind it, or undefined. */
export function persistRecordWords(words: readonly string[]): readonly string[] | undefined {
  return words.slice(0, 3).join(' ') === 'ltm persistence persist-records' ? words.slice(3) : undefined;
}

/** What the words ask for: pairs of option and value, which all have to hold. */
function filterOf(words: readonly string[], folder: string): (record: ShownRecord) => boolean {
  const tests: ((record: ShownRecord) => boolean)[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [name = '', value] = words.slice(at, at + 2);
    const read = Object.hasOwn(options, name) ? options[name] : undefined;
    if (read === undefined) {
      throw unexpectedArgument(name);
    }
    if (value === undefined) {
      throw grammarError(`"${name}" requires a value`);
    }
    const wanted = name === 'pool' || name === 'virtual' ? qualify(value, folder) : value;
    tests.push((record) => read(record) === wanted);
  }
  return (record) => tests.every((test) => test(record));
}

function node({ nodeAddress, nodePort }: ShownRecord): string {
  return `${nodeAddress}${nodeAddress.includes(':') ? '.' : ':'}${nodePort}`;
}

function block(record: ShownRecord): string {
  const title = `${modeOf(record)} - ${record.destination} - ${node(record)}`;
  const lines: readonly (readonly [string, string | number])[] = [
    ['TMM', 0],
    ['Mode', modeOf(record)],
    ['Value', record.value],
    ['Age (sec.)', record.age],
    ['Virtual Name', record.virtual],
    ['Virtual Addr', record.destination],
    ['Node Addr', node(record)],
    ['Pool Name', record.pool],
    ['Client Addr', record.client],
  ];
  const rule = '-'.repeat(title.length);
  return [title, rule, ...lines.map(([name, value]) => `  ${name.padEnd(13)} ${value}`), ''].join('\n');
}

/** `show ltm persistence persist-records ?OPTION VALUE …?`, one a line or with `all-properties` a block each (K). */
export function showPersistRecords(words: readonly string[], { principal, folder }: View, source: StatsSource): string {
  const isLong = words.includes('all-properties');
  const isIt = filterOf(
    words.filter((word) => word !== 'all-properties'),
    folder,
  );
  const isSeen = ({ virtual }: ShownRecord): boolean => maySee(principal, splitFullPath(virtual).partition);
  const records = source.persistence().filter((record) => isSeen(record) && isIt(record));
  const lines = records.map((record) =>
    isLong ? block(record) : `${modeOf(record)}  ${record.value}  ${record.destination}  ${node(record)}  (tmm: 0)`,
  );
  return `${['Sys::Persistent Connections', ...lines, `Total records returned: ${records.length}`].join('\n')}\n`;
}

/** `delete ltm persistence persist-records ?OPTION VALUE …?`: all of them, or those that the options name. */
export function deletePersistRecords(words: readonly string[], folder: string, source: StatsSource): string {
  source.forgetPersistence(filterOf(words, folder));
  return '';
}
