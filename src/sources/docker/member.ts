import ipaddr from 'ipaddr.js';
import type { CellFault } from '../tables/row.ts';
import type { Container, ContainerPort } from './container.ts';
import type { DockerOptions } from './options.ts';

/** Where a container takes connections, or why that cannot be told. */
export type Member = { readonly member: string } | { readonly fault: CellFault };

type Use = Pick<DockerOptions, 'members' | 'network' | 'hostAddress'>;

/** The port of a container that a label names. */
export interface WantedPort {
  readonly port: number;
  readonly protocol: string;
}

/** `8080`, `53/udp`; undefined: it is none. */
export function parseWantedPort(text: string): WantedPort | undefined {
  const [, digits, protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(text.trim().toLowerCase()) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { port, protocol } : undefined;
}

/** The only TCP port that the container has, whatever it is published on; undefined: there is none, or several. */
export function onlyPort(container: Container): WantedPort | undefined {
  const ports = new Set(container.ports.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port));
  const [port] = ports;
  return ports.size === 1 && port !== undefined ? { port, protocol: 'tcp' } : undefined;
}

/** Where the container takes connections for a port of its own. */
export function memberOf(container: Container, wanted: WantedPort, use: Use): Member {
  if (container.hostNetwork) return onHost(wanted, use);
  return use.members === 'network' ? inNetwork(container, wanted, use) : published(container, wanted, use);
}

function onHost({ port }: WantedPort, { hostAddress }: Use): Member {
  if (hostAddress !== undefined) return endpoint(hostAddress, port);
  return fault('it is in the network of the host, whose address is not known', 'set hostAddress of the source');
}

function inNetwork({ networks }: Container, { port }: WantedPort, { network }: Use): Member {
  const names = Object.keys(networks).sort();
  const name = network ?? (names.length === 1 ? names[0] : undefined);
  const address = name === undefined ? undefined : networks[name];
  if (address !== undefined) return endpoint(address, port);
  if (network !== undefined)
    return fault(`it has no address in network ${network}, but in ${listOf(names)}`, 'connect it');
  if (names.length === 0) return fault('it has no address in any network', 'connect it to one');
  return fault(`it has addresses in ${listOf(names)}`, 'set network of the source to one of them');
}

function published({ ports }: Container, wanted: WantedPort, { hostAddress }: Use): Member {
  const name = `${wanted.port}/${wanted.protocol}`;
  const bindings = ports.filter(
    ({ port, protocol, publicPort }) =>
      port === wanted.port && protocol === wanted.protocol && publicPort !== undefined,
  );
  if (bindings.length === 0) {
    const others = ports
      .filter(({ publicPort }) => publicPort !== undefined)
      .map(({ port, protocol }) => `${port}/${protocol}`);
    return fault(
      `port ${name} is not published; published are ${listOf([...new Set(others)])}`,
      'publish it (docker run -p), or take members: network',
    );
  }
  const kept = bindings.filter(
    ({ publicIp = '' }) => ipaddr.isValid(publicIp) && ipaddr.parse(publicIp).range() !== 'loopback',
  );
  if (kept.length === 0)
    return fault(`port ${name} is published for the host itself alone`, 'publish it on an address of the host');
  return onAddress(kept, name, hostAddress);
}

/** An address that the host has of its own goes before all of its addresses. */
function onAddress(bindings: readonly ContainerPort[], name: string, hostAddress: string | undefined): Member {
  const isAny = ({ publicIp = '' }: ContainerPort): boolean => ipaddr.parse(publicIp).range() === 'unspecified';
  const own = bindings
    .filter((binding) => !isAny(binding))
    .map(({ publicIp = '', publicPort = 0 }) => ({ publicIp, publicPort }));
  const [first] = own.sort((a, b) => (a.publicIp < b.publicIp ? -1 : 1));
  if (first !== undefined) return endpoint(first.publicIp, first.publicPort);
  if (hostAddress === undefined) {
    return fault(
      `port ${name} is published on all addresses of the host, of which none is known`,
      'set hostAddress of the source',
    );
  }
  const family = hostAddress.includes(':');
  const same = bindings.find(({ publicIp = '' }) => publicIp.includes(':') === family) ?? bindings[0];
  return endpoint(hostAddress, same?.publicPort ?? 0);
}

function endpoint(ip: string, port: number): Member {
  return { member: ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}` };
}

function fault(found: string, remedy: string): Member {
  return { fault: { found, remedy, isNoCell: true } };
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
