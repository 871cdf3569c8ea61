import { grammarError } from '../errors/device-error.ts';
import { nestedName } from './names.ts';
import { scan, type Group, type Token } from './tokens.ts';

/** One item of a list: its name and its properties. */
export type ReadItem = { readonly name: string } & Readonly<Record<string, unknown>>;

/** The text of a value that is one text; an argument of a script may be that with quotation marks of its own. */
export function textOfToken(token: Token): string {
  const [only] = token.type === 'group' && token.loose === true && token.items.length === 1 ? token.items : [];
  if (token.type === 'group' && only?.type === 'word' && only.quoted) {
    const [inside] = scan(token.raw, 'file')[0]?.tokens ?? [];
    return inside?.type === 'word' ? inside.text : only.text;
  }
  return token.type === 'word' ? token.text : token.raw.trim();
}

/** The texts between braces; a word alone is a list of one. */
export function readTexts(token: Token): readonly string[] {
  return token.type === 'word' ? [token.text] : token.items.map(textOfToken);
}

/** `{ key value key { ... } }`: an object. `known` are JSON names that it may have. */
export function readNested(group: Group, known: readonly string[] = []): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  const tokens = [...group.items];
  for (let key = tokens.shift(); key !== undefined; key = tokens.shift()) {
    const value = tokens.shift();
    if (key.type === 'group') {
      throw grammarError(`unexpected "{" in "${group.raw.trim()}"`);
    }
    if (value === undefined) {
      throw grammarError(`"${key.text}" requires a value`);
    }
    read[nestedName(key.text, known)] = value.type === 'word' ? value.text : readValue(value);
  }
  return read;
}

/** An argument of a script is one text there, unless it has braces of its own. */
function readValue(group: Group): unknown {
  const isText = group.loose === true && group.items.every((item) => item.type === 'word');
  return isText ? textOfToken(group) : readList(group);
}

/** A list inside a nested value: texts, items when one of them has braces, or objects without names. */
function readList(group: Group): readonly unknown[] {
  if (group.items.length > 0 && group.items.every((item) => item.type === 'group')) {
    return group.items.map((item) => readNested(item));
  }
  return readItems(group).map((item) => (Object.keys(item).length === 1 ? item.name : item));
}

/** `{ a { key value } b { } c }`: items with their names. */
export function readItems(token: Token): readonly ReadItem[] {
  const items: ReadItem[] = [];
  const tokens = token.type === 'group' ? [...token.items] : [token];
  for (let next = tokens.shift(); next !== undefined; next = tokens.shift()) {
    if (next.type === 'group') {
      throw grammarError('one or more configuration identifiers must be provided');
    }
    const [inside] = tokens;
    if (inside?.type === 'group') {
      tokens.shift();
      items.push({ ...readNested(inside), name: next.text });
    } else {
      items.push({ name: next.text });
    }
  }
  return items;
}

/** Words that a phrase begins with. */
const beginnings = new Set([
  'not',
  'subnet',
  'region',
  'continent',
  'country',
  'state',
  'isp',
  'geoip-isp',
  'datacenter',
  'pool',
]);

/** Phrases that stand one behind another, `not country DE subnet 10.0.0.0/8`: a type and all up to the next one. */
function splitPhrases(words: readonly string[]): readonly string[] {
  const phrases: string[][] = [];
  for (const word of words) {
    const last = phrases.at(-1);
    const size = last?.[0] === 'not' ? 3 : 2;
    if (last === undefined || (last.length >= size && beginnings.has(word))) {
      phrases.push([word]);
    } else {
      last.push(word);
    }
  }
  return phrases.map((phrase) => phrase.join(' '));
}

/** `{ subnet 10.0.0.0/8 { } not country DE }`: items whose names are several words, with braces behind them or without. */
export function readPhrases(group: Group): readonly ReadItem[] {
  const items: ReadItem[] = [];
  let words: string[] = [];
  for (const token of group.items) {
    if (token.type === 'word') {
      words.push(token.text);
    } else {
      const names = splitPhrases(words);
      items.push(...names.slice(0, -1).map((name) => ({ name })), { ...readNested(token), name: names.at(-1) ?? '' });
      words = [];
    }
  }
  return [...items, ...splitPhrases(words).map((name) => ({ name }))];
}
