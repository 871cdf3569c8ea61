import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Read } from '../../cells.ts';
import type { ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import { keys } from '../model.ts';
import { extractBackend } from './backend.ts';
import { DNS_PART, partsOfCell, portOfCell } from './cells.ts';
import { wantsHosts } from './dns/hosts.ts';
import { extractDns } from './dns/service.ts';
import { exposureOf, protocolOf } from './exposure.ts';
import { extractFront } from './front.ts';
import { scopeOf } from './scope.ts';

/**
 * Extracts one cell of a Service; pure. Undefined: the cell does not exist (any more). A front reads the Service and
 * what the address book gave it; a backend reads EndpointSlices or Nodes, too.
 */
export function extractCell(cell: CellKey, read: Read, options: ExtractOptions): Contribution | undefined {
  const parts = partsOfCell(cell);
  if (parts === undefined) return undefined;
  const record = read(keys.service(parts.service)) as ServiceRecord | undefined;
  const exposure = record === undefined ? 'no' : exposureOf(record, options);
  if (record === undefined || exposure === 'no') return undefined;
  const scope = scopeOf(record, read, options);
  if (parts.port === undefined) return extractFront(cell, scope, exposure);
  if (parts.port === DNS_PART) {
    const isOne = exposure !== 'refused' && exposure !== 'idle' && wantsHosts(record, options);
    return isOne ? extractDns(cell, scope, exposure) : undefined;
  }
  const port = portOfCell(record, parts.port);
  const protocol = port === undefined ? undefined : protocolOf(port);
  if (port === undefined || protocol === undefined || exposure === 'refused' || exposure === 'idle') return undefined;
  return extractBackend(cell, scope, { listening: { port, protocol }, exposure });
}
