import type { Claim } from './merge.ts';
import { describe, expect, it } from 'vitest';
import { contribution, desiredOf, pool, ref, service, virtualAddress } from '../../test/support/objects.ts';
import { DesiredState } from './desired-state.ts';
import { mergeClaims } from './merge.ts';

const web = pool('web', ['10.0.0.1']);

function claim(name: string, object: Claim['object'], more: Partial<Claim> = {}): Claim {
  return { origin: `east:Service/default/${name}`, since: '2026-01-01T00:00:00Z', object, held: false, ...more };
}

describe('merging claims', () => {
  it('gives the object to the oldest and tells both', () => {
    const young = claim('b', pool('web', ['10.0.0.9']), { since: '2026-02-01T00:00:00Z' });
    const merged = mergeClaims(ref(web), [young, claim('a', web)]);
    expect(merged.object).toEqual(web);
    expect(merged.origins).toEqual(['east:Service/default/a']);
    expect(merged.conflicts.map(({ severity, origin }) => `${severity} ${origin}`)).toEqual([
      'error east:Service/default/b',
      'warning east:Service/default/a',
    ]);
    expect(merged.conflicts[0]?.summary).toContain('pool /k/web is already given by Service default/a (east)');
  });

  it('breaks ties of age by name, whatever the order', () => {
    const claims = [claim('b', pool('web', ['10.0.0.9'])), claim('a', web)];
    expect(mergeClaims(ref(web), claims)).toEqual(mergeClaims(ref(web), claims.toReversed()));
    expect(mergeClaims(ref(web), claims).object).toEqual(web);
  });

  it('takes agreeing claims on a shared object together, with a description of all', () => {
    const address = (description: string) => virtualAddress('10.1.1.1', { description });
    const merged = mergeClaims('virtual-address:/k/10.1.1.1', [claim('b', address('B')), claim('a', address('A'))]);
    expect(merged.origins).toEqual(['east:Service/default/a', 'east:Service/default/b']);
    expect(merged.object?.description).toBe('A, B');
    expect(merged.conflicts).toEqual([]);
  });

  it('names a shared object by its owners where it has no description, and shortens a long list', () => {
    const few = mergeClaims(
      'virtual-address:/k/1',
      ['a', 'b'].map((name) => claim(name, virtualAddress('10.1.1.1'))),
    );
    expect(few.object?.description).toBe('Service default/a (east), Service default/b (east)');
    const names = Array.from({ length: 30 }, (_, index) => `service-${index}`);
    const many = mergeClaims(
      'virtual-address:/k/1',
      names.map((name) => claim(name, virtualAddress('10.1.1.1'))),
    );
    expect(many.object?.description).toBe('Service default/service-0 (east) and 29 more');
  });

  it('leaves held claims out, and knows them', () => {
    const merged = mergeClaims(ref(web), [claim('a', web, { held: true })]);
    expect(merged).toEqual({
      object: undefined,
      origins: [],
      held: ['east:Service/default/a'],
      keeping: [],
      conflicts: [],
    });
  });

  it('does not tell an origin that it conflicts with itself', () => {
    const merged = mergeClaims(ref(web), [claim('a', web), claim('a', pool('web', ['10.0.0.9']))]);
    expect(merged.conflicts).toEqual([]);
  });
});

