import { expect, it } from 'vitest';
import { readText } from './testing/bed.ts';

it.each([
  ['pool', 'kind: pool\nname: a\n', 'a.yaml:1: `kind`: found "pool", expected a kind of object; did you mean Pool?'],
  [
    'a member twice',
    'kind: Pool\nname: a\nmembers:\n- 10.0.0.1:80\n- { address: 10.0.0.1, port: 80, ratio: 3 }\n',
    'a.yaml:5: pool a: `members[1]`: found 10.0.0.1:80 at members[0], too, expected it once',
  ],
  [
    'a rule twice',
    'kind: Policy\nname: p\nrules:\n- { name: r, actions: [{ type: reset }] }\n- { name: r, actions: [] }\n',
    'a.yaml:5: policy p: `rules[1]`: found r at rules[0], too, expected it once',
  ],
  [
    'an iRule that is no list',
    'kind: VirtualServer\nname: v\ndestination: 10.0.0.1:80\nrules: r\n',
    'the name of an iRule',
  ],
])('a document with %s is told with what is expected', async (_, text, expected) => {
  const { told, objects } = await readText(text);
  expect([told.length, objects]).toEqual([1, []]);
  expect(told[0]).toContain(expected);
});

it('documents may share what they say, by anchors and merged maps', async () => {
  const text = '- &a { kind: Pool, name: a, members: [10.0.0.1:80] }\n- { <<: *a, name: b }\n';
  const { told, objects } = await readText(text);
  expect(told).toEqual([]);
  expect(objects).toMatchObject([{ path: '/k/a' }, { path: '/k/b', members: [{ port: 80 }] }]);
});
