import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import { placeOf } from './counters.ts';
import { allPools, isEnabled, membersOf, type StatusView } from './status.ts';

/**
 * `manualResume` of pools: a member that was up and goes down is switched off, until somebody switches it on again (K).
 */
export class ManualResume {
  readonly #device: Device;
  readonly #status: StatusView;
  readonly #wereUp = new Set<string>();

  constructor(device: Device, status: StatusView) {
    this.#device = device;
    this.#status = status;
  }

  /** Looks at all members of such pools; gives what was changed. */
  look(): readonly JournalEntry[] {
    const down: ConfigObject[] = [];
    for (const pool of allPools(this.#device)) {
      if (pool.values['manualResume'] === 'enabled') {
        down.push(...membersOf(pool, this.#device).filter((member) => this.#wentDown(member, pool)));
      }
    }
    if (down.length === 0) {
      return [];
    }
    try {
      const unit = runUnit(this.#device, { transaction: false }, (session) => {
        down.forEach((member) => session.change(member, { enabled: 'disabled' }));
      });
      down.forEach((member) => this.#wereUp.delete(placeOf(member)));
      return unit.changes;
    } catch {
      // It could not be kept (`--state`): nobody asked, so there is nobody to tell. The next look tries again.
      return [];
    }
  }

  #wentDown(member: ConfigObject, pool: ConfigObject): boolean {
    const place = placeOf(member);
    const { state } = this.#status.member(member, pool);
    if (state === 'available') {
      this.#wereUp.add(place);
      return false;
    }
    if (state !== 'offline' || !this.#wereUp.has(place)) {
      return false;
    }
    if (!isEnabled(member)) {
      // Somebody has switched it off already.
      this.#wereUp.delete(place);
    }
    return isEnabled(member);
  }
}
