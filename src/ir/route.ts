import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { Network } from './network.ts';
import type { FullPath } from './ref.ts';
import { printNetwork } from './network.ts';

/**
 * `net route`: a static route. Others than ours may lead to a pool, an interface or nowhere instead of a gateway; they have
 * none here, and are left alone.
 */
export interface Route {
  readonly kind: 'route';
  readonly path: FullPath;
  readonly description?: string;
  readonly network: Network;
  readonly gateway?: Address;
  readonly mark?: Mark;
}

/**
 * How static routes are read, compared and ordered. The device keeps one route a network (01070330) and refuses to change
 * the network of one (facts 8.12).
 */
export const routeDescriptor: Descriptor<Route> = {
  kind: 'route',
  noun: 'static route',
  order: 8,
  marked: 'description',
  underlay: true,
  fields: {
    description: { compare: 'value' },
    network: { compare: 'value', immutable: true },
    gateway: { compare: 'value' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
  exclusive: ({ network }) => `route ${printNetwork(network)}`,
  singular: ({ network }) => printNetwork(network),
  mapAddresses: (route, map) => ({
    ...route,
    network: { ...route.network, address: map(route.network.address) },
    ...(route.gateway === undefined ? {} : { gateway: map(route.gateway) }),
  }),
};
