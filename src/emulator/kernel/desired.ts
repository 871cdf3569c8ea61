import type { Device } from '../session/device.ts';
import { selfObjects, serviceObjects } from './addresses.ts';
import { linkObjects, type KernelObject } from './links.ts';
import { fdbObjects, neighbourObjects, routeObjects } from './tables.ts';

/**
 * The configuration as the kernel is to have it, in the order in which it is made: devices, addresses, tables. `interfaces`
 * names the interface of this machine that an interface (`1.1`) or a VLAN stands for.
 */
export function kernelObjects(device: Device, interfaces: Readonly<Record<string, string>>): readonly KernelObject[] {
  const { objects: devices, links } = linkObjects(device, interfaces);
  const { objects: selves, networks } = selfObjects(device, links);
  return [
    ...devices,
    ...selves,
    ...serviceObjects(device, networks),
    ...routeObjects(device, links, networks),
    ...neighbourObjects(device, networks),
    ...fdbObjects(device, links),
  ];
}
