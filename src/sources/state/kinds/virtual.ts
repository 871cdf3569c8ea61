import type { ProfileUse, SourceTranslation, VlanChoice } from '../../../ir/virtual.ts';
import type { VirtualServer } from '../../../ir/virtual.ts';
import type { Names } from '../forms/form.ts';
import type { KindForm } from './kind-form.ts';
import { printAddress } from '../../../ir/address.ts';
import { parseNetwork, printNetwork } from '../../../ir/network.ts';
import { inShort, list, optional, required, shape } from '../forms/compound.ts';
import { scalar } from '../forms/form.ts';
import {
  address,
  endpoint,
  flag,
  fullPathOf,
  homeOf,
  integer,
  oneOf,
  path,
  shortPath,
  text,
} from '../forms/scalars.ts';

const profileUse = inShort<ProfileUse>(
  shape<ProfileUse>('a mapping with path and context', {
    path: required(path()),
    context: required(oneOf('all', 'clientside', 'serverside')),
  }),
  {
    example: '/Common/http',
    parse: (given, names) => {
      const full = fullPathOf(given, names.partition);
      return full === undefined ? undefined : { path: full, context: 'all' };
    },
    print: ({ path: full, context }, names) => (context === 'all' ? shortPath(full, names.partition) : undefined),
  },
);

const translation = scalar<SourceTranslation>({
  expected: 'automap, none, or the full path of a SNAT pool',
  schema: { type: 'string' },
  parse: (value, names) => {
    if (value === 'none' || value === 'automap') return { type: value };
    const pool = fullPathOf(value, homeOf(undefined, names));
    return pool === undefined ? undefined : { type: 'snat', pool };
  },
  print: (value) => (value.type === 'snat' ? value.pool : value.type),
});

const clients = scalar<string>({
  expected: 'a network such as 10.0.0.0/8',
  schema: { type: 'string' },
  parse: (value) => {
    const network = typeof value === 'string' ? parseNetwork(value) : undefined;
    return network === undefined ? undefined : printNetwork(network);
  },
});

const vlans = shape<VlanChoice>('a mapping with mode and vlans', {
  mode: required(oneOf('only', 'except')),
  vlans: required(list(path())),
});

/** The virtual address of a destination, as it is named if nobody names it. */
function usualAddress({ destination }: VirtualServer, { partition }: Names): string {
  return `/${partition}/${printAddress(destination.address)}`;
}

/** `ltm virtual`. */
export const virtualForm: KindForm<'virtual'> = {
  title: 'VirtualServer',
  fields: {
    description: optional(text()),
    destination: required(endpoint),
    virtualAddress: optional(path('virtual-address')),
    source: optional(clients),
    ipProtocol: required(oneOf('tcp', 'udp', 'sctp', 'any')),
    pool: optional(path('pool')),
    profiles: required(list(profileUse)),
    persistence: optional(path()),
    fallbackPersistence: optional(path()),
    sourceAddressTranslation: optional(translation),
    rules: optional(list(path('irule'))),
    policies: optional(list(path('policy'))),
    vlans: optional(vlans),
    connectionLimit: optional(integer(0, 4_294_967_295)),
    enabled: optional(flag),
  },
  // What is read may lack it, whatever its type says.
  complete: (virtual, names) => ({
    ...virtual,
    virtualAddress: virtual.virtualAddress ?? usualAddress(virtual, names),
  }),
  abridge: ({ virtualAddress, ...rest }, names) =>
    virtualAddress === usualAddress({ virtualAddress, ...rest }, names) ? rest : { virtualAddress, ...rest },
  brings: ({ virtualAddress, destination }) => [
    { kind: 'virtual-address', path: virtualAddress, address: destination.address },
  ],
};

/** `ltm virtual-address`. */
export const virtualAddressForm: KindForm<'virtual-address'> = {
  title: 'VirtualAddress',
  fields: {
    description: optional(text()),
    address: required(address),
    arp: optional(oneOf('enabled', 'disabled')),
    icmpEcho: optional(oneOf<string>('enabled', 'disabled', 'selective')),
    routeAdvertisement: optional(oneOf<string>('disabled', 'selective', 'always', 'any', 'all', 'enabled')),
    trafficGroup: optional(path()),
  },
};
