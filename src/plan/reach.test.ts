import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../ir/network.ts';
import { missingRoutes } from './reach.ts';

const wanted = (origin: string, network: string, gateway?: string) => ({
  origin: `east.network:Node/${origin}`,
  network: parseNetwork(network)!,
  ...(gateway === undefined ? {} : { gateway: { ip: gateway } }),
});
const routes = (...texts: readonly string[]) => texts.map((text) => parseNetwork(text)!);

describe('networks that the device is to have learned a route to', () => {
  const both = [wanted('node2', '10.244.2.0/26'), wanted('node1', '10.244.1.0/26', '10.1.20.11')];

  it('are told, in the order of origins, when there is none', () => {
    const missing = missingRoutes(both, routes('0.0.0.0/0', '10.244.1.0/27', '10.9.0.0/16'));
    expect(missing.map(({ summary }) => summary)).toEqual([
      'Node node1 (east.network): the device has no route to its block 10.244.1.0/26, expected one by 10.1.20.11 that it learned',
      'Node node2 (east.network): the device has no route to its block 10.244.2.0/26, expected one that it learned',
    ]);
    expect(missing[0]).toMatchObject({ code: 'route-not-learned', severity: 'warning', origin: both[1]?.origin });
  });

  it('are reached by a route to them, or to more than them', () => {
    expect(missingRoutes(both, routes('10.244.1.0/26', '10.244.2.0/24'))).toEqual([]);
    expect(missingRoutes(both, routes('10.244.0.0/16'))).toEqual([]);
  });

  it('are not reached by a route of another route domain or family', () => {
    expect(missingRoutes([wanted('node1', '10.244.1.0%2/26')], routes('10.244.1.0/26'))).toHaveLength(1);
    expect(missingRoutes([wanted('node1', '10.244.1.0%2/26')], routes('10.244.1.0%2/26'))).toEqual([]);
    expect(missingRoutes([wanted('node1', 'fd00::/64')], routes('10.0.0.0/8'))).toHaveLength(1);
  });
});
