import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';

/** Effective settings of profiles, worked out once for all virtual servers that use them. */
export class Settings {
  readonly #device: Device;
  #known = new WeakMap<ConfigObject, Readonly<Record<string, unknown>>>();

  constructor(device: Device) {
    this.#device = device;
  }

  of(profile: ConfigObject): Readonly<Record<string, unknown>> {
    const known = this.#known.get(profile);
    if (known !== undefined) {
      return known;
    }
    const values = effectiveValues(profile, this.#device.store);
    this.#known.set(profile, values);
    return values;
  }

  /** After a profile changed: those that inherit from it are different too. */
  forget(): void {
    this.#known = new WeakMap();
  }
}
