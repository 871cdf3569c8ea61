import type { Address } from '../../ir/address.ts';
import type { FieldSpec } from '../../ir/descriptor.ts';
import type { BigipObject, Kind } from '../../ir/objects.ts';
import type { FullPath, Ref } from '../../ir/ref.ts';
import type { Field } from './forms/compound.ts';
import type { PoolPlaces } from '../values/pool-places.ts';
import type { JsonNode, Names, Reading } from './forms/form.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { canonical } from '../../ir/canonical.ts';
import { equalValues } from '../../ir/equal.ts';
import { descriptorOf, holderOf } from '../../ir/objects.ts';
import { kindOf, partitionOf, pathOf, refOf } from '../../ir/ref.ts';
import { defaulted, fieldsSchema, isMapping, loose, optional, printFields, readFields } from './forms/compound.ts';
import { stockDefaults } from '../values/defaults.ts';
import type { Defaults } from '../values/defaults.ts';
import { reject, scalar } from './forms/form.ts';
import { fullPathOf, homeOf, shortPath } from './forms/scalars.ts';
import { formOf, kindByTitle } from './kinds/all.ts';

/** Which object a document is about. */
export interface Identity {
  readonly kind: Kind;
  readonly path: FullPath;
}

/** What a document says. */
export interface ReadDocument {
  /** Undefined: it cannot be told. */
  readonly identity?: Identity;
  /** Canonical. Undefined: it has a problem. */
  readonly object?: BigipObject;
  /** It is given together with others. */
  readonly joins?: true;
  /** The file with the content whose checksum the object lacks. */
  readonly file?: string;
}

/** What is known beside the document. */
export interface DocumentOptions extends PoolPlaces {
  /** The profiles of virtual servers that name none; left out: the stock ones. */
  readonly profiles?: Defaults['profiles'];
  /** The route domain of addresses that name none; left out: the partition's default. */
  readonly routeDomain?: number;
}

const filePath = scalar<string>({
  expected: 'a path, relative to the file with the document',
  schema: { type: 'string', minLength: 1 },
  parse: (value) => (typeof value === 'string' && value !== '' && !/[\r\n\0]/.test(value) ? value : undefined),
});

const joinForm = scalar<unknown>({
  expected: 'true: other sources give parts of it, too, such as members of a pool; they are put together',
  schema: { const: true },
  parse: (value) => (value === true ? true : undefined),
});

const HEAD = ['kind', 'name'] as const;
/** The field that documents may give by a file. */
const CHECKSUM = 'checksum';

/** Whether objects of a kind are given: others come along with what needs them. */
export function isGiven(kind: Kind): boolean {
  const { implicit = false, comesWith } = descriptorOf(kind);
  return (!implicit || comesWith !== undefined) && formOf(kind).isHome !== true;
}

/** The fields that documents of a kind have, beside `kind` and `name`. */
function fieldsOf(kind: Kind): Readonly<Record<string, Field<unknown>>> {
  const { fields, content } = formOf(kind);
  const specs = descriptorOf(kind).fields as Readonly<Record<string, FieldSpec>>;
  const settable = Object.entries(loose(fields)).filter(
    ([name]) => specs[name]?.unwritten !== true && specs[name]?.compare !== 'bookkeeping',
  );
  if (Object.values(specs).some(({ parts }) => parts !== undefined)) settable.push(['join', optional(joinForm)]);
  if (content === undefined) return Object.fromEntries(settable);
  const withFile = settable.map(([name, field]) => (name === CHECKSUM ? [name, optional(field.form)] : [name, field]));
  return Object.fromEntries([...withFile, ['file', optional(filePath)]]) as Readonly<Record<string, Field<unknown>>>;
}

