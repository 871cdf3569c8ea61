import type { CellKey, Contribution } from '../../desired/contribution.ts';
import { originKey, parseOrigin } from '../../ir/origin.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { OwnerKey } from './model.ts';
import { describeOwner, ownerKey, partsOfOwner } from './model.ts';

// No port has such a name, so no other cell has it either.
const UNREADABLE = '#!unreadable';

/** The one cell of an owner of which something is there that was never understood. */
export function unreadableCell(source: string, owner: OwnerKey): CellKey {
  return `${originOfOwner(source, owner)}${UNREADABLE}`;
}

/** The owner of an unreadable cell; undefined: it is another kind of cell. */
export function ownerOfUnreadable(cell: CellKey): OwnerKey | undefined {
  if (!cell.endsWith(UNREADABLE)) return undefined;
  const { kind, id } = parseOrigin(cell.slice(0, -UNREADABLE.length));
  return ownerKey(kind, id);
}

/** A contribution that leaves everything of an owner on the device as it is, and says why, if it is known here. */
export function frozenContribution(
  cell: CellKey,
  of: { readonly source: string; readonly owner: OwnerKey; readonly since?: string },
  why?: { readonly code: string; readonly summary: string },
): Contribution {
  const origin = originOfOwner(of.source, of.owner);
  const diagnostics =
    why === undefined
      ? []
      : [{ ...why, severity: 'error' as const, origin, summary: `${describeOwner(of.owner)}: ${why.summary}` }];
  return { cell, origin, since: of.since ?? '', objects: [], frozen: true, diagnostics };
}

function originOfOwner(source: string, owner: OwnerKey): OriginKey {
  const { kind, key } = partsOfOwner(owner);
  return originKey(source, kind, key);
}
