import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Read } from '../../cells.ts';
import type { ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import { keys, partsOfOwner } from '../model.ts';
import { extractBackend } from './backend.ts';
import { DNS_PART, ownerOfCell, partsOfCell, portOfCell } from './cells.ts';
import { wantsHosts } from './dns/hosts.ts';
import { extractIngressDns } from './dns/ingress.ts';
import { extractDns } from './dns/service.ts';
import { extractIngress } from './ingress.ts';
import { exposureOf, isExposed, protocolOf } from './exposure.ts';
import { extractFront } from './front.ts';
import { scopeOf } from './scope.ts';
import { extractSecret } from './secret.ts';

/**
 * Extracts one cell; pure. Undefined: the cell does not exist (any more). The front of a Service reads the Service and what
 * the address book gave it; a backend reads EndpointSlices or Nodes, too; an Ingress the Services that it names, and a
 * Secret what is asked of it.
 */
export function extractCell(cell: CellKey, read: Read, options: ExtractOptions): Contribution | undefined {
  const owner = partsOfOwner(ownerOfCell(cell) ?? '');
  if (owner.kind === 'Ingress') {
    const extract = cell.endsWith(`#${DNS_PART}`) ? extractIngressDns : extractIngress;
    return extract({ cell, key: owner.key }, read, options);
  }
  if (owner.kind === 'Secret') return extractSecret({ cell, key: owner.key }, read, options);
  return extractService(cell, read, options);
}

function extractService(cell: CellKey, read: Read, options: ExtractOptions): Contribution | undefined {
  const parts = partsOfCell(cell);
  if (parts === undefined) return undefined;
  const record = read(keys.service(parts.service)) as ServiceRecord | undefined;
  if (record === undefined) return undefined;
  const exposure = exposureOf(record, options);
  const scope = scopeOf(record, read, options);
  if (parts.port === undefined) return exposure === 'no' ? undefined : extractFront(cell, scope, exposure);
  if (parts.port === DNS_PART) {
    return isExposed(exposure) && wantsHosts(record, options) ? extractDns(cell, scope, exposure) : undefined;
  }
  const port = portOfCell(record, parts.port);
  const protocol = port === undefined ? undefined : protocolOf(port);
  if (port === undefined || protocol === undefined) return undefined;
  return extractBackend(cell, scope, { listening: { port, protocol }, exposure });
}
