import { expect, it } from 'vitest';
import { pool } from '../../test/support/objects.ts';
import { fieldWord, rowsOf } from './change-rows.ts';

it('the nodes that a pool keeps for us are called nodes; every other field has its own name', () => {
  const before = pool('web');
  const after = pool('web', ['10.0.0.1'], { nodeLedger: { unused: ['10.0.0.2'] } });
  const fields = [
    { field: 'members', item: '10.0.0.1:8080', from: undefined, to: after.members?.[0] },
    { field: 'nodeLedger', from: undefined, to: after.nodeLedger },
  ];
  const rows = rowsOf({ op: 'update', ref: 'pool:/k/web', before, after, fields, origins: [] });
  expect(rows.map((row) => `${row.sign} ${fieldWord(row)} ${row.toText}`)).toEqual([
    '+ members 10.0.0.1:8080',
    '+ nodes to remove 10.0.0.2',
  ]);
});
