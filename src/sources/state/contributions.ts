import type { Contribution } from '../../desired/contribution.ts';
import type { FieldSpec } from '../../ir/descriptor.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { Ref } from '../../ir/ref.ts';
import type { Identity } from './document.ts';
import type { Entry, EntryProblem } from './entry.ts';
import type { StateOptions } from './options.ts';
import { canonical } from '../../ir/canonical.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { kindOf, pathOf, refOf } from '../../ir/ref.ts';
import { cellOf, companionOf, entryDiagnostic, originOf, placeOf } from './entry.ts';
import { formOf } from './kinds/all.ts';

/** A document of which the object is known. */
type Known = Entry & { readonly identity: Identity };

type Options = Pick<StateOptions, 'source'>;

/** Documents hold no age: in a conflict with something that has one, what stands in a file counts as older. */
const SINCE = '';

/** What documents contribute: one cell each. One that has a problem, or stands twice, is frozen. Pure. */
export function contributionsOf(entries: readonly Entry[], options: Options): readonly Contribution[] {
  const known = entries.filter((entry): entry is Known => entry.identity !== undefined);
  const byRef = Map.groupBy(known, ({ identity: { kind, path } }) => refOf(kind, path));
  const documented = new Set(byRef.keys());
  return [...byRef].flatMap(([ref, [first, ...others]]) =>
    first === undefined ? [] : [contributionOf(ref, [first, ...others], { ...options, documented })],
  );
}

interface Context extends Options {
  /** Objects that documents are about. */
  readonly documented: ReadonlySet<Ref>;
}

function contributionOf(ref: Ref, entries: readonly [Known, ...Known[]], context: Context): Contribution {
  const [first] = entries;
  const { source } = context;
  const origin = originOf(first.identity, source);
  const shared = { cell: cellOf(first.identity, source), origin, since: SINCE } as const;
  const diagnostics = entries.flatMap((entry) =>
    problemsOf(entry, entries, context.documented).map((problem) => entryDiagnostic(entry, problem, source)),
  );
  const { object } = first;
  if (diagnostics.length > 0 || object === undefined) return { ...shared, objects: [], frozen: true, diagnostics };
  const brought = formOf(object.kind).brings?.(object) ?? [];
  const missing = brought.filter(({ kind, path }) => !context.documented.has(refOf(kind, path)));
  const expects = descriptorOf(object.kind)
    .references(object)
    .filter((needed) => context.documented.has(needed));
  return {
    ...shared,
    objects: [...missing.map((one) => canonical(one)), withOrigin(object, origin)],
    ...(first.joins === true ? { joins: [ref] } : {}),
    ...(expects.length === 0 ? {} : { expects }),
    diagnostics,
  };
}

function problemsOf(entry: Known, entries: readonly Known[], documented: ReadonlySet<Ref>): readonly EntryProblem[] {
  const problems = [...entry.problems];
  const line = entry.document.lineOf([], false);
  if (entries.length > 1) {
    const places = entries.filter((other) => other !== entry).map(placeOf);
    problems.push({ line, path: ['name'], text: `is given at ${places.join(' and ')}, too, expected once` });
  }
  const companion = companionOf(entry.identity);
  if (companion !== undefined && !documented.has(companion)) {
    problems.push({
      line,
      path: ['name'],
      text: `belongs to ${printRef(companion)}, expected a document of that, too`,
    });
  }
  return problems;
}

function printRef(ref: Ref): string {
  return `${descriptorOf(kindOf(ref)).noun} ${pathOf(ref)}`;
}

/** What the device keeps no mark of in the object itself is told by its parts: they name their origin. */
function withOrigin(object: BigipObject, origin: OriginKey): BigipObject {
  const { fields, originsOf } = descriptorOf(object.kind);
  if (originsOf === undefined) return object;
  const named = Object.entries(fields as Readonly<Record<string, FieldSpec>>).flatMap(([field, { parts }]) => {
    const items = (object as unknown as Readonly<Record<string, readonly object[] | undefined>>)[field];
    if (parts?.owner === undefined || items === undefined) return [];
    return [[field, items.map((item) => Object.assign({}, item, { origin }))] as const];
  });
  return named.length === 0 ? object : canonical({ ...object, ...Object.fromEntries(named) });
}
