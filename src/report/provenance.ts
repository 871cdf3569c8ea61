import type { FieldOrigin, MergedObject } from '../desired/provenance.ts';
import type { Kind } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Palette } from './palette.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { fieldWord } from './change-rows.ts';
import { redactDiagnostic } from './diagnostics-text.ts';
import { table } from './table.ts';
import { printValue } from './values.ts';

/** One object with who says what of it, as JSON. */
export function mergedDocument({ ref, object, origins, provenance, conflicts }: MergedObject): unknown {
  return {
    ref,
    origins,
    object,
    provenance: provenance.map(({ field, item, origin, place, losers }) => ({
      field,
      ...(item === undefined ? {} : { item }),
      origin,
      ...(place === undefined ? {} : { place }),
      ...(losers.length === 0 ? {} : { losers }),
    })),
    conflicts: conflicts.map(redactDiagnostic),
  };
}

/** Objects field by field: the value, who says it and where, and below it who says something else. */
export function provenanceText(
  objects: readonly MergedObject[],
  { palette, width }: { readonly palette: Palette; readonly width?: number | undefined },
): string {
  return objects
    .map(({ object, provenance }) => {
      const title = palette.strong(`${descriptorOf(object.kind).noun} ${object.path}`);
      const rows = provenance.filter(({ field }) => field !== 'description').flatMap((one) => rowsOf(object.kind, one));
      return `${title}\n${table(rows, width)}`;
    })
    .join('\n');
}

function rowsOf(kind: Kind, { field, value, origin, place, losers }: FieldOrigin): readonly (readonly string[])[] {
  return [
    [`  ${fieldWord({ field })}`, printValue(kind, field, value), who(origin, place)],
    ...losers.map((loser) => [
      '',
      `not ${printValue(kind, field, loser.value)}`,
      `${who(loser.origin, loser.place)}, ${loser.why}`,
    ]),
  ];
}

/** `Service shop (sheet): vips.csv, row 3, column VIP`. */
function who(origin: OriginKey, place: string | undefined): string {
  return place === undefined ? describeOrigin(origin) : `${describeOrigin(origin)}: ${place}`;
}
