import type { Device } from '../session/device.ts';
import { effectiveValues } from '../view/effective.ts';

/** A setting of the whole of `gtm`, as it is in force: `general`, `load-balancing`. */
export function globalSetting(device: Device, group: 'general' | 'load-balancing', name: string): unknown {
  const kind = device.kinds.byPath.get(`gtm/global-settings/${group}`);
  const [object] = kind === undefined ? [] : device.store.collection(kind).list();
  return object === undefined ? undefined : effectiveValues(object, device.store)[name];
}
