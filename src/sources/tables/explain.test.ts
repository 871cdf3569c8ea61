import type { Ref } from '../../ir/ref.ts';
import { describe, expect, it } from 'vitest';
import { bed, signal } from '../files/testing/bed.ts';

describe('AC-03 where a table says', () => {
  const rows =
    'service,vip,port,pool,member,member_port,monitor\nshop,10.1.1.1,80,both,10.0.0.1,8080,\nshop,,80,,10.0.0.2,8080,none\n';

  it('the fields of a service: the row that said it first, and the column; members their rows; what nobody said is a default', async () => {
    const made = await bed(['vips.csv'], { mapping: { snat: { const: 'none' } } });
    await made.write('vips.csv', rows);
    const { contributions } = await made.source.read({ signal });
    const placesOf = (ref: Ref): unknown => {
      const found = contributions.map((one) => made.source.explain?.(one).get(ref)).find((one) => one !== undefined);
      return Object.fromEntries([...(found ?? [])].map(([field, place]) => [field, place.replace(/^.*\//, '')]));
    };
    expect(placesOf('pool:/k/both')).toEqual({
      description: 'vips.csv, row 2, column service',
      loadBalancingMode: 'default',
      monitor: 'vips.csv, row 3, column monitor',
      'members 10.0.0.1:8080': 'vips.csv, row 2',
      'members 10.0.0.2:8080': 'vips.csv, row 3',
    });
    expect(placesOf('virtual:/k/shop_80')).toMatchObject({
      destination: 'vips.csv, row 2, column vip',
      pool: 'vips.csv, row 2, column pool',
      profiles: 'default',
      // It may come from the constant, so the column is not named.
      sourceAddressTranslation: 'vips.csv, row 2',
    });
  });

  it('nothing about services that it does not hold', async () => {
    const made = await bed(['vips.csv'], { mapping: {} });
    await made.write('vips.csv', rows);
    await made.source.read({ signal });
    const none = { cell: 'x', origin: 'sheet:Service/none', since: '', objects: [], diagnostics: [] };
    expect(made.source.explain?.(none)).toEqual(new Map());
  });
});
