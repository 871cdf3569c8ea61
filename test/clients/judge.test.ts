import { describe, expect, it } from 'vitest';
import type { Client, Refusal, Result } from './client.ts';
import { judge, unplanned } from './judge.ts';
import type { Run } from './run.ts';
import { details, replaceBetween, summary } from './table.ts';

const client: Client = { name: 'c', package: 'c 1', releases: ['17.1'], command: () => ['true'] };
const plan = { group: 'ltm', resource: 'ltm/pool', operations: ['create', 'update'] };
const create: Result = { resource: 'ltm/pool', operation: 'create', outcome: 'passed' };
const update: Result = { resource: 'ltm/pool', operation: 'update', outcome: 'refused', reason: 'not | today' };
const allowed: Refusal = {
  client: 'c',
  resource: /ltm\/p.*/v,
  operation: /update/v,
  reason: /today/v,
  because: 'so it is',
};

function run(results: readonly Result[]): Run {
  return { client, release: '17.1', plans: [plan], results, code: 0, said: '' };
}

function outcomes(results: readonly Result[], refusals: readonly Refusal[]): readonly string[] {
  return judge(run(results), refusals).flatMap(({ verdicts }) => verdicts.map(({ outcome }) => outcome));
}

describe('the judge of operations', () => {
  it('takes a refusal that is listed for client, resource, operation and reason, and no other', () => {
    expect(outcomes([create, update], [allowed])).toEqual(['passed', 'refused']);
    const others: readonly Partial<Refusal>[] = [
      { client: 'd' },
      { resource: /ltm\/po/v },
      { operation: /updat/v },
      { reason: /tomorrow/v },
    ];
    for (const other of others) {
      expect(outcomes([create, update], [{ ...allowed, ...other }])).toEqual(['passed', 'failed']);
    }
  });

  it('counts an operation that nothing was told of, or twice, as failed', () => {
    expect(outcomes([create], [allowed])).toEqual(['passed', 'failed']);
    expect(outcomes([create, create, update], [allowed])).toEqual(['failed', 'refused']);
    expect(outcomes([{ ...create, outcome: 'failed' }, update], [allowed])).toEqual(['failed', 'refused']);
  });

  it('tells operations that nobody planned', () => {
    expect(unplanned(run([create, { ...create, operation: 'burn' }]))).toEqual(['ltm/pool burn']);
  });
});

describe('the tables', () => {
  const all = [{ run: run([create, update]), judged: judge(run([create, update]), [allowed]) }];

  it('count by client and group, and show each resource with the reasons of what was refused', () => {
    expect(summary(all)).toContain('| c 1 | 17.1 | ltm | 1 | 1 | 0 | 1 |');
    expect(details(all)).toContain('| 17.1 | ltm | ltm/pool | create | update: so it is |');
    const failing = [{ run: run([create, update]), judged: judge(run([create, update]), []) }];
    expect(details(failing)).toContain(String.raw`update: refused, and not listed: not \| today`);
  });

  it('stand between their markers, which have to be there', () => {
    const document = 'a\n<!-- clients:begin -->\nold\n<!-- clients:end -->\nz old\n';
    expect(replaceBetween(document, '$& new')).toBe('a\n<!-- clients:begin -->\n$& new\n<!-- clients:end -->\nz old\n');
    expect(() => replaceBetween('nothing here', 'x')).toThrow('no <!-- clients:begin -->');
  });
});
