import type { Contribution } from '../desired/contribution.ts';
import type { MemberSettings } from './source-settings.ts';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, member, virtual } from '../../test/support/objects.ts';
import { withSettings } from './source-settings.ts';

const { signal } = new AbortController();

const given = contribution('web', [
  virtual('web', '10.1.1.1'),
  {
    kind: 'pool',
    path: '/k/web',
    members: [
      member('10.0.0.1'),
      member('10.0.0.2', 80, { ratio: 1, adminState: 'offline' }),
      member('10.0.0.3', 80, { adminState: 'enabled', priorityGroup: 0, connectionLimit: 0 }),
    ],
  },
]);

function membersOf({ objects }: Contribution): unknown {
  return objects.flatMap((object) => (object.kind === 'pool' ? (object.members ?? []) : []));
}

function wrapped(poolMembers: MemberSettings, precedence = 0): ReturnType<typeof withSettings> {
  return withSettings(new MemorySource('east', [given]), { precedence, poolMembers });
}

async function read(poolMembers: MemberSettings): Promise<unknown> {
  const { contributions } = await wrapped(poolMembers).read({ signal });
  return contributions.map(membersOf)[0];
}

describe('settings of a source', () => {
  it('that say nothing leave the source as it is', () => {
    const source = new MemorySource('east', [given]);
    expect(withSettings(source, { precedence: 0, poolMembers: { ratio: undefined } })).toBe(source);
  });

  it('are what members get that say nothing themselves, also where they say the default', async () => {
    expect(await read({ ratio: 3, priorityGroup: 7, connectionLimit: 9 })).toMatchObject([
      { ratio: 3, priorityGroup: 7, connectionLimit: 9 },
      { ratio: 1, priorityGroup: 7, connectionLimit: 9 },
      { ratio: 3, priorityGroup: 0, connectionLimit: 0 },
    ]);
  });

  it.each([
    ['enabled', [undefined, 'offline', 'enabled']],
    ['disabled', ['disabled', 'offline', 'disabled']],
    ['offline', ['offline', 'offline', 'offline']],
  ] as const)('let a member take no more than %s', async (state, expected) => {
    const members = (await read({ state })) as readonly { readonly adminState?: string }[];
    expect(members.map(({ adminState = 'enabled' }) => adminState)).toEqual(expected.map((one) => one ?? 'enabled'));
  });

  it('hold for what is extracted later, too, and its precedence is known to the plan', () => {
    const source = wrapped({ ratio: 2 }, 5);
    const [later] = source.extract?.([given.cell]) ?? [];
    expect(later).toMatchObject({
      rank: 5,
      objects: [{ kind: 'virtual' }, { members: [{ ratio: 2 }, {}, { ratio: 2 }] }],
    });
    expect(source.precedence).toBe(5);
  });

  it('pass on all else: completeness, counters, outcomes, changes, the end', async () => {
    const inner = new MemorySource('east', [given]);
    const source = withSettings(inner, { precedence: 1, poolMembers: {} });
    inner.complete = false;
    expect([source.name, source.complete, source.counters]).toEqual(['east', false, { extractions: 0 }]);
    const outcome = { origin: given.origin, state: 'applied', diagnostics: [] } as const;
    expect(await source.settle?.([outcome])).toEqual([]);
    expect(inner.outcomes).toEqual([outcome]);
    const stop = new AbortController();
    const changed: string[] = [];
    const watching = source.watch?.({ signal: stop.signal, onChange: (cells) => changed.push(...cells) });
    inner.set(given.cell, undefined);
    stop.abort();
    await watching;
    expect(changed).toEqual([given.cell]);
    await source.close?.();
  });

  it('AC-03 are named where members have them', () => {
    const source = wrapped({ ratio: 3, state: 'disabled' });
    const [later] = source.extract?.([given.cell]) ?? [];
    const said = later === undefined ? undefined : source.explain?.(later);
    expect(said?.get('pool:/k/web')).toEqual(
      new Map([
        ['members 10.0.0.1:8080', 'ratio and state by poolMembers'],
        ['members 10.0.0.3:80', 'ratio and state by poolMembers'],
      ]),
    );
  });
});
