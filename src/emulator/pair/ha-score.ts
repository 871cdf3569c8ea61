import { pointingItems, type PointingItem } from '../kinds/fields/items.ts';
import { workingMembers } from '../kinds/net/trunk.ts';
import type { Device } from '../session/device.ts';
import { poolAvailability } from '../stats/availability.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { atLeast } from '../version/version.ts';

/** How many of the members of a thing are up. */
interface Share {
  readonly up: number;
  readonly of: number;
}

/** What a pool or a trunk adds: its weight by the share that is up, and nothing below its threshold. */
function part({ weight, minimumThreshold }: PointingItem, { up, of }: Share): number {
  return of === 0 || up < Number(minimumThreshold ?? 0) ? 0 : Math.floor((Number(weight) * up) / of);
}

function ofPools(group: ConfigObject, device: Device): number {
  return pointingItems(group.values['pools']).reduce((sum, item) => {
    const pool = device.store.lookup('ltm/pool', item.fullPath);
    const { usable, members } = pool === undefined ? { usable: 0, members: 0 } : poolAvailability(pool, device);
    return sum + part(item, { up: usable, of: members });
  }, 0);
}

function ofTrunks(group: ConfigObject, device: Device): number {
  return pointingItems(group.values['trunks']).reduce((sum, item) => {
    const trunk = device.store.lookup('net/trunk', item.fullPath);
    const { working, members } = trunk === undefined ? { working: 0, members: 0 } : workingMembers(trunk, device);
    return sum + part(item, { up: working, of: members });
  }, 0);
}

/** Whether the scores of HA groups decide who is active for a traffic group: by its method, before 13.0 by its HA group. */
function goesByScore(trafficGroup: ConfigObject, device: Device): boolean {
  return atLeast(device.version, '13.0')
    ? textOf(trafficGroup, 'failoverMethod') === 'ha-score'
    : textOf(trafficGroup, 'haGroup') !== undefined;
}

/**
 * The score of this device for a traffic group: what is up of the pools and trunks of the HA group that the traffic group
 * has here, and the bonus of the one that is active. Without an HA group, or with one that is disabled, 0. How shares are
 * rounded is K.
 */
function scoreOf(trafficGroup: ConfigObject, device: Device, active: boolean): number {
  const group = device.store.lookup('sys/ha-group', textOf(trafficGroup, 'haGroup') ?? '');
  if (group === undefined || group.values['enabled'] === 'disabled') {
    return 0;
  }
  const score = ofPools(group, device) + ofTrunks(group, device);
  // One that offers nothing is not kept active by its bonus.
  return score === 0 || !active ? score : score + Number(group.values['activeBonus'] ?? 10);
}

/** The scores of this device, by the traffic groups that go by score. */
export function scoresOf(
  trafficGroups: readonly ConfigObject[],
  device: Device,
  isActive: (trafficGroup: string) => boolean,
): Readonly<Record<string, number>> {
  const scored = trafficGroups.filter((group) => goesByScore(group, device));
  return Object.fromEntries(scored.map((group) => [group.fullPath, scoreOf(group, device, isActive(group.fullPath))]));
}
