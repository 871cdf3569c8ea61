import { z } from 'zod';
import { parseInterface } from '../ir/network.ts';
import { hasExactlyOne, rule } from './exactly-one.ts';
import { fullPath, ipAddress } from './scalars.ts';

const interfaceAddress = z
  .string()
  .refine((text) => parseInterface(text) !== undefined, { error: 'address with a prefix length' })
  .meta({
    id: 'interfaceAddress',
    description: 'an address with the length of its network, such as 10.244.20.60/16',
  });

interface Given {
  readonly localAddress?: string | undefined;
  readonly selfIp?: string | undefined;
  readonly ipv6?: object | undefined;
}

/** Whether an end stands on two feet of one family: flannel has a VXLAN of its own for each. */
function isOfOneFamily({ localAddress, selfIp }: Given): boolean {
  return localAddress === undefined || selfIp === undefined || isV6(localAddress) === isV6(selfIp);
}

function isV6(address: string): boolean {
  return address.includes(':');
}

const ONE_FAMILY = rule('localAddress and selfIp of one family');

const end = {
  localAddress: ipAddress.describe('The address of the device on the network of the nodes; flannel’s public-ip of it.'),
  selfIp: interfaceAddress.describe(
    'An address for the device out of its own subnet, with the length of the whole pod network: 10.244.20.60/16.',
  ),
};

const ipv6 = z
  .strictObject({
    localAddress: ipAddress.describe('The IPv6 address of the device on the network of the nodes; its public-ipv6.'),
    selfIp: interfaceAddress.describe('An IPv6 address out of its own subnet: fd00:244:20::60/48.'),
  })
  .refine(({ localAddress, selfIp }) => isV6(localAddress) && isV6(selfIp), rule('IPv6 addresses'))
  .describe('Beside IPv4, in a dual-stack network: flannel has a second VXLAN for IPv6.');

const unit = { ...end, ipv6: ipv6.optional() };

/** Whether the second end is of another family than the first. */
function isSecondFamily({ localAddress, ipv6: second }: Given): boolean {
  return second === undefined || (localAddress !== undefined && !isV6(localAddress));
}

const SECOND_FAMILY = rule('ipv6 beside a localAddress of IPv4, and not in its place');

/** The VXLAN of flannel as a device joins it. */
export const vxlanSchema = z
  .strictObject({
    localAddress: unit.localAddress.optional(),
    selfIp: unit.selfIp.optional(),
    ipv6: unit.ipv6,
    perTarget: z
      .record(z.string(), z.strictObject(unit).refine(isOfOneFamily, ONE_FAMILY).refine(isSecondFamily, SECOND_FAMILY))
      .optional()
      .describe('For several devices: localAddress, selfIp and ipv6 by the name of the target.'),
    floating: z
      .strictObject({
        address: interfaceAddress.describe('A second self IP, which moves with the traffic group.'),
        ipv6Address: interfaceAddress.optional().describe('The same for IPv6, in a dual-stack network.'),
        trafficGroup: fullPath.default('/Common/traffic-group-1').describe('Its traffic group.'),
      })
      .optional()
      .describe('For a pair.'),
    vni: z.int().min(1).max(16_777_215).optional().describe('Default: what flannel’s configuration says, else 1.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('UDP port. Default: what flannel’s configuration says, else 8472.'),
    tunnelName: z
      .string()
      .max(200)
      .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/)
      .optional()
      .describe('the name of the tunnel, such as fl-vxlan; default: NAME-OF-THE-SOURCE_flannel'),
    pods: z
      .enum(['arp', 'routes'])
      .default('arp')
      .describe(
        'arp = one entry (ARP, of IPv6 a neighbour) for each pod that is a member; routes = a route and one entry for each node.',
      ),
  })
  .refine(
    (value) => hasExactlyOne(value, ['localAddress', 'perTarget']),
    rule('exactly one of localAddress, perTarget'),
  )
  .refine(
    (value) => (value.localAddress === undefined) === (value.selfIp === undefined),
    rule('localAddress and selfIp together'),
  )
  .refine((value) => isOfOneFamily(value), ONE_FAMILY)
  .refine((value) => isSecondFamily(value), SECOND_FAMILY)
  .refine(
    ({ floating, ...value }) =>
      floating?.ipv6Address === undefined ||
      Object.values(value.perTarget ?? { value }).every(({ ipv6: second }) => second !== undefined),
    rule('ipv6 beside floating.ipv6Address'),
  )
  .describe('The VXLAN of flannel, which the device joins as one more machine.');
