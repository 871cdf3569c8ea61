import type { BigipObject } from '../../../ir/objects.ts';
import type { Change, PlanUnit } from '../../../plan/plan.ts';
import type { Snapshot } from '../../../plan/snapshot.ts';
import type { DeviceContext, Json, RestRequest } from '../request.ts';
import type { CompileEnv, Update } from './codec.ts';
import { equalValues } from '../../../ir/equal.ts';
import { descriptorOf } from '../../../ir/objects.ts';
import { kindOf } from '../../../ir/ref.ts';
import type { Place } from '../names.ts';
import { homePath, identityIn, objectPath } from '../names.ts';
import { codecOf } from './codecs.ts';

type Properties = Readonly<Record<string, (object: BigipObject, env: CompileEnv) => Json>>;

/**
 * The requests that make a unit's changes, in the order to send; one request per change, but for kinds
 * whose codec says otherwise (policies).
 * Creates are POSTs with all that is set; updates are PATCHes with what changed (never PUT, which resets the rest); a
 * pool in which one member changes is one call below its `/members`. What comes with another object is neither made nor
 * deleted.
 * @param snapshot where other people's metadata is taken from, to be sent back with every write of the field.
 */
export function compileUnit(unit: PlanUnit, snapshot: Snapshot, context: DeviceContext): readonly RestRequest[] {
  return unit.changes.flatMap((change) => {
    const otherMetadata = snapshot.get(change.ref)?.otherMetadata ?? [];
    const env = { context, snapshot, otherMetadata };
    return codecOf(kindOf(change.ref)).requests?.(change, env) ?? compileChange(change, env);
  });
}

function compileChange(change: Change, env: CompileEnv): readonly RestRequest[] {
  if (change.op === 'create') return [createRequest(change.after, change, env)];
  if (change.op === 'update') return updateRequest(change, { ...env, before: change.before });
  if (descriptorOf(change.before.kind).comesWith !== undefined) return [];
  const request: RestRequest = { method: 'DELETE', path: objectPath(placeOf(change.before)), ref: change.ref };
  return [change.optional === true ? { ...request, optional: true } : request];
}

function createRequest(object: BigipObject, { ref }: Change, env: CompileEnv): RestRequest {
  const place = placeOf(object);
  const { kind } = place;
  const { always = [], fixed, alongside } = codecOf(kind);
  const isSent = (field: string): boolean =>
    (object as unknown as Json)[field] !== undefined || (always as readonly string[]).includes(field);
  const { fields: specs, comesWith } = descriptorOf(kind);
  const fields = Object.keys(specs).filter(isSent);
  const properties = {
    ...propertiesOf(fields, object, { ...env, otherMetadata: [] }),
    ...fixed,
    ...alongside?.(object, env),
  };
  if (comesWith !== undefined) return { method: 'PATCH', path: objectPath(place), body: properties, ref };
  return { method: 'POST', path: homePath(place), body: { ...identityIn(place), ...properties }, ref };
}

function updateRequest(change: Update, env: CompileEnv): readonly RestRequest[] {
  const { after } = change;
  const { part, fixed, alongside } = codecOf(after.kind);
  const smaller = part?.(change, env);
  if (smaller !== undefined) return [smaller];
  const body = { ...propertiesOf(changedFields(change), after, env), ...(change.adopts === true ? fixed : {}) };
  if (Object.keys(body).length === 0) return [];
  const whole = { ...body, ...alongside?.(after, env) };
  return [{ method: 'PATCH', path: objectPath(placeOf(after)), body: whole, ref: change.ref }];
}

/** The fields that the plan names, and bookkeeping that differs: it is written along with other changes. */
function changedFields({ before, after, fields }: Update): readonly string[] {
  const named = new Set(fields.map(({ field }) => field));
  const specs = Object.entries(descriptorOf(after.kind).fields as Readonly<Record<string, { compare: string }>>);
  return specs
    .filter(([field, { compare }]) => named.has(field) || (compare === 'bookkeeping' && differs(before, after, field)))
    .map(([field]) => field);
}

function differs(before: BigipObject, after: BigipObject, field: string): boolean {
  return !equalValues((before as unknown as Json)[field], (after as unknown as Json)[field]);
}

function propertiesOf(fields: readonly string[], object: BigipObject, env: CompileEnv): Json {
  const properties = codecOf(object.kind).properties as unknown as Properties;
  return Object.assign({}, ...fields.map((field) => properties[field]?.(object, env))) as Json;
}

function placeOf(object: BigipObject): Place {
  const { kind, path } = object;
  if (object.kind === 'pool-member')
    return object.node === undefined ? { kind, path } : { kind, path, node: object.node };
  return object.kind === 'monitor' ? { kind, path, type: object.type } : { kind, path };
}
