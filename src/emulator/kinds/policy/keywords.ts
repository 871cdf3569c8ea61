import { exclusive, invalidValue } from '../../errors/mcp.ts';
import { tmshName, type Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';
import type { Draft } from '../kind.ts';

/** A word of the policy grammar: printed as `true` when it is set, absent when not (fact sheet 8.8). */
export function keyword(name: string): Field {
  return {
    name,
    shape: 'word',
    parse: (value) => {
      const given = value === null ? 'false' : asText(value, tmshName(name));
      if (given === 'true' || given === 'yes') {
        return true;
      }
      if (given === 'false' || given === 'no' || given === '') {
        return undefined;
      }
      throw invalidValue(tmshName(name), value);
    },
  };
}

/** Words of all the given names, each once. */
export function keywords(...names: readonly string[]): readonly Field[] {
  return [...new Set(names)].map(keyword);
}

/** A list of texts that may hold blanks and be numbers; in the order given. */
export function valueList(name: string): Field {
  return {
    name,
    shape: 'list',
    parse: (value) => {
      if (value === null || value === '' || value === 'none') {
        return undefined;
      }
      const list = Array.isArray(value) ? value : [value];
      return list.length === 0 ? undefined : list.map((item: unknown) => asText(item, tmshName(name)));
    },
  };
}

/**
 * The one word that is set out of a group. A word in the body replaces one that was set before; two of them in one body
 * exclude each other. Without any the fallback is set and given back.
 */
export function choose(draft: Draft, names: readonly string[], fallback?: string): string | undefined {
  const { values, given } = draft;
  const set = names.filter((name) => values[name] === true);
  const fresh = set.filter((name) => given.has(name));
  const [first, second] = fresh.length > 0 ? fresh : set;
  if (first !== undefined && second !== undefined) {
    throw exclusive(tmshName(first), tmshName(second));
  }
  for (const name of set) {
    if (name !== first) {
      values[name] = undefined;
    }
  }
  const chosen = first ?? fallback;
  if (chosen !== undefined) {
    values[chosen] = true;
  }
  return chosen;
}

/** Refuses words of the body that do not go with `owner`, and forgets those from before. */
export function refuseOthers(
  draft: Draft,
  owner: string,
  words: { all: Iterable<string>; allowed: readonly string[] },
): void {
  const allowed = new Set(words.allowed);
  for (const name of words.all) {
    if (allowed.has(name) || draft.values[name] !== true) {
      continue;
    }
    if (draft.given.has(name)) {
      throw exclusive(tmshName(owner), tmshName(name));
    }
    draft.values[name] = undefined;
  }
}
