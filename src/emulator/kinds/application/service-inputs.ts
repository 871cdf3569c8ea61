import { grammarError } from '../../errors/device-error.ts';
import { identifierMissing, invalidValue, unknownProperty } from '../../errors/mcp.ts';
import { tmshName, type Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';
import { encrypted } from '../fields/secret.ts';

type Json = Readonly<Record<string, unknown>>;

/** A variable of an application service. */
export interface Variable {
  readonly name: string;
  readonly encrypted: string;
  /** Unset when it is empty. */
  readonly value?: string;
}

/** A list of an application service. */
export interface List {
  readonly name: string;
  readonly encrypted: string;
  readonly value?: readonly string[];
}

/** A table of an application service; one without rows has a name only. */
export interface Table {
  readonly name: string;
  readonly columnNames?: readonly string[];
  readonly rows?: readonly { readonly row: readonly string[] }[];
}

function objectOf(value: unknown, property: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidValue(property, value);
  }
  return value as Json;
}

function listOf(value: unknown, property: string): readonly unknown[] {
  if (value === undefined || value === null || value === '' || value === 'none') {
    return [];
  }
  if (!Array.isArray(value)) {
    throw invalidValue(property, value);
  }
  return value;
}

function textsOf(value: unknown, property: string): readonly string[] {
  return listOf(typeof value === 'string' && value !== '' ? [value] : value, property).map((each) =>
    asText(each, property),
  );
}

/** Items by name, in the order of their names; the last one of a name counts. Empty is unset. */
function inputs(
  name: string,
  keys: readonly string[],
  read: (item: Json, name: string) => Variable | List | Table,
): Field {
  const known = new Set(['name', ...keys]);
  return {
    name,
    tail: true,
    shape: 'list',
    parse: (value) => {
      const items = new Map<string, ReturnType<typeof read>>();
      for (const each of listOf(value, name)) {
        const item = typeof each === 'string' ? { name: each } : objectOf(each, name);
        const unknown = Object.keys(item).find((key) => !known.has(key));
        if (unknown !== undefined) {
          throw unknownProperty(tmshName(unknown));
        }
        const given = item['name'];
        if (typeof given !== 'string' || given === '') {
          throw identifierMissing();
        }
        items.set(given, read(item, given));
      }
      const sorted = [...items.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      return sorted.length === 0 ? undefined : sorted;
    },
  };
}

function isEncrypted(item: Json): boolean {
  const given = asText(item['encrypted'] ?? 'no', 'encrypted').toLowerCase();
  if (!['yes', 'no', 'true', 'false'].includes(given)) {
    throw invalidValue('encrypted', item['encrypted']);
  }
  return given === 'yes' || given === 'true';
}

function readVariable(item: Json, name: string): Variable {
  const value = item['value'] === undefined || item['value'] === null ? '' : asText(item['value'], 'value');
  const secret = isEncrypted(item);
  const kept = value === '' ? {} : { value: secret ? encrypted(value) : value };
  return { name, encrypted: secret ? 'yes' : 'no', ...kept };
}

function readList(item: Json, name: string): List {
  const secret = isEncrypted(item);
  const value = textsOf(item['value'], 'value').map((each) => (secret ? encrypted(each) : each));
  return { name, encrypted: secret ? 'yes' : 'no', ...(value.length === 0 ? {} : { value }) };
}

function readTable(item: Json, name: string): Table {
  const columnNames = textsOf(item['columnNames'], 'column-names');
  const rows = listOf(item['rows'], 'rows').map((each) => ({
    row: textsOf(Array.isArray(each) ? each : objectOf(each, 'rows')['row'], 'row'),
  }));
  const wrong = rows.find(({ row }) => row.length !== columnNames.length);
  if (wrong !== undefined && columnNames.length > 0) {
    throw grammarError(
      `table "${name}": a row has ${wrong.row.length} values, and the table ${columnNames.length} columns`,
    );
  }
  if (columnNames.length === 0) {
    return { name };
  }
  return { name, columnNames, ...(rows.length === 0 ? {} : { rows }) };
}

/** What a template asks for, and what a service answers (fact sheet 8.15). */
export const inputFields: readonly Field[] = [
  inputs('lists', ['encrypted', 'value'], readList),
  inputs('tables', ['columnNames', 'rows'], readTable),
  inputs('variables', ['encrypted', 'value'], readVariable),
];
