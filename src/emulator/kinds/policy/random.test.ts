import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startTest } from '../../test-kit.ts';
import { actionKind } from './actions.ts';
import { conditionKind } from './conditions.ts';

const known = (names: Iterable<string>): fc.Arbitrary<string> => fc.constantFrom(...names);
const setting = fc.oneof(
  { weight: 8, arbitrary: fc.constant<unknown>(true) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(false, 'true', '', null, 0, 7, 'none', '/Common/p', ['a', 3], {}) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const names = fc.constantFrom('0', '1', '2');

function item(keys: Iterable<string>, likely: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .tuple(names, fc.constantFrom(...likely), fc.dictionary(known(keys), setting, { maxKeys: 3 }))
    .map(([name, type, rest]) => Object.assign(rest, { [type]: true, name }));
}

const conditions = item(conditionKind.byName.keys(), ['httpUri', 'httpHost', 'tcp', 'sslExtension', 'index']);
const actions = item(actionKind.byName.keys(), ['forward', 'httpReply', 'asm', 'persist', 'pool']);
const write = fc.record({
  method: fc.constantFrom('POST', 'PATCH', 'PUT', 'DELETE'),
  below: fc.oneof(
    conditions.map((body) => ({ uri: 'conditions', body })),
    actions.map((body) => ({ uri: 'actions', body })),
  ),
});

describe('random writes below a policy', () => {
  it('are carried out, or refused with an error of the device and without a trace', async () => {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'p' });
    await client.post('ltm/policy', { name: 'pol', subPath: 'Drafts', rules: [{ name: 'r' }] });
    const base = 'ltm/policy/~Common~Drafts~pol/rules/r';
    const outcomes = { done: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(write, async ({ method, below: { uri, body } }) => {
        const { name, ...rest } = body;
        const before = JSON.stringify(client.emulator.dump());
        const path = method === 'POST' ? `${base}/${uri}` : `${base}/${uri}/${String(name)}`;
        const sent = method === 'POST' ? body : method === 'DELETE' ? undefined : rest;
        const reply = await client.send(method, path, sent);
        expect([200, 400, 404, 409]).toContain(reply.status);
        const isDone = reply.status === 200;
        outcomes[isDone ? 'done' : 'refused'] += 1;
        expect(isDone || JSON.stringify(client.emulator.dump()) === before).toBe(true);
      }),
      { numRuns: 400, seed: 4 },
    );
    expect(Math.min(outcomes.done, outcomes.refused)).toBeGreaterThan(40);
    const { body } = await client.get('ltm/policy?expandSubcollections=true');
    expect(JSON.stringify(body)).not.toContain('null');
  });
});
