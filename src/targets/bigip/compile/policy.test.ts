import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../ir/policy.ts';
import type { PolicyRule } from '../../../ir/policy-rule.ts';
import type { Change } from '../../../plan/plan.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import { canonical } from '../../../ir/canonical.ts';
import { refOf } from '../../../ir/ref.ts';
import { diffObjects } from '../../../plan/diff.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { actualAfter } from '../after-write.ts';
import { render } from '../render.ts';
import { compileUnit } from './compile-unit.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };
const REF = refOf('policy', '/k/l7');
const DRAFT = '/mgmt/tm/ltm/policy/~k~Drafts~l7';

function rule(name: string, path: string, more: Partial<PolicyRule> = {}): PolicyRule {
  return {
    name,
    origin: `east:Ingress/shop/${name}`,
    conditions: [{ operand: 'http-uri', path: true, match: 'starts-with', values: [path] }],
    actions: [{ type: 'forward', pool: `/k/${name}` }],
    ...more,
  };
}

function policy(...rules: readonly PolicyRule[]): Policy {
  const origins = rules.flatMap(({ origin }) => origin ?? []);
  return canonical({ kind: 'policy', path: '/k/l7', rules, mark: { instance: 'i', origins } });
}

function updateOf(before: Policy, after: Policy): Change {
  return { op: 'update', ref: REF, before, after, fields: diffObjects(before, after), origins: [] };
}

function unitOf(change: Change): Parameters<typeof compileUnit>[0] {
  return { id: change.ref, wave: 2, changes: [change], origins: ['east:Ingress/shop/a'] };
}

/** What is sent, as `METHOD path`, below the draft's path. */
function sent(change: Change, ...there: readonly Actual[]): readonly string[] {
  return compileUnit(
    unitOf(change),
    new MemorySnapshot(there.map((actual) => [refOf('policy', actual.object.path), actual])),
    context,
  ).map(({ method, path, body }) => {
    const keys = Object.keys(body ?? {}).join(' ');
    return `${method} ${path.replace(DRAFT, 'DRAFT').replace('/mgmt/tm/ltm/policy', '')} ${keys}`.trim();
  });
}

const [a, b, c] = [rule('a', '/a'), rule('b', '/b'), rule('c', '/c')];
const there: Actual = { object: policy(a, b, c), ordinals: [1000, 2000, 3000] };

