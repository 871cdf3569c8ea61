import { describe, expect, it } from 'vitest';
import { printNetwork } from '../../../ir/network.ts';
import { decodeRoutingTable } from './routing-table.ts';

const link = (name: string): string => `https://localhost/mgmt/tm/net/route/${name}/stats`;

function entry(columns: Readonly<Record<string, string>>): object {
  const entries = Object.fromEntries(Object.entries(columns).map(([name, description]) => [name, { description }]));
  return { nestedStats: { entries } };
}

const read = (entries: object, domain = 0): readonly string[] =>
  decodeRoutingTable({ entries }, domain).map((network) => printNetwork(network));

describe('the routing table of a device', () => {
  it('is what gateways lead to, configured or learned, without networks that the device is in', () => {
    const entries = {
      [link('~Common~ext_rt')]: entry({ destination: '10.0.30.0/24', type: 'gw', origin: 'static' }),
      [link('~Common~default')]: entry({ destination: 'default', type: 'gw', origin: 'static' }),
      [link('10.0.20.0~24')]: entry({ destination: '10.0.20.0/24', type: 'interface', origin: 'connected' }),
      [link('10.244.1.0~26')]: entry({ destination: '10.244.1.0/26', type: 'gw', origin: 'dynamic' }),
      [link('fd00:1::~64')]: entry({ destination: 'fd00:1::/64', type: 'gw', origin: 'dynamic' }),
    };
    expect(read(entries)).toEqual(['10.0.30.0/24', '10.244.1.0/26', 'fd00:1::/64']);
  });

  it('takes a destination from the name of the entry where there is no such column', () => {
    expect(read({ [link('10.244.1.0~26')]: entry({}), [link('~Common~web')]: entry({}), other: {} })).toEqual([
      '10.244.1.0/26',
    ]);
  });

  it('names route domains by what they are to the partition', () => {
    const entries = {
      [link('a')]: entry({ destination: '10.244.1.0%2/26' }),
      [link('b')]: entry({ destination: '10.244.2.0/26' }),
    };
    expect(read(entries, 2)).toEqual(['10.244.1.0/26', '10.244.2.0%0/26']);
    expect(read(entries)).toEqual(['10.244.1.0%2/26', '10.244.2.0/26']);
  });

  it('is empty where there is none', () => {
    expect(decodeRoutingTable(undefined, 0)).toEqual([]);
    expect(decodeRoutingTable({}, 0)).toEqual([]);
  });
});
