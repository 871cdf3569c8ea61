import { grammarError } from '../errors/device-error.ts';
import { unknownProperty } from '../errors/mcp.ts';
import type { Field } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Version } from '../version/version.ts';
import { propertiesOf, type Property } from './names.ts';
import type { Group, Token } from './tokens.ts';
import { splitCode } from './tokens.ts';
import { readItems, readNested, readPhrases, readTexts, textOfToken } from './values.ts';

/** An edit of a list or of a sub-collection: `members add { ... }`. */
export interface Edit {
  readonly property: Property;
  readonly action: 'add' | 'delete' | 'modify';
  readonly items: readonly ItemChange[];
}

/** One item of an edit. */
export interface ItemChange {
  readonly name: string;
  readonly change: Change;
}

/** What some properties ask for. */
export interface Change {
  /** Body of a request that sets what is set as a whole. */
  readonly body: Record<string, unknown>;
  readonly edits: readonly Edit[];
  /** Read-only properties that a file has and requests do not set. */
  readonly kept: Readonly<Record<string, unknown>>;
}

/** How to read. */
export interface Reading {
  readonly version: Version;
  /** Where the object stands: read-only properties are kept, and what no kind knows may be left out. */
  readonly file: boolean;
  /** Told of each property that is not known; without it one is an error. */
  readonly onUnknown?: (property: string, token: Token) => void;
}

const actions = new Set(['add', 'delete', 'modify', 'replace-all-with']);

/** Words that devices print for what only they set, and what they mean to one who reads them back. */
const readBack: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  session: { 'monitor-enabled': 'user-enabled' },
  state: { up: 'user-up', down: 'user-up', unchecked: 'user-up', checking: 'user-up', 'fqdn-up': 'user-up' },
};

class PropertyReader {
  readonly #kind: Kind;
  readonly #reading: Reading;
  readonly #tokens: Token[];
  readonly #body: Record<string, unknown> = {};
  readonly #kept: Record<string, unknown> = {};
  readonly #edits: Edit[] = [];

  constructor(kind: Kind, tokens: readonly Token[], reading: Reading) {
    this.#kind = kind;
    this.#reading = reading;
    this.#tokens = [...tokens];
  }

  read(): Change {
    for (let token = this.#tokens.shift(); token !== undefined; token = this.#tokens.shift()) {
      if (token.type === 'group') {
        this.#tokens.unshift(...token.items);
        continue;
      }
      const property = propertiesOf(this.#kind, this.#reading.version).get(token.text);
      if (property === undefined) {
        this.#unknown(token);
      } else if (property.type === 'items') {
        this.#items(property, property.kind);
      } else {
        this.#field(property, token);
      }
    }
    return { body: this.#body, edits: this.#edits, kept: this.#kept };
  }

  #unknown(token: Token & { type: 'word' }): void {
    if (this.#reading.onUnknown === undefined) {
      throw unknownProperty(token.text);
    }
    this.#reading.onUnknown(token.text, token);
    while (this.#tokens[0]?.line === token.line) {
      this.#tokens.shift();
    }
  }

  #value(name: string): Token {
    const token = this.#tokens.shift();
    if (token === undefined) {
      throw grammarError(`"${name}" requires a value`);
    }
    return token;
  }

  /** `add`, `delete`, ... before braces; undefined when the value comes at once. */
  #action(): string | undefined {
    const [word, group] = this.#tokens;
    const isAction = word?.type === 'word' && actions.has(word.text) && group?.type === 'group';
    return isAction ? (this.#tokens.shift(), word.text) : undefined;
  }

  #items(property: Property, kind: Kind): void {
    const action = this.#action();
    const name = kind.inline ?? kind.path;
    const token = this.#value(name);
    if (token.type === 'word' && token.text === 'none') {
      this.#body[name] = [];
      return;
    }
    const items = itemChanges(kind, token, this.#reading);
    if (action === 'add' || action === 'delete' || action === 'modify') {
      this.#edits.push({ property, action, items });
    } else {
      this.#body[name] = items.map(({ name: item, change }) => Object.assign({ name: item }, change.body));
    }
  }

