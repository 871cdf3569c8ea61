import type { LearnedRoute } from '../stats/route-table.ts';
import { ip, readCommand, type Read } from './command.ts';

/** Who writes routes that no routing protocol told of (rtnetlink's `RTPROT_*`, as iproute2 names them). */
const notLearned = new Set(['kernel', 'boot', 'static', 'redirect', 'ra', 'dhcp']);

interface Row {
  readonly dst?: string;
  readonly gateway?: string;
  readonly via?: { readonly host?: string };
  readonly nexthops?: readonly { readonly gateway?: string }[];
  readonly protocol?: string;
}

function learnedIn(text: string, bits: number): readonly LearnedRoute[] {
  const rows = JSON.parse(text === '' ? '[]' : text) as readonly Row[];
  return rows.flatMap(({ dst, gateway, via, nexthops, protocol }) => {
    const next = gateway ?? via?.host ?? nexthops?.find((hop) => hop.gateway !== undefined)?.gateway;
    if (dst === undefined || next === undefined || protocol === undefined || notLearned.has(protocol)) {
      return [];
    }
    const network =
      dst === 'default' ? `${bits === 32 ? '0.0.0.0' : '::'}/0` : dst.includes('/') ? dst : `${dst}/${bits}`;
    return [{ network, gateway: next }];
  });
}

/**
 * What a routing daemon (BIRD, FRR: the place of the box's ZebOS) put into the kernel of this network namespace. What is
 * there by the configuration, or by hand, is none of it.
 */
export async function learnedRoutes(read: Read = readCommand): Promise<readonly LearnedRoute[]> {
  const [four, six] = await Promise.all([read(ip('-4', '-j', 'route', 'show')), read(ip('-6', '-j', 'route', 'show'))]);
  return [...learnedIn(four, 32), ...learnedIn(six, 128)];
}
