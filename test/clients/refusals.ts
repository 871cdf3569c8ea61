import type { Refusal } from './client.ts';

/** What a device says to a PUT or PATCH that holds a property which is fixed at creation, or only shown. */
const fixed = /may not be specified in the context of the \\?"modify\\?" command/v;

/** Every refusal that is right. One that nothing needs any more fails the run. */
export const refusals: readonly Refusal[] = [
  {
    client: 'bigrest',
    resource:
      /ltm\/(?:node|virtual|virtual-address|snat-translation|data-group\/internal|monitor\/.*)|net\/route-domain/v,
    operation: /save/v,
    reason: fixed,
    because: 'bigrest puts back everything that it read, and a device refuses properties fixed at creation',
  },
];
