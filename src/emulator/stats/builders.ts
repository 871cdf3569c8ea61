import { EMPTY_QUEUE } from '../dataplane/pool-queue.ts';
import { printDestination } from '../kinds/ltm-virtual-destination.ts';
import { printStored } from '../kinds/fields/addresses.ts';
import { nodePathOf } from '../kinds/member-node.ts';
import { workingMembers } from '../kinds/net/trunk.ts';
import { memberHealth, memberMonitor } from '../kinds/member-status.ts';
import { nodeHealth } from '../kinds/node-status.ts';
import { parseEndpoint } from '../names/service.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import {
  memberAvailability,
  nodeAvailability,
  poolAvailability,
  statusStats,
  virtualAvailability,
} from './availability.ts';
import { clientside, description, queue, serverside, sum, value, zeros, type Stats } from './entries.ts';
import { gtmMemberStats, gtmPoolStats, wideipStats } from './gtm-stats.ts';
import { zeroCounters, type StatsSource } from './stats-source.ts';
import { profileBuilders } from './profile-stats.ts';
import { policyStats } from './policy-stats.ts';

/** Makes the statistics of an object. */
export type Builder = (object: ConfigObject, device: Device, source: StatsSource) => Stats;

function virtualStats(virtual: ConfigObject, device: Device, source: StatsSource): Stats {
  const counters = source.virtual(virtual.fullPath);
  const printed = printDestination(virtual.values['destination'], 0, device);
  return {
    ...clientside('clientside', counters),
    cmpEnableMode: description('all-cpus'),
    cmpEnabled: description('enabled'),
    ...zeros('', ['csMaxConnDur', 'csMeanConnDur', 'csMinConnDur']),
    destination: description(printed.slice(printed.lastIndexOf('/') + 1)),
    ...clientside('ephemeral', zeroCounters),
    ...zeros('', ['fiveMinAvgUsageRatio', 'fiveSecAvgUsageRatio']),
    tmName: description(virtual.fullPath),
    ...zeros('', ['oneMinAvgUsageRatio']),
    ...statusStats(virtualAvailability(virtual, device)),
    syncookieStatus: description('not-activated'),
    ...zeros('syncookie.', [
      'accepts',
      'hwAccepts',
      'hwSyncookies',
      'hwsyncookieInstance',
      'rejects',
      'swsyncookieInstance',
      'syncacheCurr',
      'syncacheOver',
      'syncookies',
    ]),
    totRequests: value(counters.totRequests),
  };
}

function poolStats(pool: ConfigObject, device: Device, source: StatsSource): Stats {
  const counters = source.pool(pool.fullPath);
  const availability = poolAvailability(pool, device);
  return {
    activeMemberCnt: value(availability.up),
    availableMemberCnt: value(availability.usable),
    ...queue('connqAll.', source.queue(pool.fullPath)),
    ...queue('connq.', source.queue(pool.fullPath)),
    ...zeros('', ['curPriogrp', 'curSessions', 'highestPriogrp', 'lowestPriogrp']),
    memberCnt: value(availability.members),
    minActiveMembers: value(Number(pool.values['minActiveMembers'] ?? 0)),
    monitorRule: description(textOf(pool, 'monitor')?.trim() ?? 'none'),
    tmName: description(pool.fullPath),
    ...serverside(counters),
    ...statusStats(availability),
    totRequests: value(counters.totRequests),
  };
}

function memberStats(member: ConfigObject, device: Device, source: StatsSource): Stats {
  const counters = source.member(member.scope, member.fullPath);
  const monitor = memberMonitor(member, device);
  const rule = monitor === undefined ? 'none' : `${monitor.rule.trim()}${monitor.own ? '' : ' (pool monitor)'}`;
  const forced = textOf(member, 'state') === 'user-down';
  return {
    addr: description(printStored(textOf(member, 'address') ?? 'any6', 0)),
    ...queue('connq.', EMPTY_QUEUE),
    ...zeros('', ['curSessions']),
    monitorRule: description(rule),
    monitorStatus: description(forced ? 'forced-down' : memberHealth(member, device)),
    nodeName: description(nodePathOf(member)),
    poolName: description(member.scope),
    port: value(parseEndpoint(member.name)?.port ?? 0),
    ...serverside(counters),
    sessionStatus: description(textOf(member, 'session') === 'user-disabled' ? 'user-disabled' : 'enabled'),
    ...statusStats(memberAvailability(member, device)),
    totRequests: value(counters.totRequests),
  };
}

