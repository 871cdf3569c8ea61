import type { Ref } from '../ir/ref.ts';
import { expect, it } from 'vitest';
import { notesOnNames } from './scope-notes.ts';
import { parseClause } from './scope-text.ts';
import { createScope } from './scope.ts';

const KNOWN: readonly Ref[] = ['pool:/k/web', 'virtual:/k/web', 'pool-member:/Common/team/members/10.0.0.1:80'];

/** What is told of clauses, where these are wanted or there. */
function told(...texts: readonly string[]): readonly string[] {
  const clauses = texts.map((text) => {
    const result = parseClause(text);
    if ('unexpected' in result) throw new Error(result.unexpected.expected);
    return result.clause;
  });
  return notesOnNames(createScope(undefined, { only: clauses, partition: 'k' }), KNOWN).map(({ summary }) => summary);
}

const NOTHING = 'lets nothing in: no source gives anything of it, and nothing of it is on the device';

it('a name that lets nothing in is told, with the nearest that would', () => {
  expect(told('objects pool:/k/wbe virtual:/k/web')).toEqual([
    `only objects [pool:/k/wbe] ${NOTHING}; did you mean pool:/k/web?`,
  ]);
  expect(told('partitions kubernetes Common')).toEqual([`only partitions [kubernetes] ${NOTHING}`]);
  expect(told('partitions Comon')).toEqual([`only partitions [Comon] ${NOTHING}; did you mean Common?`]);
  expect(told('pool-members of /k/wbe', 'kinds virtual')).toEqual([
    `only pool-members of /k/wbe ${NOTHING}; did you mean /k/web?`,
  ]);
  expect(told('pool-members of /k/web')).toEqual([`only pool-members of /k/web ${NOTHING}`]);
});

it('names that let something in, and kinds, are not', () => {
  expect(told('objects pool:/k/web', 'pool-members of /Common/team', 'partitions k', 'kinds irule')).toEqual([]);
  expect(told('pool-members of /k/web', 'objects pool:/k/web')).toEqual([]);
  expect(notesOnNames(undefined, KNOWN)).toEqual([]);
});
