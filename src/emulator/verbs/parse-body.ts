import { notModifiable, nothingSpecified, unknownProperty } from '../errors/mcp.ts';
import { tmshName, type Field, type ParseContext } from '../kinds/field.ts';
import { unchanged } from '../kinds/fields/flags.ts';
import type { Kind } from '../kinds/kind.ts';
import { hasField } from '../kinds/registry.ts';
import { atLeast } from '../version/version.ts';
import type { ConfigObject } from '../store/object.ts';

/** A body of a request on an object. */
export type Body = Readonly<Record<string, unknown>>;

/** A body that was read: the values that the object will have, and the sub-collections given inline. */
export interface ParsedBody {
  readonly values: Record<string, unknown>;
  readonly given: ReadonlySet<string>;
  readonly inline: ReadonlyMap<Kind, unknown>;
}

/** Output-only properties that clients send back. */
const identifiers = new Set([
  'kind',
  'selfLink',
  'generation',
  'fullPath',
  'name',
  'partition',
  'subPath',
  'isSubcollection',
]);

function isIgnored(name: string): boolean {
  return identifiers.has(name) || name.endsWith('Reference');
}

function withCurrent(context: ParseContext, before: ConfigObject): ParseContext {
  return { ...context, current: (field) => before.values[field] };
}

function isStrict(kind: Kind, field: Field, context: ParseContext): boolean {
  return (
    field.parse === undefined && kind.strictPutSince !== undefined && atLeast(context.version, kind.strictPutSince)
  );
}

function refuseFixed(
  field: Field,
  name: string,
  of: { readonly kind: Kind; readonly replace: boolean; readonly context: ParseContext },
): void {
  if (field.createOnly === true || (of.replace && isStrict(of.kind, field, of.context))) {
    throw notModifiable(tmshName(name));
  }
}

/** A property by its name in tmsh, `source-path`, as f5_modules sends some (C). */
function byTmshName(kind: Kind, name: string): Field | undefined {
  return name.includes('-') ? kind.fields.find((field) => tmshName(field.name) === name) : undefined;
}

function fieldOf(kind: Kind, name: string, context: ParseContext): Field {
  const field = kind.byName.get(name) ?? byTmshName(kind, name);
  if (field === undefined || !hasField(field, context.version)) {
    throw unknownProperty(tmshName(name));
  }
  return field;
}

function startValues(
  kind: Kind,
  before: ConfigObject | undefined,
  { replace, again }: { readonly replace: boolean; readonly again: boolean },
): Record<string, unknown> {
  if (before === undefined) {
    return {};
  }
  if (!replace) {
    return { ...before.values };
  }
  const kept = kind.fields.filter((field) => (field.createOnly === true && !again) || field.parse === undefined);
  return Object.fromEntries(kept.map((field) => [field.name, before.values[field.name]]));
}

function flagsGiven(field: Field, body: Body): Body {
  const names = (field.flags ?? []).filter((name) => name in body);
  return Object.fromEntries(names.map((name) => [name, body[name]]));
}

function apply(
  field: Field,
  name: string,
  input: { body: Body; context: ParseContext; values: Record<string, unknown> },
): void {
  const { body, context, values } = input;
  if (field.parse === undefined) {
    return;
  }
  const raw = field.flags === undefined ? body[name] : flagsGiven(field, body);
  const parsed = field.parse(raw, context);
  if (parsed !== unchanged) {
    values[field.name] = parsed;
  }
}

/**
 * Reads a body: at creation (`before` undefined), for PATCH, or for PUT (`replace`: what is not given goes back to its
 * default). Throws the grammar's errors.
 */
export function parseBody(
  kind: Kind,
  body: Body,
  options: {
    readonly before?: ConfigObject | undefined;
    readonly replace: boolean;
    /** `before` is made anew: what can be given at creation only counts too. */
    readonly again?: boolean;
    readonly context: ParseContext;
  },
): ParsedBody {
  const { before, replace, again = false } = options;
  const context = replace || before === undefined ? options.context : withCurrent(options.context, before);
  const isChange = before !== undefined && !again;
  const values = startValues(kind, before, { replace, again });
  const given = new Set<string>();
  const inline = new Map<Kind, unknown>();
  for (const name of Object.keys(body)) {
    if (isIgnored(name) && !kind.byName.has(name)) {
      continue;
    }
    const sub = kind.subs.find((candidate) => candidate.inline === name);
    if (sub !== undefined) {
      inline.set(sub, body[name]);
      continue;
    }
    const field = fieldOf(kind, name, context);
    if (isChange) {
      refuseFixed(field, name, { kind, replace, context });
    }
    given.add(field.name);
    apply(field, name, { body, context, values });
  }
  if (isChange && given.size === 0 && inline.size === 0) {
    throw nothingSpecified();
  }
  return { values, given, inline };
}
