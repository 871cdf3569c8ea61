import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BigipObject, Kind } from '../../../ir/objects.ts';
import type { Change, FieldChange } from '../../../plan/plan.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import { printAddress } from '../../../ir/address.ts';
import { canonical } from '../../../ir/canonical.ts';
import { descriptorOf } from '../../../ir/objects.ts';
import { refOf } from '../../../ir/ref.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { deviceView } from '../../../../test/arbitraries/device-view.ts';
import { objectOf } from '../../../../test/arbitraries/objects.ts';
import { compileUnit } from '../compile/compile-unit.ts';
import { decodeObject } from './decode-object.ts';
import type { Json, RestRequest } from '../request.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'kubernetes' };
const other = [{ name: 'owner', value: 'team a', persist: 'true' }];

function compile(change: Change, metadata = false): readonly RestRequest[] {
  const snapshot = new MemorySnapshot();
  if (change.op === 'update') {
    const actual = { object: change.before, ordinals: [1000, 2000, 3000, 4000, 5000] };
    snapshot.set(change.ref, metadata ? { ...actual, otherMetadata: other } : actual);
  }
  return compileUnit({ id: change.ref, wave: 1, changes: [change], origins: [] }, snapshot, context);
}

function createOf(after: BigipObject): Change {
  return { op: 'create', ref: refOf(after.kind, after.path), after, origins: [] };
}

/** Members on nodes of another name show the node's address, which the request does not hold. */
function withAddresses(view: Json, object: BigipObject): Json {
  if (object.kind !== 'pool' || view['membersReference'] === undefined) return view;
  const { items } = view['membersReference'] as { items: Json[] };
  const members = object.members ?? [];
  const fixed = items.map((item, index): Json => {
    const address = members[index]?.address;
    return Object.assign({}, item, address === undefined ? {} : { address: printAddress(address) });
  });
  return { ...view, membersReference: { isSubcollection: true, items: fixed } };
}

describe('decode(compile(x))', () => {
  for (const kind of Object.keys(objectOf) as Kind[]) {
    it(`gives x back for every ${descriptorOf(kind).noun} that is created`, () => {
      fc.assert(
        fc.property(objectOf[kind] as fc.Arbitrary<BigipObject>, (object) => {
          const requests = compile(createOf(object));
          expect(objectIn(kind, withAddresses(deviceView(requests), object))).toEqual({ object });
        }),
      );
    });

    it(`gives y back for every ${descriptorOf(kind).noun} x that is updated to y, and keeps other people's metadata`, () => {
      const pair = fc.tuple(objectOf[kind] as fc.Arbitrary<BigipObject>, objectOf[kind] as fc.Arbitrary<BigipObject>);
      fc.assert(
        fc.property(pair, ([before, wanted]) => {
          // What is a default depends on the path, too: a device that is named as its server.
          const after = canonical<BigipObject>({ ...wanted, ...immutableOf(before), path: before.path });
          const fields = fieldChanges(before, after);
          const isMarked = descriptorOf(kind).marked === 'metadata';
          const update = { op: 'update', ref: refOf(kind, before.path), before, after, fields, origins: [] } as const;
          const created = compile(createOf(before)).map((request) => addMetadata(request, isMarked));
          const view = deviceView([...created, ...compile(update, isMarked)]);
          const expected = isMarked ? { object: after, otherMetadata: other } : { object: after };
          expect(objectIn(kind, withAddresses(view, after))).toEqual(expected);
        }),
      );
    });
  }
});

/** Without the numbers by which the device orders a policy's rules: they are checked where they are made. */
function objectIn(kind: Kind, view: Json): Omit<Actual, 'ordinals'> {
  const { ordinals: _, ...actual } = decodeObject(kind, view, context);
  return actual;
}

function addMetadata(request: RestRequest, isMarked: boolean): RestRequest {
  const metadata = [...other, ...((request.body?.['metadata'] as Json[] | undefined) ?? [])];
  return isMarked ? { ...request, body: { ...request.body, metadata } } : request;
}

function immutableOf(object: BigipObject): Json {
  const specs = Object.entries(descriptorOf(object.kind).fields as Record<string, { immutable?: true }>);
  const names = specs.filter(([, spec]) => spec.immutable).map(([name]) => name);
  return Object.fromEntries(names.map((name) => [name, (object as unknown as Json)[name]]));
}

/** Whole fields, and no item: the PATCH of the whole object. Calls below `/members` have tests of their own. */
function fieldChanges(before: BigipObject, after: BigipObject): readonly FieldChange[] {
  const [from, to]: readonly [Json, Json] = [{ ...before }, { ...after }];
  return Object.keys(descriptorOf(before.kind).fields)
    .filter((field) => JSON.stringify(from[field]) !== JSON.stringify(to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }));
}
