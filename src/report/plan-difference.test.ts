import { describe, expect, it } from 'vitest';
import type { TargetPlanDocument } from './plan-document.ts';
import { planDifference } from './plan-difference.ts';
import { planDocument } from './plan-document.ts';
import { samplePlan } from './testing/sample-plan.ts';

function documentOf(view = samplePlan): TargetPlanDocument {
  const [document] = planDocument([view]).plans;
  if (document === undefined) throw new Error('one view gives one document');
  return document;
}

const shown = documentOf();
const [first, second] = shown.units;
if (first === undefined || second === undefined) throw new Error('the sample has two units');

function now(units: TargetPlanDocument['units']): TargetPlanDocument {
  return { ...shown, fingerprint: 'other', units };
}

describe('the difference between two plans', () => {
  it('is nothing when the fingerprints are the same', () => {
    expect(planDifference(shown, documentOf())).toEqual([]);
  });

  it('names what is no longer to do, and what came in', () => {
    expect(planDifference(shown, now([first]))).toEqual(['node /kubernetes/10.244.1.9: no longer to delete']);
    expect(planDifference(now([first]), shown)).toEqual([
      'node /kubernetes/10.244.1.9: now to delete, which was not shown',
    ]);
  });

  it('names another operation, and fields with other values', () => {
    const changes = first.changes.map((change) =>
      change.op === 'create' ? { ...change, op: 'update' as const } : { ...change, fields: change.fields.slice(1) },
    );
    expect(planDifference(shown, now([{ ...first, changes }, second]))).toEqual([
      'pool /kubernetes/default_web_http: now to update, was to create',
      'virtual server /kubernetes/default_web_http: other values of pool',
    ]);
  });

  it('says so when only the values on the device are others', () => {
    expect(planDifference(shown, now(shown.units))[0]).toContain('the device has other values');
  });
});
