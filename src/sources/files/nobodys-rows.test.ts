import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { options, snapshotOf } from '../../../test/support/objects.ts';
import type { Contribution } from '../../desired/contribution.ts';
import { DesiredState } from '../../desired/desired-state.ts';
import { canonical } from '../../ir/canonical.ts';
import type { BigipObject } from '../../ir/objects.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import type { SourceResult } from '../source.ts';
import type { More } from './testing/bed.ts';
import { bed, read, signal } from './testing/bed.ts';

const HEAD = 'Service,VIP,Port,Server,Server Port,Persistence\n';
const SHOP = 'shop,10.1.10.50,443,10.0.0.1,8443,\nshop,10.1.10.50,443,10.0.0.2,8443,/Common/cookie\n';
const BLOG = 'blog,10.1.10.51,80,10.0.0.3,8080,\n';
const GOOD = HEAD + SHOP + BLOG;

/** The objects of contributions, as the device has them once they are applied. */
function applied(contributions: readonly Contribution[]): readonly BigipObject[] {
  return contributions.flatMap(({ objects, origin }) =>
    objects.map((object) => canonical({ ...object, mark: { instance: 'east', origins: [origin] } })),
  );
}

/** What a start of the program plans for a device that has what the file `before` asked for. */
async function planned(before: string, after: string, more: More = {}) {
  const good = await read('vips.csv', before, more);
  expect(good).toMatchObject({ complete: true, diagnostics: [] });
  return planFor(applied(good.contributions), await read('vips.csv', after, more));
}

function planFor(there: readonly BigipObject[], { contributions, complete, diagnostics }: SourceResult) {
  const snapshot = snapshotOf(...there);
  const desired = new DesiredState();
  for (const one of contributions) desired.update(one);
  const incomplete = new Set(complete ? [] : ['sheet']);
  const refs = new Set([...desired.refs(), ...snapshot.refs()]);
  const { plan, conflicts } = buildPlan(refs, options(desired, snapshot, { incomplete }));
  const changes = plan.units.flatMap((unit) => unit.changes);
  return { changes, complete, told: [...diagnostics, ...conflicts].map(({ summary }) => summary) };
}

describe('a row of which nobody can tell whose it is', () => {
  it.each<[string, string, RegExp]>([
    ['an empty name', GOOD.replace(/\nshop(?=.*0\.0\.2)/, '\n'), /row 3: service is empty, expected a name/],
    ['a column too many', GOOD.replace('10.0.0.2,', '10.0,0.2,'), /row 3: has 7 values, expected 6/],
  ])('with %s takes nothing of what the device has, also after a restart', async (_, text, why) => {
    const { changes, complete, told } = await planned(GOOD, text);
    expect([changes, complete]).toEqual([[], false]);
    expect(told.join('\n')).toMatch(why);
    expect(told.join('\n')).toMatch(/pool \/k\/shop_443 keeps members 10\.0\.0\.2:8443: something that/);
    expect(told.join('\n')).toMatch(/virtual server \/k\/shop_443 keeps persistence/);
  });

  it('stops no other row: new members, changed ones and new services go on', async () => {
    const more = `${BLOG.replace('10.0.0.3', '10.0.0.9')}new,10.1.10.52,80,10.0.0.5,8080,\n`;
    const { changes } = await planned(GOOD, `${GOOD.replace('\nshop', '\n')}${more}`);
    expect(changes.map(({ op, ref }) => `${op} ${ref}`).sort()).toEqual([
      'create pool:/k/new_80',
      'create virtual-address:/k/10.1.10.52',
      'create virtual:/k/new_80',
      'update pool:/k/blog_80',
    ]);
  });

  it('whose name a pattern does not match is one as well', async () => {
    const mapping = {
      service: { column: 'Service', pattern: '^svc-(.+)$' },
      member: { column: 'Server' },
      member_port: { column: 'Server Port' },
    };
    const good = GOOD.replaceAll(/^(?=shop|blog)/gm, 'svc-');
    const { changes, told } = await planned(good, good.replace('svc-blog', 'blog'), { mapping });
    expect(changes).toEqual([]);
    expect(told.join('\n')).toContain(
      'row 4, column Service: service is "blog", expected text that matches ^svc-(.+)$',
    );
    const ignored = await planned(good, `${good}Total,,,,,\n,,,see below,,\n`, { mapping, unnamedRows: 'ignore' });
    expect(ignored).toEqual({ changes: [], complete: true, told: [] });
  });

  it('is no row where the configuration says so, and then its service may lose what it said', async () => {
    const ignored = await planned(GOOD, GOOD.replace(/\nshop(?=.*0\.0\.2)/, '\n'), { unnamedRows: 'ignore' });
    expect(ignored.complete).toBe(true);
    expect(ignored.changes.map(({ op, ref }) => `${op} ${ref}`)).toEqual([
      'update pool:/k/shop_443',
      'update virtual:/k/shop_443',
    ]);
    expect((await read('a.csv', `${HEAD},,,x,,\n`, { unnamedRows: 'ignore' })).diagnostics[0]?.summary).toContain(
      'has no rows',
    );
  });
});

it('a thousand rows of nobody are told in a few lines', async () => {
  const { diagnostics } = await read('a.csv', HEAD + ',10.1.10.50,443,10.0.0.1,8443,\n'.repeat(1000));
  expect(diagnostics.length).toBe(21);
  expect(diagnostics.at(-1)?.summary).toMatch(/a\.csv: 980 more rows of which nobody can tell whose they are$/);
});

it('a file that did not change costs nothing when it is looked at again', async () => {
  const { source, write } = await bed(['a.csv']);
  await write('a.csv', GOOD);
  const { contributions } = await source.read({ signal });
  const before = source.counters.extractions;
  expect((await source.read({ signal })).contributions).toEqual(contributions);
  expect(source.counters.extractions).toBe(before);
});

it('a pattern takes files alone, not the folders beside them', async () => {
  const { source, write, folder } = await bed(['*']);
  await mkdir(join(folder, 'old.csv'));
  await write('a.csv', GOOD);
  expect(await source.read({ signal })).toMatchObject({ complete: true, diagnostics: [] });
});
