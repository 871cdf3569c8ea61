import { expect, test } from 'vitest';
import type { RestRequest } from './request.ts';
import { withoutOptional } from './work.ts';

const request = (name: string, optional?: true): RestRequest => ({
  method: 'DELETE',
  path: `/mgmt/tm/ltm/node/~k~${name}`,
  ref: `node:/k/${name}`,
  ...(optional === undefined ? {} : { optional }),
});
const unit = { id: 'nodes', wave: 2, changes: [], origins: [] } as const;
const job = { unit, requests: [request('must'), request('a', true), request('b', true)], dropped: new Set<never>() };

test('of optional requests only those that the device names are given up', () => {
  const smaller = withoutOptional(job, (ref) => ref === 'node:/k/b' || ref === 'node:/k/must');
  expect(smaller?.requests).toEqual([request('must'), request('a', true)]);
  expect(smaller?.dropped).toEqual(new Set(['node:/k/b']));
});

test('if it names none of them, all are given up, and then there is no more to give up', () => {
  const smaller = withoutOptional(job, () => false);
  expect(smaller?.requests).toEqual([request('must')]);
  expect(smaller?.dropped).toEqual(new Set(['node:/k/a', 'node:/k/b']));
  expect(smaller && withoutOptional(smaller, () => true)).toBeUndefined();
});
