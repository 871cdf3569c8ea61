import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Tags } from 'yaml';
import { columnsOf, withoutValue } from '../tables/document.ts';
import type { BrokenRow, CellFault, Place, Row } from '../tables/row.ts';
import type { ParsedTable } from './csv.ts';

/** Sizes of what aliases may unfold to: a few bytes must not become a gigabyte. */
const MAX_ALIASES = 100;

/** Numbers, words such as `no` and dates stay the text that stands there: `1.10` and `0123` may be names. */
const KEPT = new Set(['map', 'seq', 'str', 'null', 'merge'].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Reads a table from YAML or JSON (which is YAML): a list of maps, one a row, or a map with such a list under `rows`. Columns
 * are those of {@link columnsOf}. Rows are told by the line that they begin on, or by their number where several share one.
 */
export function parseStructured(text: string, file: string): ParsedTable {
  const lineCounter = new LineCounter();
  const lineOf = (node: Node): number => lineCounter.linePos(node.range?.[0] ?? 0).line;
  const document = parseDocument(text, {
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter,
    logLevel: 'error',
    customTags: (tags): Tags => tags.filter((tag) => typeof tag === 'object' && KEPT.has(tag.tag)).concat('merge'),
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const why = OWN_TEXTS[error.code] ?? error.message.split('\n')[0] ?? error.code;
    return { problem: `is no valid YAML or JSON: ${why}`, row: lineCounter.linePos(error.pos[0]).line };
  }
  const items = itemsOf(document);
  if (items === undefined)
    return { problem: 'holds no list of rows, expected a list of maps, or a map with it under rows' };
  const lines = items.map(lineOf);
  const isByLine = new Set(lines).size === lines.length;
  const columns = new Set<string>();
  const rows: Row[] = [];
  const broken: BrokenRow[] = [];
  for (const [index, item] of items.entries()) {
    const place: Place = isByLine ? { file, row: lines[index] ?? 0 } : { file, key: `number ${index + 1}` };
    const row = rowOf(item, document, place);
    if ('text' in row) {
      broken.push(row);
      continue;
    }
    for (const column of [...row.values.keys(), ...(row.faults?.keys() ?? [])]) columns.add(column);
    rows.push(row);
  }
  return { table: { place: { file }, columns: [...columns], rows, broken } };
}

const OWN_TEXTS: Readonly<Partial<Record<string, string>>> = {
  DUPLICATE_KEY: 'a map has a name twice',
  MULTIPLE_DOCS: 'there are several documents (---), expected one',
  TAB_AS_INDENT: 'tabs cannot indent, expected blanks',
};

/** The nodes of the rows. Nothing at all is a list without rows; undefined: there is no list. */
function itemsOf({ contents }: Document): readonly Node[] | undefined {
  const list = isMap(contents) && contents.has('rows') ? contents.get('rows', true) : contents;
  if (list === null || (isScalar(list) && (list.value === null || list.value === ''))) return [];
  return isSeq(list) ? (list.items as readonly Node[]) : undefined;
}

function rowOf(item: Node, document: Document, place: Place): Row | BrokenRow {
  let plain: unknown;
  try {
    const node = isAlias(item) ? item.resolve(document) : item;
    plain = node?.toJS(document, { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof TypeError || error instanceof RangeError)) throw error;
    return { place, text: 'has an alias without an anchor, or too many aliases, expected none such' };
  }
  const values = columnsOf(plain);
  if (values === undefined) return { place, text: 'is no map, expected one of columns and values' };
  const faults = new Map(withoutValue(plain).map((column) => [column, NO_VALUE]));
  return { place, values, ...(faults.size === 0 ? {} : { faults }) };
}

/** A problem only where a field is read from it. */
const NO_VALUE: CellFault = { found: 'a map or a list of them, expected a value or a list of values', isNoCell: true };
