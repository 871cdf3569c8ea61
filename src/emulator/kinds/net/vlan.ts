import { exclusive, inUse } from '../../errors/mcp.ts';
import { fieldFor } from '../fields/from-defaults.ts';
import { flags } from '../fields/flags.ts';
import { integer, readOnly, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** The interfaces of a VLAN. */
export const vlanInterfaceKind = defineKind({
  path: 'net/vlan/interfaces',
  type: 'VLAN member',
  inline: 'interfaces',
  naming: 'flat',
  fields: [
    text('appService'),
    word('tagMode', ['none', 'service', 'customer', 'double']),
    flags(['tagged', 'untagged'], { default: 'untagged' }),
  ],
});

/** VLANs (fact sheet 8.12). `tag` counts down from 4094 when it is not given. */
export const vlanKind = defineKind({
  path: 'net/vlan',
  type: 'VLAN',
  fields: [
    text('appService'),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    word('cmpHash', ['default', 'dst-ip', 'src-ip']),
    word('dagRoundRobin', ['disabled', 'enabled']),
    word('dagTunnel', ['outer', 'inner'], { since: '12.1' }),
    text('description'),
    word('failsafe', ['disabled', 'enabled']),
    text('failsafeAction', { default: 'failover-restart-tm' }),
    integer('failsafeTimeout', 90),
    readOnly('ifIndex', undefined),
    text('learning', { default: 'enable-forward' }),
    integer('mtu', 1500, { min: 576, max: 9198 }),
    fieldFor('sflow', { pollInterval: 0, pollIntervalGlobal: 'yes', samplingRate: 0, samplingRateGlobal: 'yes' }),
    word('sourceChecking', ['disabled', 'enabled']),
    integer('tag', undefined, { min: 1, max: 4094 }),
  ],
  subs: [vlanInterfaceKind],
  hooks: {
    prepare: ({ kind, values, before, given }, session) => {
      if (before === undefined) {
        values['ifIndex'] = 64 + session.nextSerial() * 16;
        const used = new Set([...session.store.collection(kind).list()].map((vlan) => vlan.values['tag']));
        let tag = 4094;
        while (used.has(tag)) {
          tag -= 1;
        }
        values['tag'] ??= tag;
      }
      if (given.has('tagged') && given.has('untagged')) {
        throw exclusive('tagged', 'untagged');
      }
    },
    inUse: (vlan, by) =>
      inUse(
        { type: 'VLAN', path: vlan.fullPath },
        { type: by.kind.path === 'net/self' ? 'self IP' : by.kind.type, path: by.fullPath },
      ),
  },
});
