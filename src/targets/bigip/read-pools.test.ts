import type { Io } from './client/io.ts';
import type { Json } from './request.ts';
import type { Scope } from '../../plan/scope.ts';
import { describe, expect, it } from 'vitest';
import { createScope } from '../../plan/scope.ts';
import { readObjects } from './read-objects.ts';
import { readPools } from './read-pools.ts';
import { readSnapshot } from './read.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };
const POOL = '/mgmt/tm/ltm/pool/~tenant~app~web';

function member(name: string, more: Json = {}): Json {
  const selfLink = `https://localhost${POOL}/members/${encodeURIComponent(`~tenant~${name}`)}?ver=17.1.0`;
  return { name, partition: 'tenant', fullPath: `/tenant/${name}`, selfLink, session: 'user-enabled', ...more };
}

const BODIES: Readonly<Record<string, Json>> = {
  '/mgmt/tm/auth/partition/tenant': { name: 'tenant', fullPath: 'tenant', defaultRouteDomain: 2 },
  [POOL]: {
    name: 'web',
    partition: 'tenant',
    subPath: 'app',
    fullPath: '/tenant/app/web',
    appService: '/tenant/a.app/a',
    membersReference: {
      items: [
        member('10.0.0.1%2:80', { address: '10.0.0.1%2', description: 'x -- fairlead:east s:Service/web' }),
        member('2001:db8::1.80', { address: '2001:db8::1', state: 'user-down' }),
        member('db:5432', { address: '10.0.0.3%4', ratio: 3, priorityGroup: 2, connectionLimit: 9 }),
        member('www.example.com:80', { address: 'any6', fqdn: { tmName: 'www.example.com' } }),
        member('_auto_10.0.0.9:80', { address: '10.0.0.9', ephemeral: 'true' }),
      ],
    },
  },
  '/mgmt/tm/sys/application/service/~tenant~a.app~a': { strictUpdates: 'disabled' },
  '/mgmt/tm/ltm/node': { kind: 'collection', items: [{ fullPath: '/tenant/db', address: '10.0.0.3%4' }] },
};

function device(bodies = BODIES): { readonly io: Io; readonly reads: string[] } {
  const reads: string[] = [];
  const get: Io['get'] = async (path) => {
    reads.push(path);
    return bodies[path];
  };
  const send = async (): Promise<never> => {
    throw new Error('a read must not write');
  };
  return { io: { get, send }, reads };
}

const M = 'pool-member:/tenant/app/web/members';

describe('pools whose members are written one by one', () => {
  it('are read with their partition, their members as objects, and their iApp', async () => {
    const found = new Map(await readPools(device().io, ['/tenant/app/web'], context));
    expect([...found.keys()]).toEqual([
      'partition:/tenant',
      'pool:/tenant/app/web',
      `${M}/10.0.0.1:80`,
      `${M}/2001:db8::1.80`,
      `${M}/10.0.0.3%4:5432`,
      `${M}/www.example.com:80`,
    ]);
    expect(found.get('pool:/tenant/app/web')?.application).toEqual({ path: '/tenant/a.app/a', strict: false });
    expect(found.get(`${M}/10.0.0.1:80`)?.object).toEqual({
      kind: 'pool-member',
      path: '/tenant/app/web/members/10.0.0.1:80',
      description: 'x',
      address: { ip: '10.0.0.1' },
      port: 80,
      mark: { instance: 'east', origins: ['s:Service/web'] },
    });
    expect(found.get(`${M}/2001:db8::1.80`)?.object).toMatchObject({ adminState: 'offline' });
    expect(found.get(`${M}/10.0.0.3%4:5432`)?.object).toMatchObject({
      node: '/tenant/db',
      ratio: 3,
      priorityGroup: 2,
      connectionLimit: 9,
    });
  });

  it('are strict for what an iApp does not say, and free where the iApp is gone', async () => {
    const service = '/mgmt/tm/sys/application/service/~tenant~a.app~a';
    const strictOf = async (body: Json | undefined): Promise<boolean | undefined> => {
      const { [service]: _, ...others } = BODIES;
      const { io } = device(body === undefined ? others : { ...others, [service]: body });
      return new Map(await readPools(io, ['/tenant/app/web'], context)).get('pool:/tenant/app/web')?.application
        ?.strict;
    };
    expect([await strictOf({}), await strictOf({ strictUpdates: 'enabled' }), await strictOf(undefined)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('give nothing if they or their partition are not there', async () => {
    expect(await readPools(device().io, ['/tenant/none', '/nowhere/web'], context)).toMatchObject([
      ['partition:/tenant', {}],
    ]);
  });

  it('AC-06 are all that is read, with the holders of addresses, if nothing else is written', async () => {
    const { io, reads } = device();
    const scope: Scope = createScope([{ poolMembers: '/tenant/app/web' }])!;
    const { signal } = new AbortController();
    const snapshot = await readSnapshot(io, {
      partition: 'k',
      kinds: ['pool', 'node', 'virtual'],
      pageSize: 9,
      context,
      signal,
      scope,
    });
    expect(reads.toSorted()).toEqual([
      '/mgmt/tm/auth/partition/tenant',
      '/mgmt/tm/ltm/node',
      POOL,
      '/mgmt/tm/sys/application/service/~tenant~a.app~a',
    ]);
    expect(snapshot.elsewhere('node', '10.0.0.3%4')).toBe('/tenant/db');
    expect(snapshot.get(`${M}/10.0.0.1:80`)).toBeDefined();
  });

  it('are read once for all their members that are asked for again', async () => {
    const { io, reads } = device();
    const refs = [`${M}/10.0.0.1:80`, `${M}/2001:db8::1.80`, `${M}/10.9.9.9:80`] as const;
    const found = await readObjects(io, refs, context);
    expect(refs.map((ref) => found.get(ref) !== undefined)).toEqual([true, true, false]);
    expect(reads.filter((path) => path === POOL)).toHaveLength(1);
  });
});
