import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { readWildcard } from '../kinds/fields/addresses.ts';
import { selfKind } from '../kinds/net/self.ts';
import { readStored, type Prefix } from '../kinds/net/prefix.ts';
import { tunnelKind } from '../kinds/net/tunnel.ts';
import { tunnelProfileClass } from '../kinds/net/tunnel-profile.ts';
import { vlanInterfaceKind } from '../kinds/net/vlan-interfaces.ts';
import { vlanKind } from '../kinds/net/vlan.ts';
import { fromCanonical } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';
import type { Announcement } from './announce.ts';
import { ip, type Command } from './command.ts';

/** An object of the configuration as the kernel is to have it. */
export interface KernelObject {
  /** `net/self /Common/internal`: one a key. */
  readonly key: string;
  /** Differs when the kernel's object has to be made anew; holds what it stands on. */
  readonly signature: string;
  readonly add: readonly Command[];
  readonly remove: readonly Command[];
  /** What is there already may stay, and is left when ours goes: an address that the machine has. */
  readonly sharesExisting?: boolean;
  /** An address that moves between units: neighbours are told when it comes. */
  readonly announcement?: Announcement;
  /** Why it cannot be applied, in words. */
  readonly problem?: string;
}

/** A device of the kernel that a VLAN or tunnel stands for. */
export interface Link {
  readonly dev: string;
  readonly signature: string;
}

/** An object that cannot be applied. */
export function unable(key: string, problem: string): KernelObject {
  return { key, signature: problem, add: [], remove: [], problem };
}

/** Key of an object in reports. */
export function keyOf({ kind, scope, fullPath }: ConfigObject): string {
  return scope === '' ? `${kind.path} ${fullPath}` : `${kind.path} ${scope} ${fullPath}`;
}

/** Names of devices are at most 15 bytes; a name that does not fit, or that is not in `/Common`, gets a hash. */
export function deviceName(fullPath: string): string {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  if (fullPath === `/Common/${name}` && /^[A-Za-z0-9][\w.\-]{0,14}$/v.test(name) && name !== 'lo') {
    return name;
  }
  const plain = name.replace(/[^A-Za-z0-9]/gv, '').slice(0, 7);
  return `${plain}-${createHash('sha1').update(fullPath).digest('hex').slice(0, 7)}`;
}

