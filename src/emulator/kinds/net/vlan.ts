import { mcpError } from '../../errors/device-error.ts';
import { inUse } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { fieldFor } from '../fields/from-defaults.ts';
import { appService } from '../fields/app-service.ts';
import { integer, readOnly, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { addFdb, dropFdb, fdbVlanKind } from './fdb.ts';
import { joinRouteDomain, leaveRouteDomain } from './route-domains.ts';
import { vlanInterfaceKind } from './vlan-interfaces.ts';

function usedTags(kind: ConfigObject['kind'], session: Session, besides: string): Set<unknown> {
  const others = [...session.store.collection(kind).list()].filter((vlan) => vlan.fullPath !== besides);
  return new Set(others.map((vlan) => vlan.values['tag']));
}

function prepare({ kind, values, before, identity }: Draft, session: Session): void {
  const used = usedTags(kind, session, identity.fullPath);
  if (before === undefined) {
    values['ifIndex'] = 64 + session.nextSerial() * 16;
    let tag = 4094;
    while (used.has(tag)) {
      tag -= 1;
    }
    values['tag'] ??= tag;
  } else {
    values['tag'] ??= before.values['tag'];
  }
  if (used.has(values['tag'])) {
    throw mcpError(`01070257:3: Requested VLAN tag ${String(values['tag'])} is already in use by another object`);
  }
}

/**
 * VLANs (fact sheet 8.12). `tag` counts down from 4094 when it is not given. A new one is in the default route domain of
 * its partition, and has an entry in `net/fdb/vlan`. `01070257` has no recording (K).
 */
export const vlanKind = defineKind({
  path: 'net/vlan',
  type: 'VLAN',
  fields: [
    appService(),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    word('cmpHash', ['default', 'dst-ip', 'src-ip']),
    integer('customerTag', undefined, { min: 1, max: 4094 }),
    word('dagRoundRobin', ['disabled', 'enabled']),
    word('dagTunnel', ['outer', 'inner'], { since: '12.1' }),
    text('description'),
    word('failsafe', ['disabled', 'enabled']),
    text('failsafeAction', { default: 'failover-restart-tm' }),
    integer('failsafeTimeout', 90),
    word('fwdMode', ['l3', 'virtual-wire'], { since: '13.1' }),
    toggle('hardwareSyncookie', 'disabled', { since: '13.1' }),
    readOnly('ifIndex', undefined),
    text('learning', { default: 'enable-forward' }),
    integer('mtu', 1500, { min: 576, max: 9198 }),
    fieldFor('sflow', { pollInterval: 0, pollIntervalGlobal: 'yes', samplingRate: 0, samplingRateGlobal: 'yes' }),
    word('sourceChecking', ['disabled', 'enabled']),
    integer('synFloodRateLimit', 1000, { since: '13.1' }),
    integer('syncacheThreshold', 6000, { since: '13.1' }),
    integer('tag', undefined, { min: 1, max: 4094 }),
  ],
  subs: [vlanInterfaceKind],
  hooks: {
    prepare,
    stored: (vlan, before, session) => {
      if (before === undefined) {
        joinRouteDomain(vlan, session);
        addFdb(fdbVlanKind, vlan, session);
      }
    },
    removed: (vlan, session) => {
      leaveRouteDomain(vlan.fullPath, session);
      dropFdb(fdbVlanKind, vlan, session);
    },
    inUse: (vlan, by) =>
      inUse({ type: vlan.kind.type, path: vlan.fullPath }, { type: by.kind.type, path: by.fullPath }),
  },
});
