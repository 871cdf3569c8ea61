import type { Partition } from '../../../ir/partition.ts';
import type { Codec } from './codec.ts';
import { encodeMarkedDescription } from './metadata.ts';

/** `auth partition`: named without a tilde; the mark stands in the description. */
export const partitionCodec: Codec<Partition> = {
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    defaultRouteDomain: ({ defaultRouteDomain }) => ({ defaultRouteDomain: defaultRouteDomain ?? 0 }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};
