import { deviceGroupDeviceKind } from '../kinds/cm/device-group-devices.ts';
import { deviceGroupKind } from '../kinds/cm-device-group.ts';
import { identityOf, splitFullPath } from '../names/full-path.ts';
import { runUnit } from '../session/session.ts';
import { admit } from './admit.ts';
import { selfName } from './members.ts';
import type { PairNode } from './pair-node.ts';

/** The device group of a pair. */
export interface PairSettings {
  /** Default `pair`. */
  readonly group?: string;
  /** Default `sync-failover`. */
  readonly type?: 'sync-failover' | 'sync-only';
  /** Default false: changes wait for `config-sync`. */
  readonly autoSync?: boolean;
}

/** An emulator, as far as it is needed here. */
interface Side {
  readonly pair: PairNode;
}

/** Makes two emulators of this process trust each other and puts them into a group, which the first one pushes once. */
export async function connectPair(first: Side, second: Side, settings: PairSettings = {}): Promise<void> {
  const { device } = first.pair;
  const facts = first.pair.trust(second.pair);
  admit(facts, device);
  const identity = identityOf('Common', undefined, settings.group ?? 'pair');
  runUnit(device, { transaction: false }, (session) => {
    session.createAlong(deviceGroupKind, identity, {
      type: settings.type ?? 'sync-failover',
      autoSync: settings.autoSync === true ? 'enabled' : undefined,
      networkFailover: 'enabled',
    });
    for (const name of [selfName(device), facts.name]) {
      const item = { kind: deviceGroupDeviceKind, scope: identity.fullPath, identity: splitFullPath(name), values: {} };
      session.save({ ...item, given: new Set(), before: undefined });
    }
  });
  await first.pair.push(identity.fullPath);
  await first.pair.tick();
  await second.pair.tick();
}