  #field(property: Property & { type: 'field' }, token: Token & { type: 'word' }): void {
    const { field, json } = property;
    if (field.flags !== undefined || field.shape === 'word') {
      this.#body[json] = true;
      return;
    }
    const action = this.#action();
    const value = this.#value(token.text);
    if (field.parse === undefined) {
      this.#keep(json, value);
    } else if (action === undefined || action === 'replace-all-with') {
      this.#body[json] = field.shape === 'code' ? codeIn(value) : this.#valueOf(field, value);
    } else {
      const given = field.shape === 'phrases' && value.type === 'group' ? readPhrases(value) : readItems(value);
      const items = given.map(({ name, ...more }) => ({
        name,
        change: { body: more, edits: [], kept: {} },
      }));
      this.#edits.push({ property, action: action as Edit['action'], items });
    }
  }

  /** A read-only property: files keep it, commands may repeat it without effect, as requests do. */
  #keep(json: string, value: Token): void {
    if (this.#reading.file) {
      const isNumber = value.type === 'word' && !value.quoted && /^\d{1,15}$/v.test(value.text);
      this.#kept[json] = isNumber ? Number(value.text) : value.type === 'word' ? value.text : readTexts(value);
    }
  }

  #valueOf(field: Field, value: Token): unknown {
    if (field.name === 'monitor' && field.reference !== undefined) {
      return this.#monitors(value);
    }
    if (value.type === 'word') {
      return readBack[field.name]?.[value.text] ?? value.text;
    }
    const initial = field.default;
    if (field.shape === 'object' || (typeof initial === 'object' && initial !== null && !Array.isArray(initial))) {
      return readNested(value, Object.keys(initial ?? {}));
    }
    if (field.shape === 'phrases') {
      return readPhrases(value);
    }
    if (field.shape === 'list' || Array.isArray(initial) || value.loose !== true) {
      return readItems(value).map((item) => (Object.keys(item).length === 1 ? item['name'] : item));
    }
    return textOfToken(value);
  }

  /** `a and b`, `min 1 of { a b }`. */
  #monitors(first: Token): string {
    const words = [textOfToken(first)];
    if (words[0] === 'min') {
      const [count, of, list] = this.#tokens.splice(0, 3);
      const monitors = list === undefined ? [] : readTexts(list);
      return `min ${count === undefined ? '' : textOfToken(count)} ${of === undefined ? '' : textOfToken(of)} { ${monitors.join(' ')} }`;
    }
    for (let next = this.#tokens[0]; next?.type === 'word' && next.text === 'and'; next = this.#tokens[0]) {
      this.#tokens.shift();
      words.push(textOfToken(this.#value('monitor')));
    }
    return words.join(' and ');
  }
}

function codeIn(value: Token): string {
  return value.type === 'word' ? value.text : value.raw;
}

/** Items of a sub-collection: names, each with braces or without. */
function itemChanges(kind: Kind, list: Token, reading: Reading): readonly ItemChange[] {
  const changes: ItemChange[] = [];
  const tokens = list.type === 'group' ? [...list.items] : [list];
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (token.type === 'group') {
      throw grammarError('one or more configuration identifiers must be provided');
    }
    const inside = tokens[0]?.type === 'group' ? [tokens.shift() as Group] : [];
    changes.push({ name: token.text, change: readProperties(kind, inside, reading) });
  }
  return changes;
}

/** Reads properties of an object as `create` and `modify` take them and files hold them. */
export function readProperties(kind: Kind, tokens: readonly Token[], reading: Reading): Change {
  return new PropertyReader(kind, tokens, reading).read();
}

/** Reads what stands between the braces of an object that holds code, such as an iRule. */
export function readCode(kind: Kind, group: Group, reading: Reading): Change {
  const table = propertiesOf(kind, reading.version);
  const { properties, code } = splitCode(group.raw, (name) => name !== 'api-anonymous' && table.has(name));
  const change = readProperties(kind, properties, reading);
  return { ...change, body: { ...change.body, apiAnonymous: code } };
}
