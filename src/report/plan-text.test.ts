import { describe, expect, it } from 'vitest';
import { ansiPalette, plainPalette } from './palette.ts';
import { planText } from './plan-text.ts';
import { emptyPlan, samplePlan, textPlan } from './testing/sample-plan.ts';

describe('a plan as text', () => {
  it('shows units, objects, fields old -> new, origins, what is withheld, and a summary', () => {
    expect(planText(samplePlan, plainPalette)).toBe(`Target bigip1

unit pool:/kubernetes/default_web_http
  + create pool /kubernetes/default_web_http
      origin: Service default/web (east)
        description: "Service default/web (east)"
        monitor: /Common/tcp
      + members: 10.244.1.5:8080
      + members: 10.244.1.6:8080 disabled ratio 2
  ~ update virtual server /kubernetes/default_web_http (adopted: it is there and not ours yet)
      origin: Service default/web (east)
      + pool: /kubernetes/default_web_http
      + profiles: /Common/fastL4
      - profiles: /Common/tcp
      - rules: /Common/old|rule

unit node:/kubernetes/10.244.1.9
  - delete node /kubernetes/10.244.1.9 (unless somebody uses it)

withheld
  ! foreign pool /kubernetes/other
      origin: Service default/other (east)
      pool /kubernetes/other exists on the device and is not ours
      Adopt it, or remove it.

problems
  warning Service default/web (east): annotation fairlead.io/x: found password=[redacted], expected a number [annotation-invalid]

Plan: 1 to create, 1 to update, 1 to delete in 2 units; 1 withheld; fingerprint 0123456789abcdef
`);
  });

  it('shows a change of a text of several lines line by line', () => {
    expect(planText(textPlan, plainPalette)).toContain(`
  ~ update iRule /k/web
      ~ sections 10:
        ...
            set b 2
            set c 3
        -   pool /k/web
        +   pool /k/api | x
          }
`);
  });

  it('says so when there is nothing to do', () => {
    expect(planText(emptyPlan, plainPalette)).toBe('Target bigip1\n\nNothing to do: 1 object wanted\n');
  });

  it('tells what is withheld also without a detail', () => {
    const withheld = samplePlan.plan.withheld.map((one) => ({
      ...one,
      diagnostic: { code: 'source-incomplete', severity: 'warning' as const, summary: 'it is not deleted' },
    }));
    const text = planText({ ...samplePlan, plan: { ...samplePlan.plan, withheld } }, plainPalette);
    expect(text).toContain('      it is not deleted\n\nproblems\n  error   pool /kubernetes/other');
  });

  it('says so when a source could not be read whole', () => {
    const text = planText({ ...emptyPlan, complete: false }, plainPalette);
    expect(text).toContain('\n\nNot every source could be read whole: nothing of those is deleted');
  });

  it('does not say that there is nothing to do where not all could be read', () => {
    const text = planText({ ...emptyPlan, complete: false }, plainPalette);
    expect(text).toContain('\nNothing to do with what could be read: 1 object wanted\n');
  });

  it('says what waits even when there is nothing to do', () => {
    const view = { ...samplePlan, plan: { ...samplePlan.plan, units: [] } };
    expect(planText(view, plainPalette)).toContain('Nothing to do: 7 objects wanted; 1 withheld');
  });

  it('says what alone may be written, and how much is outside of it', () => {
    const lineOf = (outside: number): string | undefined =>
      planText({ ...emptyPlan, scope: { text: 'kinds [pool]', outside } }, plainPalette).split('\n\n')[1];
    expect([0, 1, 2].map(lineOf)).toEqual([
      'Only kinds [pool].',
      'Only kinds [pool]: 1 wanted object is out of scope and left as it is.',
      'Only kinds [pool]: 2 wanted objects are out of scope and left as they are.',
    ]);
  });

  it('shows a changed value as old -> new', () => {
    const [unit] = samplePlan.plan.units;
    const [, update] = unit?.changes ?? [];
    if (unit === undefined || update?.op !== 'update') throw new Error('the sample has an update');
    const fields = [{ field: 'connectionLimit', from: 5, to: 10 }];
    const plan = { ...samplePlan.plan, units: [{ ...unit, changes: [{ ...update, fields }] }] };
    expect(planText({ ...samplePlan, plan }, plainPalette)).toContain('      ~ connectionLimit: 5 -> 10\n');
  });

  it('has colours only with a palette that has some', () => {
    expect(planText(samplePlan, plainPalette)).not.toContain('\u001B');
    expect(planText(samplePlan, ansiPalette)).toContain('\u001B[32m+ create\u001B[39m');
  });
});
