import type { ProfileUse, SourceTranslation, VlanChoice } from '../../../ir/virtual.ts';
import type { VirtualServer } from '../../../ir/virtual.ts';
import type { Form, Names } from '../forms/form.ts';
import type { KindForm } from './kind-form.ts';
import { parseAddress, printAddress } from '../../../ir/address.ts';
import { nameOf } from '../../../ir/ref.ts';
import { parseNetwork, printNetwork } from '../../../ir/network.ts';
import { defaulted, inShort, list, optional, required, shape } from '../forms/compound.ts';
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
    context: defaulted(oneOf('all', 'clientside', 'serverside'), 'all'),
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

const vlanList = list(path());
const vlanChoice = shape<VlanChoice>('a mapping with mode and vlans', {
  mode: defaulted(oneOf('only', 'except'), 'only'),
  vlans: required(vlanList),
});

/** VLANs that a virtual server listens on: a list of them, or a mapping that says `mode: except`. */
const vlans: Form<VlanChoice> = {
  expected: 'a list of VLANs, or a mapping with mode (only or except) and vlans',
  schema: { anyOf: [vlanList.schema, vlanChoice.schema] },
  read: (value, at, reading) => {
    if (!Array.isArray(value)) return vlanChoice.read(value, at, reading);
    const read = vlanList.read(value, at, reading);
    return read === undefined ? undefined : { mode: 'only', vlans: read };
  },
  print: (choice, names) =>
    choice.mode === 'only' ? vlanList.print(choice.vlans, names) : vlanChoice.print(choice, names),
};

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
    ipProtocol: defaulted(oneOf('tcp', 'udp', 'sctp', 'any'), 'tcp'),
    pool: optional(path('pool')),
    profiles: optional(list(profileUse)),
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
  complete: (virtual, given) => ({
    ...virtual,
    virtualAddress: virtual.virtualAddress ?? usualAddress(virtual, given),
    profiles: virtual.profiles ?? given.profiles[virtual.ipProtocol === 'any' ? 'l4' : virtual.ipProtocol],
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
  byName: {
    fields: ['address'],
    read: (full) => {
      const named = parseAddress(nameOf(full));
      return named === undefined ? undefined : { address: named };
    },
  },
  fields: {
    description: optional(text()),
    address: required(address),
    arp: optional(oneOf('enabled', 'disabled')),
    icmpEcho: optional(oneOf<string>('enabled', 'disabled', 'selective')),
    routeAdvertisement: optional(oneOf<string>('disabled', 'selective', 'always', 'any', 'all', 'enabled')),
    trafficGroup: optional(path()),
  },
};
