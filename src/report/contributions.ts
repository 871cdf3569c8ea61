import type { Contribution } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Palette } from './palette.ts';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { refOf } from '../ir/ref.ts';
import { allFields } from './change-rows.ts';
import { diagnosticsText, redactDiagnostic } from './diagnostics-text.ts';
import { table } from './table.ts';
import { printValue } from './values.ts';

/** What sources say, for `get`. */
export interface GetView {
  readonly contributions: readonly Contribution[];
  /** Problems of sources themselves. */
  readonly diagnostics: readonly Diagnostic[];
  readonly complete: boolean;
}

/** The name and version of the JSON form of what sources say. */
const GET_FORMAT = 'fairlead.get/v1';

/** What sources say as JSON: per object its origin, and per origin its problems. */
export function getDocument({ contributions, diagnostics, complete }: GetView): unknown {
  return {
    format: GET_FORMAT,
    complete,
    contributions: sorted(contributions).map(({ cell, origin, since, frozen, objects, diagnostics: problems }) => ({
      origin,
      cell,
      since,
      frozen: frozen === true,
      objects,
      diagnostics: problems.map(redactDiagnostic),
    })),
    diagnostics: diagnostics.map(redactDiagnostic),
  };
}

/**
 * What sources say as a table: kind, path, origin, and the fields in short. Problems follow. `width` is that of the
 * terminal, if there is one.
 */
export function getText(view: GetView, palette: Palette, width?: number): string {
  const contributions = sorted(view.contributions);
  const rows = contributions.flatMap(({ origin, objects }) => objects.map((object) => rowOf(object, origin)));
  const frozen = contributions
    .filter((one) => one.frozen === true)
    .map((one) => `frozen: ${describeOrigin(one.origin)}: what the device has of it stays as it is`);
  const problems = [...view.diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
  const body = rows.length === 0 ? 'No objects.\n' : table([['KIND', 'PATH', 'ORIGIN', 'FIELDS'], ...rows], width);
  const notes = [...new Set(frozen)].map((line) => `${line}\n`).join('');
  const tail = `${notes}${diagnosticsText(problems, palette)}`;
  return tail === '' ? body : `${body}\n${tail}`;
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
  return { ...view, contributions };
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

const SHOWN_ITEMS = 3;

function rowOf(object: BigipObject, origin: string): readonly string[] {
  return [descriptorOf(object.kind).noun, object.path, describeOrigin(origin), fieldsInShort(object)];
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
