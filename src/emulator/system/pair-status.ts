import { ownGroups, selfName, trafficGroups, trustGroup } from '../pair/members.ts';
import type { Device } from '../session/device.ts';
import { failoverState } from './failover.ts';
import type { SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;

/** What a page with a list of details says. */
interface Content {
  readonly color: string;
  readonly mode?: string;
  readonly status: string;
  readonly summary: string;
  readonly details: readonly string[];
}

/** Pages with a list of details, whose keys are spelt in camel case (fact sheet 8.16). */
function detailed(name: string, camel: string, page: { readonly content: Content; readonly device: Device }): Json {
  const { color, mode, status, summary, details } = page.content;
  const base = `https://localhost/mgmt/tm/cm/${camel}/0/details`;
  const lines = details.map((text, index) => [
    `${base}/${index}`,
    { nestedStats: { entries: { details: { description: text } } } },
  ]);
  return {
    kind: `tm:cm:${name}:${name}stats`,
    selfLink: `https://localhost/mgmt/tm/cm/${name}?ver=${page.device.version.full}`,
    entries: {
      [`https://localhost/mgmt/tm/cm/${name}/0`]: {
        nestedStats: {
          entries: {
            color: { description: color },
            [base]: { nestedStats: { entries: Object.fromEntries(lines) as Json } },
            ...(mode === undefined ? {} : { mode: { description: mode } }),
            status: { description: status },
            summary: { description: summary },
          },
        },
      },
    },
  };
}

function bare(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** How far the devices of a group agree. */
interface GroupStatus {
  readonly group: string;
  /** The higher, the worse; the page shows the worst. */
  readonly weight: number;
  readonly color: string;
  readonly status: string;
  readonly summary: string;
  readonly advice?: string;
}

const inSync: Omit<GroupStatus, 'group'> = {
  weight: 0,
  color: 'green',
  status: 'In Sync',
  summary: 'All devices in the device group are in sync',
};

function pendingStatus(group: string, { pair }: Device): GroupStatus {
  const comparison = pair?.comparison(group);
  const newest = bare(pair?.nameOf(comparison?.newest.origin ?? '') ?? '');
  const advice = `Synchronize ${newest} to group ${bare(group)}`;
  if (comparison?.state === 'conflict') {
    const [one = '', other = newest] = comparison.changed.map(bare);
    const summary = `There is a possible change conflict between ${one} and ${other}.`;
    return { group, weight: 3, color: 'red', status: 'Changes Pending', summary, advice };
  }
  if (comparison?.changed.length === 0) {
    const summary = 'Some devices in the device group do not have the latest configuration';
    return { group, weight: 2, color: 'yellow', status: 'Not All Devices Synced', summary, advice };
  }
  const summary = `${newest} has changes that other devices in the device group do not have`;
  return { group, weight: 2, color: 'yellow', status: 'Changes Pending', summary, advice };
}

function groupStatus(group: string, device: Device): GroupStatus {
  const problem = device.pair?.problemOf(group);
  if (problem !== undefined) {
    return {
      group,
      weight: 4,
      color: 'red',
      status: 'Sync Failure',
      summary: `A validation error occurred: ${problem}`,
    };
  }
  switch (device.pair?.comparison(group).state) {
    case 'initial': {
      const summary = 'The device group is awaiting the initial config sync';
      const advice = `Synchronize one of the devices to group ${bare(group)}`;
      return { group, weight: 1, color: 'blue', status: 'Awaiting Initial Sync', summary, advice };
    }
    case 'pending':
    case 'conflict':
      return pendingStatus(group, device);
    default:
      return { group, ...inSync };
  }
}

function others(device: Device): readonly string[] {
  const kind = device.kinds.byPath.get('cm/device');
  const all = kind === undefined ? [] : [...device.store.collection(kind).list()];
  return all.map(({ fullPath }) => fullPath).filter((path) => path !== selfName(device));
}

function syncContent(device: Device): Content {
  const names = others(device);
  if (names.length === 0) {
    const details = ['Optional action: Add a device to the trust domain'];
    return { color: 'green', mode: 'standalone', status: 'Standalone', summary: ' ', details };
  }
  const groups = ownGroups(device).map(({ fullPath }) => fullPath);
  const all = [...groups, trustGroup].map((group) => groupStatus(group, device));
  const lost = names.filter((name) => device.pair?.isConnected(name) !== true);
  const worst = all.reduce((a, b) => (b.weight > a.weight ? b : a));
  const connected = names.map((name) => `${bare(name)}: ${lost.includes(name) ? 'disconnected' : 'connected'}`);
  const lines = all.flatMap(({ group, status, summary, advice }) => {
    const line = `${bare(group)} (${status}): ${summary}`;
    return advice === undefined ? [line] : [line, ` - Recommended action: ${advice}`];
  });
  const details = [...connected, ...lines];
  const mode = groups.length === 0 ? 'trust-only' : 'high-availability';
  if (lost.length > 0 && worst.weight < 4) {
    const summary = `Not connected to ${lost.map(bare).join(', ')}`;
    return { color: 'red', mode, status: 'Disconnected', summary, details };
  }
  const { color, status, summary } = worst;
  return { color, mode, status, summary, details };
}

/**
 * `/cm/sync-status`. Keys, states and the form of the details are recorded or quoted in public (fact sheet 8.16,
 * recording `cm_sync-status-14.1.4.6`); the words of most summaries are not (K).
 */
export const syncStatusResource: SystemResource = {
  path: 'cm/sync-status',
  get: (device) => detailed('sync-status', 'syncStatus', { content: syncContent(device), device }),
};

function failoverContent(device: Device): Content {
  const state = failoverState(device);
  const groups = trafficGroups(device).map(({ fullPath }) => fullPath);
  const active = groups.filter((path) => device.pair?.isActive(path) ?? true);
  const idle = state === 'active' ? 'standby' : state;
  const details = groups.map((path) => `${active.includes(path) ? 'active' : idle} for ${path}`);
  const summary =
    state === 'standby' ? `${groups.length}/${groups.length} standby` : `${active.length}/${groups.length} active`;
  const status = state.toUpperCase().replaceAll('-', ' ');
  return { color: state === 'active' ? 'green' : 'gray', status, summary, details };
}

/** `/cm/failover-status` (recording `cm_failover-status-11.6.0`; of a standby device K). */
export const failoverStatusResource: SystemResource = {
  path: 'cm/failover-status',
  get: (device) => detailed('failover-status', 'failoverStatus', { content: failoverContent(device), device }),
};
