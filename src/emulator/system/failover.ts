import { invalidValue, nothingSpecified, notFound } from '../errors/mcp.ts';
import { qualify } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { commandIn } from './commands.ts';
import type { SystemResource } from './system-resource.ts';

/** The object of this box among `cm/device`. */
export function selfDevice(device: Device): ConfigObject | undefined {
  const kind = device.kinds.byPath.get('cm/device');
  const all = kind === undefined ? [] : [...device.store.collection(kind).list()];
  return all.find((each) => each.values['selfDevice'] !== 'false');
}

/** `active` or `forced-offline`: a box on its own is never standby. */
export function failoverState(device: Device): string {
  const state = selfDevice(device)?.values['failoverState'];
  return typeof state === 'string' ? state : 'active';
}

function isOn(value: unknown): boolean {
  return value === true || value === 'true' || value === '';
}

/**
 * `POST /sys/failover` (fact sheet 5.1): `offline`, `online`, or `standby` of all or of one traffic group. A box without
 * a peer that goes standby is active again at once.
 */
export const failoverResource: SystemResource = {
  path: 'sys/failover',
  run: (body, device) => {
    commandIn(body, ['run']);
    const { trafficGroup } = body;
    if (trafficGroup !== undefined) {
      const path = typeof trafficGroup === 'string' ? qualify(trafficGroup, '/Common') : '';
      if (path === '') {
        throw invalidValue('traffic-group', trafficGroup);
      }
      if (device.store.lookup('cm/traffic-group', path) === undefined) {
        throw notFound('traffic group', path);
      }
    }
    const wanted = ['offline', 'online', 'standby'].filter((word) => isOn(body[word]));
    const [action] = wanted;
    if (action === undefined || wanted.length > 1) {
      throw nothingSpecified();
    }
    const own = selfDevice(device);
    if (own !== undefined && action !== 'standby') {
      const failover = action === 'offline' ? 'forced-offline' : undefined;
      runUnit(device, { transaction: false }, (session) => session.change(own, { failoverState: failover }));
    }
    return { kind: 'tm:sys:failover:runstate', ...body };
  },
};
