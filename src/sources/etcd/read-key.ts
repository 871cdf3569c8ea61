import { LineCounter, parseDocument } from 'yaml';
import type { BrokenRow, CellValue, Place, Row, Table } from '../tables/row.ts';
import { columnsOf, isMap } from '../tables/document.ts';

/** What values are: `auto`, JSON or YAML where that is a map or a list, else an address. */
export type EtcdFormat = 'auto' | 'json' | 'yaml' | 'address' | 'skydns';

/** How keys and values are read. */
export interface KeyOptions {
  readonly prefix: string;
  readonly format: EtcdFormat;
  /** On the rest of the key behind the prefix: its named groups are columns, and keys that it does not match are left out. */
  readonly key?: string;
}

/** `…/SERVICE/INSTANCE`, as registrator and skydns name keys. */
const OF_INSTANCE = /^(?:.*\/)?(?<service>[^/]+)\/[^/]+$/u;
/** `…/SERVICE`. */
const OF_SERVICE = /^(?:.*\/)?(?<service>[^/]+)$/u;

/** `[2001:db8::1]:80`, which begins like a list. */
const OF_IPV6 = /^\s*\[[\da-f.:%]*:[\da-f.:%]*\](?::\d+)?\s*$/iu;

/** Sizes of what aliases may unfold to: a few bytes must not become a gigabyte. */
const MAX_ALIASES = 100;

/** Higher is tried first on a BIG-IP, lower by SRV records (RFC 2782), after which skydns takes its numbers. */
const PRIORITY_MAX = 65_535;

/** What a value was found to be. */
type Parsed = { readonly documents: readonly unknown[] } | { readonly problem: string };

/** Makes a reader of keys: what stands under one as a table of its own; undefined: the key is left out. */
export function keyReader(options: KeyOptions): (rest: string, value: string) => Table | undefined {
  const given = options.key === undefined ? undefined : new RegExp(options.key, 'u');
  return (rest, value) => {
    const place: Place = { file: `${options.prefix}/${rest}` };
    const parsed = parseValue(value, options.format);
    const isInstance = options.format === 'skydns' || isText(parsed);
    const match = (given ?? (isInstance ? OF_INSTANCE : OF_SERVICE)).exec(rest);
    if (match === null && given !== undefined) return undefined;
    const columns = new Map<string, CellValue>(
      Object.entries(match?.groups ?? {}).filter(([, text]) => text !== undefined),
    );
    return tableOf(parsed, { place, columns, format: options.format });
  };
}

function isText(parsed: Parsed): boolean {
  return 'documents' in parsed && parsed.documents.some((document) => typeof document === 'string');
}

function tableOf(
  parsed: Parsed,
  {
    place,
    columns,
    format,
  }: { readonly place: Place; readonly columns: ReadonlyMap<string, CellValue>; readonly format: EtcdFormat },
): Table {
  const rows: Row[] = [];
  const broken: BrokenRow[] = [];
  if ('problem' in parsed) broken.push({ place, text: parsed.problem, values: columns });
  const documents = 'documents' in parsed ? parsed.documents : [];
  for (const [index, document] of documents.entries()) {
    const at = documents.length === 1 ? place : { ...place, row: index + 1 };
    const own = typeof document === 'string' ? new Map([['member', document]]) : columnsOf(document);
    if (own === undefined)
      broken.push({ place: at, text: 'is no map, expected one of columns and values', values: columns });
    else rows.push({ place: at, values: new Map([...columns, ...(format === 'skydns' ? ofSkydns(own) : own)]) });
  }
  return { place, columns: [...new Set(rows.flatMap(({ values }) => [...values.keys()]))], rows, broken };
}

/** A text as it is: an address; a map or a list of them: documents. What the map says beside `rows` holds for all of them. */
function parseValue(value: string, format: EtcdFormat): Parsed {
  // What stands for bytes that are no UTF-8: to read on would be to guess.
  if (value.includes('\uFFFD')) return { problem: 'holds bytes that are no UTF-8' };
  if (value.trim() === '') return { problem: 'is empty' };
  if (format === 'address' || (format === 'auto' && OF_IPV6.test(value))) return { documents: [value.trim()] };
  const document = format === 'yaml' ? parseYaml(value) : parseJson(value, format);
  if ('problem' in document) return document;
  const { plain } = document;
  if (Array.isArray(plain)) return { documents: plain };
  if (!isMap(plain)) {
    if (format === 'auto' && plain !== null) return { documents: [isQuoted(plain, value) ? plain : value.trim()] };
    return { problem: 'holds neither a map nor a list of maps' };
  }
  const { rows, ...shared } = plain;
  if (!Array.isArray(rows)) return { documents: [plain] };
  return { documents: rows.map((row: unknown) => (isMap(row) ? Object.assign({}, shared, row) : row)) };
}

/** A text in quotes, as encoders of JSON write an address. */
function isQuoted(plain: unknown, value: string): plain is string {
  return typeof plain === 'string' && /^\s*["']/.test(value);
}

function parseJson(value: string, format: EtcdFormat): { readonly plain: unknown } | { readonly problem: string } {
  try {
    return { plain: JSON.parse(value) as unknown };
  } catch {
    return format === 'auto' ? parseYaml(value) : { problem: 'holds no JSON' };
  }
}

function parseYaml(value: string): { readonly plain: unknown } | { readonly problem: string } {
  const lines = new LineCounter();
  const document = parseDocument(value, { uniqueKeys: true, prettyErrors: false, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined)
    return {
      problem: `holds no JSON or YAML: line ${lines.linePos(error.pos[0]).line} cannot be read (${error.code})`,
    };
  try {
    return { plain: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch {
    return { problem: 'holds YAML whose aliases cannot be followed' };
  }
}

/** `{"host":"10.0.0.1","port":8080,"weight":10,"priority":10}`; a weight of 0 is none. */
function ofSkydns(given: ReadonlyMap<string, CellValue>): ReadonlyMap<string, CellValue> {
  const priority = given.get('priority');
  const weight = given.get('weight');
  return new Map<string, CellValue>([
    ...(['host', 'port'] as const).flatMap((name): readonly (readonly [string, CellValue])[] => {
      const value = given.get(name);
      return value === undefined ? [] : [[name === 'host' ? 'member' : 'member_port', value]];
    }),
    ...(weight === undefined || weight === 0 ? [] : [['weight', weight] as const]),
    ...(priority === undefined
      ? []
      : [['priority', typeof priority === 'number' ? PRIORITY_MAX - priority : priority] as const]),
  ]);
}
