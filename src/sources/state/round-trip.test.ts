import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { objectOf } from '../../../test/arbitraries/objects.ts';
import { checker } from '../../../test/support/json-schema.ts';
import type { FieldSpec } from '../../ir/descriptor.ts';
import type { BigipObject, Kind } from '../../ir/objects.ts';
import { canonical } from '../../ir/canonical.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { isGiven, printDocument, readDocument } from './document.ts';
import { stateSchema } from './json-schema.ts';

const options = { partition: 'kubernetes', lentPools: new Set(['/Common/theirs']) };

/** What sources give: neither marks nor what Fairlead keeps itself. */
function asWanted(object: BigipObject): BigipObject {
  const { mark: _, ...rest } = object;
  const specs = descriptorOf(object.kind).fields as Readonly<Record<string, FieldSpec>>;
  const fields = Object.entries(rest as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    const spec = specs[name];
    if (spec?.compare === 'bookkeeping') return [];
    return [[name, spec?.parts?.owner === undefined ? value : withoutOrigins(value)]];
  });
  return canonical(Object.fromEntries(fields) as unknown as BigipObject);
}

function withoutOrigins(items: unknown): unknown {
  return (items as readonly Readonly<Record<string, unknown>>[]).map((item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'origin')),
  );
}

function read(document: unknown): { readonly object: BigipObject | undefined; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const reading = {
    names: options,
    problem: (path: readonly PropertyKey[], text: string): undefined => {
      problems.push(`${path.join('.')}: ${text}`);
    },
  };
  return { object: readDocument(document, reading, options).object, problems };
}

/** Where documents of some kinds have to be: the target's own partition, the one pool that is lent. */
function placed(object: BigipObject): BigipObject {
  if (object.kind === 'partition') return { ...object, path: '/kubernetes' };
  return object.kind === 'pool-member' ? { ...object, path: '/Common/theirs/members/10.0.0.1:80' } : object;
}

const anyOf = (kind: Kind): fc.Arbitrary<BigipObject> =>
  (objectOf[kind] as fc.Arbitrary<BigipObject>).map((object) => asWanted(placed(object)));

const faults = checker(stateSchema());

describe('AC-18 documents', () => {
  for (const kind of Object.keys(objectOf) as Kind[]) {
    it(`of every ${descriptorOf(kind).noun} are read as they were printed, through YAML, and fit the published schema`, () => {
      fc.assert(
        fc.property(anyOf(kind), (object) => {
          const document = printDocument(object, options);
          expect(read(parse(stringify(document)))).toEqual({ object, problems: [] });
          expect(isGiven(kind) ? faults(document) : []).toEqual([]);
        }),
      );
    });
  }
});
