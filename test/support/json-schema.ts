/** A JSON Schema as editors read it; only what the published ones use is understood here, anything else is an error. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
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

const UNDERSTOOD = new Set(
  `$schema $defs $ref id title description default format type enum const pattern properties required
   additionalProperties items anyOf oneOf minItems minLength maxLength minimum maximum`.split(/\s+/),
);

/** Gives paths in a value that an editor with this schema would underline. */
export function checker(root: Schema): (value: unknown) => readonly string[] {
  const definition = (ref: string): Schema => {
    const found = root.$defs?.[ref.replace('#/$defs/', '')];
    if (found === undefined) throw new Error(`${ref} leads nowhere`);
    return found;
  };

  const matching = (value: unknown, schemas: readonly Schema[]): number =>
    schemas.filter((one) => faults(value, one).length === 0).length;

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

  return (value) => faults(value, root);
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
