import type { CellKey, Contribution } from '../../desired/contribution.ts';
import { originKey, parseOrigin } from '../../ir/origin.ts';
import type { ObjectKey } from './model.ts';

// No port has such a name, so no other cell has it either.
const UNREADABLE = '#!unreadable';

/** The one cell of a Service of which something is there that was never understood. */
export function unreadableCell(source: string, service: ObjectKey): CellKey {
  return `${originKey(source, 'Service', service)}${UNREADABLE}`;
}

/** The Service of an unreadable cell; undefined: it is another kind of cell. */
export function serviceOfUnreadable(cell: CellKey): ObjectKey | undefined {
  return cell.endsWith(UNREADABLE) ? parseOrigin(cell.slice(0, -UNREADABLE.length)).id : undefined;
}

/** A contribution that leaves everything of a Service on the device as it is, and says why, if it is known here. */
export function frozenContribution(
  cell: CellKey,
  of: { readonly source: string; readonly service: ObjectKey; readonly since?: string },
  why?: { readonly code: string; readonly summary: string },
): Contribution {
  const origin = originKey(of.source, 'Service', of.service);
  const diagnostics =
    why === undefined
      ? []
      : [{ ...why, severity: 'error' as const, origin, summary: `Service ${of.service}: ${why.summary}` }];
  return { cell, origin, since: of.since ?? '', objects: [], frozen: true, diagnostics };
}
