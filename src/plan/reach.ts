import type { Reach } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Network } from '../ir/network.ts';
import type { OriginKey } from '../ir/origin.ts';
import { printAddress } from '../ir/address.ts';
import { holdsNetwork, printNetwork } from '../ir/network.ts';
import { describeOrigin } from '../ir/origin.ts';

/** A network that a device is to reach, and who says so. */
export interface WantedReach extends Reach {
  readonly origin: OriginKey;
}

/**
 * One warning for each network that no route of the device leads to. A route to more than the network will do, but not the
 * default route: it leads to anywhere. `routes` are those that lead on, without the networks that the device is in itself;
 * route domains on both sides are left out for the default of the partition. In the order of origins.
 */
export function missingRoutes(wanted: Iterable<WantedReach>, routes: readonly Network[]): readonly Diagnostic[] {
  const known = routes.filter(({ length }) => length > 0);
  const isMissing = ({ network }: WantedReach): boolean => !known.some((route) => holdsNetwork(route, network));
  return [...wanted]
    .filter(isMissing)
    .sort((a, b) => (a.origin < b.origin ? -1 : 1))
    .map(({ origin, network, gateway }): Diagnostic => {
      const by = gateway === undefined ? '' : ` by ${printAddress(gateway)}`;
      return {
        code: 'route-not-learned',
        severity: 'warning',
        summary: `${describeOrigin(origin)}: the device has no route to its block ${printNetwork(network)}, expected one${by} that it learned`,
        detail:
          'Its pods cannot be reached. Look at the BGP session with this node (or its route reflector) on both sides.',
        origin,
      };
    });
}
