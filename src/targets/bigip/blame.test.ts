import { expect, test } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import { refOf } from '../../ir/ref.ts';
import { pool, virtual, virtualAddress } from '../../../test/support/objects.ts';
import { loneMember } from '../../ir/pool-member.ts';
import { blameOf, culpritOf, isStale, namedPaths, ownWords } from './blame.ts';

const create = (...objects: readonly BigipObject[]): PlanUnit => {
  const changes = objects.map((after) => {
    const origins = [`east:Service/default/${after.path}`];
    return { op: 'create', ref: refOf(after.kind, after.path), after, origins } as const;
  });
  return { id: changes[0]?.ref ?? '', wave: 1, changes, origins: changes.flatMap(({ origins }) => origins) };
};
const job = (...objects: readonly BigipObject[]): { readonly unit: PlanUnit } => ({ unit: create(...objects) });

test.each([
  [
    '01070333:3: Virtual Server /k/a illegally shares destination address with Virtual Server /k/b.',
    ['/k/a', '/k/b.', '/k/b'],
  ],
  ['01020036:3: The requested Pool Member (/k/p /k/1.1.1.1 80) was not found.', ['/k/p', '/k/1.1.1.1']],
  ["01070110:3: Node address '/k/n%2' is referenced by a member of pool '/k/p'.", ['/k/n%2', '/k/p']],
  [
    '01070734:3: Configuration error: Less than the required minimum number of profiles found on /k/vs: Exactly 1 of (UDP)',
    ['/k/vs:', '/k/vs'],
  ],
  ['one or more properties must be specified', []],
])('paths are found in the device’s words: %s', (message, paths) => {
  expect(namedPaths(message)).toEqual(paths);
});

test('a name that ends in a dot is told from the end of a sentence', () => {
  const dotted = job(pool('web.'));
  expect(culpritOf('01070734:3: bad /k/web..', [dotted, job(pool('other'))])).toBe(dotted);
});

test('one name that begins like another is not taken for it', () => {
  const long = job(pool('web_1'));
  expect(culpritOf('01070734:3: bad /k/web_1: x', [job(pool('web')), long])).toBe(long);
});

test('the culprit is the unit whose own object is named, before units that refer to it', () => {
  const owner = job(pool('p'));
  const user = job(virtual('v', '10.0.0.1', { pool: '/k/p' }));
  expect(culpritOf('01070734:3: bad pool /k/p', [user, owner])).toBe(owner);
  expect(culpritOf('01020036:3: The requested Pool (/k/p) was not found.', [user, job(pool('q'))])).toBe(user);
});

test('two units named, or none: nobody is picked', () => {
  const shares = '01070333:3: Virtual Server /k/a illegally shares destination address with Virtual Server /k/b.';
  const units = [job(virtual('a', '10.0.0.1')), job(virtual('b', '10.0.0.1'))];
  expect(culpritOf(shares, units)).toBeUndefined();
  expect(culpritOf('one or more properties must be specified', units)).toBeUndefined();
});

test('of a virtual server and a pool with the same path the one that the message speaks of is blamed', () => {
  const unit = create(pool('web'), virtualAddress('10.0.0.1'), virtual('web', '10.0.0.1'));
  const shares =
    'transaction failed:01070333:3: Virtual Server /k/web illegally shares destination address with /Common/x.';
  expect(blameOf(unit, { status: 400, message: shares })).toEqual({
    ref: 'virtual:/k/web',
    origins: ['east:Service/default//k/web'],
    status: 400,
    message: '01070333:3: Virtual Server /k/web illegally shares destination address with /Common/x.',
  });
  expect(blameOf(unit, { status: 400, message: '01070734:3: Pool (/k/web) is bad' }).ref).toBe('pool:/k/web');
});

test('nothing named: the request that failed is blamed, or the only object, or the whole unit', () => {
  const request = { method: 'POST', path: '/mgmt/tm/ltm/pool', ref: 'pool:/k/b' } as const;
  const two = create(pool('a'), pool('b'));
  expect(blameOf(two, { status: 400, message: 'no', request })).toMatchObject({
    ref: 'pool:/k/b',
    origins: ['east:Service/default//k/b'],
  });
  expect(blameOf(create(pool('a')), { status: 400, message: 'no' }).ref).toBe('pool:/k/a');
  expect(blameOf(two, { status: 400, message: 'no' })).toEqual({ origins: two.origins, status: 400, message: 'no' });
});

test('the device’s words stay whole, over several lines', () => {
  expect(ownWords('transaction failed:one of the following must be specified:\nadd, delete')).toBe(
    'one of the following must be specified:\nadd, delete',
  );
});

test('what exists already is stale only if it is the object that was to be made', () => {
  const made = create({ ...loneMember('/k/a', { address: { ip: '10.0.0.1' }, port: 80 }) });
  const memberExists = (poolPath: string): string =>
    `01020066:3: The requested Pool Member (${poolPath} /k/10.0.0.1 80) already exists in partition k.`;
  expect(isStale(made, { status: 409, message: memberExists('/k/a') })).toBe(true);
  expect(isStale(made, { status: 409, message: memberExists('/k/b') })).toBe(false);
  const exists = 'transaction failed:01020066:3: The requested Pool (/k/a) already exists in partition k.';
  expect(isStale(create(pool('a')), { status: 400, message: exists })).toBe(true);
  expect(isStale(create(virtual('v', '10.0.0.1', { pool: '/k/a' })), { status: 400, message: exists })).toBe(false);
});

test('what is missing is stale only if it was to be changed', () => {
  const missing = '01020036:3: The requested Pool Member (/k/a /k/10.0.0.1 80) was not found.';
  const before = pool('a', ['10.0.0.1']);
  const change = { op: 'update', ref: 'pool:/k/a', before, after: pool('a'), fields: [], origins: [] } as const;
  const update: PlanUnit = { id: 'pool:/k/a', wave: 1, changes: [change], origins: [] };
  expect(isStale(update, { status: 404, message: missing })).toBe(true);
  expect(isStale(create(pool('a')), { status: 404, message: missing })).toBe(false);
  const request = { method: 'PATCH', path: '/mgmt/tm/ltm/pool/~k~a/members/~k~10.0.0.1:80', ref: 'pool:/k/a' } as const;
  expect(isStale(update, { status: 404, message: 'Object not found - /k/10.0.0.1:80', request })).toBe(true);
});

test('who needs what the device misses is blamed, and found among many', () => {
  const profiles = [{ path: '/Common/none', context: 'all' }] as const;
  const lost = [pool('p'), virtual('v', '10.0.0.1', { pool: '/k/p', profiles })];
  const message = 'transaction failed:01020036:3: The requested profile (/Common/none) was not found.';
  expect(blameOf(create(...lost), { status: 400, message })).toMatchObject({
    ref: 'virtual:/k/v',
    origins: ['east:Service/default//k/v'],
    message: '01020036:3: The requested profile (/Common/none) was not found.',
  });
  const guilty = job(...lost);
  expect(culpritOf(message, [job(pool('a'), virtual('a', '10.0.0.2')), guilty])).toBe(guilty);
});
