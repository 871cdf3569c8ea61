import { grammarError, mcpError } from '../../errors/device-error.ts';
import { configurationError, exclusive, invalidValue } from '../../errors/mcp.ts';
import { fromCanonical, isV6 } from '../../names/address.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { tmshName, type ParseContext } from '../field.ts';
import { address } from '../fields/addresses.ts';
import { flags } from '../fields/flags.ts';
import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { asText, integer, text } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { connectedNetworks } from './connected.ts';
import { netmask, networkOf, parsePrefix, readStored, toStored } from './prefix.ts';
import { requireRouteDomain, withParents } from './route-domains.ts';

const ways = ['blackhole', 'gw', 'pool', 'tmInterface'] as const;

const defaultPattern = /^default(?<six>-inet6)?(?:%(?<id>\d{1,5}))?$/v;

/** A network as it is stored: `10.0.0.0%0/24`; `default` and `default-inet6` are the networks of length 0. */
function readNetwork(given: string, context: ParseContext): string | undefined {
  const match = defaultPattern.exec(given);
  if (match !== null) {
    const ip = match.groups?.['six'] === undefined ? '0.0.0.0' : '::';
    return toStored({ ip, length: 0, routeDomain: Number(match.groups?.['id'] ?? context.routeDomain) });
  }
  const prefix = parsePrefix(given, context.routeDomain);
  return prefix === undefined ? undefined : toStored(networkOf(prefix));
}

/** The printed form: `default` for length 0 (devices never print `0.0.0.0/0`). */
function printNetwork(stored: string, routeDomain: number): string {
  const { ip, length, routeDomain: id } = readStored(stored);
  const suffix = id === routeDomain ? '' : `%${id}`;
  if (length === 0) {
    return `default${isV6(ip) ? '-inet6' : ''}${suffix}`;
  }
  return `${ip}${suffix}/${length}`;
}

function oneWay(draft: Draft): void {
  const { values, given, before, identity } = draft;
  const named = ways.filter((way) => given.has(way) && values[way] !== undefined);
  const [first, second] = named;
  if (first !== undefined && second !== undefined) {
    throw exclusive(tmshName(first), tmshName(second));
  }
  if (first !== undefined) {
    for (const way of ways.filter((each) => each !== first)) {
      values[way] = undefined;
    }
  }
  if (ways.every((way) => values[way] === undefined)) {
    throw before === undefined
      ? grammarError('one of the following must be specified:\nblackhole, gw, interface, pool')
      : configurationError(`Static route (${identity.fullPath}) must have a gateway`);
  }
}

function prepare(draft: Draft, session: Session): void {
  const { values, identity, before } = draft;
  if (before === undefined && values['network'] === undefined) {
    const named = readNetwork(identity.name, session.parseContext(identity));
    if (named === undefined) {
      throw grammarError('"network" must be specified');
    }
    values['network'] = named;
  }
  oneWay(draft);
}

function checkDuplicates(route: ConfigObject, session: Session): void {
  const network = textOf(route, 'network') ?? '';
  for (const other of session.store.find('route-network', network)) {
    if (other.fullPath !== route.fullPath) {
      throw mcpError(`01070330:3: Static route ${printNetwork(network, 0)} already exists as ${other.fullPath}.`);
    }
  }
  const wanted = readStored(network);
  if (connectedNetworks(session, [wanted.routeDomain]).some((each) => toStored(networkOf(each)) === network)) {
    throw mcpError(`01070666:3: Static route duplicates Self IP ${wanted.ip} / ${netmask(wanted)} implied route`);
  }
}

function checkGateway(route: ConfigObject, session: Session): void {
  const gateway = textOf(route, 'gw');
  if (gateway === undefined || !gateway.includes('%')) {
    return;
  }
  const { ip, routeDomain } = fromCanonical(gateway);
  const reachable = connectedNetworks(session, withParents(routeDomain, session), ip);
  if (reachable.length === 0) {
    const shown = routeDomain === 0 ? ip : gateway;
    throw mcpError(`01070330:3: Static route gateway ${shown} is not directly connected via an interface.`);
  }
}

/**
 * Static routes (fact sheet 8.12): one of `gw`, `pool`, `tmInterface`, `blackhole`; another one given later takes its
 * place. A gateway has to be in the network of a self IP (text from a public thread). The text for the same network
 * twice has no recording (K).
 */
export const routeKind = defineKind({
  path: 'net/route',
  type: 'route',
  fields: [
    appService(),
    flags(['blackhole'], { removable: true }),
    text('description'),
    address('gw'),
    integer('mtu', 0, { max: 65_535 }),
    {
      name: 'network',
      createOnly: true,
      parse: (value, context) => {
        const read = readNetwork(asText(value, 'network'), context);
        if (read === undefined) {
          throw invalidValue('network', value);
        }
        return read;
      },
      print: (value, { routeDomain }) => printNetwork(String(value), routeDomain),
    },
    reference('pool', { target: 'ltm/pool' }),
    reference('tmInterface', { target: 'net/vlan' }),
  ],
  hooks: {
    prepare,
    check: (route, session) => {
      requireRouteDomain(readStored(textOf(route, 'network') ?? '').routeDomain, session);
      checkDuplicates(route, session);
      checkGateway(route, session);
    },
    indexes: (route) => [['route-network', textOf(route, 'network') ?? '']],
  },
});
