import { grammarError } from '../errors/device-error.ts';
import { tmshName, type Field } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { hasField, type KindRegistry } from '../kinds/registry.ts';
import type { Version } from '../version/version.ts';
import type { Token } from './tokens.ts';

/** What a property of an object is: a field under one of its JSON names, or a sub-collection. */
export type Property =
  | { readonly type: 'field'; readonly field: Field; readonly json: string }
  | { readonly type: 'items'; readonly kind: Kind };

/** JSON names that tmsh spells in its own way; the rest follows from the JSON name. */
const spellings: Readonly<Record<string, string>> = { apiAnonymous: 'api-anonymous' };

/** JSON names inside nested values that carry `tm` because JSON gives them another meaning (fact sheet 3.1). */
const reserved = new Set(['name', 'default', 'options', 'interface', 'command', 'kind', 'generation', 'partition']);

/** The tmsh name of a property. */
export function spelled(json: string): string {
  return spellings[json] ?? tmshName(json);
}

/** Last segment of the path of a sub-collection, which is its property: `members`. */
export function lastSegment(kind: Kind): string {
  return kind.path.slice(kind.path.lastIndexOf('/') + 1);
}

const tables = new WeakMap<Kind, Map<string, ReadonlyMap<string, Property>>>();

function makeTable(kind: Kind, version: Version): ReadonlyMap<string, Property> {
  const table = new Map<string, Property>();
  for (const [json, field] of kind.byName) {
    if (hasField(field, version)) {
      table.set(spelled(json), { type: 'field', field, json });
    }
  }
  for (const sub of kind.subs) {
    table.set(lastSegment(sub), { type: 'items', kind: sub });
  }
  return table;
}

/** The properties of a kind by their tmsh names, as a release has them. */
export function propertiesOf(kind: Kind, version: Version): ReadonlyMap<string, Property> {
  const known = tables.get(kind) ?? new Map<string, ReadonlyMap<string, Property>>();
  tables.set(kind, known);
  let table = known.get(version.full);
  if (table === undefined) {
    table = makeTable(kind, version);
    known.set(version.full, table);
  }
  return table;
}

/** The JSON name of a property inside a nested value, of which `known` names are already there. */
export function nestedName(name: string, known: readonly string[] = []): string {
  const found = known.find((json) => spelled(json) === name);
  if (found !== undefined) {
    return found;
  }
  const camel = name
    .replaceAll(/-(\d)/gv, '_$1')
    .replaceAll(/-([a-z])/gv, (_all, letter: string) => letter.toUpperCase());
  return reserved.has(camel) ? `tm${camel.charAt(0).toUpperCase()}${camel.slice(1)}` : camel;
}

/** What the first words of a statement name. */
export interface Component {
  readonly kind: Kind;
  /** How many tokens that took. */
  readonly used: number;
}

/** The words at the start of some tokens; a `/` before a module is left out. */
export function leadingWords(tokens: readonly Token[]): readonly string[] {
  const end = tokens.findIndex((token) => token.type === 'group');
  const words = (end < 0 ? tokens : tokens.slice(0, end)).map((token) => (token.type === 'word' ? token.text : ''));
  return words.map((word, at) => (at === 0 && word.length > 1 ? word.replace(/^\//v, '') : word));
}

/** Finds the kind that words name: `ltm monitor http`. Undefined when none does. */
export function findComponent(words: readonly string[], kinds: KindRegistry): Component | undefined {
  for (let used = Math.min(words.length, 8); used > 0; used -= 1) {
    const kind = kinds.byPath.get(words.slice(0, used).join('/'));
    if (kind !== undefined && !kinds.parents.has(kind.path)) {
      return { kind, used };
    }
  }
  return undefined;
}

/** The error for words that name no component, as tmsh says it (K). */
export function unexpectedArgument(word: string): Error {
  return grammarError(`unexpected argument "${word}"`);
}
