import type { Kind } from '../ir/objects.ts';
import type { ScopeClause } from './scope.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { descriptorOf, descriptors } from '../ir/objects.ts';
import { kindOf, pathOf, type Ref } from '../ir/ref.ts';

/** The kinds that a scope may name. Items of other people's objects go by what they are in. */
export const SCOPE_KINDS: readonly Kind[] = (Object.keys(descriptors) as Kind[]).filter(
  (kind) => descriptorOf(kind).within === undefined,
);

/** What a clause looks like, for messages. */
export const CLAUSE_FORMS =
  'pool-members of /PARTITION/POOL, objects [KIND:/PARTITION/NAME, …], kinds [KIND, …] or partitions [NAME, …]';

/** What was found where something else was expected. */
export interface Unexpected {
  /** The keys and indexes that lead to it, from the clause on. */
  readonly path: readonly (string | number)[];
  /** What was expected, and the nearest word if there is one. */
  readonly expected: string;
}

/** A clause, or what is wrong with it. */
export type ClauseResult = { readonly clause: ScopeClause } | { readonly unexpected: Unexpected };

/** Reads a clause: a text (`kinds [pool, virtual]`) or a mapping (`{ kinds: [pool, virtual] }`). */
export function parseClause(given: unknown): ClauseResult {
  if (typeof given === 'string') return parseText(given);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return bad([], CLAUSE_FORMS);
  return parseMapping(given as Readonly<Record<string, unknown>>);
}

function bad(path: Unexpected['path'], expected: string): ClauseResult {
  return { unexpected: { path, expected } };
}

/** `pool-members of PATH`; or a word and names behind it, with commas or blanks between them, in brackets or not. */
function parseText(text: string): ClauseResult {
  const [, word = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (word === 'pool-members') {
    const path = /^of\s+(\S+)$/.exec(rest)?.[1];
    return path === undefined ? bad([], 'pool-members of /PARTITION/POOL') : fromWhole({ poolMembers: path });
  }
  const key = KEYS.find((name) => name === word && name !== 'poolMembers');
  if (key === undefined)
    return bad([], withGuess(CLAUSE_FORMS, word, ['pool-members', 'objects', 'kinds', 'partitions']));
  const names = rest.replaceAll(/^\[|\]$/g, '').split(/[\s,]+/);
  return fromWhole({ [key]: names.filter((name) => name !== '') });
}

/** A text has no fields that a message could name: the whole is meant. */
function fromWhole(mapping: Readonly<Record<string, unknown>>): ClauseResult {
  const result = parseMapping(mapping);
  return 'clause' in result ? result : bad([], result.unexpected.expected);
}

const KEYS = ['poolMembers', 'objects', 'kinds', 'partitions'] as const;

function parseMapping(given: Readonly<Record<string, unknown>>): ClauseResult {
  const names = Object.keys(given);
  const unknown = names.find((name) => !KEYS.some((key) => key === name));
  if (unknown !== undefined) return bad([unknown], withGuess(`one of ${KEYS.join(', ')}`, unknown, KEYS));
  const { poolMembers, objects, kinds, partitions } = given;
  if (names.length === 0) return bad([], `one of ${KEYS.join(', ')}`);
  if (poolMembers !== undefined) {
    if (names.length > 1) return bad([], 'poolMembers alone: its pool says all that kinds and partitions could');
    return typeof poolMembers === 'string' && FULL_PATH.test(poolMembers)
      ? { clause: { poolMembers } }
      : bad(['poolMembers'], 'the full path of a pool, such as /Common/web');
  }
  if (objects !== undefined) {
    if (names.length > 1) return bad([], 'objects alone: each says its kind and its partition');
    const wrong = checkObjects(objects);
    return wrong === undefined ? { clause: { objects: objects as readonly Ref[] } } : { unexpected: wrong };
  }
  const unexpected = checkKinds(kinds) ?? checkPartitions(partitions);
  if (unexpected !== undefined) return { unexpected };
  return {
    clause: {
      ...(kinds === undefined ? {} : { kinds: kinds as readonly Kind[] }),
      ...(partitions === undefined ? {} : { partitions: partitions as readonly string[] }),
    },
  };
}

const FULL_PATH = /^(\/[A-Za-z0-9_.~-][^/\s]*){2,}$/;
const ROOT_PATH = /^\/[A-Za-z0-9_.~-][^/\s]*$/;
const PARTITION = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

function checkKinds(given: unknown): Unexpected | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length === 0)
    return { path: ['kinds'], expected: 'a list of kinds, such as [pool]' };
  const index = given.findIndex((kind) => !SCOPE_KINDS.includes(kind as Kind));
  if (index < 0) return undefined;
  const word = String(given[index]);
  const hint = word === 'pool-member' || word === 'pool-members' ? '; or pool-members of /PARTITION/POOL' : '';
  const expected = `a kind, one of ${SCOPE_KINDS.join(', ')}${hint}`;
  return { path: ['kinds', index], expected: hint === '' ? withGuess(expected, word, SCOPE_KINDS) : expected };
}

function checkObjects(given: unknown): Unexpected | undefined {
  const expected = 'KIND:/PARTITION/NAME, such as pool:/kubernetes/web';
  if (!Array.isArray(given) || given.length === 0)
    return { path: ['objects'], expected: 'a list of objects, such as [pool:/kubernetes/web]' };
  for (const [index, one] of given.entries()) {
    if (typeof one !== 'string' || !/^[^:/]+:\//.test(one)) return { path: ['objects', index], expected };
    const [kind, path] = [kindOf(one as Ref), pathOf(one as Ref)];
    if (kind === 'pool-member') return { path: ['objects', index], expected: 'pool-members of /PARTITION/POOL' };
    if (!SCOPE_KINDS.includes(kind))
      return { path: ['objects', index], expected: withGuess(expected, kind, SCOPE_KINDS) };
    // A partition is an object, too, and the one whose path is a name alone.
    if (!(kind === 'partition' ? ROOT_PATH : FULL_PATH).test(path)) return { path: ['objects', index], expected };
  }
  return undefined;
}

function checkPartitions(given: unknown): Unexpected | undefined {
  if (given === undefined) return undefined;
  const expected = 'names of partitions without a slash, such as [kubernetes]';
  if (!Array.isArray(given) || given.length === 0) return { path: ['partitions'], expected };
  const index = given.findIndex((name) => typeof name !== 'string' || !PARTITION.test(name));
  return index < 0 ? undefined : { path: ['partitions', index], expected };
}

function withGuess(expected: string, word: string, choices: Iterable<string>): string {
  const guess = nearest(word, choices);
  return guess === undefined ? expected : `${expected}; did you mean ${guess}?`;
}
