import type { Monitor } from '../../../ir/monitor.ts';
import { DEFAULT_SEND } from '../../../ir/monitor.ts';
import type { Codec } from './codec.ts';
import { NONE } from './codec.ts';
import { encodeMarkedDescription } from './metadata.ts';

/**
 * `ltm monitor <type>`. The type is part of the URI, never a property. `send` and `receive` go as they are: the IR holds
 * them as tmsh prints them, and a regular expression must not be changed. Tag-like content in them is the device's to
 * refuse.
 */
export const monitorCodec: Codec<Monitor> = {
  properties: {
    type: () => ({}),
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    interval: ({ interval }) => ({ interval: interval ?? 5 }),
    timeout: ({ timeout }) => ({ timeout: timeout ?? 16 }),
    send: ({ send, type }) => ({ send: send ?? DEFAULT_SEND[type] ?? NONE }),
    receive: ({ receive }) => ({ recv: receive ?? NONE }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};
