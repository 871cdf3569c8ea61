import { restjavadError } from '../errors/restjavad.ts';
import { networkOf, parsePrefix } from '../kinds/net/prefix.ts';
import { parseAddress } from '../names/address.ts';
import type { LearnedRoute } from '../stats/route-table.ts';

/** Routes that the device has as if a neighbour had told of them. Not kept over a restart, as no such route is. */
export interface Taught {
  routes: readonly LearnedRoute[];
}

/** Reads `{"items":[{"network":"10.244.1.0/26","gateway":"10.1.20.11"}]}`. Throws 400 for anything else. */
export function readLearned({ items }: Readonly<Record<string, unknown>>): readonly LearnedRoute[] {
  if (!Array.isArray(items)) {
    throw restjavadError(400, 'items: expected a list of {"network":"10.244.1.0/26","gateway":"10.1.20.11"}');
  }
  return items.map((item: unknown, at) => {
    const { network, gateway } = (item ?? {}) as { readonly network?: unknown; readonly gateway?: unknown };
    const prefix = typeof network === 'string' && network.includes('/') ? parsePrefix(network, 0) : undefined;
    const next = typeof gateway === 'string' ? parseAddress(gateway, 0) : undefined;
    if (prefix === undefined || next === undefined) {
      const found = JSON.stringify(item);
      throw restjavadError(400, `items[${at}]: found ${found}, expected a network with its length and a gateway`);
    }
    const { ip, length } = networkOf(prefix);
    return { network: `${ip}/${length}`, gateway: next.ip };
  });
}
