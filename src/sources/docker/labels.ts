import type { CellValue } from '../tables/row.ts';
import type { FieldName } from '../tables/fields.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { FIELD_NAMES } from '../tables/fields.ts';
import { foldName } from '../tables/row.ts';

const PREFIX = 'f5.';

/** Labels that are called otherwise than the field that they give; a member is what the container is. */
const NAMES: ReadonlyMap<string, FieldName> = new Map<string, FieldName>([
  ['pool', 'service'],
  ['vip_port', 'port'],
  ['shared_pool', 'pool'],
  ...FIELD_NAMES.filter((name) => !['service', 'port', 'pool', 'member', 'member_port'].includes(name)).map(
    (name): [string, FieldName] => [name, name],
  ),
]);

/** The label that names the port of the container. */
const PORT = 'port';

const FOLDED = new Map([...NAMES].map(([name, field]) => [foldName(name), field]));

/** What the labels of a container say. */
export interface Labels {
  /** By the names of fields. */
  readonly values: ReadonlyMap<string, CellValue>;
  /** The port of the container, as it stands there. */
  readonly port?: string;
  /** Labels that begin like ours and are none, with what may be meant. */
  readonly unknown: readonly string[];
}

/** Reads the labels that begin with `f5.`; case, `_`, `-` and `.` do not count, as with columns of tables. */
export function readLabels(labels: Readonly<Record<string, string>>): Labels {
  const values = new Map<string, CellValue>();
  const unknown: string[] = [];
  let port: string | undefined;
  for (const [label, text] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!label.startsWith(PREFIX)) continue;
    const name = label.slice(PREFIX.length);
    const field = FOLDED.get(foldName(name));
    if (foldName(name) === PORT) port = text;
    else if (field === undefined) unknown.push(unknownLabel(label, name));
    else values.set(field, text);
  }
  return { values, unknown, ...(port === undefined ? {} : { port }) };
}

function unknownLabel(label: string, name: string): string {
  const known = [...NAMES.keys(), PORT];
  const meant = nearest(name, known);
  return `label ${label} is not known, ${meant === undefined ? `expected ${PREFIX} and one of ${known.join(', ')}` : `did you mean ${PREFIX}${meant}?`}`;
}
