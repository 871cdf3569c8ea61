import type { MonitorConfig } from '../dataplane/model.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';

function text(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** A monitor with its inherited values. */
export function monitorConfig(monitor: ConfigObject, device: Device): MonitorConfig {
  const values = effectiveValues(monitor, device.store);
  const send = text(values, 'send');
  const recv = text(values, 'recv');
  const recvDisable = text(values, 'recvDisable');
  const destination = text(values, 'destination');
  return {
    fullPath: monitor.fullPath,
    type: monitor.kind.path.slice('ltm/monitor/'.length),
    interval: Number(values['interval'] ?? 5),
    timeout: Number(values['timeout'] ?? 16),
    upInterval: Number(values['upInterval'] ?? 0),
    timeUntilUp: Number(values['timeUntilUp'] ?? 0),
    reverse: values['reverse'] === 'enabled',
    ...(send === undefined ? {} : { send }),
    ...(recv === undefined ? {} : { recv }),
    ...(recvDisable === undefined ? {} : { recvDisable }),
    ...(destination === undefined ? {} : { destination }),
  };
}
