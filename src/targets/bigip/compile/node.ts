import type { Node } from '../../../ir/node.ts';
import type { Codec } from './codec.ts';
import { printAddress } from '../../../ir/address.ts';
import { encodeDescription, encodeMetadata } from './metadata.ts';

/** `ltm node`. `address` may not be modified (facts 4): it goes only when the node is created. */
export const nodeCodec: Codec<Node> = {
  properties: {
    description: encodeDescription,
    address: ({ address }, { before }) => (before === undefined ? { address: printAddress(address) } : {}),
    mark: ({ mark }, { otherMetadata }) => encodeMetadata({ mark, other: otherMetadata }),
  },
};
