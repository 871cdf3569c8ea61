import type { Endpoint } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { MonitorRule } from './pool.ts';
import type { FullPath } from './ref.ts';
import { printEndpoint } from './address.ts';
import { refOf } from './ref.ts';

/**
 * A virtual server of a `gtm server`: one item of its sub-collection, written and removed alone, so that the server
 * keeps what others put there. Path: `/Common/<server>:<name>`, as members of pools name it.
 */
export interface GtmVirtualServer {
  readonly kind: 'gtm-virtual-server';
  readonly path: FullPath;
  readonly description?: string;
  /** What clients are answered. Without route domain. */
  readonly destination: Endpoint;
  /** What it is on the box, if a translation stands in between; port 0: any. */
  readonly translation?: Endpoint;
  /** Left out: the server's. */
  readonly monitor?: MonitorRule;
  readonly mark?: Mark;
}

/** The server and the name in a path: `/Common/bigip1:web` -> `/Common/bigip1`, `web`. Names may hold a slash or colon. */
export function partsOfGtmVirtualServer(path: FullPath): { readonly server: FullPath; readonly name: string } {
  const at = path.indexOf(':');
  return at < 0 ? { server: path, name: '' } : { server: path.slice(0, at), name: path.slice(at + 1) };
}

/** How virtual servers of servers are read, compared and ordered. They carry no `metadata`. */
export const gtmVirtualServerDescriptor: Descriptor<GtmVirtualServer> = {
  kind: 'gtm-virtual-server',
  noun: 'GTM virtual server',
  order: 64,
  marked: 'description',
  module: 'gtm',
  inCommon: true,
  fields: {
    description: { compare: 'value' },
    destination: { compare: 'value' },
    // The address itself is no translation.
    translation: { compare: 'value', defaultOf: ({ destination }) => destination },
    monitor: { compare: 'value', sortItems: ['monitors'] },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  endpoint: ({ destination, translation }) => printEndpoint(translation ?? destination),
  references: ({ path }) => [refOf('gtm-server', partsOfGtmVirtualServer(path).server)],
};
