import { describe, expect, it } from 'vitest';
import { PersistenceTable } from './persistence.ts';

describe('persistence records', () => {
  it('are counted per member as long as they live, and moved with their client', () => {
    const table = new PersistenceTable();
    table.set('client 1', 'a', 100);
    table.set('client 2', 'a', 110);
    table.set('client 3', 'b', 120);
    expect([table.countOf('a', 50), table.countOf('b', 50), table.countOf('c', 50)]).toEqual([2, 1, 0]);
    table.set('client 2', 'b', 150);
    expect([table.countOf('a', 50), table.countOf('b', 50)]).toEqual([1, 2]);
    expect([table.countOf('a', 100), table.countOf('b', 130)]).toEqual([0, 1]);
    expect([table.get('client 2', 149), table.get('client 2', 150)]).toEqual(['b', undefined]);
    expect(table.countOf('b', 150)).toBe(0);
  });
});
