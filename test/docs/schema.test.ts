import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** What editors read; only what it uses is understood here, anything else is an error. */
interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const ROOT = join(import.meta.dirname, '../..');
const root = JSON.parse(await readFile(join(ROOT, 'schema/fairlead.schema.json'), 'utf8')) as Schema & {
  readonly $defs: Readonly<Record<string, Schema>>;
};

const UNDERSTOOD = new Set(
  `$schema $defs $ref id title description default format type enum const pattern properties required
   additionalProperties items anyOf oneOf minItems minLength maxLength minimum maximum`.split(/\s+/),
);

/** Paths in a value that an editor would underline. */
function faults(value: unknown, schema: Schema, at = ''): readonly string[] {
  const strange = Object.keys(schema).filter((keyword) => !UNDERSTOOD.has(keyword));
  if (strange.length > 0) throw new Error(`the schema uses ${strange.join(', ')}: teach this test`);
  if (schema.$ref !== undefined) return faults(value, definition(schema.$ref), at);
  const alternatives = [
    ...(schema.anyOf !== undefined && matching(value, schema.anyOf) === 0 ? [at] : []),
    ...(schema.oneOf !== undefined && matching(value, schema.oneOf) !== 1 ? [at] : []),
  ];
  const wrong = isOfType(value, schema.type) && scalarHolds(value, schema) ? [] : [at];
  return [
    ...new Set([...wrong, ...alternatives, ...listFaults(value, schema, at), ...mappingFaults(value, schema, at)]),
  ];
}

function definition(ref: string): Schema {
  const found = root.$defs[ref.replace('#/$defs/', '')];
  if (found === undefined) throw new Error(`${ref} leads nowhere`);
  return found;
}

function matching(value: unknown, schemas: readonly Schema[]): number {
  return schemas.filter((one) => faults(value, one).length === 0).length;
}

function isOfType(value: unknown, type: string | undefined): boolean {
  if (type === undefined) return true;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function scalarHolds(value: unknown, schema: Schema): boolean {
  if (schema.const !== undefined && value !== schema.const) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (typeof value === 'number') return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  if (typeof value !== 'string') return true;
  if (value.length < (schema.minLength ?? 0) || value.length > (schema.maxLength ?? Infinity)) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern).test(value);
}

function listFaults(value: unknown, { items, minItems = 0 }: Schema, at: string): readonly string[] {
  if (!Array.isArray(value)) return [];
  const short = value.length < minItems ? [at] : [];
  return [
    ...short,
    ...value.flatMap((item, index) => (items === undefined ? [] : faults(item, items, `${at}[${index}]`))),
  ];
}

function mappingFaults(value: unknown, schema: Schema, at: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { properties = {}, required = [] } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name}`);
  const there = Object.entries(value).flatMap(([name, child]) => {
    const known = properties[name];
    if (known !== undefined) return faults(child, known, `${at}.${name}`);
    return schema.additionalProperties === false ? [`${at}.${name}`] : [];
  });
  return [...missing, ...there];
}

const pages = await Promise.all(
  ['README.md', 'docs/configuration.md'].map((page) => readFile(join(ROOT, page), 'utf8')),
);
const examples = pages.flatMap((page) => [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? ''));

describe('the published JSON Schema', () => {
  it.each(examples)('lets an example of the pages through: %#', (example) => {
    expect(faults(parse(example), root)).toEqual([]);
  });

  it.each([
    ['instance: lab', 'instance: East_1', '.instance'],
    ['instance: lab', 'instanse: lab', '.instance'],
    ['sources:', 'adressPools: []\nsources:', '.adressPools'],
    ['manifests: ./cluster', 'manifest: ./cluster', '.sources[0].kubernetes'],
    ['manifests: ./cluster', 'manifests: ./cluster, inCluster: true', '.sources[0].kubernetes'],
    ['members: cluster', 'members: pods', '.sources[0].members'],
    ['{ file: ./password }', 'hunter2', '.targets[0].bigip.password'],
    ['{ file: ./password }', '{ file: ./password, env: A }', '.targets[0].bigip.password'],
    ['username: admin', 'username: 5', '.targets[0].bigip.username'],
    ['username: admin', 'username: admin\n      partition: /Common', '.targets[0].bigip.partition'],
    ['username: admin', 'username: admin\n      batchSize: 0', '.targets[0].bigip.batchSize'],
    ['username: admin', 'username: admin\n      timeouts: { connect: 10 }', '.targets[0].bigip.timeouts.connect'],
    ['sources:', 'safety: { deletes: { share: 3 } }\nsources:', '.safety.deletes.share'],
    ['sources:', 'log: { level: loud }\nsources:', '.log.level'],
    ['sources:', 'addressPools: [{ name: a, ranges: [] }]\nsources:', '.addressPools[0].ranges'],
  ])('underlines a wrong value: %s -> %s', (good, bad, where) => {
    const lab = examples.find((example) => example.includes('instance: lab')) ?? '';
    expect(lab).toContain(good);
    expect(faults(parse(lab.replace(good, bad)), root)).toContain(where);
  });
});
