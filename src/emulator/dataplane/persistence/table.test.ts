import { describe, expect, it } from 'vitest';
import { PersistenceTable } from './table.ts';
import type { PersistenceRecord } from './table.ts';

function named(fullPath: string, expires: number): PersistenceRecord {
  const member = { fullPath, address: '10.0.0.1', routeDomain: 0, port: 80 };
  return { virtual: 'vs', pool: 'web', mode: 'source-addr', value: 'v', client: '', member, touched: 0, expires };
}

describe('persistence records', () => {
  it('are counted per member as long as they live, and moved with their client', () => {
    const table = new PersistenceTable();
    table.set('client 1', named('a', 100));
    table.set('client 2', named('a', 110));
    table.set('client 3', named('b', 120));
    expect([table.countOf('a', 50), table.countOf('b', 50), table.countOf('c', 50)]).toEqual([2, 1, 0]);
    table.set('client 2', named('b', 150));
    expect([table.countOf('a', 50), table.countOf('b', 50)]).toEqual([1, 2]);
    expect([table.countOf('a', 100), table.countOf('b', 130)]).toEqual([0, 1]);
    expect([table.get('client 2', 149)?.fullPath, table.get('client 2', 150)]).toEqual(['b', undefined]);
    expect(table.countOf('b', 150)).toBe(0);
  });

  it('go with their virtual server, and not with one whose name begins alike', () => {
    const table = new PersistenceTable();
    table.set('/Common/vs * client', named('a', 100));
    table.set('/Common/vs2 * client', named('a', 100));
    table.forgetVirtual('/Common/vs');
    expect(table.get('/Common/vs * client', 0)).toBeUndefined();
    expect(table.countOf('a', 0)).toBe(1);
  });
});
