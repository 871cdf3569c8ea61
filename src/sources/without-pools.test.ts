import { expect, it } from 'vitest';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, member, pool, virtual } from '../../test/support/objects.ts';
import { loneMember } from '../ir/pool-member.ts';
import { withoutPools } from './without-pools.ts';

const { signal } = new AbortController();
const team = { kind: 'pool', path: '/Common/team' } as const;
const cell = 'east:Service/default/web';

it('leaves out what a source says of pools that another target writes, and nothing else', async () => {
  const inner = new MemorySource('east', [
    contribution('web', [team, loneMember(team.path, member('10.0.0.1')), pool('web'), virtual('web', '10.1.1.1')]),
  ]);
  const source = withoutPools(inner, new Set(['/Common/team', '/k/other']));
  const pathsOf = (objects: readonly { readonly kind: string; readonly path: string }[] = []) =>
    objects.map(({ kind, path }) => `${kind} ${path}`);
  const { contributions, complete } = await source.read({ signal });
  expect([pathsOf(contributions[0]?.objects), complete]).toEqual([['pool /k/web', 'virtual /k/web'], true]);
  expect(pathsOf(source.extract?.(new Set([cell]))[0]?.objects)).toEqual(['pool /k/web', 'virtual /k/web']);
  expect(source.counters.extractions).toBe(2);
});

it('is the source itself where no other target has any', () => {
  const inner = new MemorySource();
  expect(withoutPools(inner, new Set())).toBe(inner);
});
