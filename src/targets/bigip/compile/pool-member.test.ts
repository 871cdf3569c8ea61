import { describe, expect, it } from 'vitest';
import { create, remove, unit, update } from '../../../../test/contract/target-units.ts';
import { loneMember } from '../../../ir/pool-member.ts';
import { refOf } from '../../../ir/ref.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { compileUnit } from './compile-unit.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };
const mark = { instance: 'east', origins: ['s:Service/web'] };
const of = (ip: string, more = {}) => ({
  ...loneMember('/tenant/app/web', { address: { ip }, port: 80 }),
  mark,
  ...more,
});
const BELOW = '/mgmt/tm/ltm/pool/~tenant~app~web/members';
const description = '-- fairlead:east s:Service/web';

describe('a member of somebody else’s pool', () => {
  it('is one request below the pool, and holds what is set', () => {
    const ref = 'pool-member:/tenant/app/web/members/10.0.0.1:80';
    const set = of('10.0.0.1', { adminState: 'disabled', ratio: 3 });
    expect(compileUnit(unit(create(set)), new MemorySnapshot(), context)).toEqual([
      {
        method: 'POST',
        path: BELOW,
        ref,
        body: {
          name: '10.0.0.1:80',
          partition: 'tenant',
          session: 'user-disabled',
          state: 'user-up',
          ratio: 3,
          description,
        },
      },
    ]);
    expect(compileUnit(unit(update(set, of('10.0.0.1', { ratio: 4 }))), new MemorySnapshot(), context)).toEqual([
      {
        method: 'PATCH',
        path: `${BELOW}/~tenant~10.0.0.1:80`,
        ref,
        body: { session: 'user-enabled', state: 'user-up', ratio: 4 },
      },
    ]);
    expect(compileUnit(unit(remove(set)), new MemorySnapshot(), context)).toEqual([
      { method: 'DELETE', path: `${BELOW}/~tenant~10.0.0.1:80`, ref },
    ]);
  });

  it('says in a pool of ours who gave it, as if the pool was written as a whole', () => {
    const { mark: _, ...bare } = of('10.0.0.1');
    const own = { ...bare, origin: 's:Service/web' };
    const [request] = compileUnit(unit(create(own)), new MemorySnapshot(), context);
    expect(request?.body).toMatchObject({ description: '-- fairlead:s:Service/web' });
  });

  it('is named by its node, whatever its family, domain or partition', () => {
    const pathOf = (member: ReturnType<typeof of>): string | undefined =>
      compileUnit(unit(remove(member)), new MemorySnapshot(), context)[0]?.path.slice(BELOW.length);
    expect(pathOf(of('2001:db8::1'))).toBe('/~tenant~2001:db8::1.80');
    expect(pathOf(of('10.0.0.1', { node: '/Common/web1' }))).toBe('/~Common~web1:80');
    expect(pathOf(of('10.0.0.1', { node: '/Common/2001:db8::1' }))).toBe('/~Common~2001:db8::1.80');
    const inDomain = loneMember('/tenant/app/web', { address: { ip: '10.0.0.1', routeDomain: 3 }, port: 80 });
    expect(compileUnit(unit(remove(inDomain)), new MemorySnapshot(), context)[0]?.path).toBe(
      `${BELOW}/~tenant~10.0.0.1%253:80`,
    );
    const body = compileUnit(unit(create(of('10.0.0.1', { node: '/Common/web1' }))), new MemorySnapshot(), context)[0]
      ?.body;
    expect(body).toMatchObject({ name: 'web1:80', partition: 'Common' });
  });

  it('says to which iApp it belongs, in every write', () => {
    const pool = { kind: 'pool', path: '/tenant/app/web' } as const;
    const application = { path: '/tenant/a.app/a', strict: false };
    const snapshot = new MemorySnapshot([[refOf('pool', pool.path), { object: pool, application }]]);
    const changes = [create(of('10.0.0.1')), update(of('10.0.0.1'), of('10.0.0.1', { ratio: 2 }))];
    expect(changes.map((change) => compileUnit(unit(change), snapshot, context)[0]?.body)).toMatchObject([
      { appService: '/tenant/a.app/a', description },
      { appService: '/tenant/a.app/a', ratio: 2 },
    ]);
  });
});
