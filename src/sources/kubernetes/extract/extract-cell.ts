import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Read } from '../../cells.ts';
import type { ExtractOptions } from './options.ts';

/** Extracts one cell. Signatures first; the body follows. */
export function extractCell(_cell: CellKey, _read: Read, _options: ExtractOptions): Contribution | undefined {
  throw new Error('not built yet');
}