/** A hardware address that stays the same over restarts: locally administered, made of the box's and the tunnel's name. */
export function tunnelMac(hostname: string, fullPath: string): string {
  const digest = createHash('sha1').update(`${hostname} ${fullPath}`).digest();
  return ['02', ...[...digest.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

function vlanObject(
  vlan: ConfigObject,
  device: Device,
  interfaces: Readonly<Record<string, string>>,
): { readonly object: KernelObject; readonly link?: Link } {
  const key = keyOf(vlan);
  const given = interfaces[vlan.fullPath] ?? interfaces[vlan.name];
  const items = [...device.store.collection(vlanInterfaceKind, vlan.fullPath).list()];
  const item = items.find(({ name }) => interfaces[name] !== undefined);
  const below = given ?? (item === undefined ? undefined : interfaces[item.name]);
  if (below === undefined) {
    const named = items.length === 0 ? 'no interface' : `interface ${items.map(({ name }) => name).join(', ')}`;
    return { object: unable(key, `The VLAN has ${named}, which stands for no interface of this machine.`) };
  }
  if (given !== undefined || item?.values['tagged'] !== 'tagged') {
    const signature = `link ${below}`;
    const add = [ip('link', 'set', 'dev', below, 'up')];
    return { object: { key, signature, add, remove: [] }, link: { dev: below, signature } };
  }
  const dev = deviceName(vlan.fullPath);
  const tag = String(vlan.values['tag']);
  const signature = `vlan ${dev} ${below} ${tag}`;
  const add = [
    ip('link', 'add', 'link', below, 'name', dev, 'type', 'vlan', 'id', tag),
    ip('link', 'set', 'dev', dev, 'up'),
  ];
  return { object: { key, signature, add, remove: [ip('link', 'del', 'dev', dev)] }, link: { dev, signature } };
}

/** An address of a tunnel; undefined for `any` and `any6`. */
function addressIn(
  tunnel: ConfigObject,
  name: string,
): { readonly ip: string; readonly routeDomain: number } | undefined {
  const stored = textOf(tunnel, name);
  return stored === undefined || readWildcard(stored) !== undefined ? undefined : fromCanonical(stored);
}

/** The self IP with an address. */
export function selfWith(address: string, device: Device): ConfigObject | undefined {
  const found = device.store.first('self-address', `${address}%0`);
  return found?.kind.path === selfKind.path ? found : undefined;
}

function isMulticast(address: string): boolean {
  return ipaddr.parse(address).range() === 'multicast';
}

/** How a VXLAN finds where a frame goes: a group, one peer, or the records of its table alone. */
function floodingArgs(
  remote: string | undefined,
  flooding: unknown,
  underlay: string | undefined,
): readonly string[] | undefined {
  if (remote === undefined) {
    return ['nolearning'];
  }
  if (!isMulticast(remote)) {
    return flooding === 'none' ? ['remote', remote, 'nolearning'] : ['remote', remote];
  }
  return underlay === undefined ? undefined : ['group', remote, 'dev', underlay];
}

function vxlanProblem(tunnel: ConfigObject, profile: Readonly<Record<string, unknown>>): string | undefined {
  const local = addressIn(tunnel, 'localAddress');
  const remote = addressIn(tunnel, 'remoteAddress');
  if (local === undefined) {
    return 'The tunnel has no local address.';
  }
  const other = [local, ...(remote === undefined ? [] : [remote])].find(({ routeDomain }) => routeDomain !== 0);
  if (other !== undefined) {
    return `The tunnel is in route domain ${other.routeDomain}: only route domain 0 is applied.`;
  }
  return profile['encapsulationType'] === 'vxlan-gpe' ? 'VXLAN-GPE is not applied.' : undefined;
}

/** The commands that make a VXLAN device; `how` says where frames without a record go. */
function vxlanCommands(
  tunnel: ConfigObject,
  device: Device,
  { port, how }: { readonly port: number; readonly how: readonly string[] },
): readonly Command[] {
  const dev = deviceName(tunnel.fullPath);
  const mac = tunnelMac(device.hostname, tunnel.fullPath);
  const id = `${Number(tunnel.values['key'] ?? 0)}`;
  const local = addressIn(tunnel, 'localAddress')?.ip ?? '';
  const type = ['type', 'vxlan', 'id', id, 'local', local, 'dstport', `${port}`];
  const mtu = Number(tunnel.values['mtu'] ?? 0);
  return [
    ip('link', 'add', 'name', dev, 'address', mac, ...type, ...how),
    ...(mtu === 0 ? [] : [ip('link', 'set', 'dev', dev, 'mtu', `${mtu}`)]),
    ip('link', 'set', 'dev', dev, 'up'),
  ];
}

function tunnelObject(
  tunnel: ConfigObject,
  device: Device,
  underlayOf: (address: string) => string | undefined,
): { readonly object: KernelObject; readonly link?: Link } | undefined {
  const key = keyOf(tunnel);
  const profile = device.store.lookup(tunnelProfileClass, textOf(tunnel, 'profile') ?? '');
  const type = profile?.kind.path.slice('net/tunnels/'.length);
  if (profile === undefined || type === 'tcp-forward') {
    return undefined;
  }
  if (type !== 'vxlan') {
    return { object: unable(key, `Tunnels of profile ${type} are not applied.`) };
  }
  const settings = effectiveValues(profile, device.store);
  const problem = vxlanProblem(tunnel, settings);
  if (problem !== undefined) {
    return { object: unable(key, problem) };
  }
  const local = addressIn(tunnel, 'localAddress')?.ip ?? '';
  const how = floodingArgs(addressIn(tunnel, 'remoteAddress')?.ip, settings['floodingType'], underlayOf(local));
  if (how === undefined) {
    return { object: unable(key, `No self IP that is applied has the local address ${local} of the tunnel.`) };
  }
  const add = vxlanCommands(tunnel, device, { port: Number(settings['port'] ?? 4789), how });
  const dev = deviceName(tunnel.fullPath);
  const signature = add.map(({ args }) => args.join(' ')).join('; ');
  return { object: { key, signature, add, remove: [ip('link', 'del', 'dev', dev)] }, link: { dev, signature } };
}

/** VLANs and tunnels as devices of the kernel, with the device of each that has one. */
export function linkObjects(
  device: Device,
  interfaces: Readonly<Record<string, string>>,
): { readonly objects: readonly KernelObject[]; readonly links: ReadonlyMap<string, Link> } {
  const objects: KernelObject[] = [];
  const links = new Map<string, Link>();
  const keep = (owner: ConfigObject, made: ReturnType<typeof tunnelObject>): void => {
    if (made !== undefined) {
      objects.push(made.object);
    }
    if (made?.link !== undefined) {
      links.set(owner.fullPath, made.link);
    }
  };
  for (const vlan of device.store.collection(vlanKind).list()) {
    keep(vlan, vlanObject(vlan, device, interfaces));
  }
  const underlayOf = (address: string): string | undefined => {
    const self = selfWith(address, device);
    return self === undefined ? undefined : links.get(textOf(self, 'vlan') ?? '')?.dev;
  };
  for (const tunnel of device.store.collection(tunnelKind).list()) {
    keep(tunnel, tunnelObject(tunnel, device, underlayOf));
  }
  return { objects, links };
}

/** The address of a self IP. */
export function prefixOf(self: ConfigObject): Prefix {
  return readStored(textOf(self, 'address') ?? '');
}
