import { integer, text, toggle, word } from '../fields/scalars.ts';
import { tunnelProfileKind } from './tunnel-profile.ts';

const checksums = [toggle('rxCsum'), toggle('txCsum')];

function port(initial: number): ReturnType<typeof integer> {
  return integer('port', initial, { max: 65_535 });
}

/** GRE tunnel profiles. No recording: names and defaults as in the tmsh reference, unchecked (K). */
export const greKind = tunnelProfileKind({
  name: 'gre',
  fields: [
    word('encapsulation', ['standard', 'nvgre']),
    word('floodingType', ['none', 'multipoint']),
    port(0),
    ...checksums,
  ],
  stock: [{ name: 'nvgre', values: { defaultsFrom: '/Common/gre', encapsulation: 'nvgre' } }],
});

/** VXLAN tunnel profiles (fact sheet 8.0, 8.12). */
export const vxlanKind = tunnelProfileKind({
  name: 'vxlan',
  fields: [
    word('encapsulationType', ['vxlan', 'vxlan-gpe'], { since: '12.1' }),
    word('floodingType', ['multicast', 'multipoint', 'none', 'replicator']),
    port(4789),
  ],
  stock: [
    {
      name: 'vxlan-gpe',
      values: { defaultsFrom: '/Common/vxlan', encapsulationType: 'vxlan-gpe', floodingType: 'multipoint', port: 4790 },
    },
    { name: 'vxlan-multipoint', values: { defaultsFrom: '/Common/vxlan', floodingType: 'multipoint' } },
    { name: 'vxlan-ovsdb', values: { defaultsFrom: '/Common/vxlan', floodingType: 'replicator' } },
  ],
});

/** Geneve tunnel profiles (K). */
export const geneveKind = tunnelProfileKind({
  name: 'geneve',
  fields: [word('floodingType', ['multicast', 'multipoint', 'none', 'replicator']), port(6081)],
});

function ipip(name: string, proto: string): { name: string; values: Record<string, unknown> } {
  return { name, values: { defaultsFrom: '/Common/ipip', proto } };
}

/** IP-in-IP tunnel profiles; the recorded tunnel uses `/Common/ipip` (values K). */
export const ipipKind = tunnelProfileKind({
  name: 'ipip',
  fields: [toggle('dsLite'), word('proto', ['IPv4', 'IPv6'])],
  stock: [
    { name: 'dslite', values: { defaultsFrom: '/Common/ipip', dsLite: 'enabled' } },
    ipip('ip4ip4', 'IPv4'),
    ipip('ip4ip6', 'IPv4'),
    ipip('ip6ip4', 'IPv6'),
    ipip('ip6ip6', 'IPv6'),
  ],
});

/** EtherIP tunnel profiles (K). */
export const etheripKind = tunnelProfileKind({ name: 'etherip' });

/** FEC tunnel profiles (K). */
export const fecKind = tunnelProfileKind({ name: 'fec', fields: [port(0)] });

/** IPsec tunnel profiles (K). */
export const ipsecKind = tunnelProfileKind({ name: 'ipsec', fields: [text('trafficSelector', { default: 'none' })] });

/** PPP tunnel profiles (K). */
export const pppKind = tunnelProfileKind({
  name: 'ppp',
  fields: [integer('lcpEchoFailure', 4), integer('lcpEchoInterval', 30), toggle('vj')],
});

/** The profile of the built-in tunnels of explicit proxies (fact sheet 8.0). */
export const tcpForwardKind = tunnelProfileKind({ name: 'tcp-forward' });

/** 6rd tunnel profiles (K). */
export const v6rdKind = tunnelProfileKind({
  name: 'v6rd',
  fields: [
    text('ipv4prefix', { default: 'any' }),
    integer('ipv4prefixlen', 0, { max: 32 }),
    text('v6rdprefix', { default: 'any6' }),
    integer('v6rdprefixlen', 64, { max: 128 }),
  ],
});

/** WCCP tunnel profiles (K). */
export const wccpKind = tunnelProfileKind({
  name: 'wccp',
  root: 'wccpgre',
  fields: [...checksums, integer('wccpVersion', 2, { min: 1, max: 2 })],
});

/** All kinds of tunnel profiles. */
export const tunnelProfileKinds = [
  etheripKind,
  fecKind,
  geneveKind,
  greKind,
  ipipKind,
  ipsecKind,
  pppKind,
  tcpForwardKind,
  v6rdKind,
  vxlanKind,
  wccpKind,
] as const;
