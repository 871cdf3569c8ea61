import { readWildcard } from '../kinds/fields/addresses.ts';
import { listenerKind } from '../kinds/gtm/topology.ts';
import { virtualAddressKind } from '../kinds/ltm-virtual-address.ts';
import { covers } from '../kinds/net/prefix.ts';
import { selfKind } from '../kinds/net/self.ts';
import { isLoopback } from '../dataplane/addresses.ts';
import { fromCanonical, isV6 } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { neighbourOf } from './announce.ts';
import { ip } from './command.ts';
import { keyOf, prefixOf, selfWith, unable, type KernelObject, type Link } from './links.ts';

/** The device that a network of a self IP is on. */
export interface Network {
  readonly dev: string;
  readonly signature: string;
  /** Whether an address is in it. */
  readonly has: (address: string) => boolean;
  readonly length: number;
}

const localOnly = '/Common/traffic-group-local-only';

/** An address as it moves between the units of a pair, in its network; as it is where there is nobody to be told. */
function moving(
  object: KernelObject,
  { address, length, dev }: { readonly address: string; readonly length: number; readonly dev: string },
  device: Device,
): KernelObject {
  const neighbour = device.pair === undefined ? undefined : neighbourOf(address, length);
  return neighbour === undefined ? object : { ...object, announcement: { address, dev, neighbour } };
}

/** Whether a floating address is this unit's now; of a pair, the active one has it. */
function isHere(owner: ConfigObject, initial: string, device: Device): boolean {
  const group = textOf(owner, 'trafficGroup') ?? initial;
  return group === localOnly || device.pair?.isActive(group) !== false;
}

/** Only route domain 0 is the kernel's. */
export function otherDomain(key: string, routeDomain: number): KernelObject {
  return unable(key, `It is in route domain ${routeDomain}: only route domain 0 is applied.`);
}

function addressObject(key: string, cidr: string, link: Link): KernelObject {
  const v6 = isV6(cidr);
  return {
    key,
    signature: `${cidr} on ${link.signature}`,
    add: [ip('address', 'add', cidr, 'dev', link.dev, ...(v6 ? ['nodad'] : []))],
    remove: [ip('address', 'del', cidr, 'dev', link.dev)],
    sharesExisting: true,
  };
}

/** Self IPs as addresses of the kernel, with the networks that they are in. */
export function selfObjects(
  device: Device,
  links: ReadonlyMap<string, Link>,
): { readonly objects: readonly KernelObject[]; readonly networks: readonly Network[] } {
  const objects: KernelObject[] = [];
  const networks: Network[] = [];
  const selves = [...device.store.collection(selfKind).list()].filter((self) => isHere(self, localOnly, device));
  for (const self of selves) {
    const prefix = prefixOf(self);
    const vlan = textOf(self, 'vlan') ?? '';
    const link = links.get(vlan);
    if (prefix.routeDomain !== 0) {
      objects.push(otherDomain(keyOf(self), prefix.routeDomain));
    } else if (link === undefined) {
      objects.push(unable(keyOf(self), `Its VLAN or tunnel ${vlan} is not applied.`));
    } else {
      const object = addressObject(keyOf(self), `${prefix.ip}/${prefix.length}`, link);
      const { signature } = object;
      const place = { address: prefix.ip, length: prefix.length, dev: link.dev };
      objects.push((textOf(self, 'trafficGroup') ?? localOnly) === localOnly ? object : moving(object, place, device));
      networks.push({ dev: link.dev, signature, length: prefix.length, has: (address) => covers(prefix, address) });
    }
  }
  return { objects, networks };
}

/** The nearest network that an address is in. */
export function networkWith(address: string, networks: readonly Network[]): Network | undefined {
  return networks
    .filter((network) => network.has(address))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

const loopback: Link = { dev: 'lo', signature: 'lo' };

function hostObject(owner: ConfigObject, networks: readonly Network[], device: Device): KernelObject | undefined {
  const stored = textOf(owner, 'address');
  if (stored === undefined || readWildcard(stored) !== undefined) {
    return undefined;
  }
  const { ip: host, routeDomain } = fromCanonical(stored);
  if (routeDomain !== 0) {
    return otherDomain(keyOf(owner), routeDomain);
  }
  if (isLoopback(host) || selfWith(host, device) !== undefined) {
    return undefined;
  }
  const network = networkWith(host, networks);
  const object = addressObject(keyOf(owner), `${host}/${isV6(host) ? 128 : 32}`, network ?? loopback);
  return network === undefined ? object : moving(object, { address: host, ...network }, device);
}

/** Addresses of virtual servers and DNS listeners: on the device of their network, else on `lo`. */
export function serviceObjects(device: Device, networks: readonly Network[]): readonly KernelObject[] {
  const addresses = [...device.store.collection(virtualAddressKind).list()].filter(
    (address) => textOf(address, 'enabled') !== 'no' && isHere(address, '/Common/traffic-group-1', device),
  );
  const listeners = [...device.store.collection(listenerKind).list()].filter(
    (listener) => listener.values['enabled'] !== 'disabled',
  );
  return [...addresses, ...listeners]
    .map((owner) => hostObject(owner, networks, device))
    .filter((object) => object !== undefined);
}
