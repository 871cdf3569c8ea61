import { failoverGroup, membersOf, selfName } from '../pair/members.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { description, type Stats } from './entries.ts';

/** How each device that a traffic group can be on stands to it, by full path of the device (names of public clients, K). */
export function* trafficGroupStats(group: ConfigObject, device: Device): Generator<readonly [string, Stats]> {
  const shared = failoverGroup(device);
  for (const name of shared === undefined ? [selfName(device)] : membersOf(shared.fullPath, device)) {
    const { active, next } = device.pair?.standing(group.fullPath, name) ?? { active: true, next: false };
    const state = device.pair?.failoverState(name) ?? 'active';
    yield [
      name,
      {
        deviceName: description(name),
        failoverState: description(active ? 'active' : state === 'active' ? 'standby' : state),
        nextActive: description(String(next)),
        trafficGroup: description(group.fullPath),
      },
    ];
  }
}