describe('the desired state', () => {
  it('names only the refs whose fragments differ', () => {
    const desired = desiredOf(contribution('web', service('web', '10.1.1.1', ['10.0.0.1'])));
    const touched = desired.update(contribution('web', service('web', '10.1.1.1', ['10.0.0.2'])));
    expect([...touched]).toEqual(['pool:/k/web']);
    expect([...desired.update(contribution('web', service('web', '10.1.1.1', ['10.0.0.2'])))]).toEqual([]);
  });

  it('forgets a cell that is gone', () => {
    const desired = desiredOf(contribution('web', [web]));
    expect([...desired.remove('east:Service/default/web')]).toEqual(['pool:/k/web']);
    expect([...desired.remove('east:Service/default/web')]).toEqual([]);
    expect(desired.merge(ref(web))).toBeUndefined();
    expect([...desired.refs(), ...desired.origins()]).toEqual([]);
  });

  it('holds a frozen cell as it was, and lets it go on when it is understood again', () => {
    const desired = desiredOf(contribution('web', [web]));
    expect([...desired.update(contribution('web', [], { frozen: true }))]).toEqual(['pool:/k/web']);
    expect(desired.merge(ref(web))?.held).toEqual(['east:Service/default/web']);
    expect(desired.holdOf('east:Service/default/web')).toBe('frozen');
    expect([...desired.update(contribution('web', [web]))]).toEqual(['pool:/k/web']);
    expect(desired.holdOf('east:Service/default/web')).toBeUndefined();
  });

  it('knows a cell that was frozen from the start', () => {
    const desired = desiredOf(contribution('web', [], { frozen: true }));
    expect(desired.holdOf('east:Service/default/web')).toBe('frozen');
    expect([...desired.refs()]).toEqual([]);
  });

  it('ends a quarantine when the cell is given anew, or when all are released', () => {
    const refusal = { code: 'device-refused', severity: 'error', summary: 'no' } as const;
    const desired = desiredOf(contribution('web', [web]), contribution('api', [pool('api')]));
    expect([...desired.quarantine('east:Service/default/web', refusal)]).toEqual(['pool:/k/web']);
    expect(desired.holdOf('east:Service/default/web')).toBe('quarantined');
    expect(desired.diagnosticsOf('east:Service/default/web')).toEqual([refusal]);
    expect([...desired.update(contribution('web', [web]))]).toEqual(['pool:/k/web']);
    desired.quarantine('east:Service/default/web', refusal);
    expect([...desired.release()]).toEqual(['pool:/k/web']);
    expect(desired.diagnosticsOf('east:Service/default/web')).toEqual([]);
    expect([...desired.quarantine('east:gone', refusal)]).toEqual([]);
  });

  it('says a refusal that hit two cells of an origin once', () => {
    const refusal = { code: 'device-refused', severity: 'error', summary: 'no' } as const;
    const origin = 'east:Service/default/web';
    const desired = desiredOf(contribution('web', [web]), contribution('web', [], { cell: `${origin}#80` }));
    for (const cell of desired.cellsOf(origin)) desired.quarantine(cell, refusal);
    expect(desired.diagnosticsOf(origin)).toEqual([refusal]);
    expect([...desired.refsOf(origin)]).toEqual(['pool:/k/web']);
    expect(desired.originOf(`${origin}#80`)).toBe(origin);
    expect([...desired.cellsOfSource('east')]).toHaveLength(2);
    expect([...desired.cellsOfSource('west')]).toEqual([]);
  });

  it('keeps one cell of several that share an origin when another goes', () => {
    const origin = 'east:Service/default/web';
    const desired = desiredOf(contribution('web', [web]), contribution('web', [web], { cell: `${origin}#80` }));
    desired.remove(`${origin}#80`);
    expect([...desired.claimants(ref(web))]).toEqual([origin]);
  });

  it('moves a cell to another origin', () => {
    const desired = desiredOf(contribution('web', [web]));
    desired.update(contribution('web', [web], { origin: 'east:Service/default/new' }));
    expect([...desired.origins()]).toEqual(['east:Service/default/new']);
    expect([...desired.cellsOf('east:Service/default/web'), ...desired.claimants('pool:/k/none')]).toEqual([]);
  });

  it('gives empty answers for what it does not know', () => {
    const desired = new DesiredState();
    expect(desired.diagnosticsOf('east:x')).toEqual([]);
    expect([...desired.refsOf('east:x')]).toEqual([]);
    expect(desired.originOf('east:x')).toBeUndefined();
    expect(desired.merges).toBe(0);
  });
});

describe('what cells expect of others', () => {
  it('is known as long as a cell that is not gone counts on it, frozen or not', () => {
    const desired = new DesiredState();
    const needed = ref(web);
    const cell = { cell: 'east:x', origin: 'east:x', since: '', objects: [], diagnostics: [] } as const;
    desired.update({ ...cell, expects: [needed] });
    expect(desired.isExpected(needed)).toBe(true);
    desired.update({ ...cell, frozen: true });
    expect(desired.isExpected(needed)).toBe(true);
    desired.update(cell);
    expect(desired.isExpected(needed)).toBe(false);
    desired.update({ ...cell, expects: [needed] });
    desired.remove('east:x');
    expect(desired.isExpected(needed)).toBe(false);
  });
});
