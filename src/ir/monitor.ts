import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** The monitor types that Fairlead writes. Names are shared among all types of monitor on the device. */
export const MONITOR_TYPES = ['tcp', 'udp', 'http', 'https', 'gateway-icmp'] as const;
export type MonitorType = (typeof MONITOR_TYPES)[number];

/** `ltm monitor <type>`. */
export interface Monitor {
  readonly kind: 'monitor';
  readonly path: FullPath;
  readonly type: MonitorType;
  readonly description?: string;
  /** Seconds between probes; left out: 5. */
  readonly interval?: number;
  /** Seconds until a silent member is down; left out: 16. The device's advice: 3 x interval + 1. */
  readonly timeout?: number;
  /** What is sent, as tmsh prints it (`GET /\\r\\n`); left out: not compared. */
  readonly send?: string;
  /** A regular expression that the answer must match. */
  readonly receive?: string;
  readonly mark?: Mark;
}

/**
 * How monitors are read, compared and ordered. Monitors carry no `metadata` on the device, so their mark stands in
 * the description.
 */
export const monitorDescriptor: Descriptor<Monitor> = {
  kind: 'monitor',
  noun: 'monitor',
  order: 10,
  marked: 'description',
  deleteLater: true,
  fields: {
    type: { compare: 'value', immutable: true },
    description: { compare: 'value' },
    interval: { compare: 'value', default: 5 },
    timeout: { compare: 'value', default: 16 },
    send: { compare: 'value' },
    receive: { compare: 'value' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
