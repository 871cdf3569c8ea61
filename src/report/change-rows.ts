import type { FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Change, FieldChange } from '../plan/plan.ts';
import { descriptorOf, type Kind } from '../ir/objects.ts';
import { kindOf } from '../ir/ref.ts';
import { printValue } from './values.ts';

/** One line of a change: a field, or one item of a keyed field. */
export interface ChangeRow {
  readonly sign: '+' | '~' | '-';
  readonly field: string;
  readonly item?: string;
  /** IR values; undefined = not set. */
  readonly from: unknown;
  readonly to: unknown;
  /** The same in words; undefined where there is nothing to say. */
  readonly fromText?: string;
  readonly toText?: string;
}

/** A field's name for people. The list of nodes that a pool keeps for us is a name of ours alone. */
export function fieldWord({ field }: Pick<ChangeRow, 'field'>): string {
  return field === 'nodeLedger' ? 'nodes' : field;
}

/** Every field that a change sets, changes or clears, in the descriptor's order; keyed items one by one. */
export function rowsOf(change: Change): readonly ChangeRow[] {
  const kind = kindOf(change.ref);
  return fieldChangesOf(change).map((field) => toRow(kind, field));
}

function fieldChangesOf(change: Change): readonly FieldChange[] {
  if (change.op === 'update') return change.fields;
  if (change.op === 'create') return allFields(change.after).map((field) => toFieldChange(field, 'to'));
  return allFields(change.before).map((field) => toFieldChange(field, 'from'));
}

function toFieldChange({ value, ...field }: FieldValue, side: 'from' | 'to'): FieldChange {
  return { ...field, from: undefined, to: undefined, [side]: value };
}

interface FieldValue {
  readonly field: string;
  readonly item?: string;
  readonly value: unknown;
}

/** The fields that are set, without bookkeeping and the mark: the origin says the same for people. */
export function allFields(object: BigipObject): readonly FieldValue[] {
  const specs = Object.entries(descriptorOf(object.kind).fields as Readonly<Record<string, FieldSpec>>);
  const values = object as unknown as Readonly<Record<string, unknown>>;
  return specs
    .filter(([field, spec]) => spec.compare !== 'bookkeeping' && field !== 'mark' && values[field] !== undefined)
    .flatMap(([field, spec]) => valuesOf(field, spec, values[field]));
}

function valuesOf(field: string, spec: FieldSpec, value: unknown): readonly FieldValue[] {
  const { key } = spec;
  if (key === undefined || !Array.isArray(value)) return [{ field, value }];
  return value.map((item: unknown) => ({ field, item: key(item), value: item }));
}

function toRow(kind: Kind, { field, item, from, to }: FieldChange): ChangeRow {
  const sign = signOf(from, to);
  return {
    sign,
    field,
    ...(item === undefined ? {} : { item }),
    from,
    to,
    ...(sign === '+' ? {} : { fromText: printValue(kind, field, from) }),
    ...(sign === '-' ? {} : { toText: printValue(kind, field, to) }),
  };
}

function signOf(from: unknown, to: unknown): ChangeRow['sign'] {
  if (from === undefined) return '+';
  return to === undefined ? '-' : '~';
}
