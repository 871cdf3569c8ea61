import type { TunnelFdb } from '../ir/fdb.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { PolicyRule } from '../ir/policy-rule.ts';
import type { Claim } from './merge.ts';
import { describe, expect, it } from 'vitest';
import { pool, virtual } from '../../test/support/objects.ts';
import { mergeClaims } from './merge.ts';

const YOUNG = '2026-02-01T00:00:00Z';

function joining(name: string, object: BigipObject, more: Partial<Claim> = {}): Claim {
  const origin = `east:Service/default/${name}`;
  return { origin, since: '2026-01-01T00:00:00Z', object, held: false, joins: true, ...more };
}

function fdb(...records: readonly (readonly [mac: string, ip: string])[]): TunnelFdb {
  return { kind: 'fdb', path: '/k/fl', records: records.map(([mac, ip]) => ({ mac, endpoint: { ip } })) };
}

function policy(location: string): BigipObject {
  const rule: PolicyRule = { name: 'r', conditions: [], actions: [{ type: 'redirect', location }] };
  return { kind: 'policy', path: '/k/l7', rules: [rule] };
}

const [ONE, TWO] = ['c6:d2:32:6f:8f:01', 'c6:d2:32:6f:8f:02'];

describe('parts that several origins give', () => {
  it('of one name and different content are the older’s alone, both are told, and all else goes on', () => {
    const young = joining('a', fdb([ONE, '10.0.0.9'], [TWO, '10.0.0.2']), { since: YOUNG });
    const merged = mergeClaims('fdb:/k/fl', [young, joining('b', fdb([ONE, '10.0.0.1']))]);
    expect(merged.object).toEqual(fdb([ONE, '10.0.0.1'], [TWO, '10.0.0.2']));
    expect(merged.conflicts.map(({ code, severity, origin }) => [code, severity, origin])).toEqual([
      ['part-conflict', 'error', 'east:Service/default/a'],
      ['part-conflict', 'warning', 'east:Service/default/b'],
    ]);
    expect(merged.conflicts[0]?.summary).toContain(
      `records ${ONE} of forwarding table of tunnel /k/fl is already given`,
    );
  });

  it('do not conflict where they say the same, whoever gives them', () => {
    const claims = [joining('a', policy('https://x/')), joining('b', policy('https://x/'))];
    const merged = mergeClaims('policy:/k/l7', claims);
    expect(merged.conflicts).toEqual([]);
    expect(merged.object).toMatchObject({ rules: [{ name: 'r', origin: 'east:Service/default/a' }] });
    const other = mergeClaims('policy:/k/l7', [joining('a', policy('https://x/')), joining('b', policy('https://y/'))]);
    expect(other.conflicts).toHaveLength(2);
    expect(other.object).toMatchObject({ rules: [{ actions: [{ location: 'https://x/' }] }] });
  });

  it('that are names alone are given once', () => {
    const listed = (...policies: readonly string[]): BigipObject => virtual('web', '10.1.1.1', { policies });
    const claims = [joining('a', listed('/k/l7')), joining('b', listed('/k/l7', '/k/waf'))];
    const { object, conflicts } = mergeClaims('virtual:/k/web', claims);
    expect(object).toMatchObject({ policies: ['/k/l7', '/k/waf'] });
    expect(conflicts).toEqual([]);
  });

  it('of which the oldest has the say are not united: a younger one that gives others is told', () => {
    const listed = (...rules: readonly string[]): BigipObject => virtual('web', '10.1.1.1', { rules });
    const young = joining('a', listed('/Common/x', '/k/Ingress_1'), { since: YOUNG });
    const claims = [young, joining('b', listed('/k/Ingress_1')), joining('c', listed('/Common/y', '/Common/x'))];
    const { object, conflicts } = mergeClaims('virtual:/k/web', claims);
    expect(object).toMatchObject({ rules: ['/Common/y', '/Common/x', '/k/Ingress_1'] });
    expect(conflicts.map(({ origin, severity }) => [origin, severity])).toEqual([
      ['east:Service/default/a', 'error'],
      ['east:Service/default/c', 'warning'],
    ]);
  });

  it('of one purpose are there once: the first that asks has the say, a default yields, and who loses is told', () => {
    const uses = (...names: readonly string[]): BigipObject => {
      const profiles = names.map((name) => ({
        path: `/k/${name}`,
        context: 'all' as const,
        purpose: name.split('-')[0],
      }));
      return virtual('web', '10.1.1.1', { profiles });
    };
    const merged = (...claims: readonly Claim[]) => {
      const { object, conflicts } = mergeClaims('virtual:/k/web', claims);
      const profiles = object?.kind === 'virtual' ? object.profiles.map(({ path }) => path) : [];
      return { profiles, told: conflicts.map(({ origin, severity }) => `${severity} ${origin?.at(-1)}`) };
    };
    const byDefault = joining('a', uses('tcp-a', 'http-a'), { yields: ['profiles tcp', 'profiles http'] });
    const asking = joining('b', uses('tcp-b', 'http-a'), { since: YOUNG, yields: ['profiles http'] });
    expect(merged(byDefault, asking)).toEqual({ profiles: ['/k/http-a', '/k/tcp-b'], told: [] });
    const other = joining('c', uses('tcp-c'), { since: '2026-03-01T00:00:00Z' });
    expect(merged(byDefault, asking, other)).toEqual({
      profiles: ['/k/http-a', '/k/tcp-b'],
      told: ['error c', 'warning b'],
    });
    expect(merged(byDefault, joining('d', uses('tcp-d'), { yields: ['profiles tcp'] })).profiles).toEqual([
      '/k/http-a',
      '/k/tcp-a',
    ]);
  });

  it('stay unset where nobody gives the list, or gives nothing in it', () => {
    const bare: BigipObject = { kind: 'pool', path: '/k/web' };
    expect(mergeClaims('pool:/k/web', [joining('a', bare), joining('b', bare)]).object).not.toHaveProperty('members');
    const empty = joining('b', { ...bare, members: [] });
    expect(mergeClaims('pool:/k/web', [joining('a', bare), empty]).object).not.toHaveProperty('members');
    const given = joining('b', pool('web', ['10.0.0.1']));
    expect(mergeClaims('pool:/k/web', [joining('a', bare), given]).object).toMatchObject({
      members: [{ address: { ip: '10.0.0.1' }, origin: 'east:Service/default/b' }],
    });
  });

  it('are not taken from a younger origin that wants the whole object: it lost, and both are told', () => {
    const whole = joining('c', pool('web', ['10.0.0.3']), { since: YOUNG, joins: false });
    const parts = [joining('a', pool('web', ['10.0.0.1'])), joining('b', pool('web', ['10.0.0.2']))];
    const merged = mergeClaims('pool:/k/web', [whole, ...parts]);
    expect(merged.origins).toEqual(['east:Service/default/a', 'east:Service/default/b']);
    expect(merged.object).toMatchObject({
      members: [{ address: { ip: '10.0.0.1' } }, { address: { ip: '10.0.0.2' } }],
    });
    expect(merged.conflicts.map(({ code, severity, origin }) => [code, severity, origin])).toEqual([
      ['object-conflict', 'error', 'east:Service/default/c'],
      ['object-conflict', 'warning', 'east:Service/default/a'],
    ]);
  });
});
