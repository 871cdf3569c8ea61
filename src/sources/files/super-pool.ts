import type { Place, Row } from '../tables/row.ts';
import type { ParsedTable } from './csv.ts';
import { parseCsv } from './csv.ts';

/** What a row may ask for: `create` (and `update`, which is the same here), or `delete`. */
const VERBS = new Set(['create', 'update', 'delete']);

/**
 * Reads the rows of old, `create,app_owner_pool,"10.0.0.1:80,10.0.0.2:80"`: a verb, a pool, its members, in quotes or
 * not; no header. What is wanted is what the rows come to in their order: a pool that a later row deletes is not wanted.
 */
export function parseSuperPool(text: string, file: string, delimiter?: string): ParsedTable {
  const parsed = parseCsv(text, file, { header: 0, delimiter });
  if (!('table' in parsed)) return parsed;
  const pools = new Map<string, Row>();
  const broken: { readonly place: Place; readonly text: string }[] = [];
  for (const { place, values } of parsed.table.rows) {
    const [verb = '', pool = '', ...members] = [...values.values()].map((value) => String(value).trim());
    const given = members.filter((value) => value !== '');
    const problem = problemOf(verb.toLowerCase(), pool, given);
    if (problem !== undefined) broken.push({ place, text: problem });
    else if (verb.toLowerCase() === 'delete') pools.delete(pool);
    else pools.set(pool, { place, values: new Map([...nameOf(pool), ['member', given.join(',')]]) });
  }
  return { table: { place: { file }, columns: ['service', 'pool', 'member'], rows: [...pools.values()], broken } };
}

/** A pool by its name is the service's own; one by its full path may have other members, too. */
function nameOf(pool: string): readonly (readonly [string, string])[] {
  const service = ['service', pool] as const;
  return pool.startsWith('/') ? [service, ['pool', pool]] : [service];
}

function problemOf(verb: string, pool: string, members: readonly string[]): string | undefined {
  if (!VERBS.has(verb)) return `begins with ${JSON.stringify(verb)}, expected create, update or delete`;
  if (pool === '') return 'names no pool, expected one behind the verb';
  const isMore = verb === 'delete' && members.length > 0;
  return isMore ? 'has something behind the pool, expected nothing: delete takes the pool as a whole' : undefined;
}
