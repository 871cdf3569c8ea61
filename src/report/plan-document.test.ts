import { describe, expect, it } from 'vitest';
import { planDocument } from './plan-document.ts';
import { emptyPlan, samplePlan } from './testing/sample-plan.ts';

describe('a plan as JSON', () => {
  it('has a format, and per target the fingerprint, counts, units, changes and fields', () => {
    const document = planDocument([samplePlan, emptyPlan]);
    expect(document.format).toBe('fairlead.plan/v1');
    expect(document.plans).toHaveLength(2);
    expect(document.plans[0]).toMatchObject({
      target: 'bigip1',
      fingerprint: samplePlan.plan.fingerprint,
      complete: true,
      desired: 7,
      summary: { create: 1, update: 1, delete: 1, units: 2, withheld: 1 },
    });
    const [create, update] = document.plans[0]?.units[0]?.changes ?? [];
    expect(create).toMatchObject({ op: 'create', kind: 'pool', path: '/kubernetes/default_web_http' });
    expect(create?.fields).toContainEqual({
      field: 'members',
      item: '10.244.1.5:8080',
      from: null,
      to: { address: { ip: '10.244.1.5' }, port: 8080 },
    });
    expect(update).toMatchObject({ op: 'update', adopts: true });
    expect(update?.fields).toContainEqual({ field: 'rules', from: ['/Common/old|rule'], to: null });
  });

  it('tells of a delete what is lost, and that it may be left', () => {
    const [change] = planDocument([samplePlan]).plans[0]?.units[1]?.changes ?? [];
    expect(change).toMatchObject({ op: 'delete', optional: true });
    expect(change?.fields).toEqual([{ field: 'address', from: { ip: '10.244.1.9' }, to: null }]);
  });

  it('tells what alone may be written, and nothing if everything may be', () => {
    const [scoped, free] = planDocument([
      { ...emptyPlan, scope: { text: 'kinds [pool]', outside: 3 } },
      emptyPlan,
    ]).plans;
    expect(scoped).toMatchObject({ only: 'kinds [pool]', outOfScope: 3 });
    expect(Object.keys(free ?? {})).not.toContain('only');
  });

  it('survives JSON unchanged, and holds nothing that looks like a credential', () => {
    const document = planDocument([samplePlan]);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(JSON.stringify(document)).not.toContain('hunter2');
  });

  it('names targets that could not be planned, without what looks like a credential', () => {
    const { failed } = planDocument([], [{ target: 'b', message: 'refused: password=geheim' }]);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.target).toBe('b');
    expect(JSON.stringify(failed)).not.toContain('geheim');
  });
});
