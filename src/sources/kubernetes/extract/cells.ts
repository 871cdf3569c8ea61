import type { CellKey } from '../../../desired/contribution.ts';
import type { ObjectKey, ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';

/** The cells of a Service. Signatures first; the body follows. */
export function cellsOfService(_record: ServiceRecord, _options: ExtractOptions): readonly CellKey[] {
  throw new Error('not built yet');
}

/** The Service (`namespace/name`) that a cell belongs to; undefined: the cell is none of a Service. */
export function serviceOfCell(_cell: CellKey): ObjectKey | undefined {
  throw new Error('not built yet');
}
