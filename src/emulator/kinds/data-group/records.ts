import { mcpError } from '../../errors/device-error.ts';
import { identifierMissing, invalidValue } from '../../errors/mcp.ts';
import { canonicalAddress, parseAddress } from '../../names/address.ts';
import type { Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';

/** One record of a data-group. */
export interface DataRecord {
  readonly name: string;
  readonly data: string;
}

/** Longest data of a record, in bytes (recorded). */
const longest = 65_520;

function readData(value: unknown): string {
  const data = value === undefined || value === null ? '' : asText(value, 'data');
  const size = Buffer.byteLength(data);
  if (size > longest) {
    throw mcpError(
      `01070712:3: Max string size exceeded during update of attribute:data type:class_value_item max:${longest} received:${size}`,
    );
  }
  return data;
}

function readRecord(item: unknown): DataRecord {
  if (typeof item === 'string' && item !== '') {
    return { name: item, data: '' };
  }
  const { name, data } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') {
    throw identifierMissing();
  }
  return { name, data: readData(data) };
}

/** Characters that tmsh prints with a backslash (fact sheet 3.6). */
function escaped(data: string): string {
  return data.replaceAll(/[\\"?\{\}]/gv, String.raw`\$&`);
}

/** `records`: replaced as a whole, `data` always printed, with tmsh's backslashes. */
export function records(): Field {
  return {
    name: 'records',
    tail: true,
    shape: 'list',
    parse: (value) => {
      if (value === null || value === '' || value === 'none') {
        return undefined;
      }
      if (!Array.isArray(value)) {
        throw invalidValue('records', value);
      }
      return value.length === 0 ? undefined : value.map(readRecord);
    },
    print: (value) => (value as readonly DataRecord[]).map(({ name, data }) => ({ name, data: escaped(data) })),
  };
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1%1/32`: the network with its prefix length, and what it is sorted by. */
function network(name: string): { readonly name: string; readonly key: string } {
  const [text = '', length] = name.split('/', 2);
  const parsed = parseAddress(text, 0);
  const width = parsed?.ip.includes(':') === true ? 128 : 32;
  const prefix = length === undefined ? width : /^\d{1,3}$/v.test(length) ? Number(length) : Number.NaN;
  if (parsed === undefined || !(prefix <= width)) {
    throw invalidValue('records', name);
  }
  const numbers = width === 32 ? parsed.ip.split('.').map((part) => part.padStart(3, '0')) : [parsed.ip];
  return {
    name: `${parsed.routeDomain === 0 ? parsed.ip : canonicalAddress(parsed)}/${prefix}`,
    key: `${width} ${numbers.join('.')} ${String(prefix).padStart(3, '0')}`,
  };
}

function integerKey(name: string): string {
  if (!/^-?\d{1,20}$/v.test(name)) {
    throw invalidValue('records', name);
  }
  return name.padStart(24, '0');
}

/** Records as a data-group of a type keeps them: names in their normal form, sorted, each once. */
export function normalRecords(type: string, given: readonly DataRecord[]): readonly DataRecord[] {
  const keyed = given.map((record) => {
    if (type === 'ip') {
      const { name, key } = network(record.name);
      return { key, record: { ...record, name } };
    }
    return { key: type === 'integer' ? integerKey(record.name) : record.name, record };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const names = new Set<string>();
  for (const { record } of keyed) {
    if (names.has(record.name)) {
      throw mcpError(`01020066:3: The requested value list item (${record.name}) already exists.`, 409);
    }
    names.add(record.name);
  }
  return keyed.map(({ record }) => record);
}
