import type { GtmPool, GtmPoolMember, RecordType } from '../../../ir/gtm-pool.ts';
import type { GtmServerAddress } from '../../../ir/gtm-server.ts';
import type { AddressType, WideIpPool } from '../../../ir/wideip.ts';
import type { FieldsOf } from '../forms/compound.ts';
import type { Form } from '../forms/form.ts';
import type { KindForm } from './kind-form.ts';
import { parseAddress } from '../../../ir/address.ts';
import { inShort, isMapping, list, optional, required, shape } from '../forms/compound.ts';
import { reject } from '../forms/form.ts';
import { endpoint, fullPathOf, homeOf, integer, path, plainAddress, shortPath, text } from '../forms/scalars.ts';
import { monitorRule } from './pool.ts';

/** `gtm datacenter`. */
export const gtmDatacenterForm: KindForm<'gtm-datacenter'> = {
  title: 'GtmDatacenter',
  fields: { description: optional(text()) },
};

const serverAddress = inShort<GtmServerAddress>(
  shape<GtmServerAddress>('a mapping with address', {
    address: required(plainAddress),
    device: optional(text('the name of a device')),
    translation: optional(plainAddress),
  }),
  {
    example: '192.0.2.1',
    parse: (given) => {
      const parsed = parseAddress(given);
      return parsed === undefined || parsed.routeDomain !== undefined ? undefined : { address: parsed.ip };
    },
    print: ({ address, device, translation }) =>
      device === undefined && translation === undefined ? address : undefined,
  },
);

/** `gtm server`. */
export const gtmServerForm: KindForm<'gtm-server'> = {
  title: 'GtmServer',
  fields: {
    description: optional(text()),
    datacenter: required(path('gtm-datacenter')),
    product: optional(text('a product such as bigip or generic-host')),
    addresses: required(list(serverAddress)),
  },
};

/** One virtual server of a `gtm server`; its name is `server:name`. */
export const gtmVirtualServerForm: KindForm<'gtm-virtual-server'> = {
  title: 'GtmVirtualServer',
  fields: {
    description: optional(text()),
    destination: required(endpoint),
    translation: optional(endpoint),
    monitor: optional(monitorRule),
  },
};

type Member = Omit<GtmPoolMember, 'origin'>;

function memberForm(type: RecordType): Form<Member> {
  const isHost = type === 'cname';
  const home = (names: Parameters<typeof homeOf>[1]): string => homeOf('gtm-virtual-server', names);
  return inShort<Member>(
    shape<Member>('a mapping with name and ratio', {
      name: required(isHost ? text('a domain name') : path('gtm-virtual-server')),
      ratio: optional(integer(0, 65_535)),
    }),
    {
      example: isHost ? 'www.example.com' : 'server:name',
      parse: (given, names) => {
        const name = isHost ? given : fullPathOf(given, home(names));
        return name === undefined || name === '' ? undefined : { name };
      },
      print: ({ name, ratio }, names) =>
        ratio === undefined ? (isHost ? name : shortPath(name, home(names))) : undefined,
    },
  );
}

/** `gtm pool` of a type. */
export function gtmPoolForm<T extends RecordType>(type: T): KindForm<`gtm-pool-${T}`> {
  const fields: FieldsOf<Omit<GtmPool<T>, 'kind' | 'path' | 'mark'>> = {
    description: optional(text()),
    loadBalancingMode: optional(text('a load balancing mode')),
    ttl: optional(integer(0, 4_294_967_295)),
    members: optional(list(memberForm(type))),
  };
  return { title: `GtmPool${type.toUpperCase()}`, fields } as unknown as KindForm<`gtm-pool-${T}`>;
}

const POOLS = 'a list of pools, each a name, or a mapping with path, order and ratio';

/** Pools of a wide IP: their order is that of the list, if they name none. */
function poolList(type: RecordType): Form<readonly WideIpPool[]> {
  const kind = `gtm-pool-${type}` as const;
  const whole = shape<WideIpPool>('a pool with path', {
    path: required(path(kind)),
    order: required(integer(0, 65_535)),
    ratio: optional(integer(0, 65_535)),
  });
  return {
    expected: POOLS,
    schema: { type: 'array', items: { anyOf: [{ type: 'string' }, { ...whole.schema, required: ['path'] }] } },
    read: (value, at, reading) => {
      if (!Array.isArray(value)) return reject(value, at, { reading, expected: POOLS });
      const read = value.map((item: unknown, order) =>
        whole.read(isMapping(item) ? { order, ...item } : { path: item, order }, [...at, order], reading),
      );
      const pools = read.filter((pool) => pool !== undefined);
      return pools.length === read.length ? pools : undefined;
    },
    print: (pools, names) =>
      pools.map((pool, index) => {
        const { order, ...rest } = whole.print(pool, names) as Readonly<Record<string, unknown>>;
        const short = order === index ? rest : { ...rest, order };
        return Object.keys(short).length === 1 ? rest['path'] : short;
      }),
  };
}

/** `gtm wideip` of a type. */
export function wideIpForm<T extends AddressType>(type: T): KindForm<`wideip-${T}`> {
  const fields = {
    description: optional(text()),
    poolLbMode: optional(text('a load balancing mode')),
    pools: optional(poolList(type)),
    cnamePools: optional(poolList('cname')),
  };
  return { title: `WideIp${type.toUpperCase()}`, fields } as unknown as KindForm<`wideip-${T}`>;
}
