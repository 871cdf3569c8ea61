import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/**
 * `ltm node`: the address behind members. It comes into being with the first member and outlives the last one
 * (K: deleting a member leaves the node), so the plan removes those that our pools brought along.
 */
export interface Node {
  readonly kind: 'node';
  readonly path: FullPath;
  readonly description?: string;
  readonly address: Address;
  readonly mark?: Mark;
}

/** How nodes are read and removed. */
export const nodeDescriptor: Descriptor<Node> = {
  kind: 'node',
  noun: 'node',
  order: 20,
  marked: 'metadata',
  shared: true,
  addressed: true,
  implicit: true,
  broughtBy: 'pool',
  fields: {
    description: { compare: 'value' },
    address: { compare: 'value', immutable: true },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
  mapAddresses: (node, map) => ({ ...node, address: map(node.address) }),
};
