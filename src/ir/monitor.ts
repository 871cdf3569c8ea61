import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** The monitor types that Fairlead writes. Names are shared among all types of monitor on the device. */
export const MONITOR_TYPES = ['tcp', 'udp', 'http', 'https', 'gateway-icmp'] as const;
export type MonitorType = (typeof MONITOR_TYPES)[number];

/** What a monitor of a type sends if nothing is said, as tmsh prints it (recorded from 12.1 to 15.1). */
export const DEFAULT_SEND: Readonly<Partial<Record<MonitorType, string>>> = {
  http: String.raw`GET /\r\n`,
  https: String.raw`GET /\r\n`,
  udp: 'default send string',
};

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
  /** What is sent, as tmsh prints it (`GET /\\r\\n`); left out: the type's default. */
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
    send: { compare: 'value', defaultOf: ({ type }) => DEFAULT_SEND[type as MonitorType] },
    receive: { compare: 'value' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
