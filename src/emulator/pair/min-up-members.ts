import type { Faults } from '../faults/faults.ts';
import { memberHealth } from '../kinds/member-status.ts';
import { memberKind } from '../kinds/ltm-pool-members.ts';
import { poolKind } from '../kinds/ltm-pool.ts';
import type { Device } from '../session/device.ts';
import { textOf } from '../store/object.ts';
import { trafficGroups } from './members.ts';

/**
 * `minUpMembers` with `minUpMembersChecking`: when a pool has fewer members that are not down than it should have, the
 * device acts once, by `minUpMembersAction`: it gives its traffic groups away (`failover`), or restarts and gives them
 * away thereby (`reboot`, `restart-all`; the same here, K). Members that are still checked count as up (K).
 */
export class MinUpMembers {
  readonly #device: Device;
  readonly #faults: Faults;
  readonly #short = new Set<string>();

  constructor(device: Device, faults: Faults) {
    this.#device = device;
    this.#faults = faults;
  }

  /** Looks at a pool that changed, or that a member of changed its health. */
  check(path: string): void {
    const action = this.#actionDue(path);
    if (action === undefined) {
      this.#short.delete(path);
    } else if (!this.#short.has(path)) {
      this.#short.add(path);
      this.#act(action);
    }
  }

  #actionDue(path: string): string | undefined {
    const pool = this.#device.store.get(poolKind, path);
    if (pool === undefined || textOf(pool, 'minUpMembersChecking') !== 'enabled') {
      return undefined;
    }
    const members = [...this.#device.store.collection(memberKind, path).list()];
    const up = members.filter(
      (each) => textOf(each, 'state') !== 'user-down' && memberHealth(each, this.#device) !== 'down',
    );
    const isShort = up.length < Number(pool.values['minUpMembers'] ?? 0);
    return isShort ? (textOf(pool, 'minUpMembersAction') ?? 'failover') : undefined;
  }

  #act(action: string): void {
    if (action !== 'failover') {
      this.#faults.add({ type: 'restart', daemon: 'all' });
    }
    const groups = trafficGroups(this.#device).map((each) => each.fullPath);
    void this.#device.pair?.standby(groups);
  }
}
