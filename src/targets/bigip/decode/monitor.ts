import type { Monitor, MonitorType } from '../../../ir/monitor.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Json } from '../request.ts';
import { DEFAULT_SEND, MONITOR_TYPES } from '../../../ir/monitor.ts';
import { decodeMarkedDescription } from './metadata.ts';
import { UnreadableAnswer, numberOf, textOf } from './values.ts';

/** Reads `ltm monitor <type>`. The type is in the body's `kind`: `tm:ltm:monitor:http:httpstate`. */
export function decodeMonitor(path: FullPath, body: Json): Monitor {
  const type = monitorTypeOf(path, body);
  const send = textOf(body, 'send');
  const receive = textOf(body, 'recv');
  const interval = numberOf(body, 'interval');
  const timeout = numberOf(body, 'timeout');
  return {
    kind: 'monitor',
    path,
    type,
    ...decodeMarkedDescription(body),
    ...(interval === undefined ? {} : { interval }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(send === undefined || send === 'none' || send === DEFAULT_SEND[type] ? {} : { send }),
    ...(receive === undefined || receive === 'none' ? {} : { receive }),
  };
}

function monitorTypeOf(path: FullPath, body: Json): MonitorType {
  const [, , , found = ''] = (textOf(body, 'kind') ?? '').split(':');
  const type = MONITOR_TYPES.find((known) => known === found);
  if (type !== undefined) return type;
  const expected = MONITOR_TYPES.map((known) => `tm:ltm:monitor:${known}:${known}state`).join(', ');
  throw new UnreadableAnswer(`monitor ${path}: kind is ${JSON.stringify(body['kind'])}, expected one of ${expected}`);
}