describe('requests for a policy', () => {
  it('begin with a draft and end by publishing it', () => {
    expect(sent({ op: 'create', ref: REF, after: policy(a), origins: [] })).toEqual([
      'POST  name partition subPath description strategy rules',
      'POST  command name',
    ]);
    const change = updateOf(policy(a, b, c), policy(a, b));
    expect(sent(change, there)).toEqual(['PATCH /~k~l7 createDraft', 'DELETE DRAFT/rules/c', 'POST  command name']);
  });

  it('name only the rule that changes, comes or moves, and of it only what is new', () => {
    const edit = (after: Policy): readonly string[] => sent(updateOf(policy(a, b, c), after), there).slice(1, -1);
    expect(edit(policy(a, rule('b', '/b', { actions: [{ type: 'reset' }] }), c))).toEqual([
      'PATCH DRAFT/rules/b actions',
    ]);
    expect(edit(policy(a, rule('new', '/n'), b, c))).toEqual([
      'POST DRAFT/rules name description ordinal conditions actions',
    ]);
    expect(edit(policy(b, c, a))).toEqual(['PATCH DRAFT/rules/a ordinal']);
    expect(edit(canonical({ ...policy(a, b, c), description: 'of east' }))).toEqual(['PATCH DRAFT description']);
  });

  it('replace all rules in one request where most of them change', () => {
    const many = (path: string): Policy =>
      policy(...Array.from({ length: 60 }, (_, index) => rule(`r${index}`, `${path}${index}`)));
    const actual: Actual = { object: many('/a'), ordinals: Array.from({ length: 60 }, (_, index) => index * 1000) };
    expect(sent(updateOf(many('/a'), many('/b')), actual)).toEqual([
      'PATCH /~k~l7 createDraft',
      'PATCH DRAFT rules',
      'POST  command name',
    ]);
  });

  it('remove a draft with our mark that is left from a crash, in the same transaction', () => {
    const draft: Actual = { object: { ...policy(a), path: '/k/Drafts/l7' } };
    const [first] = sent(updateOf(policy(a, b, c), policy(a)), there, draft);
    expect(first).toBe('DELETE DRAFT');
  });

  it("leave a draft of somebody else's alone, and say that it is in the way", () => {
    const { mark: _, ...bare } = policy(a);
    const draft: Actual = { object: { ...bare, path: '/k/Drafts/l7' } };
    expect(() => sent(updateOf(policy(a, b, c), policy(a)), there, draft)).toThrow(/draft \/k\/Drafts\/l7 is not ours/);
  });

  it('of a thousand origins hold none of them in the description of the policy', () => {
    const rules = Array.from({ length: 1000 }, (_, index) => rule(`r${index}`, `/${index}`));
    const [first] = compileUnit(
      unitOf({ op: 'create', ref: REF, after: policy(...rules), origins: [] }),
      new MemorySnapshot(),
      context,
    );
    expect(first?.body?.['description']).toBe('-- fairlead:i');
  });

  it('name the strategy, and that alone where it is all that changes', () => {
    const change = updateOf(policy(a, b, c), canonical({ ...policy(a, b, c), strategy: 'best-match' }));
    expect(sent(change, there).slice(1, -1)).toEqual(['PATCH DRAFT strategy']);
  });

  it('refuse to write what they cannot', () => {
    const odd = policy(rule('a', '/a', { conditions: [{ operand: 'other', words: 'geoip' }] }));
    expect(() => sent({ op: 'create', ref: REF, after: odd, origins: [] })).toThrow(
      'a condition that Fairlead cannot write: geoip',
    );
    const act = policy(rule('a', '/a', { actions: [{ type: 'other', words: 'asm enable' }] }));
    expect(() => sent({ op: 'create', ref: REF, after: act, origins: [] })).toThrow(
      'an action that Fairlead cannot write',
    );
  });

  it('repair what somebody made of a rule, and leave beside it a rule that they could not write', () => {
    const odd = rule('odd', '/odd', { actions: [{ type: 'other', words: 'asm enable' }] });
    const broken = rule('a', '/a', { conditions: [{ operand: 'other', words: 'geoip' }] });
    const before: Actual = { object: policy(broken, odd), ordinals: [1000, 2000] };
    expect(sent(updateOf(policy(broken, odd), policy(a, odd)), before).slice(1, -1)).toEqual([
      'PATCH DRAFT/rules/a conditions',
    ]);
    const many = Array.from({ length: 60 }, (_, index) => rule(`r${index}`, `/${index}`));
    expect(sent(updateOf(policy(broken, odd), policy(odd, ...many)), before)).toHaveLength(63);
  });

  it('delete a policy by one request, without a draft', () => {
    expect(sent({ op: 'delete', ref: REF, before: policy(a), origins: [] }, there)).toEqual(['DELETE /~k~l7']);
  });

  it('tell of a rule that another takes over only whose it is', () => {
    const taken = policy(a, rule('b', '/b', { origin: 'west:Ingress/shop/b' }), c);
    expect(sent(updateOf(policy(a, b, c), taken), there)).toContain('PATCH DRAFT/rules/b description');
  });

  it.each([
    ['the policy was not read', []],
    ['its ordinals are not known', [{ object: policy(a, b, c) }]],
  ] as const)('number all rules anew where %s', (_, known) => {
    const unit = unitOf(updateOf(policy(a, b, c), policy(b, a, c)));
    const snapshot = new MemorySnapshot(known.map((actual) => [REF, actual]));
    const requests = compileUnit(unit, snapshot, context).slice(1, -1);
    expect(requests.map(({ method, path, body }) => [method, path.replace(DRAFT, ''), body])).toEqual([
      ['PATCH', '/rules/b', { ordinal: 1000 }],
      ['PATCH', '/rules/a', { ordinal: 2000 }],
      ['PATCH', '/rules/c', { ordinal: 3000 }],
    ]);
  });

  it('leave the ordinals known that they gave', () => {
    const change = updateOf(policy(a, b, c), policy(a, rule('new', '/n'), b, c));
    const snapshot = new MemorySnapshot([[REF, there]]);
    expect(actualAfter(unitOf(change), snapshot, new Set()).get(REF)?.ordinals).toEqual([1000, 1500, 2000, 3000]);
  });

  it('AC-07 are printed as tmsh commands', () => {
    const snapshot = new MemorySnapshot([[REF, there]]);
    const unit = unitOf(updateOf(policy(a, b, c), policy(a, rule('b', '/b', { actions: [{ type: 'reset' }] }))));
    expect(render([unit], { language: 'tmsh', snapshot, context })).toBe(
      [
        '# policy:/k/l7 (east:Ingress/shop/a)',
        'create cli transaction',
        'modify ltm policy /k/l7 { create-draft }',
        'modify ltm policy /k/Drafts/l7 rules delete { c }',
        'modify ltm policy /k/Drafts/l7 rules modify { b { actions replace-all-with { 0 { forward request reset } } } }',
        'publish ltm policy /k/Drafts/l7',
        'submit cli transaction',
        '',
      ].join('\n'),
    );
  });
});
