import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { inheritedValue } from './inherited.ts';

/** `ltm profile tcp`. What is left out comes from the profile that it is made from. */
export interface TcpProfile {
  readonly kind: 'tcp-profile';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: `/Common/tcp`. */
  readonly defaultsFrom?: FullPath;
  /** Seconds that a connection may be silent; left out: 300. */
  readonly idleTimeout?: number;
  readonly mark?: Mark;
}

/** How TCP profiles are read, compared and ordered. Defaults: recorded from 13.1. */
export const tcpProfileDescriptor: Descriptor<TcpProfile> = {
  kind: 'tcp-profile',
  noun: 'TCP profile',
  order: 20,
  marked: 'description',
  shared: true,
  fields: {
    description: { compare: 'value' },
    defaultsFrom: { compare: 'value' },
    idleTimeout: inheritedValue(300),
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
