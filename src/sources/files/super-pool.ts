import type { Place, Row } from '../tables/row.ts';
import type { ParsedTable } from './csv.ts';
import { parseCsv } from './csv.ts';

/** What a row may ask for: `create` (and `update`, which is the same here), or `delete`. */
const VERBS = new Set(['create', 'update', 'delete']);

/**
 * Reads the rows of old, `create,app_owner_pool,"10.0.0.1:80,10.0.0.2:80"`: a verb, a pool, its members; no header. What
 * is wanted is what the rows come to in their order: a pool that a later row deletes is not wanted.
 */
export function parseSuperPool(text: string, file: string, delimiter?: string): ParsedTable {
  const parsed = parseCsv(text, file, { header: 0, delimiter });
  if (!('table' in parsed)) return parsed;
  const pools = new Map<string, Row>();
  const broken: { readonly place: Place; readonly text: string }[] = [];
  for (const { place, values } of parsed.table.rows) {
    const [verb = '', pool = '', members = '', ...more] = [...values.values()].map((value) => String(value).trim());
    const problem = problemOf(verb.toLowerCase(), pool, more);
    if (problem !== undefined) broken.push({ place, text: problem });
    else if (verb.toLowerCase() === 'delete') pools.delete(pool);
    else
      pools.set(pool, {
        place,
        values: new Map([
          ['service', pool],
          ['member', members],
        ]),
      });
  }
  return { table: { place: { file }, columns: ['service', 'member'], rows: [...pools.values()], broken } };
}

function problemOf(verb: string, pool: string, more: readonly string[]): string | undefined {
  if (!VERBS.has(verb)) return `begins with ${JSON.stringify(verb)}, expected create, update or delete`;
  if (pool === '') return 'names no pool, expected one behind the verb';
  const rest = more.filter((value) => value !== '');
  return rest.length === 0 ? undefined : 'has more than a verb, a pool and members; put members in double quotes';
}
