import type { CellValue } from './row.ts';
import { textOf } from './row.ts';

/** Deeper down than this nobody has columns; what aliases of YAML lead round in circles ends here, too. */
const MAX_DEPTH = 12;

/**
 * The columns of a document, which is a map: what is below other maps by its path (`spec.ip`), a list of values as if they
 * had commas between them. Lists of maps are no columns, and left out. Undefined: it is no map.
 */
export function columnsOf(document: unknown): ReadonlyMap<string, CellValue> | undefined {
  if (!isMap(document)) return undefined;
  const columns = new Map<string, CellValue>();
  collect(document, { columns, path: '', depth: 0 });
  return columns;
}

/** The names under which a document has no value, but a map or a list of more than values. */
export function withoutValue(document: unknown): readonly string[] {
  const entries = isMap(document) ? Object.entries(document) : [];
  return entries.flatMap(([name, value]) => (cellOf(value) === undefined ? [name] : []));
}

function collect(
  map: Readonly<Record<string, unknown>>,
  at: { readonly columns: Map<string, CellValue>; readonly path: string; readonly depth: number },
): void {
  for (const [name, value] of Object.entries(map)) {
    const path = at.path + name;
    const cell = cellOf(value);
    if (cell !== undefined) {
      if (!at.columns.has(path)) at.columns.set(path, cell);
    } else if (isMap(value) && at.depth < MAX_DEPTH) {
      collect(value, { columns: at.columns, path: `${path}.`, depth: at.depth + 1 });
    }
  }
}

function cellOf(value: unknown): CellValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (!Array.isArray(value)) return undefined;
  const scalars = value.every((item) => item === null || typeof item !== 'object');
  return scalars ? value.map((item: CellValue) => textOf(item)).join(',') : undefined;
}

/** A map of JSON or YAML. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
