import { expect, it } from 'vitest';
import type { Pool } from '../../../ir/pool.ts';
import { refOf } from '../../../ir/ref.ts';
import { diffObjects } from '../../../plan/diff.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { compileUnit } from './compile-unit.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };

function pool(origin?: string): Pool {
  const member = { address: { ip: '10.0.0.1' }, port: 80, ...(origin === undefined ? {} : { origin }) };
  return { kind: 'pool', path: '/k/web', members: [member] };
}

it.each([
  ['another', pool('west:Pod/b'), expect.stringContaining('west:Pod/b')],
  ['nobody', pool(), 'none'],
])('a member that goes over to %s is told its owner, and nothing else of it is sent', (_, after, description) => {
  const [before, ref] = [pool('east:Pod/a'), refOf('pool', '/k/web')];
  const change = { op: 'update', ref, before, after, fields: diffObjects(before, after), origins: [] } as const;
  const requests = compileUnit({ id: ref, wave: 1, changes: [change], origins: [] }, new MemorySnapshot(), context);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ method: 'PATCH', path: '/mgmt/tm/ltm/pool/~k~web/members/~k~10.0.0.1:80' });
  expect(requests[0]?.body).toEqual({ description });
});
