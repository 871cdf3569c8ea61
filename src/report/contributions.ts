import type { Contribution } from '../desired/contribution.ts';
import type { MergedObject } from '../desired/provenance.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Palette } from './palette.ts';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { refOf } from '../ir/ref.ts';
import { allFields } from './change-rows.ts';
import { diagnosticsText, redactDiagnostic } from './diagnostics-text.ts';
import { mergedDocument, provenanceText } from './provenance.ts';
import { table } from './table.ts';
import { printValue } from './values.ts';

/** What sources say, for `get`. */
export interface GetView {
  readonly contributions: readonly Contribution[];
  /** What they come to: the objects that will be on the device. */
  readonly objects: readonly MergedObject[];
  /** Problems of sources themselves. */
  readonly diagnostics: readonly Diagnostic[];
  readonly complete: boolean;
}

/** The name and version of the JSON form of what sources say. */
const GET_FORMAT = 'fairlead.get/v1';

/** What sources say as JSON: per object who says what of it, and per origin what it gives and its problems. */
export function getDocument({ contributions, objects: merged, diagnostics, complete }: GetView): unknown {
  return {
    format: GET_FORMAT,
    complete,
    objects: merged.map(mergedDocument),
    contributions: sorted(contributions).map(
      ({ cell, origin, rank, since, frozen, objects, diagnostics: problems }) => ({
        origin,
        cell,
        precedence: rank ?? 0,
        since,
        frozen: frozen === true,
        objects,
        diagnostics: problems.map(redactDiagnostic),
      }),
    ),
    diagnostics: diagnostics.map(redactDiagnostic),
  };
}

/** How text is printed. */
export interface GetStyle {
  readonly palette: Palette;
  /** That of the terminal, if there is one. */
  readonly width?: number | undefined;
  /** Each field on a line of its own, with who says it. */
  readonly provenance?: boolean | undefined;
}

/** What sources come to as a table: kind, path, origins, and the fields in short; or field by field. Problems follow. */
export function getText(view: GetView, { palette, width, provenance }: GetStyle): string {
  const contributions = sorted(view.contributions);
  const objects = inOrderOf(contributions, view.objects);
  const frozen = contributions
    .filter((one) => one.frozen === true)
    .map((one) => `frozen: ${describeOrigin(one.origin)}: what the device has of it stays as it is`);
  const problems = [
    ...view.diagnostics,
    ...contributions.flatMap((one) => one.diagnostics),
    ...objects.flatMap(({ conflicts }) => conflicts),
  ];
  const body =
    provenance === true
      ? provenanceText(objects, { palette, width })
      : table([['KIND', 'PATH', 'ORIGIN', 'FIELDS'], ...objects.map(rowOf)], width);
  const notes = [...new Set(frozen)].map((line) => `${line}\n`).join('');
  const tail = `${notes}${diagnosticsText(problems, palette)}`;
  const shown = objects.length === 0 ? 'No objects.\n' : body;
  return tail === '' ? shown : `${shown}\n${tail}`;
}

/**
 * What is left after a filter: words that are a kind (`pool`, `virtual`) choose by kind, others by a part of the path,
 * of the ref or of the origin. Kinds are alternatives, and so are names; both together must hold.
 */
export function filterView(view: GetView, words: readonly string[], kinds: readonly string[]): GetView {
  const wantedKinds = words.filter((word) => kinds.includes(word));
  const names = words.filter((word) => !kinds.includes(word));
  const contributions = view.contributions.flatMap((contribution) => {
    const objects = contribution.objects.filter((object) => {
      const texts = [refOf(object.kind, object.path), contribution.origin];
      return matchesKind(object, wantedKinds) && matchesName(texts, names);
    });
    const asked = wantedKinds.length === 0 && matchesName([contribution.origin], names);
    return objects.length > 0 || asked ? [{ ...contribution, objects }] : [];
  });
  const objects = view.objects.filter(
    ({ ref, object, origins }) => matchesKind(object, wantedKinds) && matchesName([ref, ...origins], names),
  );
  return { ...view, contributions, objects };
}

function matchesKind(object: BigipObject, kinds: readonly string[]): boolean {
  return kinds.length === 0 || kinds.includes(object.kind);
}

function matchesName(texts: readonly string[], names: readonly string[]): boolean {
  return names.length === 0 || names.some((name) => texts.some((text) => text.includes(name)));
}

function sorted(contributions: readonly Contribution[]): readonly Contribution[] {
  return contributions.toSorted((a, b) => compareText(a.origin, b.origin) || compareText(a.cell, b.cell));
}

/** The objects in the order of those who give them, as a person reads them. */
function inOrderOf(contributions: readonly Contribution[], objects: readonly MergedObject[]): readonly MergedObject[] {
  const byRef = new Map(objects.map((one) => [one.ref, one]));
  const refs = contributions.flatMap((one) => one.objects.map(({ kind, path }) => refOf(kind, path)));
  return [...new Set(refs)].flatMap((ref) => byRef.get(ref) ?? []);
}

const SHOWN_ITEMS = 3;

function rowOf({ object, origins }: MergedObject): readonly string[] {
  return [
    descriptorOf(object.kind).noun,
    object.path,
    origins.map((origin) => describeOrigin(origin)).join(', '),
    fieldsInShort(object),
  ];
}

/** `destination 10.1.10.5:80, members 10.0.0.1:80 10.0.0.2:80 (+8)`. */
function fieldsInShort(object: BigipObject): string {
  const byField = Map.groupBy(allFields(object), ({ field }) => field);
  byField.delete('description');
  return [...byField]
    .map(([field, values]) => {
      const texts = values.slice(0, SHOWN_ITEMS).map(({ value }) => printValue(object.kind, field, value));
      const more = values.length > SHOWN_ITEMS ? ` (+${values.length - SHOWN_ITEMS})` : '';
      return `${field} ${texts.join(' ')}${more}`;
    })
    .join(', ');
}