function nodeStats(node: ConfigObject, device: Device, source: StatsSource): Stats {
  const members = [...device.store.find('ref:ltm/node', node.fullPath)];
  const counters = sum(
    members.map((member) => source.member(member.scope, member.fullPath)),
    zeroCounters,
  );
  const disabled = textOf(node, 'session') === 'user-disabled' || textOf(node, 'state') === 'user-down';
  const enabled = disabled ? 'disabled' : 'enabled';
  return {
    addr: description(printStored(textOf(node, 'address') ?? 'any6', 0)),
    ...zeros('', ['curSessions']),
    monitorRule: description(textOf(node, 'monitor')?.trim() ?? 'none'),
    monitorStatus: description(textOf(node, 'state') === 'user-down' ? 'forced-down' : nodeHealth(node, device)),
    tmName: description(node.fullPath),
    ...serverside(counters),
    sessionStatus: description(enabled),
    ...statusStats({ ...nodeAvailability(node, device), enabled }),
    totRequests: value(counters.totRequests),
  };
}

function virtualAddressStats(address: ConfigObject, device: Device, source: StatsSource): Stats {
  const virtuals = [...device.store.find('ref:ltm/virtual-address', address.fullPath)];
  const counters = sum(
    virtuals.map((virtual) => source.virtual(virtual.fullPath)),
    zeroCounters,
  );
  const states = virtuals.map((virtual) => virtualAvailability(virtual, device).state);
  const state = states.includes('available')
    ? 'available'
    : states.length > 0 && states.every((each) => each === 'offline')
      ? 'offline'
      : 'unknown';
  const enabled = textOf(address, 'enabled') === 'no' ? 'disabled' : 'enabled';
  const reason =
    state === 'available' ? 'The virtual address is available' : 'The children virtual server(s) are not available';
  return {
    addr: description(printStored(textOf(address, 'address') ?? 'any', 0)),
    ...clientside('clientside', counters),
    ...clientside('ephemeral', zeroCounters),
    tmName: description(address.fullPath),
    ...statusStats({ state, enabled, reason }),
    totRequests: value(counters.totRequests),
  };
}

const frames = ['bitsIn', 'bitsOut', 'collisions', 'dropsAll', 'errorsAll', 'mcastIn', 'mcastOut', 'pktsIn', 'pktsOut'];

/** Names and state as recorded on 14.1 (`tmName` and further counters K). Frames are not seen: they count as none. */
function interfaceStats(port: ConfigObject): Stats {
  const isUp = textOf(port, 'mediaActive') !== undefined;
  return {
    ...zeros('counters.', frames),
    macAddress: description(textOf(port, 'macAddress') ?? 'none'),
    mediaActive: description(textOf(port, 'mediaActive') ?? 'none'),
    status: description(textOf(port, 'enabled') === 'disabled' ? 'disabled' : isUp ? 'up' : 'down'),
    tmName: description(port.fullPath),
  };
}

/** As f5_modules reads them (C); frames are not seen here either. */
function trunkStats(trunk: ConfigObject, device: Device): Stats {
  const isUp = workingMembers(trunk, device).working > 0;
  return {
    ...zeros('counters.', frames),
    macAddress: description(textOf(trunk, 'macAddress') ?? 'none'),
    ...zeros('', ['operBw']),
    status: description(isUp ? 'up' : 'down'),
    tmName: description(trunk.fullPath),
  };
}

/** What a VLAN is by its number and its hardware address, as f5_modules reads it (C). */
function vlanStats(vlan: ConfigObject): Stats {
  return {
    id: value(Number(vlan.values['tag'] ?? 0)),
    macTrue: description('02:00:00:00:00:01'),
    tmName: description(vlan.fullPath),
  };
}

const recordTypes = ['a', 'aaaa', 'cname', 'mx', 'naptr', 'srv'] as const;

/** Statistics by the path of the collection. */
export const builders: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['ltm/virtual', virtualStats],
  ['ltm/policy', policyStats],
  ['ltm/pool', poolStats],
  ['ltm/pool/members', memberStats],
  ['ltm/node', nodeStats],
  ['ltm/virtual-address', virtualAddressStats],
  ['net/interface', interfaceStats],
  ...profileBuilders,
  ['net/trunk', trunkStats],
  ['net/vlan', vlanStats],
  ...recordTypes.flatMap((type): [string, Builder][] => [
    [`gtm/wideip/${type}`, wideipStats],
    [`gtm/pool/${type}`, gtmPoolStats],
    [`gtm/pool/${type}/members`, gtmMemberStats],
  ]),
]);