/** The same for the document of one object: what its name says may be left out. */
function fieldsNamed(path: FullPath, kind: Kind): Readonly<Record<string, Field<unknown>>> {
  const said: Readonly<Record<string, unknown>> = { ...formOf(kind).byName?.read(path) };
  const entries = Object.entries(fieldsOf(kind)).map(([name, field]) => [
    name,
    said[name] === undefined ? field : defaulted(field.form, said[name]),
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, Field<unknown>>>;
}

/** Reads a document: all of its problems go to `reading`. Pure. */
export function readDocument(value: unknown, reading: Reading, options: DocumentOptions): ReadDocument {
  if (!isMapping(value)) {
    reject(value, [], { reading, expected: 'a mapping with kind, name and the fields of the kind' });
    return {};
  }
  const kind = readKind(value['kind'], reading);
  const path = kind === undefined ? undefined : readName(kind, value['name'], { reading, options });
  if (kind === undefined || path === undefined) return {};
  const identity = { kind, path };
  const { kind: _, name: __, ...rest } = value;
  const read = readFields(rest, fieldsNamed(path, kind), { path: [], reading });
  if (read !== undefined && hasTwice(kind, read, reading)) return { identity };
  const { content } = formOf(kind);
  if (content !== undefined && (rest[CHECKSUM] === undefined) === (rest['file'] === undefined)) {
    reading.problem(['file'], `expected exactly one of file and ${CHECKSUM}`, true);
    return { identity };
  }
  if (read === undefined) return { identity };
  const { file, join, ...fields } = read;
  const object = finish({ ...identity, ...fields } as BigipObject, options);
  return {
    identity,
    object,
    ...(join === true || isElsewhere(refOf(kind, path), options) ? { joins: true } : {}),
    ...(typeof file === 'string' ? { file } : {}),
  };
}

/** Whether a list has two items for one thing: nobody can say which of them is meant. */
function hasTwice(kind: Kind, read: Readonly<Record<string, unknown>>, reading: Reading): boolean {
  let found = false;
  for (const [field, { key }] of Object.entries(descriptorOf(kind).fields as Readonly<Record<string, FieldSpec>>)) {
    const items: unknown = read[field];
    if (key === undefined || !Array.isArray(items)) continue;
    const names = items.map((item: unknown) => key(item));
    for (const [index, name] of names.entries()) {
      const first = names.indexOf(name);
      if (first === index) continue;
      reading.problem([field, index], `found ${name} at ${field}[${first}], too, expected it once`);
      found = true;
    }
  }
  return found;
}

function finish(read: BigipObject, options: DocumentOptions): BigipObject {
  const { partition, profiles = stockDefaults.profiles, routeDomain } = options;
  const inDomain = (address: Address): Address =>
    routeDomain === undefined || address.routeDomain !== undefined ? address : { ...address, routeDomain };
  const placed = descriptorOf(read.kind).mapAddresses?.(read, inDomain) ?? read;
  return canonical(formOf(read.kind).complete?.(placed, { partition, profiles }) ?? placed);
}

function readKind(value: unknown, reading: Reading): Kind | undefined {
  const kind = typeof value === 'string' ? kindByTitle.get(value) : undefined;
  if (kind !== undefined) return kind;
  const titles = [...kindByTitle].flatMap(([title, one]) => (isGiven(one) ? [title] : []));
  const meant = typeof value === 'string' ? nearest(value, titles) : undefined;
  const expected = meant === undefined ? `one of ${titles.join(', ')}` : `a kind of object; did you mean ${meant}?`;
  return reject(value, ['kind'], { reading, expected });
}

/**
 * Objects are in the partition of the target, or in `/Common` if their kind lives there; pools that others own, and of which
 * members are given, are wherever they are.
 */
function readName(
  kind: Kind,
  value: unknown,
  { reading, options }: { readonly reading: Reading; readonly options: DocumentOptions },
): FullPath | undefined {
  const home = homeOf(kind, options);
  const { isHome = false } = formOf(kind);
  const path = isHome ? rootPath(value) : fullPathOf(value, home);
  if (path !== undefined && (isHome ? path === `/${home}` : isPlaced(refOf(kind, path), home, options))) return path;
  const expected = isHome
    ? `the partition of the target, ${home}`
    : `a name, a full path in /${home}, or a pool which \`only: pool-members of ...\` of the target names`;
  return reject(value, ['name'], { reading, expected });
}

function isPlaced(ref: Ref, home: string, { lentPools }: DocumentOptions): boolean {
  const path = pathOf(ref);
  const pool = holderOf(ref);
  if (pool !== undefined) return lentPools?.has(pathOf(pool)) === true;
  return path.startsWith(`/${home}/`) || isLent(ref, { lentPools });
}

/** Whether an object is a pool that belongs to somebody else, and to which members are given. */
function isLent(ref: Ref, { lentPools }: Pick<DocumentOptions, 'lentPools'>): boolean {
  return kindOf(ref) === 'pool' && lentPools?.has(pathOf(ref)) === true;
}

/** A lent pool in the partition of the target may be ours: its members are given as when it is written as a whole. */
function isElsewhere(ref: Ref, options: DocumentOptions): boolean {
  return isLent(ref, options) && partitionOf(pathOf(ref)) !== options.partition;
}

function rootPath(value: unknown): FullPath | undefined {
  if (typeof value !== 'string') return undefined;
  return value.startsWith('/') ? value : `/${value}`;
}

/** The document of an object: `readDocument` gives the object back. Of a content it names the checksum. */
export function printDocument(object: BigipObject, names: Names): Readonly<Record<string, unknown>> {
  const { title, abridge } = formOf(object.kind);
  const short = (abridge?.(object, names) ?? object) as Readonly<Record<string, unknown>>;
  const name = shortPath(object.path, homeOf(object.kind, names));
  return { kind: title, name, ...printFields(short, fieldsOf(object.kind), names) };
}

/** Whether an object need not be written down: another one that is written brings it along as it is. */
export function broughtBy(objects: Iterable<BigipObject>): (object: BigipObject) => boolean {
  const brought = new Map<Ref, BigipObject>();
  for (const object of objects) {
    for (const one of formOf(object.kind).brings?.(object) ?? [])
      brought.set(refOf(one.kind, one.path), canonical(one));
  }
  return (object) => equalValues(brought.get(refOf(object.kind, object.path)), object);
}

/** The JSON Schema of one document of a kind. */
export function documentSchema(title: string, kind: Kind): JsonNode {
  const { content, byName } = formOf(kind);
  const { properties, required: all = [] } = fieldsSchema(fieldsOf(kind)) as {
    readonly properties: JsonNode;
    readonly required?: readonly string[];
  };
  const byItsName: readonly string[] = byName?.fields ?? [];
  const needed = all.filter((name) => !byItsName.includes(name));
  return {
    type: 'object',
    description: descriptorOf(kind).noun,
    properties: {
      kind: { const: title },
      name: { description: 'its name, or its full path', type: 'string', minLength: 1 },
      ...properties,
    },
    required: [...HEAD, ...needed],
    ...(content === undefined ? {} : { oneOf: [{ required: [CHECKSUM] }, { required: ['file'] }] }),
    additionalProperties: false,
  };
}
